/** Files that come by drag and drop or from the clipboard. */

import { h } from "../core/dom.js";

/**
 * Let files be dropped anywhere on a zone; `hint` gives the words shown meanwhile, or "" where nothing is taken.
 * @type {(zone: HTMLElement, taker: { hint: () => string, ondrop: (files: File[]) => void }) => void}
 */
export function takeDrops(zone, { hint, ondrop }) {
  const words = h("p", { class: "drop-words" });
  const cover = h("div", { class: "drop-hint", hidden: true, "aria-hidden": "true" }, words);
  zone.append(cover);
  let depth = 0;
  const leave = () => {
    depth = 0;
    cover.hidden = true;
  };
  zone.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    words.textContent = hint();
    cover.hidden = !words.textContent;
  });
  zone.addEventListener("dragleave", (event) => {
    if (hasFiles(event) && --depth <= 0) leave();
  });
  zone.addEventListener("drop", (event) => {
    leave();
    if (hasFiles(event) && event.dataTransfer) ondrop(filesOf(event.dataTransfer));
  });
}

/** Keep the browser from opening a file that is dropped beside every zone. */
export function keepThePage() {
  for (const name of /** @type {const} */ (["dragover", "drop"])) {
    window.addEventListener(name, (event) => hasFiles(event) && event.preventDefault());
  }
}

/**
 * Give the files of a drop or of the clipboard; folders are left out, for they cannot be uploaded.
 * @type {(transfer: DataTransfer) => File[]}
 */
export function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  return items
    .filter((item) => !item.webkitGetAsEntry?.()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}

/** @type {(event: DragEvent) => boolean} */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
