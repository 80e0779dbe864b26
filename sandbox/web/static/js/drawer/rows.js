/** Rows that are brought up to date where they stand: what is unfolded, focused or selected in them stays so. */

/**
 * Keeps an element's children in step with rows of data. `key` names a row, `make(row)` gives a child, and
 * `update(child, row)` writes the row into it.
 */
export class Rows {
  constructor(parent, { key = (row) => row.id, make, update }) {
    this.parent = parent;
    this.key = key;
    this.make = make;
    this.update = update;
    this.children = new Map();
  }

  /** Show exactly these rows, in this order. */
  show(rows) {
    const wanted = new Map(rows.map((row) => [this.key(row), row]));
    for (const key of [...this.children.keys()]) if (!wanted.has(key)) this.drop(key);
    let place = this.parent.firstElementChild;
    for (const [key, row] of wanted) {
      const child = this.children.get(key) ?? this.#add(key, row, place);
      if (child !== place) this.parent.insertBefore(child, place);
      this.update(child, row);
      place = child.nextElementSibling;
    }
  }

  /** Bring rows up to date; those that are new come first. */
  upsert(rows) {
    for (const row of rows) {
      const key = this.key(row);
      const child = this.children.get(key) ?? this.#add(key, row, this.parent.firstElementChild);
      this.update(child, row);
    }
  }

  /** Drop the last rows beyond `most`, first those that `spared(child)` lets go. */
  keep(most, spared = () => false) {
    const surplus = this.children.size - most;
    if (surplus <= 0) return;
    const last = [...this.children].sort(([, a], [, b]) => (a.compareDocumentPosition(b) & 4 ? 1 : -1));
    const order = [...last.filter(([, child]) => !spared(child)), ...last.filter(([, child]) => spared(child))];
    for (const [key] of order.slice(0, surplus)) this.drop(key);
  }

  drop(key) {
    this.children.get(key)?.remove();
    this.children.delete(key);
  }

  #add(key, row, before) {
    const child = this.make(row);
    this.children.set(key, child);
    this.parent.insertBefore(child, before);
    return child;
  }
}

/** Write a text, unless it stands there already: a selection in it stays. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
