/** The list is one stop for the keyboard; arrow keys go from message to message. */

import { articleBeside } from "./articles.js";

/** @type {Record<string, (from: Element, list: HTMLElement) => HTMLElement | null>} */
const STEPS = { ArrowUp: above, ArrowDown: below, Home: first, End: last };

/**
 * Let arrow keys move the focus among the messages of a list in its scroller.
 * @type {(scroller: HTMLElement, list: HTMLElement) => void}
 */
export function startKeyboardNav(scroller, list) {
  scroller.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || !(target instanceof Element)) return;
    if (target !== scroller && !target.matches("article")) return;
    const next = STEPS[key]?.(target, list);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
}

/** @type {(from: Element, list: HTMLElement) => HTMLElement | null} */
function above(from, list) {
  return from.matches("article") ? articleBeside(from, "previousElementSibling") : last(from, list);
}

/** @type {(from: Element) => HTMLElement | null} */
function below(from) {
  return from.matches("article") ? articleBeside(from, "nextElementSibling") : null;
}

/** @type {(from: Element, list: HTMLElement) => HTMLElement | null} */
function first(_, list) {
  return list.querySelector("article");
}

/** @type {(from: Element, list: HTMLElement) => HTMLElement | null} */
function last(_, list) {
  return [...list.querySelectorAll("article")].at(-1) ?? null;
}
