/** What the tab knows, and who is told when it changes. */

import { on as heard } from "./socket.js";

/**
 * `place` is the last one that the server sent (see socket.py), `messages` those of the open channel by id,
 * `bot` the state of the bot's process, `unread` the channels with something new, `online` whether the socket is open.
 */
export const state = {
  place: null,
  messages: new Map(),
  bot: { state: "starting", pid: null, say: "" },
  unread: new Set(),
  online: false,
};

const listeners = new Map();

/** Call a function after each change of one thing: place, history, message, gone, bot, unread, online. */
export function on(what, listener) {
  listeners.set(what, [...(listeners.get(what) ?? []), listener]);
}

function tell(what, detail) {
  for (const listener of listeners.get(what) ?? []) listener(detail);
}

heard("place", (place) => {
  state.place = place;
  state.unread.delete(place.channel);
  tell("place", place);
});

heard("history", ({ channel, messages }) => {
  if (channel !== state.place?.channel) return;
  state.messages = new Map(messages.map((message) => [message.id, message]));
  tell("history", messages);
});

heard("shown", ({ message }) => {
  if (message.channel_id !== state.place?.channel) return;
  state.messages.set(message.id, message);
  tell("message", message);
});

heard("gone", ({ channel, message }) => {
  if (channel !== state.place?.channel) return;
  state.messages.delete(message);
  tell("gone", message);
});

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
