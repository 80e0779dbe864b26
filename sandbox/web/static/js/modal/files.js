/** Fields that take files. */

import { fill, h } from "../core/dom.js";
import { chip } from "../files/chip.js";
import { filesOf } from "../files/drops.js";
import { Upload } from "../files/upload.js";
import { problemOf } from "./choices.js";
import { t } from "../core/words.js";

/** @import { ModalField } from "../core/wire.js" */
/** @import { Control, Names } from "./fields.js" */

/**
 * Make the control of a file upload.
 * @type {(field: ModalField, names: Names) => Control}
 */
export function files(field, { id, describedBy }) {
  const input = h("input", { type: "file", hidden: true, multiple: field.high > 1, onchange: () => picked() });
  const button = h(
    "button",
    { id, type: "button", class: "files-choose", "aria-describedby": describedBy, onclick: () => input.click() },
    field.high > 1 ? t("Choose files") : t("Choose a file"),
  );
  const list = h("ul", { class: "tray", "aria-label": field.label });
  const root = h("div", { class: "files" }, button, input, list);
  /** @type {Upload[]} */
  let uploads = [];

  const show = (/** @type {Upload[]} */ next) => {
    uploads = next;
    fill(
      list,
      uploads.map((upload) => chip(upload, { onremove: () => remove(upload) })),
    );
    list.hidden = !uploads.length;
    root.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const remove = (/** @type {Upload} */ upload) => {
    upload.discard();
    show(uploads.filter((one) => one !== upload));
    button.focus();
  };
  const add = (/** @type {File[]} */ chosen) => {
    const all = [...uploads, ...chosen.map((file) => new Upload(file))];
    for (const dropped of all.slice(0, -field.high)) dropped.discard();
    show(all.slice(-field.high));
  };
  const picked = () => {
    add([...(input.files ?? [])]);
    input.value = "";
  };
  root.addEventListener("drop", (event) => event.dataTransfer && add(filesOf(event.dataTransfer)));
  list.hidden = true;

  return {
    root,
    focus: () => button.focus(),
    value: () => uploads.map((upload) => upload.id ?? ""),
    problem: () => uploads.find((upload) => upload.say)?.say || problemOf(field, uploads.length),
    mark: () => {},
    settled: () => Promise.all(uploads.map((upload) => upload.settled)),
    discard: () => {
      for (const upload of uploads) upload.discard();
    },
  };
}
