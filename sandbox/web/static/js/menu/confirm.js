/** A question that is answered before something is done that cannot be taken back. */

import { byId, h } from "../core/dom.js";

/** Ask; tells whether the answer was yes. `about` is what would be gone, in words. */
export function confirm(title, question, about) {
  return new Promise((resolve) => {
    const no = h("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel");
    const yes = h("button", { type: "button", class: "button danger", onclick: () => dialog.close("yes") }, "Delete");
    const ended = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    const dialog = h(
      "dialog",
      { id: "confirm", "aria-labelledby": "confirm-title", onclose: ended },
      h("header", {}, h("h2", { id: "confirm-title" }, title)),
      h("div", { class: "form-body" }, h("p", {}, question), h("blockquote", {}, about)),
      h("footer", {}, h("div", { class: "form-buttons" }, no, yes)),
    );
    byId("overlays").append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
