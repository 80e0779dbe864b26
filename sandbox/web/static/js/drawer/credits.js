/** What members may spend and have spent, from the bot's own database. */

import { h } from "../core/dom.js";
import { Rows, write } from "./rows.js";
import { clock, signed } from "./format.js";
import { number, t } from "../core/words.js";

/** @import { Account, LedgerEntry } from "../core/wire.js" */

/** Make the panel; `showAccounts` and `showLedger` bring it up to date. */
export function creditsPanel() {
  const accounts = h("tbody", {});
  const ledger = h("tbody", {});
  /** @type {Rows<Account, HTMLTableRowElement>} */
  const accountRows = new Rows(accounts, {
    key: ({ who, period }) => `${who} ${period}`,
    make: cells(4),
    update: account,
  });
  /** @type {Rows<LedgerEntry, HTMLTableRowElement>} */
  const entryRows = new Rows(ledger, { key: entryKey, make: cells(5), update: entry });
  return {
    panel: h(
      "section",
      { class: "drawer-panel", tabindex: "0" },
      table(t("Accounts"), [t("Who"), t("Period"), t("Used"), t("Left")], accounts),
      table(t("Ledger, newest first"), [t("When"), t("Who"), t("What"), t("Credits"), t("Job")], ledger),
    ),
    showAccounts: (/** @type {Account[]} */ rows) => accountRows.show(rows),
    showLedger: (/** @type {LedgerEntry[]} */ rows) => entryRows.show(rows),
  };
}

/** @type {(caption: string, heads: string[], body: HTMLElement) => HTMLElement} */
function table(caption, heads, body) {
  const head = h(
    "thead",
    {},
    h(
      "tr",
      {},
      heads.map((name) => h("th", { scope: "col" }, name)),
    ),
  );
  return h("table", { class: "drawer-table credits" }, h("caption", {}, caption), head, body);
}

/** @type {(count: number) => () => HTMLTableRowElement} */
function cells(count) {
  return () =>
    h(
      "tr",
      {},
      Array.from({ length: count }, () => h("td", {})),
    );
}

/** @type {(row: HTMLTableRowElement, account: Account) => void} */
function account(row, { who, period, cap, granted, used, left }) {
  writeCells(row, [who, period, usedOf(used, cap, granted), left === null ? "∞" : number(left)]);
  row.toggleAttribute("data-empty", left !== null && left <= 0);
}

/** @type {(used: number, cap: number | null, granted: number) => string} */
function usedOf(used, cap, granted) {
  if (cap === null) return t("{used}, no limit", { used });
  if (granted) return t("{used} of {cap} + {granted} granted", { used, cap, granted });
  return t("{used} of {cap}", { used, cap });
}

/** @type {(entry: LedgerEntry) => string} */
function entryKey({ at, who, kind, job, amount }) {
  return [at, who, kind, job, amount].join(" ");
}

/** @type {(row: HTMLTableRowElement, entry: LedgerEntry) => void} */
function entry(row, { at, who, kind, amount, job }) {
  const change = kind === "grant" ? amount : -amount;
  writeCells(row, [clock(at), who, kindName(kind), change === 0 ? "±0" : signed(change), job ?? ""]);
  row.dataset.sign = String(Math.sign(change));
}

/** @type {(kind: string) => string} */
function kindName(kind) {
  /** @type {Record<string, string>} */
  const names = { reserve: t("reserved"), settle: t("settled"), refund: t("given back"), grant: t("granted") };
  return names[kind] ?? kind;
}

/** @type {(row: HTMLTableRowElement, texts: string[]) => void} */
function writeCells(row, texts) {
  texts.forEach((text, at) => {
    const cell = row.cells[at];
    if (cell) write(cell, text);
  });
}
