/** What stands above the messages: the channel, the bot's state, the way behind the scenes, and a lost line. */

import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { on, state } from "../core/state.js";
import { keepWorded, t } from "../core/words.js";

/** @import { Attributes } from "../core/dom.js" */
/** @import { BotEvent, GuildView } from "../core/wire.js" */

const PATIENCE_MS = 400;

/** Draw the header, and keep it true. */
export function startHeader() {
  fill(
    byId("channel-header"),
    h("button", { type: "button", id: "side-toggle", class: "quiet", ...closed("side") }, icon("menu")),
    h("h2", { id: "channel-name" }),
    h("p", { id: "channel-topic" }),
    h("p", { id: "bot-state", role: "status" }),
    h("button", { type: "button", id: "drawer-toggle", ...closed("drawer") }),
  );
  on("view", drawChannel);
  on("view", drawBot);
  on("bot", drawBot);
  on("online", drawBanner);
  keepWorded(draw);
}

/** @type {(what: string) => Attributes} */
function closed(what) {
  return { "aria-expanded": "false", "aria-controls": what };
}

function draw() {
  byId("side-toggle").setAttribute("aria-label", t("Server and channels"));
  fill(byId("drawer-toggle"), icon("activity"), h("span", {}, t("Behind the scenes")));
  if (!byId("banner").hidden) showBanner(true);
  if (!state.view) return;
  drawChannel(state.view);
  drawBot();
}

/** @type {(view: GuildView) => void} */
function drawChannel({ channels, channel }) {
  const here = channels.find(({ id }) => id === channel);
  fill(byId("channel-name"), icon("hash"), h("span", {}, here?.name ?? t("no channel")));
  fill(byId("channel-topic"), here?.topic ?? "");
  byId("channel-topic").title = here?.topic ?? "";
  document.title = here ? t("#{channel} | Animatic's sandbox", { channel: here.name }) : t("Animatic's sandbox");
}

function drawBot() {
  const shown = byId("bot-state");
  const { state: now, pid, say } = state.bot;
  const words = botWords(now, state.view?.bot.name ?? t("The bot"));
  shown.dataset.state = now;
  shown.title = [say, pid && t("Process {pid}", { pid: String(pid) })].filter(Boolean).join(" ");
  if (shown.textContent !== words) fill(shown, h("span", {}, words));
}

/** @type {(state: BotEvent["state"], bot: string) => string} */
function botWords(now, bot) {
  if (now === "running") return t("{bot} is running", { bot });
  return now === "starting" ? t("{bot} is starting", { bot }) : t("{bot} is stopped", { bot });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let lost;

/** @type {(online: boolean) => void} */
function drawBanner(online) {
  clearTimeout(lost);
  if (online) showBanner(false);
  else if (byId("banner").hidden) lost = setTimeout(showBanner, PATIENCE_MS, true);
}

/** @type {(shown: boolean) => void} */
function showBanner(shown) {
  byId("banner").hidden = !shown;
  byId("banner").textContent = shown ? t("The connection is lost; trying again…") : "";
}
