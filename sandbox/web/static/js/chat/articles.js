/** The messages of the list as elements; commands that failed stand among them. */

/**
 * Find the message above or below an element of the list, past everything else.
 * @type {(element: Element | null, side: "previousElementSibling" | "nextElementSibling") => HTMLElement | null}
 */
export function articleBeside(element, side) {
  let found = element?.[side] ?? null;
  while (found && !found.matches("article")) found = found[side];
  return found instanceof HTMLElement ? found : null;
}

/**
 * Tell which of two ids is the older one; they are numbers that grow with time.
 * @type {(one: string, other: string) => boolean}
 */
export function isOlder(one, other) {
  return BigInt(one) < BigInt(other);
}
