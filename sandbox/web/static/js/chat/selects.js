/** The selects of a message: how they stand there, and what can be chosen from them. */

import { emojiOf } from "./buttons.js";
import { closest, h, messageIdOf } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { opensListbox, toggleListbox } from "../core/listbox.js";
import { componentOf, isWaiting, interact } from "./pending_interactions.js";
import { currentView, on } from "../core/state.js";
import { t } from "../core/words.js";

/** @import { SelectMenu, SelectOption } from "../core/wire.js" */
/** @import { Child } from "../core/dom.js" */

/** @type {Map<string, string[]>} */
const chosen = new Map();

/**
 * Draw a select of a message, with what the reader chose last or else with its default.
 * @type {(select: SelectMenu, message: string) => HTMLElement}
 */
export function drawSelect(select, message) {
  const options = optionsOf(select);
  const picked = pickedOf(select, message, options);
  const waits = isWaiting(message, select.custom_id);
  const attributes = {
    type: "button",
    class: "select",
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": select.placeholder || t("Choose"),
    "aria-busy": waits && "true",
    "aria-disabled": waits && "true",
    disabled: select.disabled,
    "data-custom-id": select.custom_id,
    "data-select": true,
  };
  const labels = options
    .filter(({ value }) => picked.includes(value))
    .map(({ label }) => h("span", { class: "picked" }, label));
  const words = labels.length
    ? labels
    : h("span", { class: "placeholder" }, select.placeholder || t("Make a selection"));
  return h("button", attributes, h("span", { class: "words" }, words), icon("down"));
}

/**
 * Open what is clicked, and send the application what was chosen.
 * @type {(list: HTMLElement) => void}
 */
export function startSelects(list) {
  list.addEventListener("click", (event) => {
    const clicked = closest(event, "[data-select]");
    if (clicked && clicked.getAttribute("aria-disabled") !== "true") open(clicked);
  });
  list.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !target.matches("[data-select]") || !opensListbox(event)) return;
    event.preventDefault();
    target.click();
  });
  on("message", ({ id }) => forget(id));
  on("history", () => chosen.clear());
}

/** @type {(clicked: HTMLElement) => void} */
function open(clicked) {
  const message = messageIdOf(clicked);
  const { customId } = clicked.dataset;
  const select = message && customId ? componentOf(message, customId) : null;
  if (!message || !customId || !select || !("custom_id" in select) || select.type === 2) return;
  const options = optionsOf(select);
  const picked = pickedOf(select, message, options);
  const low = select.min_values ?? 1;
  const high = select.max_values ?? 1;
  toggleListbox(clicked, { options, picked, low, high, drawOption, done: (values) => send(message, customId, values) });
}

/** @type {(message: string, customId: string, values: string[]) => void} */
function send(message, customId, values) {
  chosen.set(`${message} ${customId}`, values);
  interact("select", message, customId, values);
}

/** @type {(message: string) => void} */
function forget(message) {
  for (const name of chosen.keys()) if (name.startsWith(`${message} `)) chosen.delete(name);
}

/** @type {(select: SelectMenu, message: string, options: SelectOption[]) => string[]} */
function pickedOf(select, message, options) {
  const defaults =
    select.default_values?.map(({ id }) => id) ?? options.filter((one) => one.default).map(({ value }) => value);
  return chosen.get(`${message} ${select.custom_id}`) ?? defaults;
}

/** @type {(option: SelectOption) => Child} */
function drawOption({ label, description, emoji }) {
  return [emoji && emojiOf(emoji), h("span", { class: "words" }, label, description && h("small", {}, description))];
}

/** @type {(select: SelectMenu) => SelectOption[]} */
function optionsOf(select) {
  const { users, roles, channels } = currentView().names;
  const people = () => Object.entries(users).map(([value, label]) => ({ value, label }));
  const groups = () =>
    Object.entries(roles).map(([value, { name }]) => ({ value, label: name.startsWith("@") ? name : `@${name}` }));
  switch (select.type) {
    case 3:
      return select.options ?? [];
    case 5:
      return people();
    case 6:
      return groups();
    case 7:
      return [...people(), ...groups()];
    default:
      return Object.entries(channels).map(([value, name]) => ({ value, label: `#${name}` }));
  }
}
