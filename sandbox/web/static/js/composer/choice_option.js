/** Options whose value is chosen from a list: set choices, True or False, people, roles and channels. */

import { h } from "../core/dom.js";
import { entitiesOf, findEntities } from "./mentionables.js";
import { fold, rank } from "./search.js";
import { TypedField } from "./option_field.js";
import { BOOLEAN, CHANNEL, MENTIONABLE, ROLE, USER, notAChoice } from "./options.js";
import { localName } from "./slash.js";
import { t } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { Kind } from "./mentionables.js" */
/** @import { Reading } from "./options.js" */
/** @import { Item, Suggestions } from "./suggestions.js" */

/** @typedef {Item<string | number | boolean> & { mention?: string, handle?: string }} ChoiceItem */

/** @type {Record<number, Kind>} */
const ENTITIES = { [USER]: "users", [ROLE]: "roles", [CHANNEL]: "channels", [MENTIONABLE]: "mentionables" };

/**
 * Whether an option is chosen from a list that is known beforehand.
 * @type {(option: CommandOption) => boolean}
 */
export function isChosen(option) {
  return option.type === BOOLEAN || option.type in ENTITIES || Boolean(option.choices?.length);
}

/** Make an input that has a list of suggestions. */
export function combobox() {
  return h("input", {
    type: "text",
    role: "combobox",
    size: 1,
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-haspopup": "listbox",
  });
}

/** An option that takes one item of a list, and nothing else; `onpick` is called when one was taken. */
export class ChoiceField extends TypedField {
  /**
   * @param {CommandOption} option
   * @param {() => void} onpick
   */
  constructor(option, onpick) {
    super(option, combobox());
    this.onpick = onpick;
    /** @type {ChoiceItem | null} */
    this.chosen = null;
    this.root.classList.add("chosen-from-list");
  }

  set text(text) {
    super.text = text;
    this.settle();
  }

  get text() {
    return super.text;
  }

  typed() {
    if (this.chosen?.label !== this.text) this.chosen = null;
    super.typed();
  }

  /** @type {(list: Suggestions) => void} */
  suggest(list) {
    const all = this.items();
    const items = this.chosen ? all : this.find(all);
    list.open(this.target, items, {
      heading: this.title,
      note: items.length ? "" : t("No choices match what is typed."),
      first: !this.chosen,
      onpick: (item) => {
        this.choose(item);
        this.onpick();
      },
    });
  }

  /** Take what was typed for an item when it names one in full. */
  settle() {
    if (this.chosen || this.isEmpty) return;
    const typed = this.text.trim();
    const items = this.items();
    const namesOf = (/** @type {ChoiceItem} */ { label, handle, mention, value }) => [
      label,
      handle,
      mention,
      String(value),
    ];
    const named = items.find((item) => namesOf(item).includes(typed));
    const alike = items.filter(({ label }) => fold(label) === fold(typed));
    const found = named ?? (alike.length === 1 ? alike[0] : this.onlyEntity(typed));
    if (found) this.choose(found);
  }

  /** @type {() => Reading} */
  read() {
    this.settle();
    if (this.isEmpty) return {};
    return this.chosen ? { value: this.chosen.value } : { problem: notAChoice(this.option) };
  }

  /**
   * What was chosen may be called otherwise in this form's language.
   * @override
   * @type {(old: TypedField) => void}
   */
  takeOver(old) {
    const value = old instanceof ChoiceField ? old.chosen?.value : undefined;
    const item = this.items().find((one) => one.value === value);
    if (item) this.choose(item);
    else super.takeOver(old);
  }

  /** @type {(item: ChoiceItem) => void} */
  choose(item) {
    this.input.value = item.label;
    this.chosen = item;
    this.typed();
  }

  /** @type {() => ChoiceItem[]} */
  items() {
    const { type, choices, channel_types: channelTypes } = this.option;
    const kind = ENTITIES[type];
    if (kind) return entitiesOf(kind, { channelTypes });
    if (type === BOOLEAN) {
      return [
        { value: true, label: t("True") },
        { value: false, label: t("False") },
      ];
    }
    return (choices ?? []).map((choice) => ({ value: choice.value, label: localName(choice) }));
  }

  /** @type {(all: ChoiceItem[]) => ChoiceItem[]} */
  find(all) {
    if (this.option.type in ENTITIES) return findEntities(all, this.text.trim());
    return rank(all, this.text, (item) => [item.label]);
  }

  /**
   * "@leo" and "leo" name Leo, if nobody else is called so.
   * @type {(typed: string) => ChoiceItem | null}
   */
  onlyEntity(typed) {
    if (!(this.option.type in ENTITIES)) return null;
    const bare = fold(typed.replace(/^[@#]/, ""));
    const named = this.items().filter((item) => fold(item.label.slice(1)) === bare || fold(item.handle ?? "") === bare);
    return (named.length === 1 ? named[0] : null) ?? null;
  }
}
