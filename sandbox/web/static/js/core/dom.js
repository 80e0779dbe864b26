/** Small helpers for making elements; text is always text, never markup. */

/**
 * Make an element: `h("button", { class: "quiet", onclick: act, "aria-label": "Close" }, "×")`.
 * Functions become listeners, `true` an empty attribute; false, null and undefined leave an attribute or a child out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace what is inside an element. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Find the element with an id; a page without it is broken, and says so. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

let made = 0;

/** Make an id that no other element has, for labels and descriptions. */
export function freshId(what) {
  made += 1;
  return `${what}-${made}`;
}

/** Tell screen readers something that the eye sees anyway. */
export function announce(words) {
  byId("announcer").textContent = words;
}
