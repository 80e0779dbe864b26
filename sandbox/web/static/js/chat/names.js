/** How people, roles and channels are called here. */

import { state } from "../core/state.js";

/** Give the names that markdown shows mentions with, in the reader's locale. */
export function names() {
  const { users, roles, channels } = state.place.names;
  return {
    user: (id) => (users[id] ? { label: users[id] } : null),
    role: (id) => (roles[id] ? { label: roles[id].name.replace(/^@/, ""), color: roles[id].color } : null),
    channel: (id) => (channels[id] ? { label: channels[id] } : null),
    locale: state.place.me.locale,
  };
}

/** Give an author's name as the server knows them. */
export function nameOf(author) {
  return state.place.names.users[author.id] ?? author.global_name ?? author.username;
}

/** Give the colour of somebody's role, 0xRRGGBB; 0 when they have none. */
export function colorOf(userId) {
  const roles = state.place.people.find(({ id }) => id === userId)?.roles ?? [];
  return roles.map((id) => state.place.names.roles[id]?.color).find(Boolean) ?? 0;
}

/** Write a colour 0xRRGGBB as CSS wants it. */
export function cssColor(color) {
  return `#${color.toString(16).padStart(6, "0")}`;
}
