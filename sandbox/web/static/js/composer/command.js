/** A command that is being written: its name, one field for each option, and a place to add more of them. */

import { freshId, h } from "../core/dom.js";
import { ask } from "../core/socket.js";
import { ChoiceField, isChosen } from "./choice_option.js";
import { CompleteField } from "./autocomplete_option.js";
import { TypedField } from "./option_field.js";
import { MoreField } from "./optional_options.js";
import { ATTACHMENT, REQUIRED } from "./options.js";
import { SlotField } from "./file_option.js";

/**
 * The form of one command. `list` shows suggestions, `hooks` are called with what happens: `about(field)` when another
 * option has the focus or a problem, `sent()`, `refused(sentence)`, and `left(text)` when it becomes plain text again.
 */
export class CommandForm {
  constructor(command, list, hooks) {
    this.command = command;
    this.words = command.words;
    this.list = list;
    this.hooks = hooks;
    this.isBusy = false;
    this.fields = command.options.filter((option) => option.required).map((option) => this.fieldOf(option));
    this.more = new MoreField(() => this.missing(), (option) => this.add(option).focus());
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

  /** The options that have no field yet. */
  missing() {
    const shown = new Set(this.fields.map((field) => field.option.name));
    return this.command.options.filter((option) => !shown.has(option.name));
  }

  /** Give an option a field, unless it has one. */
  add(option) {
    const known = this.fields.find((field) => field.option.name === option.name);
    if (known) return known;
    const field = this.fieldOf(option);
    this.fields.push(field);
    this.more.root.before(field.root);
    this.more.draw();
    return field;
  }

  /** Take an option out that may be missing. */
  remove(field) {
    field.discard();
    this.fields = this.fields.filter((one) => one !== field);
    field.root.remove();
    this.more.draw();
  }

  /** Fill in texts by their options' names. */
  fillIn(texts) {
    for (const [name, text] of texts) {
      this.add(this.command.options.find((option) => option.name === name)).text = text;
    }
  }

  /** Put uploads into slots: the focused one first, then those that are empty. Gives back those without a place. */
  takeFiles(uploads) {
    const left = [...uploads];
    const focused = this.focusedField();
    let last = null;
    for (const slot of [focused, ...this.fields].filter((field) => field instanceof SlotField)) {
      if (left.length && (slot.isEmpty || (slot === focused && last === null))) (last = slot).take(left.shift());
    }
    for (const option of this.missing().filter(({ type }) => type === ATTACHMENT)) {
      if (left.length) (last = this.add(option)).take(left.shift());
    }
    last?.focus();
    return left;
  }

  /** The option that the next file would come into. */
  nextSlot() {
    const focused = this.focusedField();
    if (focused instanceof SlotField) return focused.option;
    const empty = this.fields.find((field) => field instanceof SlotField && field.isEmpty);
    return empty?.option ?? this.missing().find(({ type }) => type === ATTACHMENT) ?? null;
  }

  /** Put the focus where the next thing is to be typed. */
  focus() {
    const next = this.fields.find((field) => field.isEmpty && field.option.required);
    (next ?? this.more).focus();
  }

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
    await Promise.all(this.fields.map((field) => field.upload?.settled));
    const wrong = this.stops.filter((stop) => {
      stop.complain(problemOf(stop));
      return stop.problem;
    });
    if (wrong.length) {
      this.busy(false);
      wrong[0].focus();
      this.hooks.about(wrong[0]);
      return;
    }
    try {
      await ask("slash", { command: this.words, options: this.filledIn() });
      this.hooks.sent();
    } catch (refused) {
      this.hooks.refused(refused.message);
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

  busy(isBusy) {
    this.isBusy = isBusy;
    this.root.setAttribute("aria-busy", String(isBusy));
  }

  fieldOf(option) {
    const picked = () => this.focus();
    if (option.type === ATTACHMENT) return new SlotField(option);
    if (isChosen(option)) return new ChoiceField(option, picked);
    if (option.autocomplete) return new CompleteField(option, this, picked);
    return new TypedField(option);
  }

  stopOf(event) {
    return this.stops.find((stop) => stop.root.contains(event.target)) ?? null;
  }

  entered(event) {
    const stop = this.stopOf(event);
    if (!stop) return;
    this.hooks.about(stop);
    stop.suggest(this.list);
  }

  left(event) {
    const stop = this.stopOf(event);
    stop?.settle();
    if (!this.root.contains(event.relatedTarget)) this.list.close();
  }

  typed(event) {
    const stop = this.stopOf(event);
    // What was typed may have led to another option already.
    if (!stop || stop !== this.focusedField() || event.isComposing) return;
    this.hooks.about(stop);
    stop.suggest(this.list);
  }
}

function problemOf(stop) {
  const { value, problem } = stop.read();
  if (problem) return problem;
  return value === undefined && stop.option?.required ? REQUIRED : "";
}
