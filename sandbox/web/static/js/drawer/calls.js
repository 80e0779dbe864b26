/** Who called whom, newest first; each call unfolds to what was said. */

import { h } from "../core/dom.js";
import { callBody, updateBody } from "./call.js";
import { filterBar } from "./filter.js";
import { Rows, write } from "./rows.js";
import { clock, duration } from "./format.js";

const MOST = 200;
const POLLS_OUT = "no polls";
const WAYS = [
  ["", "All calls"],
  [POLLS_OUT, "All but polls"],
  ["Discord>bot", "Discord → bot"],
  ["bot>Discord", "bot → Discord"],
  ["bot>studio", "bot → provider"],
  ["studio>bot", "provider → bot"],
];

/** Make the panel; `show(calls, reset)` brings it up to date. */
export function callsPanel() {
  const list = h("ol", { class: "calls" });
  const rows = new Rows(list, { make, update });
  const filter = filterBar("calls", WAYS, "Who called whom", () => sift());
  const panel = h("section", { class: "drawer-panel filtered" }, filter.bar, list);

  function sift() {
    let shown = 0;
    for (const item of rows.children.values()) {
      item.hidden = !fits(item.call, filter);
      shown += item.hidden ? 0 : 1;
    }
    filter.count(shown, rows.children.size);
  }

  return {
    panel,
    show(calls, reset) {
      if (reset) rows.show([...calls].reverse());
      else rows.upsert(calls);
      rows.keep(MOST, (item) => item.querySelector("details").open || item.contains(document.activeElement));
      sift();
    },
  };
}

function fits(call, { way, text }) {
  if (way === POLLS_OUT && isPoll(call)) return false;
  if (way && way !== POLLS_OUT && way !== `${call.from}>${call.to}`) return false;
  if (!text) return true;
  call.words ??= JSON.stringify([call.method, call.path, call.status, call.request, call.answer]).toLowerCase();
  return call.words.includes(text);
}

function isPoll({ to, method, path }) {
  return to === "studio" && (method === "GET" || /\/fetch\b/.test(path)) && !path.startsWith("/cdn/");
}

function make(call) {
  const body = h("div", { class: "call-body" });
  const summary = h("summary", {},
    h("time", { class: "drawer-time" }, clock(call.at)),
    h("span", { class: "call-way" }),
    h("span", { class: "call-path" }),
    h("span", { class: "call-status" }),
    h("span", { class: "call-ms" }),
  );
  const folded = h("details", { "data-call": call.id }, summary, body);
  folded.addEventListener("toggle", () => {
    if (folded.open && !body.hasChildNodes()) body.append(...callBody(item.call));
  });
  const item = h("li", {}, folded);
  return item;
}

function update(item, call) {
  const before = item.call;
  item.call = call;
  const [, way, path, status, ms] = item.querySelector("summary").children;
  way.dataset.from = call.from;
  write(way, `${nameOf(call.from)} → ${nameOf(call.to)}`);
  write(path, `${call.method} ${call.path}`);
  status.dataset.kind = kindOf(call);
  write(status, call.status === null ? "" : String(call.status));
  write(ms, duration(call.ms));
  const body = item.querySelector(".call-body");
  if (body.hasChildNodes()) updateBody(body, call, before);
}

/** The studio stands in for whichever provider the bot speaks to. */
function nameOf(side) {
  return side === "studio" ? "provider" : side;
}

function kindOf({ status, answer, from }) {
  if (status !== null) return status < 400 ? "good" : "bad";
  return from !== "bot" && typeof answer === "string" ? "bad" : "open";
}
