/** The drawer behind the scenes: opened and closed, and told of everything while it is open. */

import { byId, fill, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { ask, on as heard, Refused } from "../core/socket.js";
import { on, state } from "../core/state.js";
import { faultsPanel } from "./faults.js";
import { callsPanel } from "./calls.js";
import { creditsPanel } from "./credits.js";
import { jobsPanel } from "./jobs.js";
import { logPanel } from "./log.js";
import { tabs } from "./tabs.js";
import { edge } from "./width.js";
import { keepWorded, t } from "../core/words.js";

const OPEN_KEY = "drawer-open";
const TAB_KEY = "drawer-tab";
const narrow = matchMedia("(max-width: 900px)");

/** Put the drawer together, anew in each language; the button in the header opens it. */
export function startDrawer() {
  const drawer = byId("drawer");
  const toggle = byId("drawer-toggle");
  /** @type {ReturnType<typeof fillDrawer>} */
  let parts;
  keepWorded(() => {
    parts = fillDrawer(drawer, () => show(false));
  });

  /** @type {(open: boolean, how?: { focus?: boolean }) => void} */
  function show(open, { focus = true } = {}) {
    drawer.hidden = !open;
    byId("chat").inert = open && narrow.matches;
    toggle.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem(OPEN_KEY, open ? "yes" : "");
    watch();
    if (!focus) return;
    if (open) parts.chosen.focus();
    else toggle.focus();
  }

  function watch() {
    if (!state.online) return;
    ask("watch", { drawer: !drawer.hidden }).catch((error) => {
      if (!(error instanceof Refused)) throw error; // the line broke: it is asked again when it is back
    });
  }

  toggle.addEventListener("click", () => show(Boolean(drawer.hidden)));
  drawer.addEventListener("keydown", (event) => {
    const clears = event.target instanceof HTMLInputElement && event.target.value !== "";
    if (event.key === "Escape" && !event.defaultPrevented && !clears) show(false);
  });
  narrow.addEventListener("change", () => show(!drawer.hidden, { focus: false }));
  on("online", (online) => online && !drawer.hidden && watch());
  on("bot", () => parts.faults.botChanged());
  heard("activity", (activity) => {
    const reset = activity.reset === true;
    const { faults, jobs, calls, log, credits } = parts;
    if (activity.faults) faults.show(activity.faults);
    if (activity.jobs) jobs.show(activity.jobs, reset);
    if (activity.calls) calls.show(activity.calls, reset);
    if (activity.log) log.show(activity.log, reset);
    if (activity.accounts) credits.showAccounts(activity.accounts);
    if (activity.ledger) credits.showLedger(activity.ledger);
  });

  show(sessionStorage.getItem(OPEN_KEY) === "yes", { focus: false });
}

/**
 * Draw what is in the drawer, with the tab that was chosen last; `close` is called by its button.
 * @param {HTMLElement} drawer
 * @param {() => void} close
 */
function fillDrawer(drawer, close) {
  const [faults, jobs, calls, log, credits] = [faultsPanel(), jobsPanel(), callsPanel(), logPanel(), creditsPanel()];
  const chosen = tabs(
    [
      { id: "faults", label: t("Break things"), panel: faults.panel },
      { id: "jobs", label: t("Jobs"), panel: jobs.panel },
      { id: "calls", label: t("Calls"), panel: calls.panel },
      { id: "log", label: t("Log"), panel: log.panel },
      { id: "credits", label: t("Credits"), panel: credits.panel },
    ],
    t("Behind the scenes"),
    (id) => {
      sessionStorage.setItem(TAB_KEY, id);
      if (id === "log") log.seen();
    },
  );
  const attributes = { type: "button", class: "quiet", "aria-label": t("Close the drawer"), onclick: close };
  const head = h(
    "header",
    { class: "drawer-head" },
    h("h2", {}, t("Behind the scenes")),
    h("button", attributes, icon("close")),
  );
  const panels = [faults, jobs, calls, log, credits].map(({ panel }) => panel);
  fill(drawer, edge(drawer), head, chosen.list, panels);
  chosen.choose(sessionStorage.getItem(TAB_KEY) ?? "faults");
  return { faults, jobs, calls, log, credits, chosen };
}
