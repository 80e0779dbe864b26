/** The drawer behind the scenes: opened and closed, and told of everything while it is open. */

import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { ask, on as heard, Refused } from "../core/socket.js";
import { on, state } from "../core/state.js";
import { breaksPanel } from "./faults.js";
import { callsPanel } from "./calls.js";
import { creditsPanel } from "./credits.js";
import { jobsPanel } from "./jobs.js";
import { logPanel } from "./log.js";
import { tabs } from "./tabs.js";
import { edge } from "./width.js";

const OPEN_KEY = "drawer-open";
const TAB_KEY = "drawer-tab";
const narrow = matchMedia("(max-width: 900px)");

/** Put the drawer together; the button in the header opens it. */
export function startDrawer() {
  const [breaks, jobs, calls, log, credits] = [breaksPanel(), jobsPanel(), callsPanel(), logPanel(), creditsPanel()];
  const drawer = byId("drawer");
  const toggle = byId("drawer-toggle");
  const chosen = tabs(
    [
      { id: "breaks", label: "Break things", panel: breaks.panel },
      { id: "jobs", label: "Jobs", panel: jobs.panel },
      { id: "calls", label: "Calls", panel: calls.panel },
      { id: "log", label: "Log", panel: log.panel },
      { id: "credits", label: "Credits", panel: credits.panel },
    ],
    "Behind the scenes",
    (id) => {
      sessionStorage.setItem(TAB_KEY, id);
      if (id === "log") log.seen();
    },
  );
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Close the drawer", onclick: () => show(false) }, icon("close"));
  const head = h("header", { class: "drawer-head" }, h("h2", {}, "Behind the scenes"), close);
  const panels = [breaks, jobs, calls, log, credits].map(({ panel }) => panel);
  fill(drawer, edge(drawer), head, chosen.list, panels);

  function show(open, { focus = true } = {}) {
    drawer.hidden = !open;
    byId("chat").inert = open && narrow.matches;
    toggle.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem(OPEN_KEY, open ? "yes" : "");
    watch();
    if (!focus) return;
    if (open) chosen.focus();
    else toggle.focus();
  }

  function watch() {
    if (!state.online) return;
    ask("watch", { drawer: !drawer.hidden }).catch((error) => {
      if (!(error instanceof Refused)) throw error; // the line broke: it is asked again when it is back
    });
  }

  toggle.addEventListener("click", () => show(drawer.hidden));
  drawer.addEventListener("keydown", (event) => {
    const clears = event.target.matches("input") && event.target.value !== "";
    if (event.key === "Escape" && !event.defaultPrevented && !clears) show(false);
  });
  narrow.addEventListener("change", () => show(!drawer.hidden, { focus: false }));
  on("online", (online) => online && !drawer.hidden && watch());
  heard("backstage", (news) => {
    const reset = news.reset === true;
    if (news.breaks) breaks.show(news.breaks);
    if (news.jobs) jobs.show(news.jobs, reset);
    if (news.calls) calls.show(news.calls, reset);
    if (news.log) log.show(news.log, reset);
    if (news.accounts) credits.showAccounts(news.accounts);
    if (news.ledger) credits.showLedger(news.ledger);
  });

  chosen.choose(sessionStorage.getItem(TAB_KEY) ?? "breaks");
  show(sessionStorage.getItem(OPEN_KEY) === "yes", { focus: false });
}
