/** The people, roles and channels that a person can name, as items of a list. */

import { cssColor } from "../chat/names.js";
import { currentView } from "../core/state.js";
import { rank } from "./search.js";
import { t } from "../core/words.js";

/** @typedef {"users" | "roles" | "mentionables" | "channels"} Kind */

/**
 * Somebody or something that can be named.
 * @typedef {object} Entity
 * @property {string} value
 * @property {string} label
 * @property {string} mention
 * @property {string} [handle]
 * @property {string} [note]
 * @property {string | null} [color]
 */

const TEXT_CHANNEL = 0;

/**
 * List what a picker offers; kinds are users, roles, mentionables and channels.
 * @type {(kind: Kind, limits?: { channelTypes?: number[] }) => Entity[]}
 */
export function entitiesOf(kind, { channelTypes = [] } = {}) {
  if (kind === "users") return users();
  if (kind === "roles") return roles();
  if (kind === "mentionables") return [...users(), ...roles()];
  return channelTypes.length && !channelTypes.includes(TEXT_CHANNEL) ? [] : channels();
}

/**
 * Keep the entities whose name, or id, is what somebody types.
 * @template {{ value: unknown, label: string, mention?: string, handle?: string }} T
 * @param {T[]} items
 * @param {string} query
 * @returns {T[]}
 */
export function findEntities(items, query) {
  const bare = query.replace(/^[@#]/, "");
  const exact = items.filter((item) => item.value === bare || item.mention === query);
  return exact.length ? exact : rank(items, bare, (item) => [item.label.replace(/^[@#]/, ""), item.handle ?? ""]);
}

/** @type {() => Entity[]} */
function users() {
  const { people, bot } = currentView();
  const members = people.map(({ id, title, name }) => ({ id, title, handle: name, note: name }));
  const app = { id: bot.id, title: bot.name, handle: undefined, note: t("app") };
  return [...members, app].map(({ id, title, handle, note }) => ({
    value: id,
    label: `@${title}`,
    handle,
    note,
    mention: `<@${id}>`,
  }));
}

/** @type {() => Entity[]} */
function roles() {
  return Object.entries(currentView().names.roles).map(([id, { name, color }]) => {
    const isEveryone = id === currentView().guild?.id;
    return {
      value: id,
      label: name.startsWith("@") ? name : `@${name}`,
      note: isEveryone ? t("everybody in this server") : t("role"),
      color: color ? cssColor(color) : null,
      mention: isEveryone ? "@everyone" : `<@&${id}>`,
    };
  });
}

/** @type {() => Entity[]} */
function channels() {
  return Object.entries(currentView().names.channels).map(([id, name]) => ({
    value: id,
    label: `#${name}`,
    mention: `<#${id}>`,
  }));
}
