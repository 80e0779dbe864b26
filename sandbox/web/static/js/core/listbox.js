/** A list to choose from, opened by a button that keeps the focus, as native selects work. */

import { byId, freshId, h } from "./dom.js";
import { icon } from "./icons.js";

const TYPING_MS = 700;
const GAP = 4;

let opened = null;

/**
 * Open the list of a button, or close it when it is open.
 * With `high` 1 the first choice closes it; otherwise choices are switched on and off until it is closed.
 * `done` is called with the values when they changed and are no fewer than `low`.
 */
export function toggleListbox(button, choice) {
  const again = opened?.button === button;
  opened?.close();
  if (!again) opened = new Listbox(button, choice);
}

/** Whether a key opens the list of the button that it is pressed on, as with native selects. */
export function opensListbox({ key, target }) {
  return (key === "ArrowDown" || key === "ArrowUp") && target.getAttribute("aria-expanded") === "false";
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

  constructor(button, choice) {
    this.button = button;
    this.#choice = choice;
    this.#values = [...choice.picked];
    this.#items = choice.options.map((option) => this.#item(option));
    const label = button.getAttribute("aria-label");
    const attributes = { id: freshId("listbox"), class: "listbox", role: "listbox", popover: "manual", "aria-label": label };
    this.#box = h("div", attributes, this.#items.length ? this.#items : h("p", {}, "There is nothing to choose."));
    if (choice.high > 1) this.#box.setAttribute("aria-multiselectable", "true");
    (button.closest("dialog") ?? byId("overlays")).append(this.#box);
    this.#box.showPopover();
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-controls", this.#box.id);
    button.focus();
    this.#listen();
    this.#stand();
    this.#go(Math.max(0, choice.options.findIndex(({ value }) => this.#values.includes(value))));
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
    const outside = ({ target }) => !this.#box.contains(target) && !this.button.contains(target) && this.close();
    document.addEventListener("pointerdown", outside, { signal });
    document.addEventListener("scroll", (event) => event.target !== this.#box && this.#stand(), { signal, capture: true });
    addEventListener("resize", () => this.#stand(), { signal });
    this.button.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.button.addEventListener("blur", () => this.close(), { signal });
    this.#box.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#box.addEventListener("click", ({ target }) => this.#take(this.#items.indexOf(target.closest("[role=option]"))), { signal });
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

  #key(event) {
    const last = this.#items.length - 1;
    const steps = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1, Home: 0, End: last, PageDown: this.#at + 8, PageUp: this.#at - 8 };
    if (event.key in steps) this.#go(Math.max(0, Math.min(last, steps[event.key])));
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

  #type(letter) {
    this.#typed = (this.#typing() ? this.#typed : "") + letter.toLowerCase();
    this.#typedAt = Date.now();
    const found = this.#choice.options.findIndex(({ label }) => label.replace(/^[@#]/, "").toLowerCase().startsWith(this.#typed));
    if (found >= 0) this.#go(found);
  }

  #go(place) {
    this.#items[this.#at]?.classList.remove("active");
    this.#at = place;
    const item = this.#items[place];
    if (!item) return;
    item.classList.add("active");
    item.scrollIntoView({ block: "nearest" });
    this.button.setAttribute("aria-activedescendant", item.id);
  }

  #take(place) {
    if (!this.#items[place]) return;
    const { value } = this.#choice.options[place];
    const had = this.#values.includes(value);
    this.#go(place);
    if (this.#choice.high === 1) {
      this.#values = had && this.#choice.low === 0 ? [] : [value];
      this.close();
    } else if (had) {
      this.#mark(place, this.#values.filter((one) => one !== value));
    } else if (this.#values.length < this.#choice.high) {
      this.#mark(place, [...this.#values, value]);
    }
  }

  #mark(place, values) {
    this.#values = values;
    const { value } = this.#choice.options[place];
    this.#items[place].setAttribute("aria-selected", String(values.includes(value)));
  }

  #item(option) {
    const selected = String(this.#values.includes(option.value));
    const attributes = { id: freshId("option"), role: "option", "aria-selected": selected, "data-value": option.value };
    return h("div", attributes, this.#choice.drawOption(option), h("span", { class: "mark" }, icon("check")));
  }
}
