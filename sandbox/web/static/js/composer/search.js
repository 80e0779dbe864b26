/** Finding things by what people type. */

import { number, tn } from "../core/words.js";

/**
 * Keep the items that a query fits: those that begin with it first, then those that contain it.
 * @template T
 * @param {T[]} items
 * @param {string} query
 * @param {(item: T) => string[]} wordsOf
 * @returns {T[]}
 */
export function rank(items, query, wordsOf) {
  const wanted = fold(query);
  const ranked = items.map((item) => ({ item, rank: rankOf(wordsOf(item).map(fold), wanted) }));
  return [0, 1, 2].flatMap((rank) => ranked.filter((one) => one.rank === rank).map((one) => one.item));
}

/**
 * Forget capitals and accents, which people leave out.
 * @type {(text: string) => string}
 */
export function fold(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .trim();
}

/**
 * Count characters as Discord and Python do: an emoji of two halves is one.
 * @type {(text: string) => number}
 */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/**
 * Write a number of bytes for people.
 * @type {(bytes: number) => string}
 */
export function sizeOf(bytes) {
  if (bytes < 1024) return tn("{count} byte", "{count} bytes", bytes);
  if (bytes < 1024 ** 2) return `${number(bytes / 1024, 1)} KB`;
  const megabytes = Number((bytes / 1024 ** 2).toFixed(1));
  return `${number(megabytes, Number.isInteger(megabytes) ? 0 : 1)} MB`;
}

/** @type {(words: string[], wanted: string) => number} */
function rankOf(words, wanted) {
  if (words.some((word) => word.startsWith(wanted))) return 0;
  if (words.some((word) => word.split(/[\s_-]+/).some((part) => part.startsWith(wanted)))) return 1;
  return words.some((word) => word.includes(wanted)) ? 2 : 3;
}
