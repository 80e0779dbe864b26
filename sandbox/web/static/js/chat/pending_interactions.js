/** What the reader pressed on a message and has no answer to yet, and what went wrong below it. */

import { sentenceOf } from "../core/dom.js";
import { ask, on as heard } from "../core/socket.js";
import { on, state } from "../core/state.js";
import { keepWorded, t } from "../core/words.js";

/** @import { Component } from "../core/wire.js" */

/** @type {Map<string, string>} */
const waiting = new Map();
/** @type {Map<string, string>} */
const errors = new Map();
/** @type {(message: string) => void} */
let redraw = () => {};

/**
 * Follow what becomes of clicks; `changed` is called with the id of a message that is to be drawn again.
 * @type {(changed: (message: string) => void) => void}
 */
export function startPendingInteractions(changed) {
  redraw = changed;
  heard("interaction", ({ kind, message, custom_id: customId, state: now, say }) => {
    if (kind !== "click" && kind !== "select") return;
    if (message === null) return;
    if (now === "waiting") waiting.set(nameOf(message, customId), message);
    else settle(message, customId, now === "failed" && say !== null ? t(say) : null);
    redraw(message);
  });
  on("online", (online) => {
    if (online) return;
    const told = new Set(waiting.values());
    waiting.clear();
    told.forEach(redraw);
  });
  on("gone", (message) => errors.delete(message));
  keepWorded(() => errors.clear()); // They were said in another language.
  /** @type {string | null} */
  let me = null;
  on("view", (view) => {
    if (me !== null && me !== view.me.id) errors.clear();
    me = view.me.id;
  });
}

/**
 * Tell whether a button or select waits for the application.
 * @type {(message: string, customId: string | undefined) => boolean}
 */
export function isWaiting(message, customId) {
  return waiting.has(nameOf(message, customId));
}

/**
 * Give the sentence that stands below a message because of the last click; null when all is well.
 * @type {(message: string) => string | null}
 */
export function errorOf(message) {
  return errors.get(message) ?? null;
}

/**
 * Click a button, or choose values of a select.
 * @type {(op: "click" | "select", message: string, customId: string, values?: string[]) => Promise<void>}
 */
export async function interact(op, message, customId, values) {
  if (isWaiting(message, customId)) return;
  errors.delete(message);
  waiting.set(nameOf(message, customId), message);
  redraw(message);
  try {
    if (op === "click") await ask(op, { message, custom_id: customId });
    else await ask(op, { message, custom_id: customId, values });
  } catch (error) {
    settle(message, customId, sentenceOf(error));
    redraw(message);
  }
}

/**
 * Say below a message what went wrong with it.
 * @type {(message: string, sentence: string) => void}
 */
export function complain(message, sentence) {
  errors.set(message, sentence);
  redraw(message);
}

/**
 * Find a component of a shown message by its custom_id.
 * @type {(message: string, customId: string) => Component | null}
 */
export function componentOf(message, customId) {
  /** @type {(components: Component[]) => Component | null} */
  const search = (components) => {
    for (const component of components) {
      if ("custom_id" in component && component.custom_id === customId) return component;
      const inner = search(partsOf(component));
      if (inner) return inner;
    }
    return null;
  };
  return search(state.messages.get(message)?.components ?? []);
}

/** @type {(message: string, customId: string | null, sentence: string | null) => void} */
function settle(message, customId, sentence) {
  waiting.delete(nameOf(message, customId));
  if (sentence) errors.set(message, sentence);
  else errors.delete(message);
}

/** @type {(message: string, customId: string | null | undefined) => string} */
function nameOf(message, customId) {
  return `${message} ${customId}`;
}

/**
 * List the components that stand within one.
 * @type {(component: Component) => Component[]}
 */
export function partsOf(component) {
  const parts = "components" in component ? component.components : [];
  return "accessory" in component && component.accessory ? [...parts, component.accessory] : parts;
}
