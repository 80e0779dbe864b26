/** The buttons of a message: an application's, links, and what costs money at Discord. */

import { closest, h, messageIdOf } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { safeAddress } from "../markdown/links.js";
import { isWaiting, interact } from "./pending_interactions.js";
import { t } from "../core/words.js";

/** @import { Child } from "../core/dom.js" */
/** @import { Button, Emoji } from "../core/wire.js" */

/** @type {Record<number, string>} */
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const LINK = 5;
const PREMIUM = 6;

/**
 * Draw a button of a message.
 * @type {(button: Button, message: string) => HTMLElement}
 */
export function drawButton(button, message) {
  const inside = [button.emoji && emojiOf(button.emoji), button.label && h("span", {}, button.label)];
  if (button.style === LINK) return drawLink(button, inside);
  if (button.style === PREMIUM)
    return h("button", { type: "button", class: "button premium", disabled: true }, t("Shop item"));
  const waits = isWaiting(message, button.custom_id);
  const attributes = {
    type: "button",
    class: `button ${STYLES[button.style] ?? "secondary"}`,
    disabled: button.disabled,
    "data-custom-id": button.custom_id,
    "data-click": true,
    "aria-busy": waits && "true",
    "aria-disabled": waits && "true",
    "aria-label": !button.label && button.emoji?.name,
  };
  return h(
    "button",
    attributes,
    inside,
    waits && h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
  );
}

/**
 * Send the application what is clicked.
 * @type {(list: HTMLElement) => void}
 */
export function startButtons(list) {
  list.addEventListener("click", (event) => {
    const clicked = closest(event, "[data-click]");
    const message = messageIdOf(clicked);
    if (message && clicked?.dataset.customId) interact("click", message, clicked.dataset.customId);
  });
}

/**
 * Show an emoji: a character, or the name of a server's own.
 * @type {(emoji: Emoji) => HTMLElement}
 */
export function emojiOf({ id, name }) {
  return h("span", { class: "emoji", "aria-hidden": "true" }, id ? `:${name}:` : name);
}

/** @type {(button: Button, inside: Child[]) => HTMLElement} */
function drawLink(button, inside) {
  const url = safeAddress(button.url ?? "");
  if (!url || button.disabled)
    return h("button", { type: "button", class: "button secondary", disabled: true }, inside);
  const attributes = { class: "button secondary link", href: url, target: "_blank", rel: "noopener noreferrer" };
  return h("a", attributes, inside, icon("outside"));
}
