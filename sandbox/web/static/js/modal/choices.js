/** Fields with a box or a circle for each choice, and the single checkbox. */

import { h } from "../core/dom.js";
import { t } from "../core/words.js";

/** @import { ModalField } from "../core/wire.js" */
/** @import { Control, Names } from "./fields.js" */

/**
 * Make the control of radio buttons, checkboxes, or one checkbox.
 * @type {(field: ModalField, names: Names) => Control}
 */
export function choices(field, { id, describedBy }) {
  return field.kind === "checkbox" ? checkbox(field, id, describedBy) : group(field, id, describedBy);
}

/** @type {(field: ModalField, id: string, describedBy: string) => Control} */
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

/** @type {(field: ModalField, id: string, describedBy: string) => Control} */
function group(field, id, describedBy) {
  const isRadio = field.kind === "radio";
  const given = Array.isArray(field.value) ? field.value : [field.value];
  const boxes = field.choices.map(({ value }) => {
    const box = h("input", { type: isRadio ? "radio" : "checkbox", name: id, value });
    box.checked = given.includes(value);
    return box;
  });
  const role = isRadio ? "radiogroup" : "group";
  const attributes = {
    class: "choices",
    role,
    "aria-labelledby": `${id}-label`,
    "aria-describedby": describedBy,
    "aria-required": isRadio ? String(field.required) : null,
  };
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return {
    isGroup: true,
    root: h(
      "div",
      attributes,
      field.choices.map((one, index) => choice(boxes[index], one)),
    ),
    focus: () => (boxes.find((box) => box.checked) ?? boxes[0])?.focus(),
    value: () => (isRadio ? (chosen()[0] ?? null) : chosen()),
    problem: () => problemOf(field, chosen().length),
    mark: () => {},
  };
}

/** @type {(box: HTMLElement | undefined, choice: { label: string, description: string }) => HTMLElement} */
function choice(box, { label, description }) {
  return h("label", { class: "choice" }, box, h("span", {}, label, description && h("small", {}, description)));
}

/**
 * Say what is wrong with the number of chosen values, of any kind of field.
 * @type {(field: ModalField, count: number) => string}
 */
export function problemOf({ required, low, high }, count) {
  if (count === 0) return required ? t("This field is required.") : "";
  if (count < low) return t("Choose at least {count}.", { count: low });
  return count > high ? t("Choose at most {count}.", { count: high }) : "";
}
