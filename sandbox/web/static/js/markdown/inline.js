/** Read what stands within a line or a paragraph: emphasis, spoilers, code, links, mentions, times. */

import { Emphasis } from "./emphasis.js";
import { fencesOf } from "./fences.js";
import { angleAt, bareLinkAt, maskedLinkAt } from "./links.js";

const SPECIAL = /[\\`*_~|<@[¯]|https?:\/\//gi;
const ESCAPED = /\\([^0-9A-Za-z\s])/uy;
const EVERYONE = /@(everyone|here)\b/y;
const SHRUG = "¯\\_(ツ)_/¯";

/**
 * Read a text into nodes: {kind: "text", text}, {kind: "code"|"fence"|"link"|"user"|"role"|...},
 * or {kind: "strong"|"em"|"u"|"s"|"spoiler", children}. Takes time linear in the text, whatever it is.
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

function plain(text, at, skipped = 0) {
  return text === undefined ? null : { node: { kind: "text", text }, end: at + skipped + text.length };
}

/** A fenced block stands on lines of its own: the end of its last one is not a line more. */
function fenced(fence, text) {
  if (!fence) return null;
  const { language, code, end } = fence;
  return { node: { kind: "fence", language, code }, end: text[end] === "\n" ? end + 1 : end };
}

function named(match, at) {
  return match && { node: { kind: "everyone", label: match[0] }, end: at + match[0].length };
}

function literalRun(text, at, emphasis) {
  let end = at;
  while (text[end] === "`") end += 1;
  emphasis.text(text.slice(at, end));
  return end;
}

/** Find code spans by where they begin: a run of backticks up to the next run of the same length. */
function codeSpans(text) {
  const spans = new Map();
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

/** Take away the blank that separates a backtick at the edge of the code from the marks. */
function unpadded(code) {
  return code.replace(/^ (?=`)/, "").replace(/(?<=`) $/, "");
}
