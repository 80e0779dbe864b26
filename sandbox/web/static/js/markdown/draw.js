/** Draw what was read: blocks and inline nodes as elements. */

import { h } from "../core/dom.js";
import { timeElement } from "../core/times.js";
import { t } from "../core/words.js";

/** @import { Block, List } from "./blocks.js" */
/** @import { Node as InlineNode } from "./inline.js" */
/** @import { Names } from "./markdown.js" */

/** @type {Record<number, "h3" | "h4" | "h5">} */
const HEADINGS = { 1: "h3", 2: "h4", 3: "h5" };

/**
 * Draw blocks; the page's own headings come above those of a message.
 * @type {(blocks: Block[], names: Names) => DocumentFragment}
 */
export function draw(blocks, names) {
  const fragment = document.createDocumentFragment();
  fragment.append(...blocks.map((block) => drawBlock(block, names)));
  return fragment;
}

/**
 * Draw inline nodes.
 * @type {(nodes: InlineNode[], names: Names) => DocumentFragment}
 */
export function drawInline(nodes, names) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes.map((node) => drawNode(node, names)));
  return fragment;
}

/** @type {(block: Block, names: Names) => HTMLElement} */
function drawBlock(block, names) {
  switch (block.kind) {
    case "heading":
      return h(HEADINGS[block.level] ?? "h5", {}, drawInline(block.children, names));
    case "subtext":
      return h("div", { class: "subtext" }, drawInline(block.children, names));
    case "quote":
      return h("blockquote", {}, draw(block.children, names));
    case "list":
      return drawList(block, names);
    default:
      return h("div", {}, drawInline(block.children, names));
  }
}

/** @type {(list: List, names: Names) => HTMLElement} */
function drawList(list, names) {
  const items = list.items.map(({ children, lists }) =>
    h(
      "li",
      {},
      drawInline(children, names),
      lists.map((inner) => drawList(inner, names)),
    ),
  );
  return list.ordered ? h("ol", { start: list.start === 1 ? null : list.start }, items) : h("ul", {}, items);
}

/** @type {(node: InlineNode, names: Names) => globalThis.Node} */
function drawNode(node, names) {
  switch (node.kind) {
    case "text":
      return document.createTextNode(node.text);
    case "code":
      return h("code", {}, node.code);
    case "fence":
      return h("pre", { "data-language": node.language || null, tabindex: 0 }, h("code", {}, node.code));
    case "spoiler":
      return drawSpoiler(node.children, names);
    case "link":
      return drawLink(node, names);
    case "time":
      return timeElement(node.seconds, node.style, names.locale);
    case "emoji":
      return h("span", { class: "emoji" }, `:${node.name}:`);
    case "everyone":
      return h("span", { class: "mention" }, node.label);
    case "user":
      return h("span", { class: "mention", "data-user": node.id }, `@${names.user(node.id)?.label ?? "unknown-user"}`);
    case "role":
      return drawRole(node.id, names);
    case "channel":
      return drawChannel(node.id, names);
    case "message_link":
      return drawMessageLink(node, names);
    case "command":
      return h("button", { type: "button", class: "mention", "data-command": node.name }, `/${node.name}`);
    default:
      return h(node.kind, {}, drawInline(node.children, names));
  }
}

/**
 * Hidden until it is pressed; `inert` keeps what it hides from the keyboard and from screen readers.
 * @type {(children: InlineNode[], names: Names) => HTMLElement}
 */
function drawSpoiler(children, names) {
  return h(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": t("Spoiler, hidden"), "data-spoiler": true },
    h("span", { inert: true }, drawInline(children, names)),
  );
}

/** @type {(link: { url: string, title?: string, children: InlineNode[] }, names: Names) => HTMLElement} */
function drawLink(node, names) {
  const inner = drawInline(node.children, names);
  return h("a", { href: node.url, title: node.title || null, target: "_blank", rel: "noopener noreferrer" }, inner);
}

/** @type {(id: string, names: Names) => HTMLElement} */
function drawRole(id, names) {
  const role = names.role(id);
  const pill = h("span", { class: "mention", "data-role": id }, `@${role?.label ?? "unknown-role"}`);
  if (role?.color) pill.style.setProperty("--pill", `#${role.color.toString(16).padStart(6, "0")}`);
  return pill;
}

/** @type {(id: string, names: Names) => HTMLElement} */
function drawChannel(id, names) {
  const channel = names.channel(id);
  if (!channel) return h("span", { class: "mention" }, "#unknown");
  return h("button", { type: "button", class: "mention", "data-go-to": id }, `#${channel.label}`);
}

/**
 * A link to a message leads there within the page.
 * @type {(link: { url: string, channel: string, message: string | null }, names: Names) => HTMLElement}
 */
function drawMessageLink({ url, channel, message }, names) {
  const label = names.channel(channel)?.label;
  if (!label) return drawLink({ url, children: [{ kind: "text", text: url }] }, names);
  const attributes = { type: "button", class: "mention", "data-go-to": channel, "data-jump": message };
  return h("button", attributes, message ? `#${label} › message` : `#${label}`);
}
