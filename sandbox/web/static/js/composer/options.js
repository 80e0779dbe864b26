/** What an option takes: reading what was typed into it, with Discord's sentence where it does not fit. */

import { grouped, lengthOf } from "./search.js";

export const [STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT] = [
  3, 4, 5, 6, 7, 8, 9, 10, 11,
];

export const REQUIRED = "This option is required. Specify a value.";

const MOST_CHARACTERS = 6000;
const DIGITS = /^[+-]?\d{1,16}$/;
const DECIMAL = /^[+-]?(\d{1,16}(\.\d*)?|\.\d+)$/;

/** Whether an option is written with digits. */
export function isNumeric(option) {
  return option.type === INTEGER || option.type === NUMBER;
}

/** Read a typed text or number: `{ value }` or `{ problem }`, or nothing of either where nothing was typed. */
export function readTyped(option, typed) {
  const text = typed.trim();
  if (!text) return {};
  return isNumeric(option) ? readNumber(option, text) : readText(option, text);
}

/** Say why a text that names none of an option's choices cannot be sent. */
export function notAChoice(option) {
  const what = { [BOOLEAN]: "True or False", [USER]: "a member", [ROLE]: "a role", [CHANNEL]: "a channel" };
  what[MENTIONABLE] = "a member or a role";
  return `That is no valid choice. Specify ${what[option.type] ?? "one of the choices"}.`;
}

function readText(option, text) {
  const [low, high] = [option.min_length ?? 0, option.max_length ?? MOST_CHARACTERS];
  const length = lengthOf(text);
  if (length < low) return { problem: `Specify at least ${characters(low)}; there are ${length}.` };
  if (length > high) return { problem: `Specify at most ${characters(high)}; there are ${grouped(length)}.` };
  return { value: text };
}

function readNumber(option, text) {
  const written = text.replace(",", ".");
  if (!(option.type === INTEGER ? DIGITS : DECIMAL).test(written)) {
    return { problem: option.type === INTEGER ? "Specify a whole number." : "Specify a number." };
  }
  const value = Number(written);
  if (option.type === INTEGER && !Number.isSafeInteger(value)) return { problem: "Specify a smaller whole number." };
  if (value < (option.min_value ?? -Infinity)) return { problem: `Specify at least ${grouped(option.min_value)}.` };
  if (value > (option.max_value ?? Infinity)) return { problem: `Specify at most ${grouped(option.max_value)}.` };
  return { value };
}

function characters(count) {
  return count === 1 ? "1 character" : `${grouped(count)} characters`;
}
