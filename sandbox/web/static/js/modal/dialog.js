/** One modal as a dialog: filled in, sent, and kept open until it is known to have arrived. */

import { byId, fill, h, sentenceOf } from "../core/dom.js";
import { names } from "../chat/names.js";
import { markdown } from "../markdown/markdown.js";
import { ask } from "../core/socket.js";
import { fieldOf } from "./fields.js";
import { t } from "../core/words.js";

/** @import { InteractionEvent, OpenedModal } from "../core/wire.js" */

/** A modal; `opener` finds what gets the focus afterwards, `outcomes` are the submissions that are settled, by id. */
export class ModalDialog {
  /**
   * @param {OpenedModal} modal
   * @param {() => HTMLElement | null} opener
   * @param {Map<string, InteractionEvent>} outcomes
   */
  constructor(modal, opener, outcomes) {
    this.modal = modal;
    this.opener = opener;
    this.outcomes = outcomes;
    /** @type {() => void} */
    this.onclose = () => {};
    /** @type {string | null} */
    this.sent = null;
    this.isBusy = false;
    this.fields = modal.fields.map(fieldOf);
    this.trouble = h("p", { class: "modal-trouble", role: "alert" });
    this.submitter = h("button", { type: "submit", class: "button primary" }, t("Submit"));
    this.root = this.draw();
  }

  draw() {
    const cancel = () => this.close();
    const title = h("h2", { id: "modal-title" }, this.modal.title);
    const close = h("button", { type: "button", class: "modal-close", "aria-label": t("Close"), onclick: cancel }, "×");
    const body = h(
      "div",
      { class: "modal-body" },
      this.texts(),
      this.fields.map((field) => field.root),
    );
    const cancelButton = h("button", { type: "button", class: "button secondary", onclick: cancel }, t("Cancel"));
    /** @type {(event: SubmitEvent) => void} */
    const submit = (event) => {
      event.preventDefault();
      this.submit();
    };
    return h(
      "dialog",
      { id: "modal", "aria-labelledby": "modal-title", onclose: () => this.closed() },
      h(
        "form",
        { novalidate: true, onsubmit: submit },
        h("header", {}, title, close),
        body,
        h("footer", {}, this.trouble, h("div", { class: "modal-buttons" }, cancelButton, this.submitter)),
      ),
    );
  }

  texts() {
    return this.modal.texts.map((text) => h("div", { class: "modal-text" }, markdown(text, names())));
  }

  open() {
    byId("overlays").append(this.root);
    this.root.showModal();
    this.fields[0]?.focus();
  }

  close() {
    this.root.close();
  }

  closed() {
    for (const field of this.fields) field.discard?.();
    this.root.remove();
    this.onclose();
    this.opener()?.focus();
  }

  async submit() {
    if (this.isBusy) return;
    this.busy(true);
    await Promise.all(this.fields.map((field) => field.settled?.()));
    if (!this.check()) {
      this.busy(false);
      return;
    }
    const values = Object.fromEntries(this.fields.map((field) => [field.name, field.value()]));
    try {
      this.sent = (await ask("submit", { modal: this.modal.id, values })).interaction;
      this.learn();
    } catch (refused) {
      this.fail(sentenceOf(refused));
    }
  }

  /** Show what is wrong in each field; tells whether nothing is. */
  check() {
    const wrong = this.fields.filter((field) => field.complain(field.problem()));
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  /** See whether what was sent is settled. */
  learn() {
    const outcome = this.sent === null ? undefined : this.outcomes.get(this.sent);
    if (!this.isBusy || !outcome) return;
    if (outcome.state === "failed") this.fail(t("Something went wrong. Try again."));
    else this.close();
  }

  /** The line broke: nobody will tell what became of it. */
  lose() {
    if (this.isBusy) this.fail(t("The connection broke before an answer came. Try again."));
  }

  /** @type {(sentence: string) => void} */
  fail(sentence) {
    this.sent = null;
    this.busy(false);
    this.trouble.textContent = sentence;
    this.submitter.focus();
  }

  /** @type {(isBusy: boolean) => void} */
  busy(isBusy) {
    this.isBusy = isBusy;
    if (isBusy) this.trouble.textContent = "";
    this.submitter.setAttribute("aria-disabled", String(isBusy));
    const dots = () => h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    fill(this.submitter, isBusy ? [h("span", { class: "unseen" }, t("Submitting")), dots()] : t("Submit"));
  }
}
