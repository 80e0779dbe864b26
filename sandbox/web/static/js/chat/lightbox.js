/** A picture large, above everything; the arrow keys go through the others of its message. */

import { byId, closest, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { t } from "../core/words.js";

/** Open images that are clicked. */
export function startLightbox() {
  byId("messages").addEventListener("click", (event) => {
    const clicked = closest(event, "[data-view]");
    if (clicked && !clicked.matches(".broken")) open(clicked);
  });
}

/** @type {(clicked: HTMLElement) => void} */
function open(clicked) {
  /** @type {NodeListOf<HTMLImageElement> | undefined} */
  const shown = clicked.closest("article")?.querySelectorAll("[data-view]:not(.broken) img");
  const images = [...(shown ?? [])].filter((one) => !one.closest("[inert]"));
  let at = images.findIndex((one) => one === clicked.querySelector("img"));
  const box = h("div", { class: "lightbox-image" });
  const dialog = h("dialog", { class: "lightbox", "aria-label": t("Picture") }, box, closeButton());
  /** @type {(index: number) => void} */
  const show = (index) => {
    at = (index + images.length) % images.length;
    const chosen = images[at];
    if (chosen) fill(box, large(chosen));
  };
  if (images.length > 1) {
    dialog.append(stepButton("left", t("Previous picture"), () => show(at - 1)));
    dialog.append(stepButton("right", t("Next picture"), () => show(at + 1)));
  }
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") show(at - 1);
    if (key === "ArrowRight") show(at + 1);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target === box || closest(event, ".close")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  show(at);
  byId("overlays").append(dialog);
  dialog.showModal();
}

/** @type {(image: HTMLImageElement) => HTMLElement} */
function large({ src, alt }) {
  const link = h(
    "a",
    { href: src, target: "_blank", rel: "noopener noreferrer" },
    t("Open in a new tab"),
    " ",
    icon("outside"),
  );
  return h("figure", {}, h("img", { src, alt }), h("figcaption", {}, h("span", {}, alt), link));
}

function closeButton() {
  return h("button", { type: "button", class: "close", "aria-label": t("Close") }, icon("close"));
}

/** @type {(side: "left" | "right", label: string, act: () => void) => HTMLElement} */
function stepButton(side, label, act) {
  return h("button", { type: "button", class: `step ${side}`, "aria-label": label, onclick: act }, icon(side));
}
