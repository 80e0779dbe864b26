/** Small helpers for making and finding elements; text is always text, never markup. */

/** @typedef {string | number | boolean | null | undefined} Value */

/**
 * @typedef {{ [E in keyof HTMLElementEventMap as `on${E}`]?: (event: HTMLElementEventMap[E]) => unknown }} Listeners
 * @typedef {"accept" | "alt" | "autocomplete" | "class" | "cols" | "controls" | "datetime" | "decoding" | "dir" | "disabled"
 *   | "for" | "height" | "hidden" | "href" | "id" | "inert" | "inputmode" | "lang" | "loading" | "max" | "multiple" | "name"
 *   | "novalidate" | "open" | "placeholder" | "playsinline" | "popover" | "preload" | "rel" | "role" | "rows" | "scope"
 *   | "selected" | "size" | "spellcheck" | "src" | "start" | "tabindex" | "target" | "title" | "type" | "value"
 *   | "width"} AttributeName
 * @typedef {Listeners & { [A in AttributeName | `aria-${string}` | `data-${string}`]?: Value }} Attributes
 */

/** @typedef {Node | string | null | undefined | false | Child[]} Child */

/**
 * Make an element: `h("button", { class: "quiet", onclick: act, "aria-label": "Close" }, "×")`.
 * Functions become listeners, `true` an empty attribute; false, null and undefined leave an attribute or a child out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const name in attributes) {
    const value = /** @type {Record<string, unknown>} */ (attributes)[name];
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function")
      element.addEventListener(name.replace(/^on/, ""), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  if (children.length) add(element, children);
  return element;
}

/**
 * Replace what is inside an element.
 * @template {Element} E
 * @param {E} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
  return element;
}

/**
 * Add what is shown of some children, one by one: no list of them is made on the way.
 * @type {(element: Element, children: Child[]) => void}
 */
function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** @type {(children: Child[]) => Array<Node | string>} */
function shown(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return shown(child);
    return child === null || child === undefined || child === false ? [] : [child];
  });
}

/**
 * Find the nearest element that fits a selector, from what an event is about outwards.
 * @type {(event: Event, selector: string) => HTMLElement | null}
 */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Give the id of the message that an element belongs to; null for one that stands outside of all messages.
 * @type {(element: Element | null) => string | null}
 */
export function messageIdOf(element) {
  /** @type {HTMLElement | null} */
  const article = element?.closest("[data-message]") ?? null;
  return article?.dataset.message ?? null;
}

/**
 * Give what an operation threw as a sentence for people.
 * @type {(error: unknown) => string}
 */
export function sentenceOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Find the element with an id; a page without it is broken, and says so.
 * @type {(id: string) => HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

let made = 0;

/**
 * Make an id that no other element has, for labels and descriptions.
 * @type {(what: string) => string}
 */
export function freshId(what) {
  made += 1;
  return `${what}-${made}`;
}

/**
 * Tell screen readers something that the eye sees anyway.
 * @type {(words: string) => void}
 */
export function announce(words) {
  byId("announcer").textContent = words;
}
