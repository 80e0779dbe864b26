/** The context menu of a message: right click, the menu key, or the "More" button. */

import { closest } from "../core/dom.js";
import { itemsFor } from "./items.js";
import { Menu } from "./popup.js";
import { messageOf } from "../chat/message.js";

/** Open a menu wherever somebody asks for one of a message. */
export function startMenus() {
  /** @type {Menu | null} */
  let opened = null;
  /** @type {(article: HTMLElement | null, at: { x: number, y: number }, from: Element | null, link?: HTMLAnchorElement | null) => void} */
  const open = (article, at, from, link = null) => {
    const message = messageOf(article);
    opened?.close();
    if (!article || !message) return;
    opened = new Menu(itemsFor(message, article, link), from);
    opened.open(at);
  };

  document.addEventListener("contextmenu", (event) => {
    const article = closest(event, "article[data-message]");
    if (!article || (event.shiftKey && isByMouse(event))) return;
    event.preventDefault();
    const link = closest(event, "a[href]");
    open(article, placeOf(event, article), document.activeElement, link instanceof HTMLAnchorElement ? link : null);
  });
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-more]");
    if (!button) return;
    const { right, bottom } = button.getBoundingClientRect();
    open(button.closest("article[data-message]"), { x: right, y: bottom }, button);
  });
}

/** @type {(event: MouseEvent) => boolean} */
function isByMouse(event) {
  return event.button === 2;
}

/**
 * A menu that was asked for by keyboard stands at what has the focus.
 * @type {(event: MouseEvent, article: HTMLElement) => { x: number, y: number }}
 */
function placeOf(event, article) {
  if (isByMouse(event)) return { x: event.clientX, y: event.clientY };
  const { activeElement } = document;
  const focused = activeElement && article.contains(activeElement) ? activeElement : article;
  const { left, top } = focused.getBoundingClientRect();
  return { x: left + 48, y: Math.max(0, top) + 24 };
}
