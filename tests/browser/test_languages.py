"""The page in the languages of Discord's clients: each is chosen by its own name, and its times read well."""

import re

import pytest
from playwright.async_api import expect

from bot.languages import language_of
from sandbox.web.locales import LOCALES
from tests.browser.scripted import GUILD_VIEW, Server, opened, written
from tests.browser.tabs import Tabs
from tests.browser.visit import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

WHEN = """async (locales) => {
  const { when, clock } = await import("/static/js/core/times.js");
  const today = new Date(Date.now());
  const yesterday = new Date(today - 86_400_000);
  today.setHours(14, 5);
  yesterday.setHours(14, 5);
  return locales.map((locale) => [when(today, locale), when(yesterday, locale), clock(today, locale)]);
}"""
"""What the page says of a message of today and of one of yesterday, and what it calls the hour; once a language."""

SAID = {
    "en-GB": ("Today at 14:05", "Yesterday at 14:05"),
    "de": ("Heute um 14:05", "Gestern um 14:05"),
    "zh-CN": ("今天 14:05", "昨天 14:05"),
    "ja": ("今日 14:05", "昨日 14:05"),
    "vi": ("Hôm nay lúc 14:05", "Hôm qua lúc 14:05"),
}


async def test_a_day_and_an_hour_stand_apart_in_every_language(tabs: Tabs) -> None:
    async with opened(tabs, lambda server: None) as (tab, server):
        server.tell("guild_view", **{**GUILD_VIEW, "now": await tab.evaluate("Date.now()")})
        said = dict(zip(LOCALES, await tab.evaluate(WHEN, list(LOCALES)), strict=True))
    assert {locale: tuple(said[locale][:2]) for locale in SAID} == SAID
    for locale, (*days, hour) in said.items():
        for words in days:
            # No digit of a date, and something that is no letter between all words and the hour.
            assert re.search(rf"^[^\d]+[\s,]{re.escape(hour)}( \S+)?$", words), (locale, words)


async def test_a_message_of_today_says_so_in_vietnamese(tabs: Tabs) -> None:
    def prepare(server: Server) -> None:
        server.history = [written(1, text="chào")]

    async with opened(tabs, prepare) as (tab, server):
        me = {**GUILD_VIEW["me"], "locale": "vi"}
        server.tell("guild_view", **{**GUILD_VIEW, "me": me})
        await expect(tab.locator("article")).to_have_attribute("aria-label", re.compile(r"Hôm nay lúc \d\d:\d\d$"))


async def test_commands_are_described_in_the_language_chosen_and_so_are_their_choices(mira: Visit) -> None:
    vietnamese = language_of("vi").catalogue
    low, high = (vietnamese.pgettext("motion", word) for word in ("low", "high"))
    await mira.tab.locator("#locale").select_option("vi")
    await mira.text.click()
    await mira.tab.keyboard.type("/video")
    suggested = mira.tab.locator("#suggestions [role=option]").first
    await expect(suggested).to_contain_text("/video")
    await expect(suggested).to_contain_text(vietnamese.gettext("Turn a picture into short films"))
    await mira.text.fill("")
    await mira.command("settings")
    await mira.add("motion")
    await expect(mira.tab.locator("#suggestions [role=option]")).to_contain_text([low, high])
    await mira.tab.keyboard.type(high)
    await mira.tab.keyboard.press("Enter")
    await mira.tab.keyboard.press("Enter")
    said = vietnamese.gettext("Motion: {motion}").format(motion=high)
    await expect(mira.last(said)).to_have_count(1)
    await mira.tab.locator("#locale").select_option("en-US")


async def test_the_menu_names_each_language_in_itself(mira: Visit) -> None:
    offered = mira.tab.locator("#locale option")
    names = dict(
        await offered.evaluate_all("(options) => options.map(({ value, lang, text }) => [value, [lang, text]])")
    )
    assert names == {locale: [locale, name] for locale, name in LOCALES.items()}
    assert {locale: names[locale][1] for locale in ("de", "ja", "pt-BR", "uk", "vi")} == {
        "de": "Deutsch",
        "ja": "日本語",
        "pt-BR": "Português do Brasil",
        "uk": "Українська",
        "vi": "Tiếng Việt",
    }
    assert len(set(LOCALES.values())) == len(LOCALES)
