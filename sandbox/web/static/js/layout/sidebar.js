/** The left column: the server, its channels, who you are, the client's language, light and dark. */

import { avatar } from "../chat/avatars.js";
import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { morph } from "../core/morph.js";
import { colorOf, cssColor } from "../chat/names.js";
import { enter } from "../core/session.js";
import { on, state } from "../core/state.js";
import { startTheme, theme, turnTheme } from "../core/theme.js";

/** Show the column, and act on what is chosen in it. */
export function startPlace() {
  const side = byId("side");
  side.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-channel], [data-person], [data-theme-switch]")?.dataset;
    if (chosen?.channel) enter({ channel: chosen.channel });
    if (chosen?.person) enter({ user: chosen.person, channel: state.place.channel });
    if (chosen && "themeSwitch" in chosen) {
      turnTheme();
      draw();
    }
  });
  side.addEventListener("change", ({ target }) => target.id === "locale" && enter({ locale: target.value }));
  byId("messages").addEventListener("click", ({ target }) => {
    const channel = target.closest("[data-go-to]")?.dataset.goTo;
    if (channel && channel !== state.place.channel) enter({ channel });
  });
  startTheme(draw);
  for (const what of ["place", "unread"]) on(what, draw);
}

function draw() {
  const side = byId("side");
  const fresh = side.cloneNode(false);
  fill(fresh, state.place ? parts(state.place) : h("p", { class: "loading" }, "Connecting…"));
  morph(side, fresh);
  const locale = side.querySelector("#locale");
  if (locale) locale.value = state.place.me.locale;
}

function parts(place) {
  return [
    h("h1", { class: "server" }, place.guild.name),
    h(
      "section",
      { class: "channels", "aria-labelledby": "channels-title" },
      h("h2", { id: "channels-title" }, "Channels"),
      h("ul", {}, place.channels.map((channel) => h("li", { "data-key": channel.id }, channelButton(channel, place)))),
    ),
    h(
      "section",
      { class: "people", "aria-labelledby": "people-title" },
      h("h2", { id: "people-title" }, "You are"),
      h("ul", {}, place.people.map((person) => h("li", { "data-key": person.id }, personButton(person, place)))),
    ),
    h("div", { class: "preferences" }, localeSelect(place), themeSwitch()),
  ];
}

function channelButton({ id, name }, place) {
  const here = id === place.channel;
  const unread = !here && state.unread.has(id);
  return h(
    "button",
    { type: "button", class: unread ? "channel unread" : "channel", "data-channel": id, "aria-current": here && "page" },
    icon("hash"),
    h("span", {}, name),
    unread && h("span", { class: "unseen" }, ", something new"),
  );
}

function personButton(person, place) {
  const chosen = person.id === place.me.id;
  const name = h("strong", {}, person.title);
  const color = colorOf(person.id);
  if (color) name.style.setProperty("--role", cssColor(color));
  return h(
    "button",
    { type: "button", class: "person", "data-person": person.name, "aria-pressed": String(chosen) },
    avatar(person.id, person.title),
    h("span", { class: "who" }, name, h("small", {}, person.note)),
  );
}

function localeSelect({ locales, me }) {
  return h(
    "label",
    { class: "locale" },
    h("span", { class: "unseen" }, "Your client's language"),
    h("select", { id: "locale" }, locales.map(({ id, name }) => h("option", { value: id, selected: id === me.locale }, name))),
  );
}

function themeSwitch() {
  const other = theme() === "dark" ? "light" : "dark";
  const words = `Switch to ${other} colours`;
  const attributes = { type: "button", class: "quiet", "data-theme-switch": true, "aria-label": words, title: words };
  return h("button", attributes, icon(other === "light" ? "sun" : "moon"));
}
