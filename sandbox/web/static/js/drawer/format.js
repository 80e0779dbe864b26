/** Moments, times and sizes as the drawer writes them: short, and to the second. */

import { locale, number, t, tn } from "../core/words.js";

const MIB = 1024 * 1024;
/** @type {Intl.DateTimeFormat | null} */
let clockFormat = null;
let clockLocale = "";

/**
 * Write the time of day of a moment in milliseconds since 1970.
 * @type {(ms: number) => string}
 */
export function clock(ms) {
  if (clockFormat === null || clockLocale !== locale()) {
    clockLocale = locale();
    clockFormat = new Intl.DateTimeFormat(clockLocale, { timeStyle: "medium", hourCycle: "h23" });
  }
  return clockFormat.format(new Date(ms));
}

/**
 * Write a duration given in milliseconds.
 * @type {(ms: number | null | undefined) => string}
 */
export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  return ms < 1000 ? t("{time} ms", { time: ms }) : t("{time} s", { time: number(ms / 1000, 1) });
}

/**
 * Write a size given in bytes.
 * @type {(bytes: number) => string}
 */
export function size(bytes) {
  if (bytes < 1024) return tn("{count} byte", "{count} bytes", bytes);
  return bytes < MIB ? `${number(bytes / 1024, 1)} KiB` : `${number(bytes / MIB, 1)} MiB`;
}

/**
 * Write a number with its sign; a real minus is as wide as a plus.
 * @type {(amount: number) => string}
 */
export function signed(amount) {
  return amount < 0 ? `−${number(-amount)}` : `+${number(amount)}`;
}
