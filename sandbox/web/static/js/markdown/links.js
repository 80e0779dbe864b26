/** Links and everything else that Discord writes between angle brackets. */

/** @import { Atom, Node } from "./inline.js" */

/** No longer than servers take them; without an end, many that are none would each be read to the end of the text. */
const BARE = /https?:\/\/[^\s<>|]{1,2040}/iy;
const MASKED =
  /\[((?:\\[^\n]|[^[\]\\\n]|\[[^[\]\n]*\])+)\]\((<[^<>\s]+>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+"([^"\n]*)")?\s*\)/y;

/** @type {Array<[RegExp, (match: RegExpExecArray) => Node]>} */
const ANGLE = [
  [/<@!?(\d{1,20})>/y, ([, id = ""]) => ({ kind: "user", id })],
  [/<@&(\d{1,20})>/y, ([, id = ""]) => ({ kind: "role", id })],
  [/<#(\d{1,20})>/y, ([, id = ""]) => ({ kind: "channel", id })],
  [/<\/([^\s:<>]+(?: [^\s:<>]+){0,2}):(\d{1,20})>/y, ([, name = ""]) => ({ kind: "command", name })],
  [
    /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y,
    ([, seconds, style]) => ({ kind: "time", seconds: Number(seconds), style: style ?? "f" }),
  ],
  [/<a?:(\w{2,32}):\d{1,20}>/y, ([, name = ""]) => ({ kind: "emoji", name })],
];
const OF_A_MESSAGE = /^https:\/\/discord\.com\/channels\/\d{1,20}\/(\d{1,20})(?:\/(\d{1,20}))?$/;
const SUPPRESSED = /<(https?:\/\/[^\s<>]+)>/iy;

/**
 * Read a mention, a time, a custom emoji or a link without preview that begins at a place.
 * @type {(text: string, at: number, links: boolean) => Atom | null}
 */
export function angleAt(text, at, links) {
  for (const [pattern, read] of ANGLE) {
    const match = matchAt(pattern, text, at);
    if (match) return { node: read(match), end: at + match[0].length };
  }
  const link = links ? matchAt(SUPPRESSED, text, at) : null;
  const address = link?.[1];
  return link && address ? linkTo(address, [{ kind: "text", text: address }], at + link[0].length) : null;
}

/**
 * Read an address that stands there as it is; what only ends the sentence is not part of it.
 * @type {(text: string, at: number) => Atom | null}
 */
export function bareLinkAt(text, at) {
  const match = matchAt(BARE, text, at);
  const address = match && trimmed(match[0]);
  if (!address) return null;
  const link = OF_A_MESSAGE.exec(address);
  if (link) {
    const [, channel = "", message = null] = link;
    return { node: { kind: "message_link", url: address, channel, message }, end: at + address.length };
  }
  return linkTo(address, [{ kind: "text", text: address }], at + address.length);
}

/**
 * Read `[label](address "title")`; a label that looks like an address itself is not to be trusted, and stays text.
 * @type {(text: string, at: number, readLabel: (label: string) => Node[]) => Atom | null}
 */
export function maskedLinkAt(text, at, readLabel) {
  const match = matchAt(MASKED, text, at);
  const [whole, label, address, title] = match ?? [];
  if (!whole || !label || address === undefined || /https?:\/\//i.test(label)) return null;
  return linkTo(address.replace(/^<|>$/g, ""), readLabel(label), at + whole.length, title);
}

/** @type {(pattern: RegExp, text: string, at: number) => RegExpExecArray | null} */
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** @type {(address: string, children: Node[], end: number, title?: string) => Atom | null} */
function linkTo(address, children, end, title) {
  const url = safeAddress(address);
  return url === null ? null : { node: { kind: "link", url, title, children }, end };
}

/**
 * Give an address that may be followed: http or https only; null for every other.
 * @type {(address: string) => string | null}
 */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * Take away what ends a sentence, and closing parentheses that were opened before the address.
 * @type {(address: string) => string | null}
 */
function trimmed(address) {
  let unopened = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ")" && unopened > 0) unopened -= 1;
    else if (!/[<.,:;"'\]*_~!?]/.test(last)) break;
  }
  return /^https?:\/\/./i.test(address.slice(0, end)) ? address.slice(0, end) : null;
}
