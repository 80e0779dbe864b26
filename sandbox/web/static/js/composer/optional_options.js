/** The end of a command: where further options are chosen, and where Enter sends what is there. */

import { freshId, h } from "../core/dom.js";
import { rank } from "./search.js";
import { combobox } from "./choice_option.js";
import { localDescription, localName } from "./slash.js";
import { t, tn } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { Reading } from "./options.js" */
/** @import { Suggestions } from "./suggestions.js" */

/** An input after the last option; `missing` gives the options that can be added, `onpick` gets the chosen one. */
export class AddOptionField {
  /**
   * @param {() => CommandOption[]} missing
   * @param {(option: CommandOption) => void} onpick
   */
  constructor(missing, onpick) {
    this.missing = missing;
    this.onpick = onpick;
    this.problem = "";
    this.target = combobox();
    this.target.id = freshId("more");
    this.grow = h("span", { class: "grow" }, this.target);
    this.problemNote = h("span", { class: "unseen", id: `${this.target.id}-problem` });
    this.target.setAttribute("aria-describedby", this.problemNote.id);
    this.root = h("span", { class: "more" }, this.grow, this.problemNote);
    this.target.addEventListener("input", () => this.typed());
  }

  /** It stands for none. */
  get option() {
    return null;
  }

  get title() {
    return "";
  }

  get description() {
    return "";
  }

  get text() {
    return this.target.value;
  }

  get isEmpty() {
    return !this.text;
  }

  get isAtStart() {
    return this.target.selectionStart === 0 && this.target.selectionEnd === 0;
  }

  get isAtEnd() {
    return this.target.selectionStart === this.text.length;
  }

  focus() {
    this.target.focus();
  }

  /** Say how many options there still are. */
  draw() {
    const count = this.missing().length;
    this.target.value = "";
    this.target.placeholder = count ? tn("+{count} more", "+{count} more", count) : "";
    const label = count ? tn("{count} more option", "{count} more options", count) : t("End of the command");
    this.target.setAttribute("aria-label", label);
    this.typed();
  }

  /** @type {(list: Suggestions) => void} */
  suggest(list) {
    const items = rank(this.missing(), this.text, (option) => [localName(option), option.name]).map((option) => ({
      value: option,
      label: localName(option),
      note: localDescription(option),
    }));
    list.open(this.target, items, {
      heading: t("Options"),
      note: !this.isEmpty && !items.length ? t("There is no such option.") : "",
      first: !this.isEmpty,
      onpick: ({ value }) => this.onpick(value),
    });
  }

  /** @type {(problem: string) => void} */
  complain(problem) {
    this.problem = problem;
    this.problemNote.textContent = problem;
    this.root.classList.toggle("wrong", Boolean(problem));
  }

  settle() {}

  /** @type {() => Reading} */
  read() {
    return this.isEmpty ? {} : { problem: t("There is no such option; take it out, or choose one of the list.") };
  }

  /** "motion:" names an option as clearly as a choice from the list. */
  typed() {
    const name = this.text.endsWith(":") ? this.text.slice(0, -1).trim() : null;
    const named = name && this.missing().find((option) => localName(option) === name || option.name === name);
    this.grow.dataset.text = this.text || this.target.placeholder;
    this.complain("");
    if (named) this.onpick(named);
  }
}
