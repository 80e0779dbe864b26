/** Moments, times and sizes as the drawer writes them: short, and to the second. */

const MIB = 1024 * 1024;
const clockFormat = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/**
 * Write the time of day of a moment in milliseconds since 1970.
 * @type {(ms: number) => string}
 */
export function clock(ms) {
  return clockFormat.format(new Date(ms));
}

/**
 * Write a duration given in milliseconds.
 * @type {(ms: number | null | undefined) => string}
 */
export function duration(ms) {
  if (ms === null || ms === undefined) return "";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Write a size given in bytes.
 * @type {(bytes: number) => string}
 */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < MIB ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}

/**
 * Write a number with its sign; a real minus is as wide as a plus.
 * @type {(number: number) => string}
 */
export function signed(number) {
  return number < 0 ? `−${-number}` : `+${number}`;
}
