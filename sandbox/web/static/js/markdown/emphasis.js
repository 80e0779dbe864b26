/** Pair the marks of emphasis as Discord does, in one pass over the text. */

/** @import { Node } from "./inline.js" */

/**
 * What stands after an opening mark so far; the outermost has none.
 * @typedef {{ mark: string, length: number, children: Node[] }} Frame
 */

/** @type {Record<string, "em" | "strong" | "u" | "s" | "spoiler">} */
const KINDS = { "*1": "em", "*2": "strong", _1: "em", _2: "u", "~2": "s", "|2": "spoiler" };
const WORD = /[0-9A-Za-z_]/;
const SPACE = /\s/;

/**
 * Build the tree of nodes from texts, atoms and marks, told in reading order.
 * At most one frame is open for each mark and length, so that neither depth nor time grows with hostile input.
 */
export class Emphasis {
  #source;
  /** @type {Frame[]} */
  #frames = [{ mark: "", length: 0, children: [] }];

  /** @param {string} source */
  constructor(source) {
    this.#source = source;
  }

  /**
   * Add plain text.
   * @type {(text: string) => void}
   */
  text(text) {
    if (!text) return;
    const { children } = this.#innermost();
    const last = children.at(-1);
    if (last?.kind === "text") last.text += text;
    else children.push({ kind: "text", text });
  }

  /**
   * Add a node that holds no marks: code, a link, a mention.
   * @type {(node: Node) => void}
   */
  atom(node) {
    if (node.kind === "text") this.text(node.text);
    else this.#innermost().children.push(node);
  }

  /**
   * Take the marks at a place of the source; returns how many characters that were.
   * @type {(at: number) => number}
   */
  mark(at) {
    const mark = this.#source.charAt(at);
    let length = 1;
    while (this.#source[at + length] === mark) length += 1;
    if (mark === "~" || mark === "|") length = Math.min(length, 2);
    const known = mark === "*" || mark === "_" ? length <= 3 : length === 2 && `${mark}2` in KINDS;
    if (known) this.#run(mark, length, at);
    else this.text(this.#source.slice(at, at + length));
    return length;
  }

  /**
   * Close what is still open, as text, and give the nodes.
   * @type {() => Node[]}
   */
  end() {
    while (this.#frames.length > 1) this.#degrade();
    return this.#innermost().children;
  }

  #innermost() {
    const frame = this.#frames.at(-1);
    if (!frame) throw new Error("the outermost frame is never closed");
    return frame;
  }

  /** @type {(mark: string, length: number, at: number) => void} */
  #run(mark, length, at) {
    const before = this.#source[at - 1] ?? " ";
    const after = this.#source[at + length] ?? " ";
    let left = length;
    while (left > 0) {
      const frame = this.#closable(mark, left, before, after);
      if (!frame) break;
      left -= this.#close(frame, left);
    }
    if (left === 0) return;
    if (mark === "*" && left === 1 && SPACE.test(after)) this.text(mark);
    else this.#open(mark, left);
  }

  /**
   * Find the innermost open frame that a run may close, in part or in whole.
   * @type {(mark: string, length: number, before: string, after: string) => Frame | undefined}
   */
  #closable(mark, length, before, after) {
    return this.#frames.findLast(
      (frame) =>
        frame.mark === mark &&
        (frame.children.length > 0 || frame !== this.#frames.at(-1)) &&
        (length === 3 || frame.length === 3 || frame.length === length) &&
        (Math.min(length, frame.length) === 2 || endsItalics(mark, before, after)),
    );
  }

  /** @type {(frame: Frame, length: number) => number} */
  #close(frame, length) {
    while (this.#frames.at(-1) !== frame) this.#degrade();
    const closed = Math.min(frame.length, length);
    const inner = closed === 3 ? [node(frame.mark, 2, frame.children)] : frame.children;
    const whole = node(frame.mark, closed === 3 ? 1 : closed, inner);
    if (closed === frame.length) {
      this.#frames.pop();
      this.#innermost().children.push(whole);
    } else {
      frame.length -= closed;
      frame.children = [whole];
    }
    return closed;
  }

  /** @type {(mark: string, length: number) => void} */
  #open(mark, length) {
    const same = this.#frames.findLast((frame) => frame.mark === mark && frame.length === length);
    if (same) this.#turnIntoText(same);
    this.#frames.push({ mark, length, children: [] });
  }

  /** @type {(frame: Frame) => void} */
  #turnIntoText(frame) {
    while (this.#frames.includes(frame)) this.#degrade();
  }

  /** Turn the innermost open frame's mark into text. */
  #degrade() {
    const { mark, length, children } = this.#innermost();
    this.#frames.pop();
    this.text(mark.repeat(length));
    for (const child of children) this.atom(child);
  }
}

/** @type {(mark: string, length: number, children: Node[]) => Node} */
function node(mark, length, children) {
  return { kind: KINDS[`${mark}${length}`] ?? "em", children };
}

/** @type {(mark: string, before: string, after: string) => boolean} */
function endsItalics(mark, before, after) {
  return mark === "*" ? !SPACE.test(before) : !WORD.test(after);
}
