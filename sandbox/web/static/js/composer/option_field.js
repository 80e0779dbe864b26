/** One option of a command that is being written: its name, the input it is typed into, and what is wrong with it. */

import { freshId, h } from "../core/dom.js";
import { isNumeric, readTyped } from "./options.js";
import { localDescription, localName } from "./slash.js";
import { t } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { Reading } from "./options.js" */
/** @import { Suggestions } from "./suggestions.js" */

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLButtonElement} Target */

const NOT_IN_NUMBERS = /[^\d.,+-]/g;

/** What all options have in common; `target` is what gets the focus. */
export class OptionField {
  /**
   * @param {CommandOption} option
   * @param {Target} target
   * @param {HTMLElement} body
   */
  constructor(option, target, body) {
    const id = freshId("option");
    this.option = option;
    this.target = target;
    this.title = localName(option);
    this.description = localDescription(option);
    this.problem = "";
    this.problemNote = h("span", { class: "unseen", id: `${id}-problem` });
    target.id = id;
    target.setAttribute("aria-describedby", `${id}-about ${id}-problem`);
    // Buttons are neither required nor invalid to a screen reader: theirs is said in words.
    this.isInput = target.tagName !== "BUTTON";
    if (option.required && this.isInput) target.setAttribute("aria-required", "true");
    const about =
      this.isInput || !option.required
        ? this.description
        : t("{description} Required.", { description: this.description });
    this.root = h(
      "span",
      { class: "option", "data-option": option.name },
      h("label", { for: id }, this.title),
      body,
      h("span", { class: "unseen", id: `${id}-about` }, about),
      this.problemNote,
    );
  }

  /** @type {(atEnd?: boolean) => void} */
  focus() {
    this.target.focus();
  }

  /**
   * Show what is wrong, or with "" that nothing is.
   * @type {(problem: string) => void}
   */
  complain(problem) {
    this.problem = problem;
    this.problemNote.textContent = problem;
    this.root.classList.toggle("wrong", Boolean(problem));
    if (this.isInput) this.target.setAttribute("aria-invalid", String(Boolean(problem)));
  }

  /**
   * Offer suggestions in the form's list; most options have none.
   * @type {(list: Suggestions) => void}
   */
  suggest(list) {
    list.close();
  }

  /** Make the best of what was typed, once the focus is elsewhere. */
  settle() {}

  /** Let go of what the option holds. */
  discard() {}
}

/** An option that is typed: a text, or a number. */
export class TypedField extends OptionField {
  /**
   * @param {CommandOption} option
   * @param {HTMLInputElement | HTMLTextAreaElement} [input]
   */
  constructor(option, input = inputFor(option)) {
    const grow = h("span", { class: "grow" }, input);
    super(option, input, grow);
    this.input = input;
    this.grow = grow;
    input.addEventListener("input", () => this.typed());
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.typed();
  }

  get isEmpty() {
    return !this.text.trim();
  }

  get isAtStart() {
    return this.input.selectionStart === 0 && this.input.selectionEnd === 0;
  }

  get isAtEnd() {
    return this.input.selectionStart === this.text.length;
  }

  /**
   * Go into the input, at its end or at its start.
   * @override
   */
  focus(atEnd = true) {
    this.input.focus();
    const place = atEnd ? this.text.length : 0;
    this.input.setSelectionRange(place, place);
  }

  typed() {
    if (isNumeric(this.option) && !this.option.choices?.length && NOT_IN_NUMBERS.test(this.text)) {
      this.input.value = this.text.replace(NOT_IN_NUMBERS, "");
    }
    this.grow.dataset.text = this.text;
    this.complain("");
  }

  /**
   * Take over what stands in the same field of another form.
   * @type {(old: TypedField) => void}
   */
  takeOver(old) {
    this.text = old.text;
  }

  /** @type {() => Reading} */
  read() {
    return readTyped(this.option, this.text);
  }
}

/** @type {(option: CommandOption) => HTMLInputElement | HTMLTextAreaElement} */
function inputFor(option) {
  const common = { autocomplete: "off", dir: "auto" };
  if (!isNumeric(option)) return h("textarea", { ...common, rows: 1, cols: 1 });
  return h("input", { ...common, type: "text", inputmode: "decimal", size: 1, spellcheck: "false" });
}
