/** Stay at the end of the list while the reader is there; else say that there is something new. */

const NEAR = 60;

/**
 * Watch a scroller whose contents grow; `button` leads back to the end.
 * Gives `toEnd()`, and `added(mine)` to be called for a new message: one's own is always scrolled to.
 * /
 * @type {(scroller: HTMLElement, contents: HTMLElement[], button: HTMLElement) => { toEnd: () => void, added: (mine: boolean) => void }}
 */
export function startScroll(scroller, contents, button) {
  let atEnd = true;
  let top = 0;
  /** The browser must not hold on to something above while the end is what is held on to. */
  const stay = (/** @type {boolean} */ isThere) => {
    atEnd = isThere;
    scroller.classList.toggle("at-end", atEnd);
    if (atEnd) button.hidden = true;
  };
  const toEnd = () => {
    stay(true);
    scroller.scrollTop = scroller.scrollHeight;
    top = scroller.scrollTop;
  };
  scroller.addEventListener(
    "scroll",
    () => {
      const isNear = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      // Only who goes up leaves the end: it may also have moved on since, because something grew.
      if (isNear || scroller.scrollTop < top) stay(isNear);
      top = scroller.scrollTop;
    },
    { passive: true },
  );
  const sizes = new ResizeObserver(() => atEnd && toEnd());
  for (const element of [scroller, ...contents]) sizes.observe(element);
  button.addEventListener("click", () => {
    toEnd();
    scroller.focus({ preventScroll: true });
  });
  return {
    toEnd,
    added(mine) {
      if (atEnd || mine) toEnd();
      else button.hidden = false;
    },
  };
}
