/** Bring an element up to date with a fresh drawing of it, in place: focus, scrolling and playing films go on. */

/** What belongs to an open popup, or to how an article is read aloud: no drawing knows of it. */
const KEPT = new Set(["aria-expanded", "aria-controls", "aria-activedescendant", "aria-live"]);

/**
 * Make `old` look like `fresh`; returns the element that stands there now.
 * @type {(old: ChildNode, fresh: ChildNode) => ChildNode}
 */
export function morph(old, fresh) {
  if (!alike(old, fresh)) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old instanceof Text && fresh instanceof Text) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if (old instanceof Element && fresh instanceof Element && !keepsItself(old, fresh)) {
    morphAttributes(old, fresh);
    morphChildren(old, [...fresh.childNodes]);
  }
  return old;
}

/** @type {(old: Node, fresh: Node) => boolean} */
function alike(old, fresh) {
  return old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh) && partOf(old) === partOf(fresh);
}

/**
 * Name an element that stays itself wherever it stands among its siblings.
 * @type {(node: Node) => string | null}
 */
function keyOf(node) {
  if (!(node instanceof HTMLElement)) return null;
  const data = node.dataset;
  return data.key ?? data.media ?? data.customId ?? data.message ?? null;
}

/** @type {(node: Node) => string | null} */
function partOf(node) {
  return node instanceof HTMLElement ? (node.dataset.part ?? null) : null;
}

/**
 * Media with the same file go on as they are, unless a new link may mend them; so does a spoiler that was opened.
 * @type {(old: Element, fresh: Element) => boolean}
 */
function keepsItself(old, fresh) {
  if (!(old instanceof HTMLElement && fresh instanceof HTMLElement)) return false;
  if (old.dataset.media) return !old.classList.contains("broken") || addressOf(old) === addressOf(fresh);
  return "revealed" in old.dataset && old.textContent === fresh.textContent;
}

/** @type {(media: HTMLElement) => string | null} */
function addressOf(media) {
  return (media.querySelector("img") ?? media).getAttribute("src");
}

/** @type {(old: Element, fresh: Element) => void} */
function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name) && name !== "style") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "style" && !KEPT.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (!(old instanceof HTMLElement && fresh instanceof HTMLElement)) return;
  if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
}

/** @type {(parent: Node, fresh: ChildNode[]) => void} */
function morphChildren(parent, fresh) {
  /** @type {Map<string, ChildNode[]>} */
  const keyed = new Map();
  for (const child of parent.childNodes) {
    const key = keyOf(child);
    if (key !== null) keyed.set(key, [...(keyed.get(key) ?? []), child]);
  }
  let next = parent.firstChild;
  for (const child of fresh) {
    const key = keyOf(child);
    const match = key === null ? nextAlike(next, child) : keyed.get(key)?.shift();
    if (!match || !alike(match, child)) {
      parent.insertBefore(child, next);
    } else {
      if (match !== next) parent.insertBefore(match, next);
      next = match.nextSibling;
      morph(match, child);
    }
  }
  while (next) {
    const after = next.nextSibling;
    next.remove();
    next = after;
  }
}

/** @type {(from: ChildNode | null, child: Node) => ChildNode | null} */
function nextAlike(from, child) {
  let node = from;
  while (node && !alike(node, child)) node = node.nextSibling;
  return node;
}
