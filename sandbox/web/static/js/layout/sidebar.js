/** The left column: the server, its channels, who you are, the client's language, light and dark. */

import { avatar } from "../chat/avatars.js";
import { byId, closest, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { morph } from "../core/morph.js";
import { colorOf, cssColor } from "../chat/names.js";
import { enter } from "../core/session.js";
import { currentView, on, state } from "../core/state.js";
import { startTheme, theme, turnTheme } from "../core/theme.js";
import { keepWorded, t } from "../core/words.js";

/** @import { ChannelView, GuildView, Person } from "../core/wire.js" */

/** Show the column, and act on what is chosen in it. */
export function startSidebar() {
  const side = byId("side");
  side.addEventListener("click", (event) => {
    const chosen = closest(event, "[data-channel], [data-person], [data-theme-switch]")?.dataset;
    if (chosen?.channel) enter({ channel: chosen.channel });
    if (chosen?.person) enter({ user: chosen.person, channel: currentView().channel });
    if (chosen && "themeSwitch" in chosen) {
      turnTheme();
      draw();
    }
  });
  side.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.id === "locale") enter({ locale: target.value });
  });
  byId("messages").addEventListener("click", (event) => {
    const channel = closest(event, "[data-go-to]")?.dataset.goTo;
    if (channel && channel !== currentView().channel) enter({ channel });
  });
  startTheme(draw);
  on("view", draw);
  on("unread", draw);
  keepWorded(draw);
}

function draw() {
  const side = byId("side");
  const fresh = /** @type {HTMLElement} */ (side.cloneNode(false));
  fill(fresh, state.view ? parts(state.view) : h("p", { class: "loading" }, t("Connecting…")));
  morph(side, fresh);
  const locale = side.querySelector("select");
  if (locale) locale.value = currentView().me.locale;
}

/** @type {(view: GuildView) => HTMLElement[]} */
function parts(view) {
  return [
    h("h1", { class: "server" }, view.guild.name),
    h(
      "section",
      { class: "channels", "aria-labelledby": "channels-title" },
      h("h2", { id: "channels-title" }, t("Channels")),
      h(
        "ul",
        {},
        view.channels.map((channel) => h("li", { "data-key": channel.id }, channelButton(channel, view))),
      ),
    ),
    h(
      "section",
      { class: "people", "aria-labelledby": "people-title" },
      h("h2", { id: "people-title" }, t("You are")),
      h(
        "ul",
        {},
        view.people.map((person) => h("li", { "data-key": person.id }, personButton(person, view))),
      ),
    ),
    h("div", { class: "preferences" }, localeSelect(view), themeSwitch()),
  ];
}

/** @type {(channel: ChannelView, view: GuildView) => HTMLElement} */
function channelButton({ id, name }, view) {
  const here = id === view.channel;
  const unread = !here && state.unread.has(id);
  return h(
    "button",
    {
      type: "button",
      class: unread ? "channel unread" : "channel",
      "data-channel": id,
      "aria-current": here && "page",
    },
    icon("hash"),
    h("span", {}, name),
    unread && h("span", { class: "unseen" }, t(", something new")),
  );
}

/** @type {(person: Person, view: GuildView) => HTMLElement} */
function personButton(person, view) {
  const chosen = person.id === view.me.id;
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

/** @type {(view: GuildView) => HTMLElement} */
function localeSelect({ locales, me }) {
  return h(
    "label",
    { class: "locale" },
    h("span", { class: "unseen" }, t("Your client's language")),
    h(
      "select",
      { id: "locale" },
      locales.map(({ id, name }) => h("option", { value: id, lang: id, selected: id === me.locale }, name)),
    ),
  );
}

function themeSwitch() {
  const other = theme() === "dark" ? "light" : "dark";
  const words = other === "light" ? t("Switch to light colours") : t("Switch to dark colours");
  const attributes = { type: "button", class: "quiet", "data-theme-switch": true, "aria-label": words, title: words };
  return h("button", attributes, icon(other === "light" ? "sun" : "moon"));
}
