/** The context menu of a message: right click, the menu key, or the "More" button. */

import { itemsFor } from "./items.js";
import { Menu } from "./popup.js";
import { messageOf } from "../chat/message.js";

/** Open a menu wherever somebody asks for one of a message. */
export function startMenus() {
  let opened = null;
  const open = (article, at, from, link = null) => {
    const message = messageOf(article);
    opened?.close();
    if (!message) return;
    opened = new Menu(itemsFor(message, article, link), from);
    opened.open(at);
  };

  document.addEventListener("contextmenu", (event) => {
    const article = event.target.closest?.("article[data-message]");
    if (!article || event.shiftKey && isByMouse(event)) return;
    event.preventDefault();
    open(article, placeOf(event, article), document.activeElement, event.target.closest("a[href]"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-more]");
    if (!button) return;
    const { right, bottom } = button.getBoundingClientRect();
    open(button.closest("article[data-message]"), { x: right, y: bottom }, button);
  });
}

function isByMouse(event) {
  return event.button === 2;
}

/** A menu that was asked for by keyboard stands at what has the focus. */
function placeOf(event, article) {
  if (isByMouse(event)) return { x: event.clientX, y: event.clientY };
  const focused = article.contains(document.activeElement) ? document.activeElement : article;
  const { left, top } = focused.getBoundingClientRect();
  return { x: left + 48, y: Math.max(0, top) + 24 };
}
