"""Names and prompts from right to left inside of each language: the words around them keep their order."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.async_api import expect

from bot.domain.job import Kind
from bot.domain.job_lists import JobQuery
from bot.domain.params import JobParams, Motion
from bot.domain.pings import EndedJob, Notify, Ping
from bot.domain.reports import Report
from bot.errors import ForbiddenWords
from bot.languages import languages
from bot.services.job_lists import Page
from bot.ui.cards import Card, draw
from bot.ui.job_list import draw_page
from bot.ui.text import pings, reports
from bot.ui.text.errors import describe_error
from bot.ui.text.translate import speaking
from tests.browser.scripted import GUILD_VIEW, LEO, MIRA, Json, Server, opened, words, written
from tests.browser.tabs import Tabs
from tests.support.jobs import sample_job

pytestmark = pytest.mark.asyncio(loop_scope="session")

DANA, LAYLA = "דנה 2", "ليلى"
"""A member's name that ends with a number, which would go to the other side, and one in another script."""

PROMPT = "قارب ورقي 7"
FORBIDDEN = ("חרב", "דם", "سيف")

ORDER = """([article, typed]) => {
  const isSeen = (sign) => /\\S/.test(sign) && !/[\\u2066-\\u2069\\u200b]/.test(sign);
  const found = [];
  for (const block of article.querySelectorAll(".content, .text")) {
    const signs = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      for (let at = 0; at < walker.currentNode.data.length; at += 1)
        signs.push({ node: walker.currentNode, at, sign: walker.currentNode.data[at] });
    const text = signs.map(({ sign }) => sign).join("");
    // What somebody typed is one thing, wherever it begins; every other sign is one of its own.
    const things = [];
    for (let at = 0; at < signs.length; ) {
      const whole = typed.find((words) => text.startsWith(words, at));
      things.push({ from: at, to: at + (whole ?? signs[at].sign).length, words: whole ?? signs[at].sign });
      at = things.at(-1).to;
    }
    let before = null;
    for (const { from, to, words } of things.filter(({ words }) => isSeen(words))) {
      const range = document.createRange();
      range.setStart(signs[from].node, signs[from].at);
      range.setEnd(signs[to - 1].node, signs[to - 1].at + 1);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      if (right - left < 0.5) continue;
      const here = { words, left, right, top, bottom, text: text.slice(Math.max(0, from - 20), to + 20) };
      const isBelow = before && top >= before.bottom - 4;
      if (before && !isBelow && left < before.right - 2) found.push(`${before.words} | ${words}: ${here.text}`);
      before = here;
    }
  }
  return found;
}"""
"""List what does not stand to the right of what is read before it, on its line."""


def shown(user: int, other: int) -> dict[str, list[Json]]:
    """Write a card, a ping, a list, a report and a refusal in the language that is spoken now."""
    job = sample_job(user_id=user, params=JobParams(PROMPT, motion=Motion.LOW, clips=4))
    failed = tuple(EndedJob(job.id, Kind.VIDEO, number, 0, failed=True, shown=True) for number in (1, 2, 3))
    ping = Ping(1, 2, user, Notify.REPLY, failed)
    report = Report(1, job.id, user, PROMPT, other, 2, 3)
    listed = [
        draw_page(Page(JobQuery(user, words=f"{PROMPT} 3", moderated=moderated), (job,))) for moderated in (False, True)
    ]
    return {
        "a card": _components(draw(Card(job, "TTAPI", 8, wait_ms=60_000))),
        "a ping": [words(pings.reply(ping))],
        "a list": _components(listed[0]),
        "a moderator's list": _components(listed[1]),
        "a report": [words(reports.block(report))],
        "a refusal": [words(describe_error(ForbiddenWords(FORBIDDEN)))],
    }


def _components(view: Any) -> list[Json]:
    return view.to_components()


async def test_the_words_around_them_keep_their_order_in_every_language(tabs: Tabs) -> None:
    names = {**GUILD_VIEW["names"], "users": {**GUILD_VIEW["names"]["users"], MIRA: DANA, LEO: LAYLA}}

    def prepare(server: Server) -> None:
        server.history = []

    wrong: dict[tuple[str, str], Sequence[str]] = {}
    async with opened(tabs, prepare) as (tab, server):
        server.tell("guild_view", **{**GUILD_VIEW, "names": names})
        number = 0
        for language in languages():
            with speaking(language):
                told = shown(int(MIRA), int(LEO))
            for what, components in told.items():
                number += 1
                server.show(written(number, components=components))
                article = tab.locator("article").nth(number - 1)
                await expect(article).to_be_visible()
                turned = await tab.evaluate(ORDER, [await article.element_handle(), _typed()])
                if turned:
                    wrong[language, what] = turned
    assert wrong == {}


def _typed() -> list[str]:
    return [f"@{DANA}", f"@{LAYLA}", f"{PROMPT} 3", PROMPT, *FORBIDDEN]
