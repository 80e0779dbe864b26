/** What all fields of a modal have: a label, a note, limits, and a place for what is wrong. */

import { freshId, h } from "../core/dom.js";
import { choices } from "./choices.js";
import { files } from "./files.js";
import { picker } from "./picker.js";
import { text } from "./text.js";

/** @import { ModalField } from "../core/wire.js" */
/** @import { Attributes } from "../core/dom.js" */

/**
 * @typedef {{ id: string, describedBy: string }} Names
 * @typedef {string | string[] | boolean | null} Filled
 */

/**
 * What takes a field's value; `mark` shows that it is wrong, `settled` waits for its files.
 * @typedef {object} Control
 * @property {HTMLElement} root
 * @property {() => void} focus
 * @property {() => Filled} value
 * @property {() => string} problem
 * @property {(isWrong: boolean) => void} mark
 * @property {boolean} [isGroup]
 * @property {() => Promise<unknown>} [settled]
 * @property {() => void} [discard]
 */

/** @typedef {Control & { name: string, complain: (sentence: string) => string }} Field */

/** @type {Record<ModalField["kind"], (field: ModalField, names: Names) => Control>} */
const KINDS = {
  text,
  paragraph: text,
  select: picker,
  users: picker,
  roles: picker,
  channels: picker,
  mentionables: picker,
  radio: choices,
  checkboxes: choices,
  checkbox: choices,
  files,
};

/**
 * Make a field: `root` to be shown, `name`, `value()` as it is sent, `problem()` a sentence or "", `complain(sentence)`
 * shows it and gives it back, `focus()`.
 * /
 * @type {(field: ModalField) => Field}
 */
export function fieldOf(field) {
  const id = freshId("field");
  const problem = h("p", { class: "field-problem", id: `${id}-problem` });
  const note = field.description && h("p", { class: "field-note", id: `${id}-note` }, field.description);
  const describedBy = [note ? note.id : "", problem.id].filter(Boolean).join(" ");
  const control = KINDS[field.kind](field, { id, describedBy });
  const mark = field.required && h("span", { class: "field-required", "aria-hidden": "true" }, " *");
  const label = h(control.isGroup ? "p" : "label", labelAttributes(control, id), field.label, mark);
  const root = h("div", { class: "field", "data-field": field.custom_id }, label, note, control.root, problem);
  /** @type {(sentence: string) => string} */
  const complain = (sentence) => {
    problem.textContent = sentence;
    root.classList.toggle("wrong", Boolean(sentence));
    control.mark(Boolean(sentence));
    return sentence;
  };
  root.addEventListener("input", () => complain(""));
  return { ...control, name: field.custom_id, root, complain };
}

/**
 * A group is named by the id of its label, a single control is named by its label itself.
 * @type {(control: Control, id: string) => Attributes}
 */
function labelAttributes({ isGroup }, id) {
  return isGroup ? { class: "field-label", id: `${id}-label` } : { class: "field-label", for: id, id: `${id}-label` };
}
