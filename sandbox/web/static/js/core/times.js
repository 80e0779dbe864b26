/** Moments in words, in the reader's locale. */

import { h } from "./dom.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};
const UNITS = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
/** Beyond this there is no Date. */
const LATEST_SECONDS = 8.64e12;

const formats = new Map();
let aheadMs = 0;

/** Follow the sandbox's clock, in milliseconds since 1970, instead of this machine's. */
export function setNow(ms) {
  aheadMs = ms - Date.now();
}

/** Give the moment that it is, in milliseconds since 1970. */
export function now() {
  return Date.now() + aheadMs;
}

/** Make the element for Discord's `<t:seconds:style>`; those that count (R) go on counting. */
export function timeElement(seconds, style, locale) {
  if (Math.abs(seconds) > LATEST_SECONDS) return h("time", {}, "Invalid Date");
  const date = new Date(seconds * 1000);
  const counting = style === "R" ? { "data-counts": seconds, lang: locale } : {};
  const words = style === "R" ? relative(seconds, locale) : format(locale, STYLES[style]).format(date);
  const title = format(locale, STYLES.F).format(date);
  return h("time", { datetime: date.toISOString(), title, ...counting }, words);
}

/** Bring the counting times within an element up to date. */
export function tick(root) {
  for (const element of root.querySelectorAll("time[data-counts]")) {
    const words = relative(Number(element.dataset.counts), element.lang);
    if (element.textContent !== words) element.textContent = words;
  }
}

/** Say when a message was written: "Today at 14:05", "Yesterday at 14:05", or the date. */
export function when(date, locale) {
  const days = daysAgo(date);
  if (days > 1 || days < 0) return format(locale, { dateStyle: "short", timeStyle: "short" }).format(date);
  const day = relativeFormat(locale, "auto").format(-days, "day");
  return `${day[0].toLocaleUpperCase(locale)}${day.slice(1)}${joint(locale)}${clock(date, locale)}`;
}

/** Say the hour and minute alone. */
export function clock(date, locale) {
  return format(locale, STYLES.t).format(date);
}

/** Say the day alone, for the line between two days. */
export function day(date, locale) {
  return format(locale, STYLES.D).format(date);
}

/** Say everything, for who points at a time. */
export function full(date, locale) {
  return format(locale, STYLES.F).format(date);
}

function relative(seconds, locale) {
  const distance = Math.round(seconds - now() / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? UNITS.at(-1);
  return relativeFormat(locale, "always").format(Math.trunc(distance / size), unit);
}

function daysAgo(date) {
  const today = new Date(now());
  const start = (moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((start(today) - start(date)) / 86_400_000);
}

/** Find what stands between a date and an hour in a language: " at ", " um ", " à ". */
function joint(locale) {
  return kept(`${locale} joint`, () => {
    const parts = format(locale, STYLES.f).formatToParts(0);
    const hour = parts.findIndex(({ type }) => type === "hour" || type === "dayPeriod");
    return parts[hour - 1]?.type === "literal" ? parts[hour - 1].value : " ";
  });
}

function format(locale, style) {
  return kept(`${locale} ${JSON.stringify(style)}`, () => new Intl.DateTimeFormat(locale, style));
}

function relativeFormat(locale, numeric) {
  return kept(`${locale} ${numeric}`, () => new Intl.RelativeTimeFormat(locale, { numeric }));
}

function kept(key, make) {
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key);
}
