/** What the tab knows, and who is told when it changes. */

import { on as heard } from "./socket.js";
import { setWords } from "./words.js";

/** @import { BotEvent, GuildView, Message } from "./wire.js" */

/**
 * What is told of: the view of the server, the channel's messages, one of them, the id of one that is gone, the bot,
 * a channel with something new, and whether the line is open.
 * @typedef {object} Changes
 * @property {GuildView} view
 * @property {Message[]} history
 * @property {Message} message
 * @property {string} gone
 * @property {BotEvent} bot
 * @property {string} unread
 * @property {boolean} online
 */

/**
 * `view` is what the person sees of the server, `messages` those of the open channel by id, oldest first,
 * `bot` the state of the bot's process, `unread` the channels with something new, `online` whether the socket is open.
 */
export const state = {
  /** @type {GuildView | null} */
  view: null,
  /** @type {Map<string, Message>} */
  messages: new Map(),
  /** @type {BotEvent} */
  bot: { state: "starting", pid: null, say: "" },
  /** @type {Set<string>} */
  unread: new Set(),
  online: false,
};

/** @type {{ [What in keyof Changes]?: Array<(detail: Changes[What]) => void> }} */
const listeners = {};

/**
 * Give what the person sees of the server, to what is shown only once it is known.
 * @type {() => GuildView}
 */
export function currentView() {
  if (!state.view) throw new Error("the sandbox has not told yet what there is");
  return state.view;
}

/**
 * Call a function after each change of one thing: view, history, message, gone, bot, unread, online.
 * @template {keyof Changes} What
 * @param {What} what
 * @param {(detail: Changes[What]) => void} listener
 */
export function on(what, listener) {
  /** @type {Array<(detail: Changes[What]) => void>} */
  const before = listeners[what] ?? [];
  Object.assign(listeners, { [what]: [...before, listener] });
}

/**
 * @template {keyof Changes} What
 * @param {What} what
 * @param {Changes[What]} detail
 */
function tell(what, detail) {
  for (const listener of listeners[what] ?? []) listener(detail);
}

heard("words", setWords);

heard("guild_view", (view) => {
  state.view = view;
  if (view.channel !== null) state.unread.delete(view.channel);
  tell("view", view);
});

heard("history", ({ channel, messages }) => {
  if (channel !== state.view?.channel) return;
  state.messages = new Map(messages.map((message) => [message.id, message]));
  tell("history", messages);
});

heard("message_shown", ({ message }) => {
  if (message.channel_id !== state.view?.channel) return;
  state.messages.set(message.id, message);
  tell("message", message);
  for (const id of state.messages.keys()) {
    if (state.messages.size <= state.view.limits.messages) break;
    forget(id);
  }
});

heard("message_gone", ({ channel, message }) => {
  if (channel === state.view?.channel) forget(message);
});

/** @type {(id: string) => void} */
function forget(id) {
  state.messages.delete(id);
  tell("gone", id);
}

heard("unread", ({ channel }) => {
  state.unread.add(channel);
  tell("unread", channel);
});

heard("bot", (bot) => {
  state.bot = bot;
  tell("bot", bot);
});

heard("open", () => {
  state.online = true;
  tell("online", true);
});

heard("closed", () => {
  state.online = false;
  tell("online", false);
});
