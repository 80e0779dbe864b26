/** Fields with a box or a circle for each choice, and the single checkbox. */

import { h } from "../core/dom.js";

/** Make the control of radio buttons, checkboxes, or one checkbox. */
export function choices(field, { id, describedBy }) {
  return field.kind === "checkbox" ? checkbox(field, id, describedBy) : group(field, id, describedBy);
}

function checkbox(field, id, describedBy) {
  const box = h("input", { id, type: "checkbox", "aria-describedby": describedBy });
  box.checked = Boolean(field.value);
  return {
    root: h("div", { class: "choice" }, box),
    focus: () => box.focus(),
    value: () => box.checked,
    problem: () => "",
    mark: () => {},
  };
}

function group(field, id, describedBy) {
  const isRadio = field.kind === "radio";
  const given = isRadio ? [field.value] : field.value ?? [];
  const boxes = field.choices.map(({ value }) => {
    const box = h("input", { type: isRadio ? "radio" : "checkbox", name: id, value });
    box.checked = given.includes(value);
    return box;
  });
  const role = isRadio ? "radiogroup" : "group";
  const attributes = { class: "choices", role, "aria-labelledby": `${id}-label`, "aria-describedby": describedBy };
  if (isRadio) attributes["aria-required"] = String(field.required);
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    isGroup: true,
    root: h("div", attributes, boxes.map((box, index) => choice(box, field.choices[index]))),
    focus: () => (boxes.find((box) => box.checked) ?? boxes[0])?.focus(),
    value: () => (isRadio ? chosen()[0] ?? null : chosen()),
    problem: () => problemOf(field, chosen().length),
    mark: () => {},
  };
}

function choice(box, { label, description }) {
  return h("label", { class: "choice" }, box, h("span", {}, label, description && h("small", {}, description)));
}

/** Say what is wrong with the number of chosen values, of any kind of field. */
export function problemOf({ required, low, high }, count) {
  if (count === 0) return required ? "This field is required." : "";
  if (count < low) return `Choose at least ${low}.`;
  return count > high ? `Choose at most ${high}.` : "";
}
