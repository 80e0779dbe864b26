/** Rows that are brought up to date where they stand: what is unfolded, focused or selected in them stays so. */

/**
 * @template Row
 * @template {HTMLElement} Item
 * @typedef {object} Binding
 * @property {(row: Row) => string} key
 * @property {(row: Row) => Item} make
 * @property {(child: Item, row: Row) => void} update
 */

/**
 * Keeps an element's children in step with rows of data. `key` names a row, `make(row)` gives a child, and
 * `update(child, row)` writes the row into it.
 * @template Row
 * @template {HTMLElement} Item
 */
export class Rows {
  /**
   * @param {HTMLElement} parent
   * @param {Binding<Row, Item>} binding
   */
  constructor(parent, { key, make, update }) {
    this.parent = parent;
    this.key = key;
    this.make = make;
    this.update = update;
    /** @type {Map<string, Item>} */
    this.children = new Map();
  }

  /**
   * Show exactly these rows, in this order.
   * @type {(rows: Row[]) => void}
   */
  show(rows) {
    const wanted = new Map(rows.map((row) => [this.key(row), row]));
    for (const key of [...this.children.keys()]) if (!wanted.has(key)) this.drop(key);
    let next = this.parent.firstElementChild;
    for (const [key, row] of wanted) {
      const child = this.children.get(key) ?? this.#add(key, row, next);
      if (child !== next) this.parent.insertBefore(child, next);
      this.update(child, row);
      next = child.nextElementSibling;
    }
  }

  /**
   * Bring rows up to date; those that are new come first.
   * @type {(rows: Row[]) => void}
   */
  upsert(rows) {
    for (const row of rows) {
      const key = this.key(row);
      const child = this.children.get(key) ?? this.#add(key, row, this.parent.firstElementChild);
      this.update(child, row);
    }
  }

  /**
   * Drop the last rows beyond `most`, first those that `spared(child)` lets go.
   * @type {(most: number, spared?: (child: Item) => boolean) => void}
   */
  keep(most, spared = () => false) {
    const surplus = this.children.size - most;
    if (surplus <= 0) return;
    const last = [...this.children].sort(([, a], [, b]) => (a.compareDocumentPosition(b) & 4 ? 1 : -1));
    const order = [...last.filter(([, child]) => !spared(child)), ...last.filter(([, child]) => spared(child))];
    for (const [key] of order.slice(0, surplus)) this.drop(key);
  }

  /** @type {(key: string) => void} */
  drop(key) {
    this.children.get(key)?.remove();
    this.children.delete(key);
  }

  /** @type {(key: string, row: Row, before: Element | null) => Item} */
  #add(key, row, before) {
    const child = this.make(row);
    this.children.set(key, child);
    this.parent.insertBefore(child, before);
    return child;
  }
}

/**
 * Write a text, unless it stands there already: a selection in it stays.
 * @type {(element: Element, text: string) => void}
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Find the one element within another that fits a selector; a row without it is broken, and says so.
 * @type {(element: Element, selector: string) => HTMLElement}
 */
export function find(element, selector) {
  const found = element.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`there is no ${selector} here`);
  return found;
}
