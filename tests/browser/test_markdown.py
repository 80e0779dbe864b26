"""Discord's markdown as the page shows it, in a real browser: what is typed, and the elements that come of it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from bot.ui.markdown import escape
from tests.browser.markdown_table import HOSTILE, LINES, SHOWN
from tests.browser.page_files import HOME
from tests.browser.tabs import Tabs

PARAGRAPH = re.compile("<div>((?:(?!<div).)*)</div>", re.DOTALL)
NOW_MS = 1_700_000_000_000

MANY = 60
"""How many times as long as any message a text is that must be drawn as well."""

HANGS_SECONDS = 30

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOW = """async ({ texts, way, now }) => {
  const { markdown, inlineMarkdown } = await import("/static/js/markdown/markdown.js");
  (await import("/static/js/core/times.js")).setNow(now);
  const known = (names) => (id) => names[id] ?? null;
  const names = {
    user: known({ 1: { label: "Mira" } }),
    role: known({ 2: { label: "Film club", color: 0x00ff00 }, 3: { label: "Plain", color: 0 } }),
    channel: known({ 4: { label: "films" } }),
    locale: "en-GB",
  };
  const line = (text) => {
    const element = document.createElement("div");
    element.append(inlineMarkdown(text, names));
    return element;
  };
  const show = { blocks: (text) => markdown(text, names), line }[way];
  return texts.map((text) => {
    const { innerHTML: html, textContent, className: kind } = show(text);
    return { html, text: textContent, kind };
  });
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(tabs: Tabs) -> AsyncIterator[Page]:
    async with tabs.lend(timezone="UTC") as page:
        await page.goto(f"{HOME}/nothing")
        yield page


async def shown(page: Page, *texts: str, way: str = "blocks") -> list[dict[str, str]]:
    return await page.evaluate(SHOW, {"texts": texts, "way": way, "now": NOW_MS})


@pytest.mark.parametrize(("text", "html"), SHOWN)
async def test_a_text_is_shown_as_discord_shows_it(page: Page, text: str, html: str) -> None:
    (drawn,) = await shown(page, text)
    paragraph = PARAGRAPH.fullmatch(drawn["html"])
    assert (paragraph[1] if paragraph else drawn["html"]) == html


@pytest.mark.parametrize(("text", "html"), LINES)
async def test_a_single_line_has_no_blocks(page: Page, text: str, html: str) -> None:
    (drawn,) = await shown(page, text, way="line")
    assert drawn["html"] == html


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_of_any_length_is_drawn_and_loses_nothing(page: Page, name: str) -> None:
    text, kept = HOSTILE[name]
    (drawn,) = await shown(page, text)
    assert drawn["text"].count(kept) == text.count(kept)
    # Work that grows with the square of a text would not end here while anybody waits.
    async with asyncio.timeout(HANGS_SECONDS):
        await shown(page, text * MANY)


async def test_what_the_bot_escapes_is_drawn_as_it_was_typed(page: Page) -> None:
    typed = [text for text, _ in SHOWN if "\n" not in text] + [text[:400] for text, _ in HOSTILE.values()]
    typed = [" ".join(text.split()) for text in typed]
    drawn = await shown(page, *(escape(text) for text in typed))
    assert [one["text"] for one in drawn] == typed
    tags = {tag for one in drawn for tag in re.findall("<(?!/)[a-z]+", one["html"])}
    assert tags <= {"<div", "<p", "<span"}


async def test_a_text_is_never_read_as_html(page: Page) -> None:
    attack = '<img src=x onerror=alert(1)> **<script>alert(1)</script>** `<b>` [<i>](https://a.b/"><b>)'
    (drawn,) = await shown(page, attack)
    assert "<img" not in drawn["html"]
    assert "<script" not in drawn["html"]
    assert drawn["text"].startswith("<img src=x onerror=alert(1)> <script>alert(1)</script> <b> ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("⛵", "markdown jumbo"),
        ("⛵ 🎬\n👩‍🚀🏽", "markdown jumbo"),
        ("🇫🇷1️⃣❤️", "markdown jumbo"),
        ("<:boat:123456789>", "markdown jumbo"),
        ("⛵" * 30, "markdown jumbo"),
        ("⛵" * 31, "markdown"),
        ("⛵ ahoy", "markdown"),
        ("12", "markdown"),
        ("↩", "markdown"),
        (" ", "markdown"),
    ],
)
async def test_emoji_are_big_when_they_stand_alone(page: Page, text: str, kind: str) -> None:
    (drawn,) = await shown(page, text)
    assert drawn["kind"] == kind


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds ago"),
        (45, "in 45 seconds"),
        (-90, "1 minute ago"),
        (7200, "in 2 hours"),
        (-3 * 86400, "3 days ago"),
        (90 * 86400, "in 3 months"),
        (-800 * 86400, "2 years ago"),
    ],
)
async def test_a_relative_time_counts_from_now(page: Page, seconds: int, words: str) -> None:
    (drawn,) = await shown(page, f"<t:{NOW_MS // 1000 + seconds}:R>")
    assert drawn["text"] in {words, words.replace("0 seconds ago", "in 0 seconds")}
