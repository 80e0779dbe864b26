/** Read what stands within a line or a paragraph: emphasis, spoilers, code, links, mentions, times. */

import { Emphasis } from "./emphasis.js";
import { fencesOf } from "./fences.js";
import { angleAt, bareLinkAt, maskedLinkAt } from "./links.js";

/** @import { Fence } from "./fences.js" */

/**
 * @typedef {{ kind: "text", text: string } | { kind: "code", code: string } | { kind: "fence", language: string, code: string }
 *   | { kind: "link", url: string, title?: string, children: Node[] } | { kind: "time", seconds: number, style: string }
 *   | { kind: "emoji" | "command", name: string } | { kind: "everyone", label: string }
 *   | { kind: "user" | "role" | "channel", id: string }
 *   | { kind: "message_link", url: string, channel: string, message: string | null }
 *   | { kind: "strong" | "em" | "u" | "s" | "spoiler", children: Node[] }} Node
 */

/**
 * A node that holds no marks, and where the text goes on after it.
 * @typedef {{ node: Node, end: number }} Atom
 */

const SPECIAL = /[\\`*_~|<@[¯]|https?:\/\//gi;
const ESCAPED = /\\([^0-9A-Za-z\s])/uy;
const EVERYONE = /@(everyone|here)\b/y;
const SHRUG = "¯\\_(ツ)_/¯";

/**
 * Read a text into nodes. Takes time linear in the text, whatever it is.
 * /
 * @type {(text: string, how?: { links?: boolean }) => Node[]}
 */
export function inline(text, { links = true } = {}) {
  const emphasis = new Emphasis(text);
  const fences = new Map(fencesOf(text).map((fence) => [fence.start, fence]));
  const spans = codeSpans(text);
  let at = 0;
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const special = SPECIAL.exec(text);
    emphasis.text(text.slice(at, special?.index ?? text.length));
    if (!special) break;
    at = special.index;
    const atom = atomAt(text, at, fences, spans, links);
    if (atom) {
      emphasis.atom(atom.node);
      at = atom.end;
    } else if (text[at] === "`") {
      at = literalRun(text, at, emphasis);
    } else {
      at += emphasis.mark(at);
    }
  }
  return emphasis.end();
}

/** @type {(text: string, at: number, fences: Map<number, Fence>, spans: Map<number, Atom>, links: boolean) => Atom | null} */
function atomAt(text, at, fences, spans, links) {
  switch (text[at]) {
    case "\\":
      ESCAPED.lastIndex = at;
      return plain(ESCAPED.exec(text)?.[1], at, 1);
    case "¯":
      return text.startsWith(SHRUG, at) ? plain(SHRUG, at) : null;
    case "`":
      return fenced(fences.get(at), text) ?? spans.get(at) ?? null;
    case "<":
      return angleAt(text, at, links);
    case "@":
      EVERYONE.lastIndex = at;
      return named(EVERYONE.exec(text), at);
    case "[":
      return links ? maskedLinkAt(text, at, (label) => inline(label, { links: false })) : null;
    case "h":
    case "H":
      return links ? bareLinkAt(text, at) : null;
    default:
      return null;
  }
}

/** @type {(text: string | undefined, at: number, skipped?: number) => Atom | null} */
function plain(text, at, skipped = 0) {
  return text === undefined ? null : { node: { kind: "text", text }, end: at + skipped + text.length };
}

/**
 * A fenced block stands on lines of its own: the end of its last one is not a line more.
 * @type {(fence: Fence | undefined, text: string) => Atom | null}
 */
function fenced(fence, text) {
  if (!fence) return null;
  const { language, code, end } = fence;
  return { node: { kind: "fence", language, code }, end: text[end] === "\n" ? end + 1 : end };
}

/** @type {(match: RegExpExecArray | null, at: number) => Atom | null} */
function named(match, at) {
  return match && { node: { kind: "everyone", label: match[0] }, end: at + match[0].length };
}

/** @type {(text: string, at: number, emphasis: Emphasis) => number} */
function literalRun(text, at, emphasis) {
  let end = at;
  while (text[end] === "`") end += 1;
  emphasis.text(text.slice(at, end));
  return end;
}

/**
 * Find code spans by where they begin: a run of backticks up to the next run of the same length.
 * @type {(text: string) => Map<number, Atom>}
 */
function codeSpans(text) {
  /** @type {Map<number, Atom>} */
  const spans = new Map();
  /** @type {Map<number, number>} */
  const nextOfLength = new Map();
  for (const { 0: run, index } of [...text.matchAll(/`+/g)].reverse()) {
    const close = nextOfLength.get(run.length);
    if (close !== undefined) {
      const code = text.slice(index + run.length, close);
      spans.set(index, { node: { kind: "code", code: unpadded(code) }, end: close + run.length });
    }
    nextOfLength.set(run.length, index);
  }
  return spans;
}

/**
 * Take away the blank that separates a backtick at the edge of the code from the marks.
 * @type {(code: string) => string}
 */
function unpadded(code) {
  return code.replace(/^ (?=`)/, "").replace(/(?<=`) $/, "");
}
