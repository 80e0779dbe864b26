/** What is hidden until somebody presses it. */

/** Reveal what is pressed, by mouse or keyboard. */
export function startSpoilers(list) {
  list.addEventListener("click", ({ target }) => reveal(target.closest("[data-spoiler]")));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!event.target.matches("[data-spoiler]")) return;
    event.preventDefault();
    reveal(event.target);
  });
}

/** What was hidden can be used from now on, and the focus stays where it is. */
function reveal(spoiler) {
  if (!spoiler) return;
  for (const name of ["data-spoiler", "role", "aria-label"]) spoiler.removeAttribute(name);
  spoiler.setAttribute("data-revealed", "");
  spoiler.tabIndex = -1;
  spoiler.firstElementChild.inert = false;
}
