/** Stay at the end of the list while the reader is there; else say that there is something new. */

const NEAR = 60;

/**
 * Watch a scroller whose contents grow; `button` leads back to the end.
 * Gives `toEnd()`, and `added(mine)` to be called for a new message: one's own is always scrolled to.
 */
export function startScroll(scroller, contents, button) {
  let atEnd = true;
  const toEnd = () => {
    atEnd = true;
    button.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener(
    "scroll",
    () => {
      atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
      if (atEnd) button.hidden = true;
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
