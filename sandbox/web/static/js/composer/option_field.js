/** One option of a command that is being written: its name, the input it is typed into, and what is wrong with it. */

import { freshId, h } from "../core/dom.js";
import { isNumeric, readTyped } from "./options.js";
import { localDescription, localName } from "./slash.js";

const NOT_IN_NUMBERS = /[^\d.,+-]/g;

/** What all options have in common; `target` is what gets the focus. */
export class Field {
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
    const about = this.isInput || !option.required ? this.description : `${this.description} Required.`;
    this.root = h(
      "span",
      { class: "option", "data-option": option.name },
      h("label", { for: id }, this.title),
      body,
      h("span", { class: "unseen", id: `${id}-about` }, about),
      this.problemNote,
    );
  }

  focus() {
    this.target.focus();
  }

  /** Show what is wrong, or with "" that nothing is. */
  complain(problem) {
    this.problem = problem;
    this.problemNote.textContent = problem;
    this.root.classList.toggle("wrong", Boolean(problem));
    if (this.isInput) this.target.setAttribute("aria-invalid", String(Boolean(problem)));
  }

  /** Offer suggestions in the form's list; most options have none. */
  suggest(list) {
    list.close();
  }

  /** Make the best of what was typed, once the focus is elsewhere. */
  settle() {}

  /** Let go of what the option holds. */
  discard() {}
}

/** An option that is typed: a text, or a number. */
export class TypedField extends Field {
  constructor(option, input = inputFor(option)) {
    const grow = h("span", { class: "grow" }, input);
    super(option, input, grow);
    this.grow = grow;
    input.addEventListener("input", () => this.typed());
  }

  get text() {
    return this.target.value;
  }

  set text(text) {
    this.target.value = text;
    this.typed();
  }

  get isEmpty() {
    return !this.text.trim();
  }

  get isAtStart() {
    return this.target.selectionStart === 0 && this.target.selectionEnd === 0;
  }

  get isAtEnd() {
    return this.target.selectionStart === this.text.length;
  }

  focus(atEnd = true) {
    this.target.focus();
    const place = atEnd ? this.text.length : 0;
    this.target.setSelectionRange(place, place);
  }

  typed() {
    if (isNumeric(this.option) && !this.option.choices?.length && NOT_IN_NUMBERS.test(this.text)) {
      this.target.value = this.text.replace(NOT_IN_NUMBERS, "");
    }
    this.grow.dataset.text = this.text;
    this.complain("");
  }

  read() {
    return readTyped(this.option, this.text);
  }
}

function inputFor(option) {
  const common = { autocomplete: "off", dir: "auto" };
  if (!isNumeric(option)) return h("textarea", { ...common, rows: 1, cols: 1 });
  return h("input", { ...common, type: "text", inputmode: "decimal", size: 1, spellcheck: "false" });
}
