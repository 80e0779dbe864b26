/** An option that takes a file: chosen, dropped or pasted. */

import { fill, h } from "../core/dom.js";
import { chip } from "../files/chip.js";
import { Upload } from "../files/upload.js";
import { OptionField } from "./option_field.js";
import { t } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { Reading } from "./options.js" */

/** A slot for one file. */
export class FileField extends OptionField {
  /** @param {CommandOption} option */
  constructor(option) {
    const choose = h("button", { type: "button", class: "slot-choose" }, t("Choose a file"));
    const picker = h("input", { type: "file", hidden: true, tabindex: "-1" });
    const slot = h("span", { class: "slot" }, choose, picker);
    super(option, choose, slot);
    this.root.classList.add("slotted");
    this.slot = slot;
    this.picker = picker;
    /** @type {Upload | null} */
    this.upload = null;
    choose.setAttribute("aria-label", t("{option}: choose a file", { option: this.title }));
    choose.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      const file = picker.files?.[0];
      if (file) this.take(new Upload(file));
      picker.value = "";
      this.focus();
    });
  }

  get isEmpty() {
    return this.upload === null;
  }

  get isAtStart() {
    return true;
  }

  get isAtEnd() {
    return true;
  }

  /** Nothing of a file can be written as text. */
  get text() {
    return "";
  }

  /**
   * Hold an upload, instead of any other.
   * @type {(upload: Upload) => void}
   */
  take(upload) {
    this.upload?.discard();
    this.upload = upload;
    this.target.textContent = t("Replace");
    const names = { option: this.title, file: upload.name };
    this.target.setAttribute("aria-label", t("{option}: {file}. Choose another file", names));
    const shown = chip(upload, { tag: "span", onremove: () => this.empty() });
    fill(this.slot, shown, this.target, this.picker);
    this.complain("");
  }

  /**
   * Hold nothing; gives what was held, which is no longer the slot's.
   * @type {() => Upload | null}
   */
  release() {
    const released = this.upload;
    this.upload = null;
    this.target.textContent = t("Choose a file");
    this.target.setAttribute("aria-label", t("{option}: choose a file", { option: this.title }));
    fill(this.slot, this.target, this.picker);
    return released;
  }

  empty() {
    this.release()?.discard();
    this.complain("");
    this.focus();
  }

  discard() {
    this.release()?.discard();
  }

  /** @type {() => Reading} */
  read() {
    if (!this.upload) return {};
    return this.upload.phase === "ready" ? { value: this.upload.id ?? undefined } : { problem: this.upload.say };
  }
}
