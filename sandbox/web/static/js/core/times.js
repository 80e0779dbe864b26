/** Moments in words, in the reader's locale. */

import { h } from "./dom.js";
import { t } from "./words.js";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
/** @type {Array<[Intl.RelativeTimeFormatUnit, number]>} */
const UNITS = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
/** @type {[Intl.RelativeTimeFormatUnit, number]} */
const LAST_UNIT = ["second", 1];
/** Beyond this there is no Date. */
const LATEST_SECONDS = 8.64e12;

/** @type {Map<string, unknown>} */
const formats = new Map();
let aheadMs = 0;

/**
 * Follow the sandbox's clock, in milliseconds since 1970, instead of this machine's.
 * @type {(ms: number) => void}
 */
export function setNow(ms) {
  aheadMs = ms - Date.now();
}

/** Give the moment that it is, in milliseconds since 1970. */
export function now() {
  return Date.now() + aheadMs;
}

/**
 * Make the element for Discord's `<t:seconds:style>`; those that count (R) go on counting.
 * @type {(seconds: number, style: string, locale: string) => HTMLElement}
 */
export function timeElement(seconds, style, locale) {
  if (Math.abs(seconds) > LATEST_SECONDS) return h("time", {}, t("Invalid Date"));
  const date = new Date(seconds * 1000);
  const counting = style === "R" ? { "data-counts": seconds, lang: locale } : {};
  const words = style === "R" ? relative(seconds, locale) : format(locale, STYLES[style]).format(date);
  const title = format(locale, STYLES.F).format(date);
  return h("time", { datetime: date.toISOString(), title, ...counting }, words);
}

/**
 * Bring the counting times within an element up to date.
 * @type {(root: Element) => void}
 */
export function tick(root) {
  /** @type {NodeListOf<HTMLElement>} */
  const counting = root.querySelectorAll("time[data-counts]");
  for (const element of counting) {
    const words = relative(Number(element.dataset.counts), element.lang);
    if (element.textContent !== words) element.textContent = words;
  }
}

/**
 * Say when a message was written: "Today at 14:05", "Yesterday at 14:05", or the date.
 * @type {(date: Date, locale: string) => string}
 */
export function when(date, locale) {
  const days = daysAgo(date);
  return inMinute(`when ${days}`, date, locale, () => inWords(date, locale, days));
}

/** @type {(date: Date, locale: string, days: number) => string} */
function inWords(date, locale, days) {
  if (days > 1 || days < 0) return format(locale, { dateStyle: "short", timeStyle: "short" }).format(date);
  const day = relativeFormat(locale, "auto").format(-days, "day");
  const words = `${day.charAt(0).toLocaleUpperCase(locale)}${day.slice(1)}`;
  const hour = atHour(date, locale);
  return /^\p{Punctuation}/u.test(hour) ? `${words}${hour}` : `${words} ${hour}`;
}

/**
 * Say the hour and minute alone.
 * @type {(date: Date, locale: string) => string}
 */
export function clock(date, locale) {
  return inMinute("clock", date, locale, () => format(locale, STYLES.t).format(date));
}

/**
 * Say the day alone, for the line between two days.
 * @type {(date: Date, locale: string) => string}
 */
export function day(date, locale) {
  return format(locale, STYLES.D).format(date);
}

/**
 * Say everything, for who points at a time.
 * @type {(date: Date, locale: string) => string}
 */
export function full(date, locale) {
  return inMinute("full", date, locale, () => format(locale, STYLES.F).format(date));
}

const MOST_MINUTES = 500;
/** @type {Map<string, string>} */
const minutes = new Map();

/**
 * Say a time in words that are the same for its whole minute; many messages are written in one.
 * @type {(style: string, date: Date, locale: string, say: () => string) => string}
 */
function inMinute(style, date, locale, say) {
  const key = `${style} ${Math.floor(date.getTime() / 60_000)} ${locale}`;
  const known = minutes.get(key);
  if (known !== undefined) return known;
  if (minutes.size >= MOST_MINUTES) minutes.clear();
  const words = say();
  minutes.set(key, words);
  return words;
}

/** @type {(seconds: number, locale: string) => string} */
function relative(seconds, locale) {
  const distance = Math.round(seconds - now() / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? LAST_UNIT;
  return relativeFormat(locale, "always").format(Math.trunc(distance / size), unit);
}

/** @type {(date: Date) => number} */
function daysAgo(date) {
  const today = new Date(now());
  const start = (/** @type {Date} */ moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((start(today) - start(date)) / 86_400_000);
}

/**
 * Say the hour with the words that a language puts around it beside a date: "at 14:05", "um 14:05", "lúc 14:05".
 * Some write the hour first, so these are what is left of both without the date.
 * @type {(date: Date, locale: string) => string}
 */
function atHour(date, locale) {
  const hour = clock(date, locale);
  const left = format(locale, STYLES.f).format(date).replace(day(date, locale), "").trim();
  return left.includes(hour) ? left : hour;
}

/** @type {(locale: string, style: Intl.DateTimeFormatOptions | undefined) => Intl.DateTimeFormat} */
function format(locale, style) {
  return kept(`${locale} ${JSON.stringify(style)}`, () => new Intl.DateTimeFormat(locale, style));
}

/** @type {(locale: string, numeric: "auto" | "always") => Intl.RelativeTimeFormat} */
function relativeFormat(locale, numeric) {
  return kept(`${locale} ${numeric}`, () => new Intl.RelativeTimeFormat(locale, { numeric }));
}

/**
 * @template T
 * @param {string} key
 * @param {() => T} make
 */
function kept(key, make) {
  if (!formats.has(key)) formats.set(key, make());
  return /** @type {T} */ (formats.get(key));
}
