/** A command that is being written: its name, one field for each option, and a place to add more of them. */

import { freshId, h, sentenceOf } from "../core/dom.js";
import { ask } from "../core/socket.js";
import { currentView } from "../core/state.js";
import { ChoiceField, isChosen } from "./choice_option.js";
import { AutocompleteField } from "./autocomplete_option.js";
import { TypedField } from "./option_field.js";
import { AddOptionField } from "./optional_options.js";
import { ATTACHMENT } from "./options.js";
import { FileField } from "./file_option.js";
import { t } from "../core/words.js";

/** @import { CommandOption } from "../core/wire.js" */
/** @import { Upload } from "../files/upload.js" */
/** @import { SlashCommand } from "./slash.js" */
/** @import { Suggestions } from "./suggestions.js" */

/**
 * @typedef {TypedField | FileField} Field
 * @typedef {Field | AddOptionField} Stop
 */

/**
 * @typedef {object} Hooks
 * @property {(stop: Stop) => void} about
 * @property {() => void} sent
 * @property {(sentence: string) => void} refused
 * @property {(text: string) => void} left
 */

/**
 * The form of one command. `list` shows suggestions, `hooks` are called with what happens: `about(field)` when another
 * option has the focus or a problem, `sent()`, `refused(sentence)`, and `left(text)` when it becomes plain text again.
 */
export class CommandForm {
  /**
   * @param {SlashCommand} command
   * @param {Suggestions} list
   * @param {Hooks} hooks
   */
  constructor(command, list, hooks) {
    this.command = command;
    this.words = command.words;
    this.locale = currentView().me.locale;
    this.list = list;
    this.hooks = hooks;
    this.isBusy = false;
    /** @type {Field[]} */
    this.fields = command.options.filter((option) => option.required).map((option) => this.fieldOf(option));
    this.more = new AddOptionField(
      () => this.missing(),
      (option) => this.add(option).focus(),
    );
    const nameId = freshId("command");
    this.root = h(
      "div",
      { class: "command", role: "group", "aria-labelledby": nameId },
      h("span", { class: "command-name", id: nameId }, `/${command.title}`),
      this.stops.map((stop) => stop.root),
    );
    this.root.addEventListener("focusin", (event) => this.entered(event));
    this.root.addEventListener("focusout", (event) => this.left(event));
    this.root.addEventListener("input", (event) => this.typed(event));
    this.more.draw();
  }

  /** All places that the focus walks through. */
  get stops() {
    return [...this.fields, this.more];
  }

  /**
   * The options that have no field yet.
   * @type {() => CommandOption[]}
   */
  missing() {
    const shown = new Set(this.fields.map((field) => field.option.name));
    return this.command.options.filter((option) => !shown.has(option.name));
  }

  /**
   * Give an option a field, unless it has one.
   * @type {(option: CommandOption) => Field}
   */
  add(option) {
    const known = this.fields.find((field) => field.option.name === option.name);
    if (known) return known;
    const field = this.fieldOf(option);
    this.fields.push(field);
    this.more.root.before(field.root);
    this.more.draw();
    return field;
  }

  /**
   * Take an option out that may be missing.
   * @type {(field: Field) => void}
   */
  remove(field) {
    field.discard();
    this.fields = this.fields.filter((one) => one !== field);
    field.root.remove();
    this.more.draw();
  }

  /**
   * Fill in texts by their options' names.
   * @type {(texts: Map<string, string>) => void}
   */
  fillIn(texts) {
    for (const [name, text] of texts) {
      const option = this.command.options.find((one) => one.name === name);
      const field = option && this.add(option);
      if (field instanceof TypedField) field.text = text;
    }
  }

  /**
   * Take over all that was filled into another form of the same command.
   * @type {(form: CommandForm) => void}
   */
  takeOver(form) {
    for (const old of form.fields) {
      const option = this.command.options.find((one) => one.name === old.option.name);
      const field = option && this.add(option);
      if (field instanceof TypedField && old instanceof TypedField) field.takeOver(old);
      const upload = field instanceof FileField && old instanceof FileField ? old.release() : null;
      if (upload && field instanceof FileField) field.take(upload);
    }
  }

