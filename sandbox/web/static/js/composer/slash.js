/** The commands that can be typed, as people find them: subcommands in one flat list, in their language. */

import { rank } from "./search.js";
import { state } from "../core/state.js";

const CHAT_INPUT = 1;
const MESSAGE = 3;
const [SUBCOMMAND, GROUP, ATTACHMENT] = [1, 2, 11];

/** List the commands that are offered: `words` are what the bot knows them by, `title` what people read. */
export function slashCommands() {
  return offered(CHAT_INPUT).flatMap((command) => flatten(command, [], []));
}

/** List the commands for a message. */
export function messageCommands() {
  return offered(MESSAGE).map((command) => ({ name: command.name, title: localName(command) }));
}

/** Keep the commands that what is typed, "/quo" or "/quota set target:", may become. */
export function findCommands(typed) {
  const query = typed.slice(1);
  const commands = slashCommands();
  const written = commands.filter((command) => restOf(command, query) !== null);
  if (written.length) return written;
  return rank(commands, query, (command) => [command.title, command.words]);
}

/** Read "/quota set target:@leo credits:4": the command and the texts of its options; null where it names none. */
export function readCommand(typed) {
  const query = typed.slice(1);
  for (const command of slashCommands()) {
    const rest = restOf(command, query);
    if (rest !== null) return { command, texts: readOptions(command, rest) };
  }
  return null;
}

/** Divide "prompt:a boat motion:low" into the options' texts; what names no option belongs to the first of them. */
export function readOptions(command, rest) {
  const named = (name) => command.options.find((option) => localName(option) === name || option.name === name);
  const texts = new Map();
  let current = command.options.find((option) => option.type !== ATTACHMENT)?.name ?? null;
  for (const part of rest.split(/(?<=^|\s)(?=[\p{L}\p{N}_-]{1,32}:)/u)) {
    const colon = part.indexOf(":");
    const option = colon > 0 ? named(part.slice(0, colon)) : undefined;
    if (option) current = option.name;
    const text = option ? part.slice(colon + 1) : part;
    if (current && text) texts.set(current, `${texts.get(current) ?? ""}${text}`);
  }
  return new Map([...texts].map(([name, text]) => [name, text.trim()]).filter(([, text]) => text));
}

/** Give a name as a person's client shows it. */
export function localName(thing) {
  return thing.name_localizations?.[state.place.me.locale] ?? thing.name;
}

/** Give a description as a person's client shows it. */
export function localDescription(thing) {
  return thing.description_localizations?.[state.place.me.locale] ?? thing.description ?? "";
}

function offered(type) {
  return (state.place?.commands ?? []).filter((command) => (command.type ?? CHAT_INPUT) === type);
}

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

/** What follows a command's whole name; null where something else is typed. */
function restOf({ title, words }, query) {
  for (const name of [title, words]) {
    if (query === name) return "";
    if (query.startsWith(`${name} `)) return query.slice(name.length + 1);
  }
  return null;
}
