/** The drawer's edge: drag it, or move it with the arrow keys; the width is kept. */

import { h } from "../core/dom.js";
import { t } from "../core/words.js";

const KEY = "drawer-width";
const LEAST = 320;
const STEP = 40;

/**
 * Make the edge of a drawer.
 * @type {(drawer: HTMLElement) => HTMLElement}
 */
export function edge(drawer) {
  const handle = h("div", {
    role: "separator",
    class: "drawer-edge",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-label": t("Width of the drawer"),
    "aria-controls": "drawer",
    "aria-valuemin": LEAST,
  });
  const most = () => Math.max(LEAST, Math.round(innerWidth * 0.7));

  /** @type {(width: number) => void} */
  function set(width) {
    const fitting = Math.round(Math.min(most(), Math.max(LEAST, width)));
    drawer.style.setProperty("--drawer-width", `${fitting}px`);
    handle.setAttribute("aria-valuenow", String(fitting));
    handle.setAttribute("aria-valuemax", String(most()));
    localStorage.setItem(KEY, String(fitting));
  }

  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) set(innerWidth - event.clientX);
  });
  handle.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: STEP, ArrowRight: -STEP };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    set(drawer.getBoundingClientRect().width + step);
  });
  /** @type {(width: number) => void} */
  set(Number(localStorage.getItem(KEY)) || Math.min(480, innerWidth * 0.4));
  return handle;
}
