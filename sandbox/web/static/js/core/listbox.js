/** A list to choose from, opened by a button that keeps the focus, as native selects work. */

import { byId, closest, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

/** @import { Child } from "./dom.js" */

/**
 * @typedef {import("./wire.js").SelectOption} Option
 * @typedef {object} Choice
 * @property {Option[]} options
 * @property {string[]} picked
 * @property {number} low
 * @property {number} high
 * @property {(option: Option) => Child} drawOption
 * @property {(values: string[]) => void} done
 */

const TYPING_MS = 700;
const GAP = 4;

/** @type {Listbox | null} */
let opened = null;

/**
 * Open the list of a button, or close it when it is open.
 * With `high` 1 the first choice closes it; otherwise choices are switched on and off until it is closed.
 * `done` is called with the values when they changed and are no fewer than `low`.
 * /
 * @type {(button: HTMLElement, choice: Choice) => void}
 */
export function toggleListbox(button, choice) {
  const again = opened?.button === button;
  opened?.close();
  if (!again) opened = new Listbox(button, choice);
}

/**
 * Whether a key opens the list of the button that it is pressed on, as with native selects.
 * @type {(event: KeyboardEvent) => boolean}
 */
export function opensListbox({ key, target }) {
  if (key !== "ArrowDown" && key !== "ArrowUp") return false;
  return target instanceof Element && target.getAttribute("aria-expanded") === "false";
}

class Listbox {
  #choice;
  #values;
  #items;
  #box;
  #at = 0;
  #typed = "";
  #typedAt = 0;
  #ended = new AbortController();

  /**
   * @param {HTMLElement} button
   * @param {Choice} choice
   */
  constructor(button, choice) {
    this.button = button;
    /** @type {Choice} */
    this.#choice = choice;
    /** @type {string[]} */
    this.#values = [...choice.picked];
    /** @type {HTMLElement[]} */
    this.#items = choice.options.map((option) => this.#item(option));
    const label = button.getAttribute("aria-label");
    const attributes = {
      id: freshId("listbox"),
      class: "listbox",
      role: "listbox",
      popover: "manual",
      "aria-label": label,
    };
    /** @type {HTMLElement} */
    this.#box = h("div", attributes, this.#items.length ? this.#items : h("p", {}, t("There is nothing to choose.")));
    if (choice.high > 1) this.#box.setAttribute("aria-multiselectable", "true");
    (button.closest("dialog") ?? byId("overlays")).append(this.#box);
    this.#box.showPopover();
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-controls", this.#box.id);
    button.focus();
    this.#listen();
    this.#stand();
    this.#go(
      Math.max(
        0,
        choice.options.findIndex(({ value }) => this.#values.includes(value)),
      ),
    );
  }

  close() {
    this.#ended.abort();
    this.#box.remove();
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-controls");
    this.button.removeAttribute("aria-activedescendant");
    opened = null;
    const before = this.#choice.picked;
    const changed = this.#values.length !== before.length || this.#values.some((value) => !before.includes(value));
    if (changed && this.#values.length >= this.#choice.low) this.#choice.done(this.#values);
  }

  #listen() {
    const { signal } = this.#ended;
    /** @type {(event: PointerEvent) => void} */
    const outside = ({ target }) => {
      const inside = target instanceof Node && (this.#box.contains(target) || this.button.contains(target));
      if (!inside) this.close();
    };
    document.addEventListener("pointerdown", outside, { signal });
    document.addEventListener("scroll", (event) => event.target !== this.#box && this.#stand(), {
      signal,
      capture: true,
    });
    addEventListener("resize", () => this.#stand(), { signal });
    this.button.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.button.addEventListener("blur", () => this.close(), { signal });
    this.#box.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#box.addEventListener(
      "click",
      (event) => this.#take(this.#items.findIndex((item) => item === closest(event, "[role=option]"))),
      {
        signal,
      },
    );
  }

  /** Stand below the button, or above it where there is more room. */
  #stand() {
    if (!this.button.isConnected) {
      this.close();
      return;
    }
    const { left, top, bottom, width } = this.button.getBoundingClientRect();
    const below = innerHeight - bottom > Math.min(320, top);
    const { style } = this.#box;
    style.left = `${left}px`;
    style.width = `${width}px`;
    style.top = below ? `${bottom + GAP}px` : "auto";
    style.bottom = below ? "auto" : `${innerHeight - top + GAP}px`;
    style.maxHeight = `${Math.min(320, (below ? innerHeight - bottom : top) - 2 * GAP)}px`;
  }

  /** @type {(event: KeyboardEvent) => void} */
  #key(event) {
    const last = this.#items.length - 1;
    /** @type {Record<string, number>} */
    const steps = {
      ArrowDown: this.#at + 1,
      ArrowUp: this.#at - 1,
      Home: 0,
      End: last,
      PageDown: this.#at + 8,
      PageUp: this.#at - 8,
    };
    const step = steps[event.key];
    if (step !== undefined) this.#go(Math.max(0, Math.min(last, step)));
    else if (event.key === "Enter" || (event.key === " " && !this.#typing())) this.#take(this.#at);
    else if (event.key === "Escape") this.close();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) this.#type(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #typing() {
    return this.#typed && Date.now() - this.#typedAt < TYPING_MS;
  }

  /** @type {(letter: string) => void} */
  #type(letter) {
    this.#typed = (this.#typing() ? this.#typed : "") + letter.toLowerCase();
    this.#typedAt = Date.now();
    const found = this.#choice.options.findIndex(({ label }) =>
      label.replace(/^[@#]/, "").toLowerCase().startsWith(this.#typed),
    );
    if (found >= 0) this.#go(found);
  }

  /** @type {(index: number) => void} */
  #go(index) {
    this.#items[this.#at]?.classList.remove("active");
    this.#at = index;
    const item = this.#items[index];
    if (!item) return;
    item.classList.add("active");
    item.scrollIntoView({ block: "nearest" });
    this.button.setAttribute("aria-activedescendant", item.id);
  }

  /** @type {(index: number) => void} */
  #take(index) {
    const option = this.#choice.options[index];
    if (!option) return;
    const { value } = option;
    const had = this.#values.includes(value);
    this.#go(index);
    if (this.#choice.high === 1) {
      this.#values = had && this.#choice.low === 0 ? [] : [value];
      this.close();
    } else if (had) {
      this.#mark(
        index,
        this.#values.filter((one) => one !== value),
      );
    } else if (this.#values.length < this.#choice.high) {
      this.#mark(index, [...this.#values, value]);
    }
  }

  /** @type {(index: number, values: string[]) => void} */
  #mark(index, values) {
    this.#values = values;
    const option = this.#choice.options[index];
    if (option) this.#items[index]?.setAttribute("aria-selected", String(values.includes(option.value)));
  }

  /** @type {(option: Option) => HTMLElement} */
  #item(option) {
    const selected = String(this.#values.includes(option.value));
    const attributes = { id: freshId("option"), role: "option", "aria-selected": selected, "data-value": option.value };
    return h("div", attributes, this.#choice.drawOption(option), h("span", { class: "mark" }, icon("check")));
  }
}
