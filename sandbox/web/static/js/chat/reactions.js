/** The reactions below a message: how many gave each emoji, and a click to join in or to step back. */

import { closest, h, messageIdOf, sentenceOf } from "../core/dom.js";
import { ask } from "../core/socket.js";
import { state } from "../core/state.js";
import { complain } from "./pending_interactions.js";
import { number, t, tn } from "../core/words.js";

/** @import { Child } from "../core/dom.js" */
/** @import { Message } from "../core/wire.js" */

/** What a message's menu offers to begin with; any other emoji can be joined once somebody gave it. */
export const OFFERED = ["⭐", "👍", "❤️"];

/**
 * Draw the reactions of a message; nothing where there is none.
 * @type {(message: Message) => Child}
 */
export function drawReactions({ page }) {
  if (page.reactions.length === 0) return null;
  const buttons = page.reactions.map(({ emoji, count, mine }) => {
    const attributes = {
      type: "button",
      class: "reaction",
      "data-reaction": emoji,
      "data-key": emoji,
      "aria-pressed": String(mine),
      "aria-label": tn("{emoji}, {count} reaction", "{emoji}, {count} reactions", count, { emoji }),
    };
    return h(
      "button",
      attributes,
      h("span", { class: "emoji", "aria-hidden": "true" }, emoji),
      h("b", {}, number(count)),
    );
  });
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": t("Reactions"), "data-part": "reactions" },
    buttons,
  );
}

/**
 * Let clicks on reactions join in, or step back.
 * @type {(list: HTMLElement) => void}
 */
export function startReactions(list) {
  list.addEventListener("click", (event) => {
    const clicked = closest(event, "[data-reaction]");
    const message = messageIdOf(clicked);
    if (message && clicked?.dataset.reaction) toggle(message, clicked.dataset.reaction);
  });
}

/**
 * React to a message, or take the reader's own reaction back.
 * @type {(id: string, emoji: string) => Promise<void>}
 */
export async function toggle(id, emoji) {
  const given = state.messages.get(id)?.page.reactions ?? [];
  const mine = given.some((one) => plain(one.emoji) === plain(emoji) && one.mine);
  try {
    await ask("react", { message: id, emoji, on: !mine });
  } catch (refused) {
    complain(id, sentenceOf(refused));
  }
}

/**
 * Leave out what only says that a character is to be drawn in colour: two spellings of an emoji are one.
 * @type {(emoji: string) => string}
 */
function plain(emoji) {
  return emoji.replaceAll("\ufe0f", "");
}
