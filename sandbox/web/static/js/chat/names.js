/** How people, roles and channels are called here. */

import { currentView } from "../core/state.js";

/** @import { Author } from "../core/wire.js" */
/** @import { Names } from "../markdown/markdown.js" */

/**
 * Give the names that markdown shows mentions with, in the reader's locale.
 * @type {() => Names}
 */
export function names() {
  const { users, roles, channels } = currentView().names;
  return {
    user: (id) => (users[id] ? { label: users[id] } : null),
    role: (id) => (roles[id] ? { label: roles[id].name.replace(/^@/, ""), color: roles[id].color } : null),
    channel: (id) => (channels[id] ? { label: channels[id] } : null),
    locale: currentView().me.locale,
  };
}

/**
 * Give an author's name as the server knows them.
 * @type {(author: Author) => string}
 */
export function nameOf(author) {
  return currentView().names.users[author.id] ?? author.global_name ?? author.username;
}

/**
 * Give the colour of somebody's role, 0xRRGGBB; 0 when they have none.
 * @type {(userId: string) => number}
 */
export function colorOf(userId) {
  const roles = currentView().people.find(({ id }) => id === userId)?.roles ?? [];
  return roles.map((id) => currentView().names.roles[id]?.color).find(Boolean) ?? 0;
}

/**
 * Write a colour 0xRRGGBB as CSS wants it.
 * @type {(color: number) => string}
 */
export function cssColor(color) {
  return `#${color.toString(16).padStart(6, "0")}`;
}
