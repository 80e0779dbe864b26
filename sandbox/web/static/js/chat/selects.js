/** The selects of a message: how they stand there, and what can be chosen from them. */

import { emojiOf } from "./buttons.js";
import { h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { opensListbox, toggleListbox } from "../core/listbox.js";
import { componentOf, isWaiting, press } from "./pending_interactions.js";
import { on, state } from "../core/state.js";

const chosen = new Map();

/** Draw a select of a message, with what the reader chose last or else with its default. */
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
    "aria-label": select.placeholder || "Choose",
    "aria-busy": waits && "true",
    "aria-disabled": waits && "true",
    disabled: select.disabled,
    "data-custom-id": select.custom_id,
    "data-select": true,
  };
  const labels = options.filter(({ value }) => picked.includes(value)).map(({ label }) => h("span", { class: "picked" }, label));
  const words = labels.length ? labels : h("span", { class: "placeholder" }, select.placeholder || "Make a selection");
  return h("button", attributes, h("span", { class: "words" }, words), icon("down"));
}

/** Open what is pressed, and send the application what was chosen. */
export function startSelects(list) {
  list.addEventListener("click", ({ target }) => {
    const pressed = target.closest("[data-select]");
    if (pressed && pressed.getAttribute("aria-disabled") !== "true") open(pressed);
  });
  list.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-select]") || !opensListbox(event)) return;
    event.preventDefault();
    event.target.click();
  });
  on("message", ({ id }) => forget(id));
  on("history", () => chosen.clear());
}

function open(pressed) {
  const message = pressed.closest("[data-message]").dataset.message;
  const customId = pressed.dataset.customId;
  const select = componentOf(message, customId);
  if (!select) return;
  const options = optionsOf(select);
  const picked = pickedOf(select, message, options);
  const low = select.min_values ?? 1;
  const high = select.max_values ?? 1;
  toggleListbox(pressed, { options, picked, low, high, drawOption, done: (values) => send(message, customId, values) });
}

function send(message, customId, values) {
  chosen.set(`${message} ${customId}`, values);
  press("select", message, customId, values);
}

function forget(message) {
  for (const name of chosen.keys()) if (name.startsWith(`${message} `)) chosen.delete(name);
}

function pickedOf(select, message, options) {
  const defaults = select.default_values?.map(({ id }) => id) ?? options.filter((one) => one.default).map(({ value }) => value);
  return chosen.get(`${message} ${select.custom_id}`) ?? defaults;
}

function drawOption({ label, description, emoji }) {
  return [emoji && emojiOf(emoji), h("span", { class: "words" }, label, description && h("small", {}, description))];
}

function optionsOf(select) {
  const { users, roles, channels } = state.place.names;
  const people = () => Object.entries(users).map(([value, label]) => ({ value, label }));
  const groups = () => Object.entries(roles).map(([value, { name }]) => ({ value, label: name.startsWith("@") ? name : `@${name}` }));
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
