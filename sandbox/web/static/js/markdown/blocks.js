/** Cut a text into blocks: headings, subtext, quotes, lists, and the paragraphs between them. */

import { fencesOf } from "./fences.js";
import { inline } from "./inline.js";

/** @import { Fence } from "./fences.js" */
/** @import { Node } from "./inline.js" */

/**
 * @typedef {{ kind: "list", ordered: boolean, start: number, items: Array<{ children: Node[], lists: List[] }> }} List
 * @typedef {{ kind: "paragraph" | "subtext", children: Node[] } | { kind: "heading", level: number, children: Node[] }
 *   | { kind: "quote", children: Block[] } | List} Block
 */

/**
 * A block, and the line that follows it.
 * @typedef {[Block, number]} Read
 */

/** @typedef {{ indent: number, ordered: boolean, start: number, items: OpenItem[] }} OpenList */
/** @typedef {{ lines: string[], lists: OpenList[] }} OpenItem */

const HEADING = /^ *(#{1,3})[ \t]+(\S.*)$/;
const SUBTEXT = /^ *-#[ \t]+(\S.*)$/;
const QUOTE = /^ *>[ \t](.*)$/;
const REST_QUOTE = /^ *>>>[ \t]([\s\S]*)$/;
const ITEM = /^( *)([-*]|\d{1,9}\.)[ \t]+(\S.*)$/;
const DEEPEST = 10;

/**
 * Read a text into a list of blocks.
 * A quote holds no other quote, so that the depth is bounded whatever is written.
 * /
 * @type {(text: string, quoted?: boolean) => Block[]}
 */
export function blocks(text, quoted = false) {
  /** @type {Block[]} */
  const found = [];
  /** @type {string[]} */
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) found.push({ kind: "paragraph", children: inline(paragraph.join("\n")) });
    paragraph = [];
  };
  const lines = linesOf(text);
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const block = quoted ? null : quoteAt(lines, at);
    const read = block ?? listAt(lines, at) ?? lineAt(line, at);
    if (read) {
      flush();
      found.push(read[0]);
    } else {
      paragraph.push(line);
    }
    at = read ? read[1] : at + 1;
  }
  flush();
  return found;
}

/**
 * Split into lines; a fenced block belongs to the line that it begins on, with all lines that it holds.
 * @type {(text: string) => string[]}
 */
function linesOf(text) {
  const fences = fencesOf(text);
  /** @type {string[]} */
  const lines = [];
  let start = 0;
  let from = 0;
  for (;;) {
    const end = text.indexOf("\n", from);
    while (fences[0] && fences[0].end <= from) fences.shift();
    if (end < 0) return [...lines, text.slice(start)];
    if (fences[0] && fences[0].start < end) {
      from = fences[0].end;
    } else {
      lines.push(text.slice(start, end));
      start = from = end + 1;
    }
  }
}

/** @type {(line: string, at: number) => Read | null} */
function lineAt(line, at) {
  const heading = HEADING.exec(line);
  if (heading)
    return [{ kind: "heading", level: groupOf(heading, 1).length, children: inline(groupOf(heading, 2)) }, at + 1];
  const subtext = SUBTEXT.exec(line);
  return subtext ? [{ kind: "subtext", children: inline(groupOf(subtext, 1)) }, at + 1] : null;
}

/** @type {(lines: string[], at: number) => Read | null} */
function quoteAt(lines, at) {
  const rest = REST_QUOTE.exec(lines[at] ?? "");
  if (rest) {
    const text = [groupOf(rest, 1), ...lines.slice(at + 1)].join("\n");
    return [{ kind: "quote", children: blocks(text, true) }, lines.length];
  }
  let end = at;
  /** @type {string[]} */
  const quoted = [];
  for (let match = QUOTE.exec(lines[end] ?? ""); match; match = QUOTE.exec(lines[end] ?? "")) {
    quoted.push(groupOf(match, 1));
    end += 1;
  }
  return quoted.length ? [{ kind: "quote", children: blocks(quoted.join("\n"), true) }, end] : null;
}

/**
 * Read a list: a deeper indent begins a list within an item, and an indented line goes on in the item above.
 * @type {(lines: string[], at: number) => Read | null}
 */
function listAt(lines, at) {
  const first = ITEM.exec(lines[at] ?? "");
  if (!first) return null;
  const root = listOf(first);
  const open = [root];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? "";
    const item = ITEM.exec(line);
    const above = open.at(-1)?.items.at(-1);
    if (item) {
      const list = listFor(item, open);
      if (!list) break;
      list.items.push({ lines: [groupOf(item, 3)], lists: [] });
    } else if (/^ {2,}\S/.test(line) && above && !above.lists.length) {
      above.lines.push(line.trim());
    } else {
      break;
    }
  }
  return [finished(root), end];
}

/** @type {(item: RegExpExecArray) => OpenList} */
function listOf(item) {
  const mark = groupOf(item, 2);
  const ordered = /\d/.test(mark);
  return { indent: groupOf(item, 1).length, ordered, start: ordered ? Number.parseInt(mark, 10) : 1, items: [] };
}

/**
 * Find or begin the list that an item belongs to; null when another list begins at the outermost level.
 * @type {(item: RegExpExecArray, open: OpenList[]) => OpenList | null}
 */
function listFor(item, open) {
  const indent = groupOf(item, 1).length;
  while (open.length > 1 && indent < (open.at(-1)?.indent ?? 0)) open.pop();
  const current = open.at(-1);
  if (!current) return null;
  if (current.items.length && indent >= current.indent + 2 && open.length < DEEPEST) {
    const inner = listOf(item);
    current.items.at(-1)?.lists.push(inner);
    open.push(inner);
    return inner;
  }
  const ordered = /\d/.test(groupOf(item, 2));
  if (!current.items.length || ordered === current.ordered) return current;
  if (open.length === 1) return null;
  const sibling = listOf(item);
  open.pop();
  open.at(-1)?.items.at(-1)?.lists.push(sibling);
  open.push(sibling);
  return sibling;
}

/** @type {(list: OpenList) => List} */
function finished(list) {
  const items = list.items.map(({ lines, lists }) => ({
    children: inline(lines.join("\n")),
    lists: lists.map(finished),
  }));
  return { kind: "list", ordered: list.ordered, start: list.start, items };
}

/**
 * Give what a group of a pattern matched; "" where it took no part.
 * @type {(match: RegExpExecArray, number: number) => string}
 */
function groupOf(match, number) {
  return match[number] ?? "";
}
