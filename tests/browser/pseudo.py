"""A language that nobody speaks: the page's sentences with accents and 40 % longer, so that what is not shows."""

import re

from babel.core import Locale
from playwright.async_api import Page

from sandbox.web.languages import Words
from tests.meta.page_messages import page_sentences

LOCALE = "en-XA"

ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçđéƒǧĥíĵķļɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑǦĤÍĴĶĻṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
)

LONGER = 0.4

OTHERS = ", ".join(
    (
        "option, .avatar, .server, .channel > span:not(.unseen), .who strong, #channel-name span, #channel-topic",
        ".author, .context strong, .context .command, .reply, .content, .text, [data-custom-id] .picked",
        ".button[data-custom-id], blockquote, .pending .command",
        ".command-name, .option > label, .option > .unseen, .about, .chip-name",
        ".suggestion-label, .suggestion-note, .suggestion-aside",
        "#modal-title, .modal-text, .field-label, .field-note, .choice",
        ".call-path, .call-body .json, .log-lines *, .jobs td:first-child, .job-message",
        ".credits td:nth-child(-n + 2), .credits td:nth-child(5)",
    )
)
"""Where people, the bot and the provider say something on the page."""

NAMED = "article, time, video, img, .tray, .edited, .select"
"""What has the words of others, or a date, in its attributes."""

LOOK = """([others, named]) => {
  const ours = /[áƀçđéƒǧĥíĵķļɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑǦĤÍĴĶĻṀÑÓƤɊŘŠŦÚṼŴẊÝŽ]/;
  const found = [];
  const unmarked = (words) => /[A-Za-z]{2}/.test(words.replace(/Discord|GiB|MiB|KiB|KB|MB/g, "")) && !ours.test(words);
  const clip = (element, way) => {
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const overflow = getComputedStyle(one)[`overflow${way}`];
      if (overflow === "auto" || overflow === "scroll") return null;
      if (overflow === "hidden" || overflow === "clip") return one;
    }
    return null;
  };
  const scrolls = (element) => {
    for (let one = element; one; one = one.parentElement)
      if (/auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1) return true;
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const words = node.data.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (!element.closest(others) && !element.closest("time") && unmarked(words)) found.push(`not marked: ${words}`);
    const readAloud = element.getBoundingClientRect().width <= 1;
    if (!ours.test(words) || readAloud || element.closest(".unseen, #announcer, [inert]")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, bottom, width } = range.getBoundingClientRect();
    if (!width) continue;
    const [beside, below] = [clip(element, "X"), clip(element, "Y")];
    if (beside && right > beside.getBoundingClientRect().right + 1) found.push(`cut at its side: ${words}`);
    if (below && bottom > below.getBoundingClientRect().bottom + 1) found.push(`cut below: ${words}`);
    if (!scrolls(element) && (left < -1 || right > innerWidth + 1)) found.push(`beside the screen: ${words}`);
  }
  for (const element of document.body.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(others) || element.matches(named)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      const words = element.getAttribute(name) ?? "";
      if (unmarked(words)) found.push(`not marked: ${name} ${words}`);
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  return found;
}"""
"""List what on the screen is said in no language, cut, or beside the screen."""


def pseudo(sentence: str) -> str:
    """Write a sentence with accents and longer; its placeholders stay."""
    pieces = re.split(r"(\{\w+\})", sentence)
    accented = "".join(piece if at % 2 else piece.translate(ACCENTS) for at, piece in enumerate(pieces))
    more = max(2, round(LONGER * len(sentence)))
    return accented + (" ~~~~~" * more)[:more]


def pseudo_words() -> Words:
    """Give the whole page in it."""
    messages = {
        (message.id if isinstance(message.id, str) else message.id[0]): tuple(
            pseudo(form) for form in ((message.id,) if isinstance(message.id, str) else message.id)
        )
        for message in page_sentences()
        if message.id
    }
    return Words(LOCALE, Locale("en"), messages)


async def look(tab: Page) -> list[str]:
    """List what is wrong with what the page says on the screen now."""
    return await tab.evaluate(LOOK, [OTHERS, NAMED])
