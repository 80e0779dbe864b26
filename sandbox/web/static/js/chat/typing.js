/** Commands that are named in messages, `</video:1>`: pressing one types it into the composer, as a person would. */

import { closest } from "../core/dom.js";

/**
 * Let the names of commands in a list be pressed.
 * @type {(list: HTMLElement) => void}
 */
export function startCommandMentions(list) {
  list.addEventListener("click", (event) => {
    const command = closest(event, "[data-command]")?.dataset.command;
    /** @type {HTMLTextAreaElement | null} */
    const text = document.querySelector("#composer textarea#text");
    if (!command || !text || text.disabled) return;
    text.focus();
    text.setRangeText(`/${command} `, 0, text.value.length, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  });
}
