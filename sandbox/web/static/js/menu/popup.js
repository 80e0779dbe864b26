/** A menu as it stands on the page: walked through by keys, closed by everything else. */

import { byId, freshId, h } from "../core/dom.js";
import { t } from "../core/words.js";

/** @typedef {{ label: string, group?: string, danger?: boolean, act: (event: MouseEvent) => void }} Item */

const EDGE = 8;

/** A menu of `{ label, group, danger, act }`; `from` gets the focus back. */
export class Menu {
  /**
   * @param {Item[]} items
   * @param {Element | null} from
   */
  constructor(items, from) {
    this.from = from;
    this.buttons = items.map((item) => this.buttonOf(item));
    this.ended = new AbortController();
    this.root = h(
      "div",
      { id: "menu", role: "menu", "aria-label": t("Message"), tabindex: "-1" },
      sections(items, this.buttons),
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * Open it at a point, or as near to it as the window has room.
   * @type {(at: { x: number, y: number }) => void}
   */
  open({ x, y }) {
    byId("chat").append(this.root); // inside a landmark
    const { width, height } = this.root.getBoundingClientRect();
    this.root.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`;
    this.root.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`;
    this.focus(0);
    const { signal } = this.ended;
    /** @type {(event: Event) => void} */
    const leave = ({ target }) => {
      if (!(target instanceof Node && this.root.contains(target))) this.close();
    };
    document.addEventListener("pointerdown", leave, { signal, capture: true });
    document.addEventListener("wheel", leave, { signal, capture: true });
    addEventListener("resize", () => this.close(), { signal });
    addEventListener("blur", () => this.close(), { signal });
  }

  /** @type {(how?: { refocus?: boolean }) => void} */
  close({ refocus = false } = {}) {
    this.ended.abort();
    const hadFocus = this.root.contains(document.activeElement);
    this.root.remove();
    if ((refocus || hadFocus) && this.from instanceof HTMLElement) this.from.focus({ preventScroll: true });
  }

  /** @type {(index: number) => void} */
  focus(index) {
    const count = this.buttons.length;
    this.buttons[(index + count) % count]?.focus();
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const at = this.buttons.findIndex((button) => button === document.activeElement);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    if (step !== undefined) this.focus(step);
    else if (event.key === "Escape" || event.key === "Tab") this.close({ refocus: true });
    else if (event.key.length === 1 && event.key !== " ") this.find(event.key, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Go to the next item that begins with a letter.
   * @type {(letter: string, at: number) => void}
   */
  find(letter, at) {
    const order = [...this.buttons.keys()].map((step) => (at + 1 + step) % this.buttons.length);
    const found = order.find((index) =>
      this.buttons[index]?.textContent.toLowerCase().startsWith(letter.toLowerCase()),
    );
    if (found !== undefined) this.focus(found);
  }

  /** @type {(item: Item) => HTMLButtonElement} */
  buttonOf({ label, danger, act }) {
    const chosen = (/** @type {MouseEvent} */ event) => {
      this.close({ refocus: true });
      act(event);
    };
    const attributes = { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null };
    /** @type {(event: MouseEvent) => void} */
    const focus = ({ target }) => target instanceof HTMLElement && target.focus();
    return h("button", { ...attributes, onclick: chosen, onmouseenter: focus }, label);
  }
}

/**
 * Put items of a group together under its title.
 * @type {(items: Item[], buttons: HTMLElement[]) => HTMLElement[]}
 */
function sections(items, buttons) {
  const groups = [...new Set(items.map(({ group }) => group))];
  return groups.map((group) => {
    const own = buttons.filter((_, index) => items[index]?.group === group);
    if (!group) return h("div", { role: "group", "aria-label": t("Message") }, own);
    const id = freshId("menu");
    return h("div", { role: "group", "aria-labelledby": id }, h("p", { id, class: "menu-title" }, group), own);
  });
}
