/** Fields that are typed: one line, or a paragraph. */

import { lengthOf } from "../composer/search.js";
import { h } from "../core/dom.js";
import { number, t, tn } from "../core/words.js";

/** @import { ModalField } from "../core/wire.js" */
/** @import { Control, Names } from "./fields.js" */

const NEAR = 0.8;

/**
 * Make the control of a text field.
 * @type {(field: ModalField, names: Names) => Control}
 */
export function text(field, { id, describedBy }) {
  const isLong = field.kind === "paragraph";
  const input = h(isLong ? "textarea" : "input", {
    id,
    type: isLong ? null : "text",
    rows: isLong ? 4 : null,
    placeholder: field.placeholder,
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": describedBy,
    "aria-required": String(field.required),
  });
  const counter = h("span", { class: "field-counter", "aria-hidden": "true" });
  const count = () => {
    const length = lengthOf(input.value);
    const isShown = isLong || length > field.high * NEAR;
    counter.textContent = isShown ? `${number(length)}/${number(field.high)}` : "";
    counter.classList.toggle("over", length > field.high);
  };
  input.value = typeof field.value === "string" ? field.value : "";
  input.addEventListener("input", count);
  count();
  return {
    root: h("div", { class: "field-text" }, input, counter),
    focus: () => input.focus(),
    value: () => input.value,
    problem: () => problemOf(field, input.value),
    mark: (isWrong) => input.setAttribute("aria-invalid", String(isWrong)),
  };
}

/** @type {(field: ModalField, value: string) => string} */
function problemOf({ required, low, high }, value) {
  const length = lengthOf(value);
  if (!value.trim()) return required ? t("This field is required.") : "";
  if (length < low)
    return tn(
      "This needs at least {count} character; it has {length}.",
      "This needs at least {count} characters; it has {length}.",
      low,
      { length },
    );
  if (length <= high) return "";
  return tn(
    "This takes at most {count} character; it has {length}.",
    "This takes at most {count} characters; it has {length}.",
    high,
    { length },
  );
}
