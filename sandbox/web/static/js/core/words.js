/** The page's own sentences: English in the code, and in the reader's language once the sandbox has told its words. */

/** @import { Child } from "./dom.js" */
/** @import { Words } from "./wire.js" */

/** @typedef {Record<string, string | number>} Values */

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/** @type {Words} */
let spoken = { language: "en", locale: "en-US", messages: {} };
/** @type {Array<() => void>} */
const standing = [];
/** @type {Map<string, Intl.NumberFormat>} */
let formats = new Map();
/** @type {{ rules: Intl.PluralRules, order: string[] } | null} */
let plurals = null;

/**
 * Say a sentence in the reader's language; English where it is not translated. Values take the places of `{name}`.
 * @type {(source: string, values?: Values) => string}
 */
export function t(source, values = {}) {
  return filled(spoken.messages[source]?.[0] ?? source, values);
}

/**
 * Say a sentence about a number of things, which takes the place of `{count}`.
 * @type {(one: string, other: string, count: number, values?: Values) => string}
 */
export function tn(one, other, count, values = {}) {
  const forms = spoken.messages[one];
  const english = count === 1 ? one : other;
  return filled(forms?.[Math.min(placeOf(count), forms.length - 1)] ?? english, { count, ...values });
}

/**
 * Put elements into the places of a sentence: `weave(t("{who} used {command}"), { who, command })`.
 * @type {(sentence: string, parts: Record<string, Child>) => Child[]}
 */
export function weave(sentence, parts) {
  const pieces = sentence.split(/\{(\w+)\}/).map((piece, at) => (at % 2 ? (parts[piece] ?? piece) : piece));
  return pieces.filter((piece) => piece !== "");
}

/**
 * Write a number as the reader's language does, with so many decimals: a size or a duration; else grouped, "2,000".
 * @type {(value: number, decimals?: number) => string}
 */
export function number(value, decimals) {
  const key = String(decimals);
  const fixed = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false };
  const format = formats.get(key) ?? new Intl.NumberFormat(spoken.language, decimals === undefined ? {} : fixed);
  formats.set(key, format);
  return format.format(value);
}

/** Name the reader's locale, which dates and times are written in. */
export function locale() {
  return spoken.locale;
}

/**
 * Write words on what stands as long as the page does: now, and again whenever the language changes.
 * @type {(write: () => void) => void}
 */
export function keepWorded(write) {
  standing.push(write);
  write();
}

/**
 * Speak another language from now on.
 * @type {(words: Words) => void}
 */
export function setWords(words) {
  spoken = words;
  formats = new Map();
  plurals = null;
  document.documentElement.lang = words.language;
  for (const write of standing) write();
}

/** @type {(sentence: string, values: Values) => string} */
function filled(sentence, values) {
  return sentence.replaceAll(/\{(\w+)\}/g, (place, name) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === "number" ? number(value) : isolated(value);
  });
}

/**
 * Keep a name that is written from right to left from turning what stands around it.
 * @type {(value: string) => string}
 */
function isolated(value) {
  return RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}

/**
 * Find the form for a number: catalogues hold them in CLDR's order.
 * @type {(count: number) => number}
 */
function placeOf(count) {
  plurals ??= pluralsOf(spoken.language);
  return plurals.order.indexOf(plurals.rules.select(count));
}

/** @type {(language: string) => { rules: Intl.PluralRules, order: string[] }} */
function pluralsOf(language) {
  const rules = new Intl.PluralRules(language);
  const known = new Set(/** @type {string[]} */ (rules.resolvedOptions().pluralCategories));
  return { rules, order: CATEGORIES.filter((category) => known.has(category)) };
}
