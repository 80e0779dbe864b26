/** The provider's jobs: where each stands, and what the vendor charged for it. */

import { h } from "../core/dom.js";
import { find, Rows, write } from "./rows.js";
import { clock, duration } from "./format.js";
import { t } from "../core/words.js";

/** @import { ProviderJob } from "../core/wire.js" */

const MOST = 200;

/** Make the panel; `show(jobs, reset)` brings it up to date, newest first. */
export function jobsPanel() {
  const nothing = h("p", { class: "drawer-nothing" }, t("The provider has no jobs yet. Try /video, and watch."));
  const body = h("tbody", {});
  const heads = [t("Job"), t("State"), t("Charged")].map((name) => h("th", { scope: "col" }, name));
  const caption = h("caption", { class: "unseen" }, t("The provider's jobs, newest first"));
  const table = h(
    "table",
    { class: "drawer-table jobs", hidden: true },
    caption,
    h("thead", {}, h("tr", {}, heads)),
    body,
  );
  /** @type {Rows<ProviderJob, HTMLTableRowElement>} */
  const rows = new Rows(body, { key: ({ id }) => id, make, update });
  return {
    panel: h("section", { class: "drawer-panel", tabindex: "0" }, nothing, table),
    /** @type {(jobs: ProviderJob[], reset: boolean) => void} */
    show(jobs, reset) {
      if (reset) rows.show([...jobs].reverse());
      else rows.upsert(jobs);
      rows.keep(MOST);
      table.hidden = rows.children.size === 0;
      nothing.hidden = !table.hidden;
    },
  };
}

/** @type {(job: ProviderJob) => HTMLTableRowElement} */
function make({ number, provider, action, prompt, at }) {
  const what = h(
    "td",
    {},
    h("p", {}, h("b", {}, `${number}`), ` ${provider} ${action} `, h("time", { class: "drawer-time" }, clock(at))),
    h("p", { class: "job-prompt", title: prompt }, prompt),
  );
  const state = h(
    "td",
    {},
    h("p", { class: "job-state" }),
    h("progress", { max: "100", "aria-label": t("Progress of job {number}", { number: String(number) }) }),
    h("p", { class: "job-message" }),
  );
  return h(
    "tr",
    {},
    what,
    state,
    h("td", { class: "job-cost" }, h("p", { class: "job-charged" }), h("p", { class: "job-took drawer-time" })),
  );
}

/** @type {(state: string, progress: number | null) => string} */
function stateWords(state, progress) {
  if (state === "running" && progress !== null) return t("running, {progress} %", { progress });
  /** @type {Record<string, string>} */
  const words = { queued: t("queued"), running: t("running"), done: t("done"), failed: t("failed") };
  return words[state] ?? state;
}

/** @type {(row: HTMLTableRowElement, job: ProviderJob) => void} */
function update(row, { id, state, progress, message, cost, price, at, ended }) {
  const bar = row.querySelector("progress");
  const words = find(row, ".job-message");
  row.dataset.job = id;
  row.dataset.state = state;
  write(find(row, ".job-state"), stateWords(state, progress));
  if (bar) {
    bar.hidden = state === "failed";
    bar.value = state === "done" ? 100 : (progress ?? 0);
  }
  write(words, message === "success" ? "" : message);
  words.title = message;
  write(find(row, ".job-charged"), t("{cost} of {price}", { cost: ended === null ? 0 : cost, price }));
  write(find(row, ".job-took"), ended === null ? "" : t("in {time}", { time: duration(ended - at) }));
}
