/** The keys of a command that is being written. */

import { FileField } from "./file_option.js";
import { AddOptionField } from "./optional_options.js";

/** @import { CommandForm, Stop } from "./command.js" */

/**
 * Handle a key in a command's form; what is left alone the browser does as always.
 * @type {(form: CommandForm, event: KeyboardEvent) => void}
 */
export function commandKey(form, event) {
  // The key that began the command was typed elsewhere.
  const isInside = event.target instanceof Node && form.root.contains(event.target);
  const stop = isInside ? form.focusedField() : null;
  if (!stop || event.isComposing) return;
  if (form.list.input === stop.target && form.list.key(event)) {
    event.preventDefault();
    return;
  }
  const action = actionOf(form, stop, event);
  if (!action) return;
  event.preventDefault();
  action();
}

/** @type {(form: CommandForm, stop: Stop, event: KeyboardEvent) => (() => void) | null} */
function actionOf(form, stop, event) {
  const { key } = event;
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (key === "Enter" && !event.shiftKey) return enter(form, stop, event);
  if (key === "Escape") return () => form.hooks.left(form.asText());
  if (key === "Delete" && stop instanceof FileField && !stop.isEmpty) return () => stop.empty();
  if (key === "Backspace" && stop.isAtStart) return () => goBack(form, stop);
  if (event.shiftKey) return null;
  if (key === "ArrowLeft" && stop.isAtStart) return neighbour(form, stop, -1);
  if (key === "ArrowRight" && stop.isAtEnd) return neighbour(form, stop, 1);
  return null;
}

/**
 * Enter sends from everywhere, but on a button it presses the button while a file is missing or to be removed.
 * @type {(form: CommandForm, stop: Stop, event: KeyboardEvent) => (() => void) | null}
 */
function enter(form, stop, event) {
  if (stop instanceof FileField && (stop.isEmpty || event.target !== stop.target)) return null;
  return () => form.send();
}

/** @type {(form: CommandForm, stop: Stop) => void} */
function goBack(form, stop) {
  const at = form.stops.indexOf(stop);
  if (stop instanceof FileField && !stop.isEmpty) {
    stop.empty();
    return;
  }
  if (at === 0 && !(stop.isEmpty && stop.option && !stop.option.required)) {
    form.hooks.left(form.asText());
    return;
  }
  if (stop.isEmpty && !(stop instanceof AddOptionField) && !stop.option.required) form.remove(stop);
  form.stops[Math.max(0, at - 1)]?.focus();
}

/** @type {(form: CommandForm, stop: Stop, step: number) => (() => void) | null} */
function neighbour(form, stop, step) {
  const next = form.stops[form.stops.indexOf(stop) + step];
  return next ? () => next.focus(step < 0) : null;
}
