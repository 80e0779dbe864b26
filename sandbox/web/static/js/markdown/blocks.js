/** Cut a text into blocks: headings, subtext, quotes, lists, and the paragraphs between them. */

import { fencesOf } from "./fences.js";
import { inline } from "./inline.js";

const HEADING = /^ *(#{1,3})[ \t]+(\S.*)$/;
const SUBTEXT = /^ *-#[ \t]+(\S.*)$/;
const QUOTE = /^ *>[ \t](.*)$/;
const REST_QUOTE = /^ *>>>[ \t]([^]*)$/;
const ITEM = /^( *)([-*]|\d{1,9}\.)[ \t]+(\S.*)$/;
const DEEPEST = 10;

/**
 * Read a text into a list of blocks: {kind: "paragraph"|"heading"|"subtext"|"quote"|"list", ...}.
 * A quote holds no other quote, so that the depth is bounded whatever is written.
 */
export function blocks(text, quoted = false) {
  const found = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) found.push({ kind: "paragraph", children: inline(paragraph.join("\n")) });
    paragraph = [];
  };
  const lines = linesOf(text);
  for (let at = 0; at < lines.length; ) {
    const block = quoted ? null : quoteAt(lines, at);
    const [read, next] = block ?? listAt(lines, at) ?? lineAt(lines[at], at) ?? [null, at + 1];
    if (read) {
      flush();
      found.push(read);
    } else {
      paragraph.push(lines[at]);
    }
    at = next;
  }
  flush();
  return found;
}

/** Split into lines; a fenced block belongs to the line that it begins on, with all lines that it holds. */
function linesOf(text) {
  const fences = fencesOf(text);
  const lines = [];
  let start = 0;
  let from = 0;
  for (;;) {
    const end = text.indexOf("\n", from);
    while (fences.length && fences[0].end <= from) fences.shift();
    if (end < 0) return [...lines, text.slice(start)];
    if (fences.length && fences[0].start < end) {
      from = fences[0].end;
    } else {
      lines.push(text.slice(start, end));
      start = from = end + 1;
    }
  }
}

function lineAt(line, at) {
  const heading = HEADING.exec(line);
  if (heading) return [{ kind: "heading", level: heading[1].length, children: inline(heading[2]) }, at + 1];
  const subtext = SUBTEXT.exec(line);
  return subtext ? [{ kind: "subtext", children: inline(subtext[1]) }, at + 1] : null;
}

function quoteAt(lines, at) {
  const rest = REST_QUOTE.exec(lines[at]);
  if (rest) {
    const text = [rest[1], ...lines.slice(at + 1)].join("\n");
    return [{ kind: "quote", children: blocks(text, true) }, lines.length];
  }
  let end = at;
  const quoted = [];
  for (let match; end < lines.length && (match = QUOTE.exec(lines[end])); end += 1) quoted.push(match[1]);
  return quoted.length ? [{ kind: "quote", children: blocks(quoted.join("\n"), true) }, end] : null;
}

/** Read a list: a deeper indent begins a list within an item, and an indented line goes on in the item above. */
function listAt(lines, at) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const root = listOf(first);
  const open = [root];
  let end = at;
  for (; end < lines.length; end += 1) {
    const item = ITEM.exec(lines[end]);
    if (item) {
      const list = listFor(item, open);
      if (!list) break;
      list.items.push({ lines: [item[3]], lists: [] });
    } else if (/^ {2,}\S/.test(lines[end]) && !open.at(-1).items.at(-1).lists.length) {
      open.at(-1).items.at(-1).lines.push(lines[end].trim());
    } else {
      break;
    }
  }
  return [finished(root), end];
}

function listOf([, indent, mark]) {
  const ordered = /\d/.test(mark);
  return { kind: "list", indent: indent.length, ordered, start: ordered ? Number.parseInt(mark, 10) : 1, items: [] };
}

/** Find or begin the list that an item belongs to; null when another list begins at the outermost level. */
function listFor(item, open) {
  const indent = item[1].length;
  while (open.length > 1 && indent < open.at(-1).indent) open.pop();
  const current = open.at(-1);
  if (current.items.length && indent >= current.indent + 2 && open.length < DEEPEST) {
    const inner = listOf(item);
    current.items.at(-1).lists.push(inner);
    open.push(inner);
    return inner;
  }
  const ordered = /\d/.test(item[2]);
  if (!current.items.length || ordered === current.ordered) return current;
  if (open.length === 1) return null;
  const sibling = listOf(item);
  open.pop();
  open.at(-1).items.at(-1).lists.push(sibling);
  open.push(sibling);
  return sibling;
}

function finished(list) {
  const items = list.items.map(({ lines, lists }) => ({ children: inline(lines.join("\n")), lists: lists.map(finished) }));
  return { kind: "list", ordered: list.ordered, start: list.start, items };
}
