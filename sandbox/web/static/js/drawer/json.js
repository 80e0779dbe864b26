/** JSON for reading: objects and lists that fold, all of it text. */

import { h } from "../core/dom.js";
import { tn } from "../core/words.js";

const OPEN_DEPTH = 2;
const SHORT = 60;

/**
 * Draw a JSON value.
 * @type {(value: unknown) => HTMLElement}
 */
export function json(value) {
  return h("div", { class: "json" }, part(value, null, 0));
}

/** @type {(value: unknown, name: string | null, depth: number) => HTMLElement} */
function part(value, name, depth) {
  const label = name === null ? null : [h("span", { class: "json-name" }, name), ": "];
  if (value === null || typeof value !== "object") return h("div", {}, label, leaf(value));
  /** @type {Array<[string | null, unknown]>} */
  const entries = Array.isArray(value) ? value.map((item) => [null, item]) : Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const flat = JSON.stringify(value);
  if (flat.length <= SHORT && (entries.length === 0 || depth > 0)) {
    return h("div", {}, label, h("span", { class: "json-flat" }, flat));
  }
  const { length } = entries;
  const count = Array.isArray(value)
    ? tn("{count} item", "{count} items", length)
    : tn("{count} field", "{count} fields", length);
  const summary = h("summary", {}, label, open, h("span", { class: "json-count" }, count), close);
  const inner = h("div", { class: "json-inner" });
  const folded = h("details", { open: depth < OPEN_DEPTH }, summary, inner);
  const draw = () => inner.append(...entries.map(([key, item]) => part(item, key, depth + 1)));
  if (folded.open) draw();
  else folded.addEventListener("toggle", draw, { once: true });
  return folded;
}

/** @type {(value: unknown) => HTMLElement} */
function leaf(value) {
  const kind = value === null ? "null" : typeof value;
  return h("span", { class: `json-${kind}` }, typeof value === "string" ? JSON.stringify(value) : String(value));
}
