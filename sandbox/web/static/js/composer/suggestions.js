/** The list above the composer: the input keeps the focus, the list shows what may come into it. */

import { announce, fill, h } from "../core/dom.js";
import { keepWorded, t, tn } from "../core/words.js";

/**
 * @template T
 * @typedef {object} Item
 * @property {T} value
 * @property {string} label
 * @property {string} [note]
 * @property {string} [aside]
 * @property {string | null} [color]
 */

/**
 * How a list stands there; `onpick` gets the item that is chosen, `first` makes Enter choose the first at once.
 * @template T
 * @typedef {{ onpick?: (item: T) => void, heading?: string, note?: string, first?: boolean }} Offer
 */

const PAGE = 8;

/**
 * One list for all inputs of the composer: `open` ties it to one until `close`, `key` handles that input's keys.
 * An item is `{ value, label, note, aside, color }`; all but the label may be missing.
 */
export class Suggestions {
  constructor() {
    this.heading = h("p", { class: "suggestions-heading", hidden: true });
    this.note = h("p", { class: "suggestions-note", role: "status", hidden: true });
    // Who goes into a list that scrolls finds the same keys there.
    this.list = h("div", {
      id: "suggestions",
      role: "listbox",
      tabindex: "0",
      hidden: true,
      onkeydown: (event) => !event.isComposing && this.key(event) && event.preventDefault(),
      onblur: (event) => this.left(event),
    });
    keepWorded(() => this.list.setAttribute("aria-label", t("Suggestions")));
    // A press on the list must not take the focus from the input.
    const keepFocus = (/** @type {MouseEvent} */ event) => event.preventDefault();
    const attributes = { class: "suggestions", hidden: true, onmousedown: keepFocus };
    this.root = h("div", attributes, this.heading, this.list, this.note);
    /** @type {HTMLElement | null} */
    this.input = null;
    /** @type {Item<unknown>[]} */
    this.items = [];
    this.active = -1;
    /** @type {(index: number) => void} */
    this.onpick = () => {};
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /**
   * Whether the focus goes from an input into its list, or stays there.
   * @type {(event: FocusEvent) => boolean}
   */
  takes({ relatedTarget }) {
    return relatedTarget instanceof Node && this.root.contains(relatedTarget);
  }

  /** @type {(event: FocusEvent) => void} */
  left(event) {
    if (event.relatedTarget !== this.input && !this.takes(event)) this.close();
  }

  /**
   * Show items for an input.
   * @template {Item<unknown>} T
   * @param {HTMLElement} input
   * @param {T[]} items
   * @param {Offer<T>} offer
   */
  open(input, items, { onpick = () => {}, heading = "", note = "", first = true }) {
    if (this.input !== input) this.close();
    this.input = input;
    this.items = items;
    this.onpick = (index) => {
      const item = items[index];
      if (item) onpick(item);
    };
    show(this.heading, items.length ? heading : "");
    show(this.note, note);
    this.list.hidden = !items.length;
    fill(
      this.list,
      items.map((item, index) => this.optionOf(item, index)),
    );
    this.root.hidden = !items.length && !note;
    tie(input, this.list, items.length > 0);
    this.activate(first && items.length ? 0 : -1);
  }

  close() {
    if (this.list === document.activeElement) this.input?.focus();
    if (!this.input) return;
    tie(this.input, this.list, false);
    for (const element of [this.input, this.list]) element.removeAttribute("aria-activedescendant");
    this.root.hidden = true;
    this.forget();
  }

  /**
   * Handle a key of the input; tells whether that was all there was to do about it.
   * @type {(event: KeyboardEvent) => boolean}
   */
  key(event) {
    if (!this.isOpen || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" || event.key === "Tab") return this.pick(this.active);
    else return this.go(event.key);
    return true;
  }

  /**
   * Home and End belong to the text until somebody has gone into the list.
   * @type {(key: string) => boolean}
   */
  go(key) {
    const last = this.items.length - 1;
    const at = this.active;
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1 };
    /** @type {Record<string, number>} */
    const leaps = { Home: 0, End: last, PageDown: Math.min(last, at + PAGE), PageUp: Math.max(0, at - PAGE) };
    const target = steps[key] ?? (at < 0 ? undefined : leaps[key]);
    if (target === undefined || last < 0) return false;
    this.activate(target);
    return true;
  }

  /** @type {(index: number) => boolean} */
  pick(index) {
    const { onpick } = this;
    if (index < 0) return false;
    this.close();
    onpick(index);
    return true;
  }

  /** @type {(index: number) => void} */
  activate(index) {
    const options = [...this.list.children];
    this.active = index;
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === index));
    for (const element of [this.input, this.list]) {
      if (index < 0) element?.removeAttribute("aria-activedescendant");
      else element?.setAttribute("aria-activedescendant", options[index]?.id ?? "");
    }
    options[index]?.scrollIntoView({ block: "nearest" });
  }

  /** @type {(item: Item<unknown>, index: number) => HTMLElement} */
  optionOf({ label, note, aside, color }, index) {
    const dot = color ? h("span", { class: "suggestion-dot" }) : null;
    if (dot && color) dot.style.background = color;
    return h(
      "div",
      {
        id: `suggestion-${index}`,
        role: "option",
        onclick: () => this.pick(index),
        onmousemove: () => this.active !== index && this.activate(index),
      },
      dot,
      h("span", { class: "suggestion-label" }, h("bdi", {}, label)),
      note && h("span", { class: "suggestion-note" }, note),
      aside && h("span", { class: "suggestion-aside" }, aside),
    );
  }

  forget() {
    this.input = null;
    this.items = [];
    this.active = -1;
    this.onpick = () => {};
  }
}

/**
 * Say how many suggestions there are, to those who do not see them.
 * @type {(count: number) => void}
 */
export function announceCount(count) {
  announce(count === 0 ? t("No suggestions.") : tn("{count} suggestion.", "{count} suggestions.", count));
}

/** @type {(element: HTMLElement, words: string) => void} */
function show(element, words) {
  element.textContent = words;
  element.hidden = !words;
}

/**
 * A text area may point at a list but, as ARIA has it, not say that it is expanded.
 * @type {(input: HTMLElement, list: HTMLElement, isExpanded: boolean) => void}
 */
function tie(input, list, isExpanded) {
  if (isExpanded) input.setAttribute("aria-controls", list.id);
  else input.removeAttribute("aria-controls");
  if (input.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", String(isExpanded));
}
