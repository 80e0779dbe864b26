/** Discord's markdown as DOM: text goes in, nodes come out, and nothing is ever read as HTML. */

import { blocks } from "./blocks.js";
import { inline } from "./inline.js";
import { jumbo } from "./emoji.js";
import { draw, drawInline } from "./draw.js";

/**
 * @typedef {object} Names what mentions and times are shown with
 * @property {(id: string) => {label: string}|null} user
 * @property {(id: string) => {label: string, color: number}|null} role
 * @property {(id: string) => {label: string}|null} channel
 * @property {string} locale a BCP 47 tag
 */

/**
 * Show a message's text: blocks and all.
 * @type {(text: string, names: Names) => HTMLElement}
 */
export function markdown(text, names) {
  const element = document.createElement("div");
  element.className = jumbo(text) ? "markdown jumbo" : "markdown";
  element.append(draw(blocks(text), names));
  return element;
}

/**
 * Show one line of text, where Discord allows no headings, quotes or lists.
 * @type {(text: string, names: Names) => DocumentFragment}
 */
export function inlineMarkdown(text, names) {
  return drawInline(inline(text), names);
}
