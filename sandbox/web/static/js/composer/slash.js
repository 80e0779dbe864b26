/** The commands that can be typed, as people find them: subcommands in one flat list, in their language. */

import { ATTACHMENT } from "./options.js";
import { rank } from "./search.js";
import { currentView, state } from "../core/state.js";

/** @import { Command, CommandOption } from "../core/wire.js" */

/**
 * A command as it is typed: `words` are what the bot knows it by, `title` what people read.
 * @typedef {{ words: string, title: string, description: string, options: CommandOption[] }} SlashCommand
 */

/**
 * What has a name in several languages.
 * @typedef {object} Named
 * @property {string} name
 * @property {string} [description]
 * @property {Record<string, string> | null} [name_localizations]
 * @property {Record<string, string> | null} [description_localizations]
 */

const CHAT_INPUT = 1;
const MESSAGE = 3;
const SUBCOMMAND = 1;
const GROUP = 2;

/**
 * List the commands that are offered: `words` are what the bot knows them by, `title` what people read.
 * @type {() => SlashCommand[]}
 */
export function slashCommands() {
  return offered(CHAT_INPUT).flatMap((command) => flatten(command, [], []));
}

/**
 * List the commands for a message.
 * @type {() => Array<{ name: string, title: string }>}
 */
export function messageCommands() {
  return offered(MESSAGE).map((command) => ({ name: command.name, title: localName(command) }));
}

/**
 * Keep the commands that what is typed, "/quo" or "/quota set target:", may become.
 * @type {(typed: string) => SlashCommand[]}
 */
export function findCommands(typed) {
  const query = typed.slice(1);
  const commands = slashCommands();
  const written = commands.filter((command) => restOf(command, query) !== null);
  if (written.length) return written;
  return rank(commands, query, (command) => [command.title, command.words]);
}

/**
 * Read "/quota set target:@leo credits:4": the command and the texts of its options; null where it names none.
 * @type {(typed: string) => { command: SlashCommand, texts: Map<string, string> } | null}
 */
export function readCommand(typed) {
  const query = typed.slice(1);
  for (const command of slashCommands()) {
    const rest = restOf(command, query);
    if (rest !== null) return { command, texts: readOptions(command, rest) };
  }
  return null;
}

/**
 * Divide "prompt:a boat motion:low" into the options' texts; what names no option belongs to the first of them.
 * @type {(command: SlashCommand, rest: string) => Map<string, string>}
 */
export function readOptions(command, rest) {
  const named = (/** @type {string} */ name) =>
    command.options.find((option) => localName(option) === name || option.name === name);
  /** @type {Map<string, string>} */
  const texts = new Map();
  let current = command.options.find((option) => option.type !== ATTACHMENT)?.name ?? null;
  for (const part of rest.split(/(?<=^|\s)(?=[\p{L}\p{N}_-]{1,32}:)/u)) {
    const colon = part.indexOf(":");
    const option = colon > 0 ? named(part.slice(0, colon)) : undefined;
    if (option) current = option.name;
    const text = option ? part.slice(colon + 1) : part;
    if (current && text) texts.set(current, `${texts.get(current) ?? ""}${text}`);
  }
  /** @type {Array<[string, string]>} */
  const trimmed = [...texts].map(([name, text]) => [name, text.trim()]);
  return new Map(trimmed.filter(([, text]) => text));
}

/**
 * Give a name as a person's client shows it.
 * @type {(thing: Named) => string}
 */
export function localName(thing) {
  return thing.name_localizations?.[currentView().me.locale] ?? thing.name;
}

/**
 * Give a description as a person's client shows it.
 * @type {(thing: Named) => string}
 */
export function localDescription(thing) {
  return thing.description_localizations?.[currentView().me.locale] ?? thing.description ?? "";
}

/** @type {(type: number) => Command[]} */
function offered(type) {
  return (state.view?.commands ?? []).filter((command) => (command.type ?? CHAT_INPUT) === type);
}

/** @type {(node: Command | CommandOption, words: string[], titles: string[]) => SlashCommand[]} */
function flatten(node, words, titles) {
  const path = [...words, node.name];
  const shown = [...titles, localName(node)];
  const inner = (node.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
  if (inner.length) return inner.flatMap((option) => flatten(option, path, shown));
  return [
    {
      words: path.join(" "),
      title: shown.join(" "),
      description: localDescription(node),
      options: node.options ?? [],
    },
  ];
}

/**
 * What follows a command's whole name; null where something else is typed.
 * @type {(command: { title: string, words: string }, query: string) => string | null}
 */
function restOf({ title, words }, query) {
  for (const name of [title, words]) {
    if (query === name) return "";
    if (query.startsWith(`${name} `)) return query.slice(name.length + 1);
  }
  return null;
}
