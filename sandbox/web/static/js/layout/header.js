/** What stands above the messages: the channel, the bot's state, the way behind the scenes, and a lost line. */

import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { on, state } from "../core/state.js";

/** @import { GuildView } from "../core/wire.js" */

const BOT_WORDS = { running: "is running", starting: "is starting", stopped: "is stopped" };
const PATIENCE_MS = 400;

/** Draw the header, and keep it true. */
export function startHeader() {
  fill(
    byId("channel-header"),
    sideButton(),
    h("h2", { id: "channel-name" }),
    h("p", { id: "channel-topic" }),
    h("p", { id: "bot-state", role: "status" }),
    drawerButton(),
  );
  on("view", drawChannel);
  on("view", drawBot);
  on("bot", drawBot);
  on("online", drawBanner);
}

function sideButton() {
  const attributes = { "aria-label": "Server and channels", "aria-expanded": "false", "aria-controls": "side" };
  return h("button", { type: "button", id: "side-toggle", class: "quiet", ...attributes }, icon("menu"));
}

function drawerButton() {
  const attributes = { "aria-expanded": "false", "aria-controls": "drawer" };
  const words = h("span", {}, "Behind the scenes");
  return h("button", { type: "button", id: "drawer-toggle", ...attributes }, icon("activity"), words);
}

/** @type {(view: GuildView) => void} */
function drawChannel({ channels, channel }) {
  const here = channels.find(({ id }) => id === channel);
  fill(byId("channel-name"), icon("hash"), h("span", {}, here?.name ?? "no channel"));
  fill(byId("channel-topic"), here?.topic ?? "");
  byId("channel-topic").title = here?.topic ?? "";
  document.title = here ? `#${here.name} | Animatic's sandbox` : "Animatic's sandbox";
}

function drawBot() {
  const shown = byId("bot-state");
  const { state: now, pid, say } = state.bot;
  const words = `${state.view?.bot.name ?? "The bot"} ${BOT_WORDS[now]}`;
  shown.dataset.state = now;
  shown.title = [say, pid && `Process ${pid}`].filter(Boolean).join(" ");
  if (shown.textContent !== words) fill(shown, h("span", {}, words));
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let lost;

/** @type {(online: boolean) => void} */
function drawBanner(online) {
  clearTimeout(lost);
  const show = (/** @type {boolean} */ shown) => {
    byId("banner").hidden = !shown;
    byId("banner").textContent = shown ? "The connection is lost; trying again…" : "";
  };
  if (online) show(false);
  else if (byId("banner").hidden) lost = setTimeout(show, PATIENCE_MS, true);
}
