/** Who called whom, newest first; each call unfolds to what was said. */

import { h } from "../core/dom.js";
import { callBody, updateBody } from "./call.js";
import { filterBar } from "./filter.js";
import { find, Rows, write } from "./rows.js";
import { clock, duration } from "./format.js";
import { t } from "../core/words.js";

/** @import { Call, Side } from "../core/wire.js" */
/** @import { Filter } from "./filter.js" */

/** The call that each row shows, as it was told last. */
/** @type {WeakMap<HTMLLIElement, Call>} */
const calls = new WeakMap();

/** What the filter searches, once a call was searched. */
/** @type {WeakMap<Call, string>} */
const searched = new WeakMap();

const MOST = 200;
const POLLS_OUT = "no polls";
/** @type {Array<[Side, Side]>} */
const WAYS = [
  ["Discord", "bot"],
  ["bot", "Discord"],
  ["bot", "provider"],
  ["provider", "bot"],
];

/** Make the panel; `show(calls, reset)` brings it up to date. */
export function callsPanel() {
  const list = h("ol", { class: "calls" });
  /** @type {Rows<Call, HTMLLIElement>} */
  const rows = new Rows(list, { key: ({ id }) => id, make, update });
  const filter = filterBar("calls", ways(), { choice: t("Who called whom"), search: t("Filter the calls") }, () =>
    sift(),
  );
  const panel = h("section", { class: "drawer-panel filtered" }, filter.bar, list);

  function sift() {
    let shown = 0;
    for (const item of rows.children.values()) {
      const call = calls.get(item);
      item.hidden = !call || !fits(call, filter);
      shown += item.hidden ? 0 : 1;
    }
    filter.count(shown, rows.children.size);
  }

  return {
    panel,
    /** @type {(news: Call[], reset: boolean) => void} */
    show(news, reset) {
      if (reset) rows.show([...news].reverse());
      else rows.upsert(news);
      rows.keep(MOST, (item) => item.querySelector("details")?.open || item.contains(document.activeElement));
      sift();
    },
  };
}

/** @type {() => Array<[string, string]>} */
function ways() {
  return [
    ["", t("All calls")],
    [POLLS_OUT, t("All but polls")],
    ...WAYS.map(([from, to]) => /** @type {[string, string]} */ ([`${from}>${to}`, wayOf(from, to)])),
  ];
}

/** @type {(from: Side, to: Side) => string} */
function wayOf(from, to) {
  return `${sideName(from)} → ${sideName(to)}`;
}

/** @type {(side: Side) => string} */
function sideName(side) {
  if (side === "Discord") return "Discord";
  return side === "bot" ? t("bot") : t("provider");
}

/** @type {(call: Call, filter: Filter) => boolean} */
function fits(call, { way, text }) {
  if (way === POLLS_OUT && isPoll(call)) return false;
  if (way && way !== POLLS_OUT && way !== `${call.from}>${call.to}`) return false;
  if (!text) return true;
  const words =
    searched.get(call) ??
    JSON.stringify([call.method, call.path, call.status, call.request, call.answer]).toLowerCase();
  searched.set(call, words);
  return words.includes(text);
}

/** @type {(call: Call) => boolean} */
function isPoll({ to, method, path }) {
  return to === "provider" && (method === "GET" || /\/fetch\b/.test(path)) && !path.startsWith("/cdn/");
}

/** @type {(call: Call) => HTMLLIElement} */
function make(call) {
  const body = h("div", { class: "call-body" });
  const summary = h(
    "summary",
    {},
    h("time", { class: "drawer-time" }, clock(call.at)),
    h("span", { class: "call-way" }),
    h("span", { class: "call-path" }),
    h("span", { class: "call-status" }),
    h("span", { class: "call-ms" }),
  );
  const folded = h("details", { "data-call": call.id }, summary, body);
  folded.addEventListener("toggle", () => {
    const latest = calls.get(item) ?? call;
    if (folded.open && !body.hasChildNodes()) body.append(...callBody(latest));
  });
  const item = h("li", {}, folded);
  return item;
}

/** @type {(item: HTMLLIElement, call: Call) => void} */
function update(item, call) {
  const before = calls.get(item) ?? call;
  calls.set(item, call);
  const way = find(item, ".call-way");
  const status = find(item, ".call-status");
  way.dataset.from = call.from;
  write(way, wayOf(call.from, call.to));
  write(find(item, ".call-path"), `${call.method} ${call.path}`);
  status.dataset.kind = kindOf(call);
  write(status, call.status === null ? "" : String(call.status));
  write(find(item, ".call-ms"), duration(call.ms));
  const body = find(item, ".call-body");
  if (body.hasChildNodes()) updateBody(body, call, before);
}

/** @type {(call: Call) => string} */
function kindOf({ status, answer, from }) {
  if (status !== null) return status < 400 ? "good" : "bad";
  return from !== "bot" && typeof answer === "string" ? "bad" : "open";
}
