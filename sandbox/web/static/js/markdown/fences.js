/** Fenced code: three backticks, a language perhaps, and everything up to the next three. */

const LANGUAGE = /^([a-z0-9_+\-.#]+)\n/i;

/** Find the fenced blocks of a text: [{start, end, language, code}]; an escaped fence and an empty one are none. */
export function fencesOf(text) {
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

function escaped(text, at) {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function parts(content) {
  const language = LANGUAGE.exec(content)?.[1] ?? "";
  let from = language ? language.length + 1 : 0;
  let to = content.length;
  while (content[from] === "\n") from += 1;
  while (to > from && content[to - 1] === "\n") to -= 1;
  return { language, code: content.slice(from, to) };
}
