/** A round mark for everybody: the bot's own, and for people the first letter of their name. */

import { h } from "../core/dom.js";
import { icon } from "../core/icons.js";

const TINTS = 6;

/**
 * Draw somebody's mark; the same person always has the same colour.
 * @type {(id: string, name: string, isBot?: boolean) => HTMLElement}
 */
export function avatar(id, name, isBot = false) {
  const tint = isBot ? "bot" : Number(BigInt(id) % BigInt(TINTS));
  const inside = isBot ? icon("clip") : ([...name][0]?.toLocaleUpperCase() ?? "?");
  return h("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, inside);
}
