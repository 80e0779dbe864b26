/** Fields that are chosen from a list: set choices, people, roles and channels. */

import { entitiesOf } from "../composer/mentionables.js";
import { h, fill } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { opensListbox, toggleListbox } from "../core/listbox.js";
import { problemOf } from "./choices.js";
import { t } from "../core/words.js";

/** @import { Kind } from "../composer/mentionables.js" */
/** @import { Child } from "../core/dom.js" */
/** @import { Option } from "../core/listbox.js" */
/** @import { ModalField } from "../core/wire.js" */
/** @import { Control, Names } from "./fields.js" */

/** @type {Partial<Record<ModalField["kind"], Kind>>} */
const KINDS = { users: "users", roles: "roles", mentionables: "mentionables", channels: "channels" };

/**
 * Make the control of a select.
 * @type {(field: ModalField, names: Names) => Control}
 */
export function picker(field, { id, describedBy }) {
  const options = optionsOf(field);
  const words = h("span", { class: "words" });
  /** @type {string[]} */
  let picked = (Array.isArray(field.value) ? field.value : []).filter((value) =>
    options.some((option) => option.value === value),
  );
  const button = h(
    "button",
    {
      id,
      type: "button",
      class: "select",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-labelledby": `${id}-label ${id}-picked`,
      "aria-describedby": describedBy,
      "aria-required": String(field.required),
    },
    words,
    icon("down"),
  );
  words.id = `${id}-picked`;
  const draw = () => {
    const chosen = options.filter(({ value }) => picked.includes(value));
    const shown = chosen.map(({ label }) => h("span", { class: "picked" }, label));
    fill(words, shown.length ? shown : h("span", { class: "placeholder" }, field.placeholder || t("Make a selection")));
  };
  button.addEventListener("click", () => {
    const low = field.required ? field.low : 0;
    toggleListbox(button, {
      options,
      picked,
      low,
      high: field.high,
      drawOption,
      done: (values) => {
        picked = values;
        draw();
        button.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
  });
  button.addEventListener("keydown", (event) => {
    if (!opensListbox(event)) return;
    event.preventDefault();
    button.click();
  });
  draw();
  return {
    root: button,
    focus: () => button.focus(),
    value: () => picked,
    problem: () => problemOf(field, picked.length),
    mark: (isWrong) => button.setAttribute("aria-invalid", String(isWrong)),
  };
}

/** @type {(field: ModalField) => Option[]} */
function optionsOf(field) {
  const kind = KINDS[field.kind];
  if (!kind) return field.choices;
  return entitiesOf(kind).map(({ value, label, note }) => ({ value, label, description: note }));
}

/** @type {(option: Option) => Child} */
function drawOption({ label, description }) {
  return h("span", { class: "words" }, label, description && h("small", {}, description));
}
