/** Options that the bot completes while they are typed; what is typed may also be sent as it stands. */

import { announceCount } from "./suggestions.js";
import { ask } from "../core/socket.js";
import { combobox } from "./choice_option.js";
import { TypedField } from "./option_field.js";
import { t } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { CommandForm } from "./command.js" */
/** @import { Reading } from "./options.js" */
/** @import { Item, Suggestions } from "./suggestions.js" */

const QUIET_MS = 200;

/** An option with autocomplete; `form` tells the command and the values of the other options. */
export class AutocompleteField extends TypedField {
  /**
   * @param {CommandOption} option
   * @param {CommandForm} form
   * @param {() => void} onpick
   */
  constructor(option, form, onpick) {
    super(option, combobox());
    this.form = form;
    this.onpick = onpick;
    /** @type {Item<string | number> | null} */
    this.chosen = null;
    this.asked = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  typed() {
    if (this.chosen?.label !== this.text) this.chosen = null;
    super.typed();
  }

  /** @type {(list: Suggestions) => void} */
  suggest(list) {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.chosen) {
      list.close();
      return;
    }
    // What stands there is about an earlier text: it must not be chosen by mistake.
    list.open(this.target, [], { note: t("Loading options…") });
    this.timer = setTimeout(() => this.load(list, this.asked), QUIET_MS);
  }

  /**
   * @override
   * @type {(old: TypedField) => void}
   */
  takeOver(old) {
    super.takeOver(old);
    this.chosen = old instanceof AutocompleteField ? old.chosen : null;
  }

  settle() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  /** @type {() => Reading} */
  read() {
    return this.chosen ? { value: this.chosen.value } : super.read();
  }

  /** @type {(list: Suggestions, asked: number) => Promise<void>} */
  async load(list, asked) {
    const options = { ...this.form.filledIn(), [this.option.name]: this.typedValue() };
    /** @type {Item<string | number>[]} */
    let items = [];
    let note = "";
    try {
      const { choices } = await ask("autocomplete", { command: this.form.words, focused: this.option.name, options });
      items = choices.map(({ name, value }) => ({ label: name, value }));
      note = items.length ? "" : t("No options match your search.");
    } catch {
      note = t("Loading options failed");
    }
    if (asked !== this.asked || document.activeElement !== this.target) return;
    list.open(this.target, items, {
      heading: this.title,
      note,
      first: false,
      onpick: (item) => this.choose(item),
    });
    if (items.length) announceCount(items.length);
  }

  /** @type {(item: Item<string | number>) => void} */
  choose(item) {
    this.input.value = item.label;
    this.chosen = item;
    this.typed();
    this.onpick();
  }

  /** The bot gets a number where one is typed; half of one is sent as it stands. */
  typedValue() {
    const { value } = super.read();
    return value ?? this.text;
  }
}
