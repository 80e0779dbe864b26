/** Why something was not done, in one sentence above the composer. */

import { h } from "../core/dom.js";

const element = h("p", { class: "refusal", role: "alert" });

/** The place of the sentence. */
export function refusalLine() {
  return element;
}

/**
 * Say why something was refused, to eyes and ears; "" takes the sentence away.
 * @type {(sentence: string) => void}
 */
export function complain(sentence) {
  element.textContent = sentence;
}
