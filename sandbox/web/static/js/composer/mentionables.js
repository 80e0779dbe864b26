/** The people, roles and channels that a person can name, as items of a list. */

import { cssColor } from "../chat/names.js";
import { state } from "../core/state.js";
import { rank } from "./search.js";

const TEXT_CHANNEL = 0;

/** List what a picker offers; kinds are users, roles, mentionables and channels. */
export function entitiesOf(kind, { channelTypes = [] } = {}) {
  if (kind === "users") return users();
  if (kind === "roles") return roles();
  if (kind === "mentionables") return [...users(), ...roles()];
  return channelTypes.length && !channelTypes.includes(TEXT_CHANNEL) ? [] : channels();
}

/** Keep the entities whose name, or id, is what somebody types. */
export function findEntities(items, query) {
  const bare = query.replace(/^[@#]/, "");
  const exact = items.filter((item) => item.value === bare || item.mention === query);
  return exact.length ? exact : rank(items, bare, (item) => [item.label.replace(/^[@#]/, ""), item.handle ?? ""]);
}

function users() {
  const { people, bot } = state.place;
  const members = people.map(({ id, title, name }) => ({ id, title, handle: name, note: name }));
  const app = { id: bot.id, title: bot.name, note: "app" };
  return [...members, app].map(({ id, title, handle, note }) => ({
    value: id,
    label: `@${title}`,
    handle,
    note,
    mention: `<@${id}>`,
  }));
}

function roles() {
  return Object.entries(state.place.names.roles).map(([id, { name, color }]) => {
    const isEveryone = id === state.place.guild?.id;
    return {
      value: id,
      label: name.startsWith("@") ? name : `@${name}`,
      note: isEveryone ? "everybody in this server" : "role",
      color: color ? cssColor(color) : null,
      mention: isEveryone ? "@everyone" : `<@&${id}>`,
    };
  });
}

function channels() {
  return Object.entries(state.place.names.channels).map(([id, name]) => ({
    value: id,
    label: `#${name}`,
    mention: `<#${id}>`,
  }));
}
