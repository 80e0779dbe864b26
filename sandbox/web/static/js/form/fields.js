/** What all fields of a form have: a label, a note, limits, and a place for what is wrong. */

import { freshId, h } from "../core/dom.js";
import { choices } from "./choices.js";
import { files } from "./files.js";
import { picker } from "./picker.js";
import { text } from "./text.js";

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
 */
export function fieldOf(field) {
  const id = freshId("field");
  const problem = h("p", { class: "field-problem", id: `${id}-problem` });
  const note = field.description && h("p", { class: "field-note", id: `${id}-note` }, field.description);
  const describedBy = [note && note.id, problem.id].filter(Boolean).join(" ");
  const control = KINDS[field.kind](field, { id, describedBy });
  const mark = field.required && h("span", { class: "field-required", "aria-hidden": "true" }, " *");
  const label = h(control.isGroup ? "p" : "label", labelAttributes(control, id), field.label, mark);
  const root = h("div", { class: "field", "data-field": field.custom_id }, label, note, control.root, problem);
  const complain = (sentence) => {
    problem.textContent = sentence;
    root.classList.toggle("wrong", Boolean(sentence));
    control.mark(Boolean(sentence));
    return sentence;
  };
  root.addEventListener("input", () => complain(""));
  return { ...control, name: field.custom_id, root, complain };
}

/** A group is named by the id of its label, a single control is named by its label itself. */
function labelAttributes({ isGroup }, id) {
  return isGroup ? { class: "field-label", id: `${id}-label` } : { class: "field-label", for: id, id: `${id}-label` };
}
