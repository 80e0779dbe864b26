/** The bot's log: coloured by level, following its end unless one has scrolled up. */

import { h } from "../core/dom.js";
import { filterBar } from "./filter.js";
import { t } from "../core/words.js";

/** @import { Filter } from "./filter.js" */

const MOST = 500;
const NEAR_END = 24;
const LEVEL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL)\b/;
const JSON_LEVEL = /^\{.*"level": "(DEBUG|INFO|WARNING|ERROR|CRITICAL)"/;
const GRAVE = new Set(["WARNING", "ERROR", "CRITICAL"]);

/** Make the panel; `show(lines, reset)` adds lines. */
export function logPanel() {
  const lines = h("div", {
    class: "log-lines",
    role: "log",
    "aria-live": "off",
    "aria-label": t("The bot's log"),
    tabindex: "0",
  });
  const toEnd = h(
    "button",
    { type: "button", class: "log-end", hidden: true, onclick: () => follow() },
    t("To the end ↓"),
  );
  /** @type {Array<[string, string]>} */
  const levels = [
    ["", t("All levels")],
    ["warnings", t("Warnings and errors")],
  ];
  const filter = filterBar("log", levels, { choice: t("Levels"), search: t("Filter the log") }, () => sift());
  const panel = h("section", { class: "drawer-panel filtered log" }, filter.bar, lines, toEnd);
  let follows = true;
  let level = "INFO";

  function shownLines() {
    return [...lines.children].filter((line) => line instanceof HTMLElement);
  }

  function follow() {
    follows = true;
    toEnd.hidden = true;
    lines.scrollTop = lines.scrollHeight;
  }

  function sift() {
    for (const line of shownLines()) line.hidden = !fits(line, filter);
    counted();
    if (follows) follow();
  }

  function counted() {
    const shown = shownLines().filter((line) => !line.hidden).length;
    filter.count(shown, lines.children.length);
  }

  lines.addEventListener("scroll", () => {
    follows = lines.scrollHeight - lines.scrollTop - lines.clientHeight < NEAR_END;
    toEnd.hidden = follows;
  });

  return {
    panel,
    seen: () => follows && follow(),
    /** @type {(fresh: string[], reset: boolean) => void} */
    show(fresh, reset) {
      if (reset) lines.replaceChildren();
      for (const text of fresh) {
        level = LEVEL.exec(text)?.[1] ?? JSON_LEVEL.exec(text)?.[1] ?? level;
        const line = h("div", { class: "log-line", "data-level": level }, text || " ");
        line.hidden = !fits(line, filter);
        lines.append(line);
      }
      while (lines.children.length > MOST) lines.firstElementChild?.remove();
      counted();
      if (follows) follow();
    },
  };
}

/** @type {(line: HTMLElement, filter: Filter) => boolean} */
function fits(line, { way, text }) {
  if (way && !GRAVE.has(line.dataset.level ?? "")) return false;
  return !text || line.textContent.toLowerCase().includes(text);
}
