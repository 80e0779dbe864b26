/** Fenced code: three backticks, a language perhaps, and everything up to the next three. */

/** @typedef {{ start: number, end: number, language: string, code: string }} Fence */

const LANGUAGE = /^([a-z0-9_+\-.#]+)\n/i;

/**
 * Find the fenced blocks of a text; an escaped fence and an empty one are none.
 * @type {(text: string) => Fence[]}
 */
export function fencesOf(text) {
  /** @type {Fence[]} */
  const found = [];
  let start = text.indexOf("```");
  while (start >= 0) {
    let next = start + 1;
    if (!escaped(text, start)) {
      const close = text.indexOf("```", start + 3);
      if (close < 0) break;
      next = close + 3;
      const content = text.slice(start + 3, close);
      if (content.trim()) found.push({ start, end: next, ...parts(content) });
    }
    start = text.indexOf("```", next);
  }
  return found;
}

/** @type {(text: string, at: number) => boolean} */
function escaped(text, at) {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

/** @type {(content: string) => { language: string, code: string }} */
function parts(content) {
  const language = LANGUAGE.exec(content)?.[1] ?? "";
  let from = language ? language.length + 1 : 0;
  let to = content.length;
  while (content[from] === "\n") from += 1;
  while (to > from && content[to - 1] === "\n") to -= 1;
  return { language, code: content.slice(from, to) };
}
