/** A bar above a list: a choice of kinds, words to look for, and how many are shown. */

import { h } from "../core/dom.js";
import { write } from "./rows.js";
import { number, t } from "../core/words.js";

/**
 * What was chosen and typed.
 * @typedef {{ readonly way: string, readonly text: string }} Filter
 * @typedef {Filter & { bar: HTMLElement, count: (shown: number, all: number) => void }} FilterBar
 */

/**
 * Make a bar; `way` and `text` are what was chosen and typed, `changed()` is called after each change.
 * @type {(what: string, ways: Array<[string, string]>, labels: { choice: string, search: string }, changed: () => void) => FilterBar}
 */
export function filterBar(what, ways, labels, changed) {
  const select = h(
    "select",
    { "aria-label": labels.choice, id: `${what}-way` },
    ways.map(([value, words]) => h("option", { value }, words)),
  );
  const search = h("input", {
    type: "search",
    id: `${what}-text`,
    placeholder: t("Filter"),
    "aria-label": labels.search,
    autocomplete: "off",
  });
  select.value = earlier(select.id) ?? select.value;
  search.value = earlier(search.id) ?? "";
  const counted = h("span", { class: "filter-count" });
  const bar = h("div", { class: "filter", role: "search", "aria-label": labels.search }, select, search, counted);
  select.addEventListener("change", changed);
  search.addEventListener("input", changed);
  return {
    bar,
    get way() {
      return select.value;
    },
    get text() {
      return search.value.trim().toLowerCase();
    },
    count(shown, all) {
      write(counted, shown === all ? number(all) : t("{shown} of {all}", { shown, all }));
    },
  };
}

/**
 * What stands in the bar that is drawn anew, in another language.
 * @type {(id: string) => string | null}
 */
function earlier(id) {
  const known = document.getElementById(id);
  return known instanceof HTMLSelectElement || known instanceof HTMLInputElement ? known.value : null;
}
