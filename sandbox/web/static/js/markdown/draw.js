/** Draw what was read: blocks and inline nodes as elements. */

import { h } from "../core/dom.js";
import { timeElement } from "../core/times.js";

const TAGS = { strong: "strong", em: "em", u: "u", s: "s" };
const HEADINGS = { 1: "h3", 2: "h4", 3: "h5" };

/** Draw blocks; the page's own headings come above those of a message. */
export function draw(blocks, names) {
  const fragment = document.createDocumentFragment();
  fragment.append(...blocks.map((block) => drawBlock(block, names)));
  return fragment;
}

/** Draw inline nodes. */
export function drawInline(nodes, names) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes.map((node) => drawNode(node, names)));
  return fragment;
}

function drawBlock(block, names) {
  switch (block.kind) {
    case "heading":
      return h(HEADINGS[block.level], {}, drawInline(block.children, names));
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

function drawList(list, names) {
  const items = list.items.map(({ children, lists }) =>
    h("li", {}, drawInline(children, names), lists.map((inner) => drawList(inner, names))),
  );
  return list.ordered ? h("ol", { start: list.start === 1 ? null : list.start }, items) : h("ul", {}, items);
}

function drawNode(node, names) {
  switch (node.kind) {
    case "text":
      return document.createTextNode(node.text);
    case "code":
      return h("code", {}, node.code);
    case "fence":
      return h("pre", { "data-language": node.language || null, tabindex: 0 }, h("code", {}, node.code));
    case "spoiler":
      return drawSpoiler(node, names);
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
      return drawRole(node, names);
    case "channel":
      return drawChannel(node, names);
    case "place":
      return drawPlace(node, names);
    case "command":
      return h("button", { type: "button", class: "mention", "data-command": node.name }, `/${node.name}`);
    default:
      return h(TAGS[node.kind], {}, drawInline(node.children, names));
  }
}

/** Hidden until it is pressed; `inert` keeps what it hides from the keyboard and from screen readers. */
function drawSpoiler(node, names) {
  return h(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Spoiler, hidden", "data-spoiler": true },
    h("span", { inert: true }, drawInline(node.children, names)),
  );
}

function drawLink(node, names) {
  const inner = drawInline(node.children, names);
  return h("a", { href: node.url, title: node.title || null, target: "_blank", rel: "noopener noreferrer" }, inner);
}

function drawRole(node, names) {
  const role = names.role(node.id);
  const pill = h("span", { class: "mention", "data-role": node.id }, `@${role?.label ?? "unknown-role"}`);
  if (role?.color) pill.style.setProperty("--pill", `#${role.color.toString(16).padStart(6, "0")}`);
  return pill;
}

function drawChannel(node, names) {
  const channel = names.channel(node.id);
  if (!channel) return h("span", { class: "mention" }, "#unknown");
  return h("button", { type: "button", class: "mention", "data-go-to": node.id }, `#${channel.label}`);
}

/** A link to a message leads there within the page. */
function drawPlace({ url, channel, message }, names) {
  const label = names.channel(channel)?.label;
  if (!label) return drawLink({ url, children: [{ kind: "text", text: url }] }, names);
  const attributes = { type: "button", class: "mention", "data-go-to": channel, "data-jump": message };
  return h("button", attributes, message ? `#${label} › message` : `#${label}`);
}
