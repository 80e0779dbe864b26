/** On a phone the left column lies over the messages while it is open. */

import { byId } from "../core/dom.js";
import { on } from "../core/state.js";

const narrow = matchMedia("(max-width: 700px)");

/** Let the button open the column, and everything that one expects close it. */
export function startMobile() {
  const toggle = byId("side-toggle");
  const isOpen = () => document.body.classList.contains("side-open");
  toggle.addEventListener("click", () => show(!isOpen()));
  byId("side-shade").addEventListener("click", () => show(false));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && isOpen() && show(false));
  narrow.addEventListener("change", () => show(false));
  /** @type {string | null} */
  let channel = null;
  on("view", (view) => {
    if (isOpen() && channel !== view.channel) show(false);
    channel = view.channel;
  });
  show(false);
}

/** @type {(open: boolean) => void} */
function show(open) {
  const wasOpen = document.body.classList.contains("side-open");
  document.body.classList.toggle("side-open", open);
  byId("side-toggle").setAttribute("aria-expanded", String(open));
  byId("side").inert = narrow.matches && !open;
  /** @type {HTMLElement | null} */
  const current = byId("side").querySelector("[aria-current]");
  if (open) current?.focus();
  else if (wasOpen && narrow.matches) byId("side-toggle").focus();
}
