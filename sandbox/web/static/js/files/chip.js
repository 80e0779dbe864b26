/** How a file looks while it waits to be sent: picture, name, size, progress, and a button that removes it. */

import { announce, h } from "../core/dom.js";
import { sizeOf } from "../composer/search.js";
import { t } from "../core/words.js";

/** @import { Upload } from "./upload.js" */

/**
 * Draw an upload into an element, `li` or `span`; `onremove` is called by its button.
 * @type {(upload: Upload, how: { tag?: "li" | "span", onremove: () => void }) => HTMLElement}
 */
export function chip(upload, { tag = "li", onremove }) {
  const about = h("span", { class: "chip-about" });
  const progress = h("progress", { max: "1", "aria-label": t("{file} is being uploaded", { file: upload.name }) });
  const again = h("button", { type: "button", class: "chip-again", onclick: () => upload.send() }, t("Try again"));
  const remove = h(
    "button",
    {
      type: "button",
      class: "chip-remove",
      "aria-label": t("Remove {file}", { file: upload.name }),
      title: t("Remove"),
      onclick: onremove,
    },
    "×",
  );
  const element = h(
    tag,
    { class: "chip", "data-file": upload.name },
    thumbnail(upload),
    h("span", { class: "chip-words" }, h("span", { class: "chip-name" }, h("bdi", {}, upload.name)), about, progress),
    again,
    remove,
  );
  const draw = () => {
    element.dataset.phase = upload.phase;
    about.textContent = upload.say || sizeOf(upload.size);
    progress.hidden = upload.phase !== "sending";
    progress.value = upload.progress;
    again.hidden = !upload.mayTryAgain;
    if (upload.phase === "failed") announce(t("{what}: {news}", { what: upload.name, news: upload.say }));
  };
  upload.onchange = draw;
  draw();
  return element;
}

/** @type {(upload: Upload) => HTMLElement} */
function thumbnail(upload) {
  const symbol = () => h("span", { class: "chip-image", "aria-hidden": "true" }, "📄");
  if (!upload.isImage) return symbol();
  const image = h("img", { class: "chip-image", src: upload.preview, alt: "" });
  // A file may only claim to be a picture.
  image.addEventListener("error", () => image.replaceWith(symbol()));
  return image;
}
