"""Look at what the bot says on the screen: whether a catalogue was asked for it, and whether it has room."""

from playwright.async_api import Page

from tests.support.pseudo_locale import CLOSES, OPENS

SAID = ", ".join(
    (
        *("article.of-bot .content", "article.of-bot .text", "article.of-bot .button", "article.of-bot .select"),
        *("article.of-bot img", "article.of-bot video", "article.of-bot .embed"),
        *("#modal-title", ".modal-text", ".field-label", ".field-note", ".choice", "#modal .select", "#modal .words"),
        *("#modal input", "#modal textarea", ".listbox [role=option]", ".suggestion-note"),
        "#suggestions.of-bot .suggestion-label",
    )
)
"""Where the bot's words stand on the page; each is read as one text, with its attributes beside it."""

NOT_WORDS = ".mention, time, code, pre, .emoji, .icon, .field-required, .mark, .avatar"
"""What in it is the same in each language, or is written by the page: names, times, commands, signs."""

LOOK = """([said, notWords, opens, closes, known]) => {
  const found = [];
  const letters = /[\\p{L}]{2,}/gu;
  const latin = /\\p{Script=Latin}/u;
  const fileName = /^[\\w-]+\\.(jpg|png|webp|mp4)$/; // what the page calls a picture that the bot does not describe
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  for (const article of document.querySelectorAll("article:has(.tag)")) article.classList.add("of-bot");

  // What stands outside of all marks; a mark that is not closed was cut off.
  const outside = (text) => {
    let depth = 0;
    let left = "";
    for (const sign of text) {
      if (sign === opens) depth += 1;
      else if (sign === closes) depth -= 1;
      else left += depth > 0 ? " " : sign;
    }
    const words = (left.match(letters) ?? []).filter((word) => latin.test(word) && !known.includes(word));
    return [...words, ...(depth ? [`marks that do not match in ${text}`] : [])];
  };
  const textOf = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode()) {
      const other = walker.currentNode.parentElement.closest(notWords);
      text += other && element.contains(other) ? " " : `${walker.currentNode.data}\\n`;
    }
    // No words: channels and roles that were chosen, and ids of jobs.
    return text.replace(/[#@][\\p{L}\\d_-]+|[a-z]*\\d[a-z\\d]*/gu, " ");
  };
  let marked = 0;
  for (const element of document.querySelectorAll(said)) {
    if (!shown(element)) continue;
    const attributes = ["alt", "aria-label", "title", "placeholder"].map((name) => element.getAttribute(name) ?? "");
    for (const text of [textOf(element), ...attributes].filter((text) => !fileName.test(text))) {
      if (text.includes(opens)) marked += 1;
      for (const words of outside(text)) found.push(`not marked: ${words} (${text.slice(0, 200)})`);
    }
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    const words = element.textContent.slice(0, 60);
    const isInline = getComputedStyle(element).display === "inline";
    const isTyped = element.matches("input, textarea");
    if (!isInline && !isTyped && scrollWidth > clientWidth + 1)
      found.push(`too wide by ${scrollWidth - clientWidth}: ${words}`);
    if (element.matches(".button, .select, [role=option]") && scrollHeight > clientHeight + 1)
      found.push(`too high by ${scrollHeight - clientHeight}: ${words}`);
  }

  // Nothing stands beside the screen, or is cut by what it stands in.
  const clips = (element) => {
    for (let one = element; one && one !== document.body; one = one.parentElement)
      if (getComputedStyle(one).overflowX !== "visible") return one;
    return document.documentElement;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!/[⟦⟧]/.test(walker.currentNode.data) || !shown(element) || element.closest(".unseen, #announcer")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const { left, right, width } = range.getBoundingClientRect();
    const box = clips(element).getBoundingClientRect();
    if (width && (left < box.left - 1 || right > box.right + 1 || right > innerWidth + 1))
      found.push(`cut at its side: ${walker.currentNode.data.slice(0, 60)}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  if (!marked) found.push("nothing here is said by the bot");
  return [...new Set(found)];
}"""
"""List what is wrong with what the bot says on the screen."""


async def look(tab: Page, *known: str) -> list[str]:
    """List what is wrong with what the bot says on the screen; `known` are words that stand in no catalogue."""
    return await tab.evaluate(LOOK, [SAID, NOT_WORDS, OPENS, CLOSES, known])