  /**
   * Put uploads into slots: the focused one first, then those that are empty. Gives back those without a place.
   * @type {(uploads: Upload[]) => Upload[]}
   */
  takeFiles(uploads) {
    const left = [...uploads];
    const focused = this.focusedField();
    /** @type {FileField | null} */
    let last = null;
    /** @type {(slot: Stop | null) => void} */
    const put = (slot) => {
      const upload = slot instanceof FileField ? left.shift() : undefined;
      if (!(slot instanceof FileField) || !upload) return;
      slot.take(upload);
      last = slot;
    };
    for (const slot of [focused, ...this.fields]) {
      if (slot?.isEmpty || (slot === focused && last === null)) put(slot);
    }
    for (const option of this.missing().filter(({ type }) => type === ATTACHMENT)) {
      if (left.length) put(this.add(option));
    }
    /** @type {FileField | null} */ (last)?.focus();
    return left;
  }

  /**
   * The option that the next file would come into.
   * @type {() => CommandOption | null}
   */
  nextSlot() {
    const focused = this.focusedField();
    if (focused instanceof FileField) return focused.option;
    const empty = this.fields.find((field) => field instanceof FileField && field.isEmpty);
    return empty?.option ?? this.missing().find(({ type }) => type === ATTACHMENT) ?? null;
  }

  /** Put the focus where the next thing is to be typed. */
  focus() {
    const next = this.fields.find((field) => field.isEmpty && field.option.required);
    (next ?? this.more).focus();
  }

  /** @type {() => Stop | null} */
  focusedField() {
    return this.stops.find((stop) => stop.root.contains(document.activeElement)) ?? null;
  }

  /** The values that could be sent as they are. */
  filledIn() {
    const read = this.fields.map((field) => [field.option.name, field.read().value]);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined));
  }

  /** Send the command, or say what is wrong with it. */
  async send() {
    if (this.isBusy) return;
    this.busy(true);
    this.list.close();
    await Promise.all(this.fields.map((field) => (field instanceof FileField ? field.upload?.settled : undefined)));
    const wrong = this.stops.filter((stop) => {
      stop.complain(problemOf(stop));
      return stop.problem;
    });
    if (wrong[0]) {
      this.busy(false);
      wrong[0].focus();
      this.hooks.about(wrong[0]);
      return;
    }
    try {
      await ask("slash", { command: this.words, options: this.filledIn() });
      this.hooks.sent();
    } catch (refused) {
      this.hooks.refused(sentenceOf(refused));
    } finally {
      this.busy(false);
    }
  }

  /** Write the command as text, "/quota set target:@leo credits:4". */
  asText() {
    const options = this.fields.filter((field) => field.text.trim()).map(({ title, text }) => `${title}:${text}`);
    return [`/${this.command.title}`, ...options, this.more.text].join(" ").trimEnd();
  }

  /** Let go of the files in it. */
  discard() {
    this.list.close();
    for (const field of this.fields) field.discard();
  }

  /** @type {(isBusy: boolean) => void} */
  busy(isBusy) {
    this.isBusy = isBusy;
    this.root.setAttribute("aria-busy", String(isBusy));
  }

  /** @type {(option: CommandOption) => Field} */
  fieldOf(option) {
    const picked = () => this.focus();
    if (option.type === ATTACHMENT) return new FileField(option);
    if (isChosen(option)) return new ChoiceField(option, picked);
    if (option.autocomplete) return new AutocompleteField(option, this, picked);
    return new TypedField(option);
  }

  /** @type {(event: Event) => Stop | null} */
  stopOf(event) {
    const { target } = event;
    return this.stops.find((stop) => target instanceof Node && stop.root.contains(target)) ?? null;
  }

  /** @type {(event: FocusEvent) => void} */
  entered(event) {
    const stop = this.stopOf(event);
    if (!stop) return;
    this.hooks.about(stop);
    stop.suggest(this.list);
  }

  /** @type {(event: FocusEvent) => void} */
  left(event) {
    if (this.list.takes(event)) return;
    const stop = this.stopOf(event);
    stop?.settle();
    const { relatedTarget } = event;
    if (!(relatedTarget instanceof Node && this.root.contains(relatedTarget))) this.list.close();
  }

  /** @type {(event: Event) => void} */
  typed(event) {
    const stop = this.stopOf(event);
    // What was typed may have led to another option already.
    if (!stop || stop !== this.focusedField() || (event instanceof InputEvent && event.isComposing)) return;
    this.hooks.about(stop);
    stop.suggest(this.list);
  }
}

/** @type {(stop: Stop) => string} */
function problemOf(stop) {
  const { value, problem } = stop.read();
  if (problem) return problem;
  return value === undefined && stop.option?.required ? t("This option is required. Specify a value.") : "";
}
