/** The buttons that break things, with what each should lead to beside it, and the bot they are for. */

import { announce, fill, freshId, h } from "../core/dom.js";
import { ask, Refused } from "../core/socket.js";
import { on, state } from "../core/state.js";
import { Rows, write } from "./rows.js";

const REFUSED_MS = 6000;

/** Make the panel; `show(breaks, reset)` brings it up to date. */
export function breaksPanel() {
  const bot = h("p", { id: "drawer-bot" });
  const groups = h("div", { class: "break-groups" });
  const panel = h("section", { class: "drawer-panel breaks" }, bot, groups);
  const shown = new Rows(groups, { key: ({ name }) => name, make: makeGroup, update: updateGroup });
  on("bot", () => drawBot(bot));
  drawBot(bot);
  return {
    panel,
    show(breaks) {
      const names = [...new Set(breaks.map(({ group }) => group))];
      shown.show(names.map((name) => ({ name, breaks: breaks.filter(({ group }) => group === name) })));
    },
  };
}

function drawBot(shown) {
  shown.dataset.state = state.bot.state;
  write(shown, state.bot.say || "The bot has not been seen yet.");
}

function makeGroup({ name }) {
  const id = freshId("breaks");
  const list = h("ul", {});
  const group = h("section", { "aria-labelledby": id, class: "break-group" }, h("h3", { id }, name), list);
  group.rows = new Rows(list, { key: ({ name }) => name, make: makeBreak, update: updateBreak });
  return group;
}

function updateGroup(group, { breaks }) {
  group.rows.show(breaks);
}

function makeBreak({ name, label, leads_to: leadsTo, switch: lasts }) {
  const id = freshId("leads-to");
  const say = h("p", { class: "break-say" });
  const attributes = { "data-break": name, "aria-describedby": id, "aria-pressed": lasts ? "false" : null };
  const button = h("button", { type: "button", class: "break", ...attributes, onclick: () => press(name, say) }, label);
  return h("li", {}, button, h("p", { id, class: "break-leads-to" }, leadsTo), say);
}

async function press(name, say) {
  try {
    await ask("break", { name });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say.dataset.refused = "";
    fill(say, error.message);
    announce(error.message);
    clearTimeout(say.timer);
    say.timer = setTimeout(() => {
      delete say.dataset.refused;
      write(say, say.closest("li").dataset.say);
    }, REFUSED_MS);
  }
}

function updateBreak(item, { label, state: now, say, switch: lasts }) {
  const [button, , shown] = item.children;
  const news = item.dataset.state && item.dataset.say !== say && say;
  item.dataset.state = now;
  item.dataset.say = say;
  if (lasts) button.setAttribute("aria-pressed", String(now === "armed"));
  button.setAttribute("aria-disabled", String(now === "off" || (now === "armed" && !lasts)));
  if (!("refused" in shown.dataset)) write(shown, say);
  if (news) announce(`${label}: ${say}`);
}
