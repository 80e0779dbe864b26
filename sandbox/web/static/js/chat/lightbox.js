/** A picture large, above everything; the arrow keys go through the others of its message. */

import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";

/** Open pictures that are pressed. */
export function startLightbox() {
  byId("messages").addEventListener("click", ({ target }) => {
    const pressed = target.closest("[data-view]");
    if (pressed && !pressed.matches(".broken")) open(pressed);
  });
}

function open(pressed) {
  const pictures = [...pressed.closest("article").querySelectorAll("[data-view]:not(.broken) img")].filter((one) => !one.closest("[inert]"));
  let at = pictures.indexOf(pressed.querySelector("img"));
  const stage = h("div", { class: "stage" });
  const dialog = h("dialog", { class: "lightbox", "aria-label": "Picture" }, stage, closeButton());
  const show = (place) => {
    at = (place + pictures.length) % pictures.length;
    fill(stage, large(pictures[at]));
  };
  if (pictures.length > 1) {
    dialog.append(stepButton("left", "Previous picture", () => show(at - 1)));
    dialog.append(stepButton("right", "Next picture", () => show(at + 1)));
  }
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") show(at - 1);
    if (key === "ArrowRight") show(at + 1);
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target === stage || target.closest(".close")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  show(at);
  byId("overlays").append(dialog);
  dialog.showModal();
}

function large({ src, alt }) {
  const link = h("a", { href: src, target: "_blank", rel: "noopener noreferrer" }, "Open in a new tab ", icon("outside"));
  return h("figure", {}, h("img", { src, alt }), h("figcaption", {}, h("span", {}, alt), link));
}

function closeButton() {
  return h("button", { type: "button", class: "close", "aria-label": "Close" }, icon("close"));
}

function stepButton(side, label, act) {
  return h("button", { type: "button", class: `step ${side}`, "aria-label": label, onclick: act }, icon(side));
}
