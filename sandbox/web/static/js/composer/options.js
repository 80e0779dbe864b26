/** What an option takes: reading what was typed into it, with Discord's sentence where it does not fit. */

import { grouped, lengthOf } from "./search.js";

/** @import { CommandOption } from "../core/wire.js" */

/** @typedef {string | number | boolean} OptionValue */

/**
 * What was read of what was typed: a value, or why it is none, or nothing of either.
 * @typedef {{ value?: OptionValue, problem?: string }} Reading
 */

export const INTEGER = 4;
export const BOOLEAN = 5;
export const USER = 6;
export const CHANNEL = 7;
export const ROLE = 8;
export const MENTIONABLE = 9;
export const NUMBER = 10;
export const ATTACHMENT = 11;

export const REQUIRED = "This option is required. Specify a value.";

const MOST_CHARACTERS = 6000;
const DIGITS = /^[+-]?\d{1,16}$/;
const DECIMAL = /^[+-]?(\d{1,16}(\.\d*)?|\.\d+)$/;

/**
 * Whether an option is written with digits.
 * @type {(option: CommandOption) => boolean}
 */
export function isNumeric(option) {
  return option.type === INTEGER || option.type === NUMBER;
}

/**
 * Read a typed text or number: `{ value }` or `{ problem }`, or nothing of either where nothing was typed.
 * @type {(option: CommandOption, typed: string) => Reading}
 */
export function readTyped(option, typed) {
  const text = typed.trim();
  if (!text) return {};
  return isNumeric(option) ? readNumber(option, text) : readText(option, text);
}

/**
 * Say why a text that names none of an option's choices cannot be sent.
 * @type {(option: CommandOption) => string}
 */
export function notAChoice(option) {
  /** @type {Record<number, string>} */
  const what = {
    [BOOLEAN]: "True or False",
    [USER]: "a member",
    [ROLE]: "a role",
    [CHANNEL]: "a channel",
    [MENTIONABLE]: "a member or a role",
  };
  return `That is no valid choice. Specify ${what[option.type] ?? "one of the choices"}.`;
}

/** @type {(option: CommandOption, text: string) => Reading} */
function readText(option, text) {
  const [low, high] = [option.min_length ?? 0, option.max_length ?? MOST_CHARACTERS];
  const length = lengthOf(text);
  if (length < low) return { problem: `Specify at least ${characters(low)}; there are ${length}.` };
  if (length > high) return { problem: `Specify at most ${characters(high)}; there are ${grouped(length)}.` };
  return { value: text };
}

/** @type {(option: CommandOption, text: string) => Reading} */
function readNumber(option, text) {
  const written = text.replace(",", ".");
  if (!(option.type === INTEGER ? DIGITS : DECIMAL).test(written)) {
    return { problem: option.type === INTEGER ? "Specify a whole number." : "Specify a number." };
  }
  const value = Number(written);
  if (option.type === INTEGER && !Number.isSafeInteger(value)) return { problem: "Specify a smaller whole number." };
  const [low, high] = [option.min_value ?? -Infinity, option.max_value ?? Infinity];
  if (value < low) return { problem: `Specify at least ${grouped(low)}.` };
  if (value > high) return { problem: `Specify at most ${grouped(high)}.` };
  return { value };
}

/** @type {(count: number) => string} */
function characters(count) {
  return count === 1 ? "1 character" : `${grouped(count)} characters`;
}
