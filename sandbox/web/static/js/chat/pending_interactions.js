/** What the reader pressed on a message and has no answer to yet, and what went wrong below it. */

import { ask, on as heard } from "../core/socket.js";
import { on, state } from "../core/state.js";

const waiting = new Map();
const troubles = new Map();
let redraw = () => {};

/** Follow what becomes of presses; `changed` is called with the id of a message that is to be drawn again. */
export function startPresses(changed) {
  redraw = changed;
  heard("interaction", ({ kind, message, custom_id: customId, state: now, say }) => {
    if (kind !== "click" && kind !== "select") return;
    if (now === "waiting") waiting.set(nameOf(message, customId), message);
    else settle(message, customId, now === "failed" ? say : null);
    redraw(message);
  });
  on("online", (online) => {
    if (online) return;
    const told = new Set(waiting.values());
    waiting.clear();
    told.forEach(redraw);
  });
  let me = null;
  on("place", (place) => {
    if (me !== null && me !== place.me.id) troubles.clear();
    me = place.me.id;
  });
}

/** Tell whether a button or select waits for the application. */
export function isWaiting(message, customId) {
  return waiting.has(nameOf(message, customId));
}

/** Give the sentence that stands below a message because of the last press; null when all is well. */
export function troubleOf(message) {
  return troubles.get(message) ?? null;
}

/** Press a button, or choose values of a select. */
export async function press(op, message, customId, values = null) {
  if (isWaiting(message, customId)) return;
  troubles.delete(message);
  waiting.set(nameOf(message, customId), message);
  redraw(message);
  try {
    await ask(op, { message, custom_id: customId, ...(values && { values }) });
  } catch (error) {
    settle(message, customId, error.message);
    redraw(message);
  }
}

/** Say below a message what went wrong with it. */
export function complain(message, sentence) {
  troubles.set(message, sentence);
  redraw(message);
}

/** Find a component of a shown message by its custom_id. */
export function componentOf(message, customId) {
  const search = (components) => {
    for (const component of components ?? []) {
      if (component.custom_id === customId) return component;
      const inner = search([...(component.components ?? []), ...(component.accessory ? [component.accessory] : [])]);
      if (inner) return inner;
    }
    return null;
  };
  return search(state.messages.get(message)?.components);
}

function settle(message, customId, sentence) {
  waiting.delete(nameOf(message, customId));
  if (sentence) troubles.set(message, sentence);
  else troubles.delete(message);
}

function nameOf(message, customId) {
  return `${message} ${customId}`;
}
