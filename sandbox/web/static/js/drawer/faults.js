/** The buttons that break things, with what each should lead to beside it, and the bot they are for. */

import { announce, fill, freshId, h } from "../core/dom.js";
import { ask, Refused } from "../core/socket.js";
import { state } from "../core/state.js";
import { find, Rows, write } from "./rows.js";
import { t } from "../core/words.js";

/** @import { Fault } from "../core/wire.js" */

/** @typedef {{ name: string, faults: Fault[] }} Group */

const REFUSED_MS = 6000;

/** @type {WeakMap<HTMLElement, Rows<Fault, HTMLElement>>} */
const rowsOf = new WeakMap();
/** @type {WeakMap<HTMLElement, ReturnType<typeof setTimeout>>} */
const refusals = new WeakMap();

/** Make the panel; `show(faults)` brings it up to date. */
export function faultsPanel() {
  const bot = h("p", { id: "drawer-bot" });
  const groups = h("div", { class: "fault-groups" });
  const panel = h("section", { class: "drawer-panel faults" }, bot, groups);
  /** @type {Rows<Group, HTMLElement>} */
  const shown = new Rows(groups, { key: ({ name }) => name, make: makeGroup, update: updateGroup });
  drawBot(bot);
  return {
    panel,
    botChanged: () => drawBot(bot),
    /** @type {(faults: Fault[]) => void} */
    show(faults) {
      const names = [...new Set(faults.map(({ group }) => group))];
      shown.show(names.map((name) => ({ name, faults: faults.filter(({ group }) => group === name) })));
    },
  };
}

/** @type {(shown: HTMLElement) => void} */
function drawBot(shown) {
  shown.dataset.state = state.bot.state;
  write(shown, state.bot.say || t("The bot has not been seen yet."));
}

/** @type {(group: Group) => HTMLElement} */
function makeGroup({ name }) {
  const id = freshId("faults");
  const list = h("ul", {});
  const group = h("section", { "aria-labelledby": id, class: "fault-group" }, h("h3", { id }, name), list);
  rowsOf.set(group, new Rows(list, { key: (fault) => fault.name, make: makeFault, update: updateFault }));
  return group;
}

/** @type {(group: HTMLElement, shown: Group) => void} */
function updateGroup(group, { faults }) {
  rowsOf.get(group)?.show(faults);
}

/** @type {(fault: Fault) => HTMLElement} */
function makeFault({ name, label, leads_to: leadsTo, switch: lasts }) {
  const id = freshId("leads-to");
  const say = h("p", { class: "fault-say" });
  const attributes = { "data-fault": name, "aria-describedby": id, "aria-pressed": lasts ? "false" : null };
  const button = h(
    "button",
    { type: "button", class: "fault", ...attributes, onclick: () => inject(name, say) },
    label,
  );
  return h("li", {}, button, h("p", { id, class: "fault-leads-to" }, leadsTo), say);
}

/** @type {(name: string, say: HTMLElement) => Promise<void>} */
async function inject(name, say) {
  try {
    await ask("inject_fault", { name });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say.dataset.refused = "";
    fill(say, error.message);
    announce(error.message);
    clearTimeout(refusals.get(say));
    const calm = () => {
      delete say.dataset.refused;
      write(say, say.closest("li")?.dataset.say ?? "");
    };
    refusals.set(say, setTimeout(calm, REFUSED_MS));
  }
}

/** @type {(item: HTMLElement, fault: Fault) => void} */
function updateFault(item, { label, state: now, say, switch: lasts }) {
  const button = find(item, ".fault");
  const shown = find(item, ".fault-say");
  const news = item.dataset.state && item.dataset.say !== say && say;
  item.dataset.state = now;
  item.dataset.say = say;
  if (lasts) button.setAttribute("aria-pressed", String(now === "armed"));
  button.setAttribute("aria-disabled", String(now === "off" || (now === "armed" && !lasts)));
  if (!("refused" in shown.dataset)) write(shown, say);
  if (news) announce(t("{what}: {news}", { what: label, news: say }));
}
