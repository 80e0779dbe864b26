/** The box for plain text: it grows, counts, and offers commands and mentions while they are typed. */

import { announce, h } from "../core/dom.js";
import { announceCount } from "./suggestions.js";
import { lengthOf } from "./search.js";
import { currentView, state } from "../core/state.js";
import { mentionAt, written } from "./mentions.js";
import { findCommands, readCommand } from "./slash.js";
import { number, t } from "../core/words.js";

/** @import { SlashCommand } from "./slash.js" */
/** @import { Item, Offer, Suggestions } from "./suggestions.js" */

/**
 * @typedef {object} Hooks
 * @property {() => void} changed
 * @property {() => void} send
 * @property {(command: SlashCommand, texts: Map<string, string>) => void} command
 */

const WARN_BEFORE = 200;

/** The text area; `hooks` are `changed()`, `send()` and `command(command, texts)` when a command is chosen. */
export class TextBox {
  /**
   * @param {Suggestions} list
   * @param {Hooks} hooks
   */
  constructor(list, hooks) {
    this.list = list;
    this.hooks = hooks;
    /** @type {Map<string, string>} */
    this.mentions = new Map();
    /** @type {HTMLTextAreaElement} */
    this.area = h("textarea", {
      id: "text",
      rows: 1,
      dir: "auto",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-describedby": "counter",
      oninput: (event) => this.typed(event),
      onkeydown: (event) => this.key(event),
      onclick: () => this.suggest(),
      onblur: (event) => this.blurred(event),
    });
    this.root = h("span", { class: "grow plain" }, this.area);
    this.counter = h("span", { id: "counter", class: "counter" });
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.grown();
  }

  /** The text as it is sent. */
  get written() {
    return written(this.text.trim(), this.mentions);
  }

  /** By how much the text is too long, in characters. */
  get excess() {
    return lengthOf(this.written) - this.most;
  }

  get most() {
    return state.view?.limits?.text ?? 2000;
  }

  /**
   * Let people write, or tell them why they cannot.
   * @type {(isAllowed: boolean, placeholder: string) => void}
   */
  allow(isAllowed, placeholder) {
    this.area.disabled = !isAllowed;
    this.area.placeholder = placeholder;
    this.area.setAttribute("aria-label", placeholder);
    this.grown();
  }

  focus() {
    this.area.focus();
    this.area.setSelectionRange(this.text.length, this.text.length);
  }

  /** Offer what the text before the caret may become. */
  suggest() {
    if (this.text.startsWith("/") && !this.text.includes("\n")) this.suggestCommands();
    else this.suggestMentions();
  }

  suggestCommands() {
    const items = findCommands(this.text).map((command) => ({
      value: command,
      label: `/${command.title}`,
      note: command.description,
      aside: currentView().bot?.name,
    }));
    this.offer(items, {
      heading: t("Commands"),
      note: currentView().commands?.length ? "" : t("The bot has registered no commands that you may use here."),
      onpick: ({ value }) => this.hooks.command(value, readCommand(this.text)?.texts ?? new Map()),
    });
  }

  suggestMentions() {
    const { selectionStart: caret, selectionEnd: end } = this.area;
    const mention = caret === end ? mentionAt(this.text, caret) : null;
    if (!mention?.items.length) {
      this.list.close();
      return;
    }
    this.offer(mention.items, {
      onpick: (item) => {
        this.mentions.set(item.label, item.mention);
        this.area.setRangeText(`${item.label} `, caret - mention.typed.length, caret, "end");
        this.grown();
      },
    });
  }

  /**
   * @template {Item<unknown>} T
   * @param {T[]} items
   * @param {Offer<T>} options
   */
  offer(items, options) {
    const before = this.list.input === this.area ? this.list.items.length : 0;
    this.list.open(this.area, items, options);
    if (items.length !== before) announceCount(items.length);
  }

  /** @type {(event: Event) => void} */
  typed(event) {
    this.grown();
    this.hooks.changed();
    if (!(event instanceof InputEvent) || event.isComposing) return;
    const named = this.namesCommand(event) ? readCommand(this.text) : null;
    if (named) this.hooks.command(named.command, named.texts);
    else this.suggest();
  }

  /**
   * Whether a whole command has just been typed, "/quota set ", or pasted; taking text away never starts one.
   * @type {(event: InputEvent) => boolean}
   */
  namesCommand(event) {
    if (!this.text.startsWith("/") || this.text.includes("\n")) return false;
    if (event.inputType === "insertFromPaste") return true;
    const isAtEnd = this.area.selectionStart === this.text.length;
    return event.inputType.startsWith("insert") && this.text.endsWith(" ") && isAtEnd;
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    if (event.isComposing) return;
    if (this.list.input === this.area && this.list.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.hooks.send();
    }
  }

  /** @type {(event: FocusEvent) => void} */
  blurred(event) {
    if (this.list.input === this.area && !this.list.takes(event)) this.list.close();
  }

  grown() {
    this.root.dataset.text = this.text || this.area.placeholder;
    const left = this.most - lengthOf(this.written);
    const wasOver = this.counter.classList.contains("over");
    this.counter.textContent = left <= WARN_BEFORE ? number(left) : "";
    this.counter.classList.toggle("over", left < 0);
    if (left < 0 && !wasOver) announce(t("The message is too long."));
  }
}
