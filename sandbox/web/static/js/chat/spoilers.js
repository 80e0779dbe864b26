/** What is hidden until somebody presses it. */

import { closest } from "../core/dom.js";

/**
 * Reveal what is pressed, by mouse or keyboard.
 * @type {(list: HTMLElement) => void}
 */
export function startSpoilers(list) {
  list.addEventListener("click", (event) => reveal(closest(event, "[data-spoiler]")));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const { target } = event;
    if (!(target instanceof HTMLElement) || !target.matches("[data-spoiler]")) return;
    event.preventDefault();
    reveal(target);
  });
}

/**
 * What was hidden can be used from now on, and the focus stays where it is.
 * @type {(spoiler: HTMLElement | null) => void}
 */
function reveal(spoiler) {
  if (!spoiler) return;
  for (const name of ["data-spoiler", "role", "aria-label"]) spoiler.removeAttribute(name);
  spoiler.setAttribute("data-revealed", "");
  spoiler.tabIndex = -1;
  if (spoiler.firstElementChild instanceof HTMLElement) spoiler.firstElementChild.inert = false;
}
