/** A question that is answered before something is done that cannot be taken back. */

import { byId, h } from "../core/dom.js";
import { t } from "../core/words.js";

/**
 * Ask; tells whether the answer was yes. `about` is what would be gone, in words.
 * @type {(title: string, question: string, about: string) => Promise<boolean>}
 */
export function confirm(title, question, about) {
  return new Promise((resolve) => {
    const close = (/** @type {string} */ answer) => dialog.close(answer);
    const no = h("button", { type: "button", class: "button secondary", onclick: () => close("") }, t("Cancel"));
    const yes = h("button", { type: "button", class: "button danger", onclick: () => close("yes") }, t("Delete"));
    const ended = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    /** @type {HTMLDialogElement} */
    const dialog = h(
      "dialog",
      { id: "confirm", "aria-labelledby": "confirm-title", onclose: ended },
      h("header", {}, h("h2", { id: "confirm-title" }, title)),
      h("div", { class: "modal-body" }, h("p", {}, question), h("blockquote", {}, about)),
      h("footer", {}, h("div", { class: "modal-buttons" }, no, yes)),
    );
    byId("overlays").append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
