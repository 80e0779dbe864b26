/** Pair the marks of emphasis as Discord does, in one pass over the text. */

const KINDS = { "*1": "em", "*2": "strong", _1: "em", _2: "u", "~2": "s", "|2": "spoiler" };
const WORD = /[0-9A-Za-z_]/;
const SPACE = /\s/;

/**
 * Build the tree of nodes from texts, atoms and marks, told in reading order.
 * At most one frame is open for each mark and length, so that neither depth nor time grows with hostile input.
 */
export class Emphasis {
  #source;
  #frames = [{ children: [] }];

  constructor(source) {
    this.#source = source;
  }

  /** Add plain text. */
  text(text) {
    if (!text) return;
    const { children } = this.#frames.at(-1);
    const last = children.at(-1);
    if (last?.kind === "text") last.text += text;
    else children.push({ kind: "text", text });
  }

  /** Add a node that holds no marks: code, a link, a mention. */
  atom(node) {
    if (node.kind === "text") this.text(node.text);
    else this.#frames.at(-1).children.push(node);
  }

  /** Take the marks at a place of the source; returns how many characters that were. */
  mark(at) {
    const mark = this.#source[at];
    let length = 1;
    while (this.#source[at + length] === mark) length += 1;
    if (mark === "~" || mark === "|") length = Math.min(length, 2);
    const known = mark === "*" || mark === "_" ? length <= 3 : length === 2 && `${mark}2` in KINDS;
    if (known) this.#run(mark, length, at);
    else this.text(this.#source.slice(at, at + length));
    return length;
  }

  /** Close what is still open, as text, and give the nodes. */
  end() {
    while (this.#frames.length > 1) this.#degrade();
    return this.#frames[0].children;
  }

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

  /** Find the innermost open frame that a run may close, in part or in whole. */
  #closable(mark, length, before, after) {
    return this.#frames.findLast(
      (frame) =>
        frame.mark === mark &&
        (frame.children.length > 0 || frame !== this.#frames.at(-1)) &&
        (length === 3 || frame.length === 3 || frame.length === length) &&
        (Math.min(length, frame.length) === 2 || endsItalics(mark, before, after)),
    );
  }

  #close(frame, length) {
    while (this.#frames.at(-1) !== frame) this.#degrade();
    const closed = Math.min(frame.length, length);
    const inner = closed === 3 ? [node(frame.mark, 2, frame.children)] : frame.children;
    const whole = node(frame.mark, closed === 3 ? 1 : closed, inner);
    if (closed === frame.length) {
      this.#frames.pop();
      this.#frames.at(-1).children.push(whole);
    } else {
      frame.length -= closed;
      frame.children = [whole];
    }
    return closed;
  }

  #open(mark, length) {
    const same = this.#frames.findLast((frame) => frame.mark === mark && frame.length === length);
    if (same) this.#turnIntoText(same);
    this.#frames.push({ mark, length, children: [] });
  }

  #turnIntoText(frame) {
    while (this.#frames.includes(frame)) this.#degrade();
  }

  /** Turn the innermost open frame's mark into text. */
  #degrade() {
    const { mark, length, children } = this.#frames.pop();
    this.text(mark.repeat(length));
    for (const child of children) this.atom(child);
  }
}

function node(mark, length, children) {
  return { kind: KINDS[`${mark}${length}`], children };
}

function endsItalics(mark, before, after) {
  return mark === "*" ? !SPACE.test(before) : !WORD.test(after);
}
