/** What an option takes: reading what was typed into it, with Discord's sentence where it does not fit. */

import { lengthOf } from "./search.js";
import { t, tn } from "../core/words.js";

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
  const sentences = {
    [BOOLEAN]: t("That is no valid choice. Specify True or False."),
    [USER]: t("That is no valid choice. Specify a member."),
    [ROLE]: t("That is no valid choice. Specify a role."),
    [CHANNEL]: t("That is no valid choice. Specify a channel."),
    [MENTIONABLE]: t("That is no valid choice. Specify a member or a role."),
  };
  return sentences[option.type] ?? t("That is no valid choice. Specify one of the choices.");
}

/** @type {(option: CommandOption, text: string) => Reading} */
function readText(option, text) {
  const [low, high] = [option.min_length ?? 0, option.max_length ?? MOST_CHARACTERS];
  const length = lengthOf(text);
  if (length < low) return { problem: tooShort(low, length) };
  if (length > high) return { problem: tooLong(high, length) };
  return { value: text };
}

/** @type {(option: CommandOption, text: string) => Reading} */
function readNumber(option, text) {
  const written = text.replace(",", ".");
  if (!(option.type === INTEGER ? DIGITS : DECIMAL).test(written)) {
    return { problem: option.type === INTEGER ? t("Specify a whole number.") : t("Specify a number.") };
  }
  const value = Number(written);
  if (option.type === INTEGER && !Number.isSafeInteger(value)) return { problem: t("Specify a smaller whole number.") };
  const [low, high] = [option.min_value ?? -Infinity, option.max_value ?? Infinity];
  if (value < low) return { problem: t("Specify at least {number}.", { number: low }) };
  if (value > high) return { problem: t("Specify at most {number}.", { number: high }) };
  return { value };
}

/** @type {(low: number, length: number) => string} */
function tooShort(low, length) {
  return tn(
    "Specify at least {count} character; there are {length}.",
    "Specify at least {count} characters; there are {length}.",
    low,
    { length },
  );
}

/** @type {(high: number, length: number) => string} */
function tooLong(high, length) {
  return tn(
    "Specify at most {count} character; there are {length}.",
    "Specify at most {count} characters; there are {length}.",
    high,
    { length },
  );
}
