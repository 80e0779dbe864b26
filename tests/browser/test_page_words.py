"""The page's own words: they change with the language that is chosen, and longer ones have room on a phone."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize, expect

from sandbox.web import Page
from sandbox.web.languages import Languages
from tests.browser.pseudo import LOCALE, look, pseudo, pseudo_words
from tests.browser.scripted import (
    BOT,
    CHANNEL,
    GUILD_VIEW,
    LEO,
    MIRA,
    Json,
    Server,
    button,
    films,
    opened,
    row,
    written,
)
from tests.browser.tabs import Tabs
from tests.browser.visit import Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = ViewportSize(width=360, height=720)

SAID = {
    "zh-CN": ("zh-CN", "发送", "频道", "给 #films 发消息", "幕后", "Kill -9 后立即重启", "选择文件", "今天"),
    "zh-TW": ("zh-CN", "发送", "频道", "给 #films 发消息", "幕后", "Kill -9 后立即重启", "选择文件", "今天"),
    "vi": ("vi", "Gửi", "Kênh", "Nhắn #films", "Hậu trường", "Kill -9 rồi khởi động lại", "Chọn tệp", "Hôm nay"),
    "de": (
        "en",
        "Send",
        "Channels",
        "Message #films",
        "Behind the scenes",
        "Kill -9 and start again",
        "Choose a file",
        "Heute",
    ),
    "en-US": (
        "en",
        "Send",
        "Channels",
        "Message #films",
        "Behind the scenes",
        "Kill -9 and start again",
        "Choose a file",
        "Today",
    ),
}
"""What is said where the page looks, in some of Discord's languages; the last is what all others find again."""


async def test_another_language_changes_all_of_the_page_without_a_reload(site: Site, mira: Visit) -> None:
    tab = mira.tab
    await tab.evaluate("() => { window.stays = true; }")
    await mira.text.fill("a message of today")
    await tab.keyboard.press("Enter")
    await tab.locator("#drawer-toggle").click()
    await expect(tab.locator("[data-fault=restart]")).to_be_visible()
    await tab.locator("[data-tab=calls]").click()
    await tab.locator("#calls-way").select_option("bot>Discord")
    await tab.locator("#calls-text").fill("interactions")
    await tab.locator("[data-tab=faults]").click()
    for locale, (language, send, channels, message, behind, fault, file, today) in SAID.items():
        await tab.locator("#locale").select_option(locale)
        await expect(tab.locator("html")).to_have_attribute("lang", language)
        await expect(tab.locator("#composer .send")).to_have_attribute("title", send)
        await expect(tab.locator("#channels-title")).to_have_text(channels)
        await expect(mira.text).to_have_attribute("placeholder", message)
        await expect(tab.locator("#drawer-toggle")).to_have_text(behind)
        await expect(tab.locator("#drawer h2")).to_have_text(behind)
        await expect(tab.locator("[data-fault=restart]")).to_have_text(fault)
        await expect(mira.last("a message of today").locator(".head time")).to_contain_text(today)
        await mira.command("video")
        await mira.add("image")
        await expect(mira.option("image").locator(".slot-choose")).to_have_text(file)
        await tab.keyboard.press("Escape")
        await mira.text.fill("")
    assert await tab.evaluate("() => window.stays")
    await expect(tab.locator("#calls-way")).to_have_value("bot>Discord")
    await expect(tab.locator("#calls-text")).to_have_value("interactions")


async def test_a_command_that_is_being_written_keeps_what_is_in_it_in_another_language(mira: Visit, boat: Path) -> None:
    await mira.command("video")
    await mira.option("prompt").locator("textarea").fill("a boat, half written")
    await mira.attach("image", boat)
    await mira.tab.locator("#locale").select_option("vi")
    try:
        await expect(mira.option("image").locator(".slot-choose")).to_have_text("Thay tệp")
        await expect(mira.option("prompt").locator("textarea")).to_have_value("a boat, half written")
        await expect(mira.option("image")).to_contain_text("boat.png")
        await expect(mira.option("image").locator(".chip")).to_have_attribute("data-phase", "ready")
    finally:
        await mira.tab.locator("#locale").select_option("en-US")
    await expect(mira.option("image").locator(".slot-choose")).to_have_text("Replace")
    await expect(mira.option("image")).to_contain_text("boat.png")


async def test_a_reload_keeps_the_language(mira: Visit) -> None:
    await mira.tab.locator("#locale").select_option("zh-CN")
    await expect(mira.tab.locator("#people-title")).to_have_text("你的身份")
    await mira.tab.wait_for_function("() => sessionStorage.getItem('tab').includes('zh-CN')")
    await mira.tab.reload()
    await expect(mira.tab.locator("#people-title")).to_have_text("你的身份")
    await mira.tab.locator("#locale").select_option("en-US")
    await expect(mira.tab.locator("#people-title")).to_have_text("You are")


async def test_longer_words_have_room_on_a_phone_and_none_is_left_out(site: Site, tabs: Tabs) -> None:
    languages = Languages({LOCALE: pseudo_words()})
    wrong: dict[str, list[str]] = {}
    async with (
        Page(site.sandbox, site.supervisor, port=0, languages=languages) as served,
        tabs.lend(viewport=PHONE, is_phone=True) as tab,
    ):
        leo = Visit(replace(site, page=served), tab)
        await tab.goto(served.url)
        await tab.locator("#side-toggle").tap()
        await leo.be("leo")
        await tab.locator("#locale").select_option(LOCALE)
        await expect(tab.locator("#people-title")).to_have_text(pseudo("You are"))
        wrong["the left column"] = await look(tab)
        await tab.keyboard.press("Escape")
        wrong["an empty channel"] = await look(tab)
        await leo.text.fill("hello")
        await tab.keyboard.press("Enter")
        await expect(leo.last("hello")).to_be_visible()
        await leo.command("video")
        wrong["a command"] = await look(tab)
        await leo.add("image")
        wrong["a file"] = await look(tab)
        await tab.keyboard.press("Enter")
        await tab.keyboard.press("Escape")
        await leo.text.fill("")
        await tab.locator("#drawer-toggle").tap()
        await expect(tab.locator("[data-fault=restart]")).to_be_visible()
        for name in ("faults", "jobs", "calls", "log", "credits"):
            await tab.locator(f"[data-tab={name}]").tap()
            wrong[name] = await look(tab)
        leo.leave()
        assert leo.complaints == []
    site.guild_setup.leo.locale = "en-US"
    assert {where: found for where, found in wrong.items() if found} == {}


def everything() -> list[Json]:
    """Write messages with all that the page says around them."""
    select: Json = {"type": 3, "custom_id": "choice", "options": [{"label": "One", "value": "1"}]}
    return [
        written(1, MIRA, text="hello", page={"reactions": [{"emoji": "⭐", "count": 1, "mine": True}]}),
        written(2, text="edited", minutes=1, edited_timestamp="2026-01-05T12:05:00+00:00"),
        written(3, minutes=2, page={"thinking": True}),
        written(
            4, text="private", page={"ephemeral": True, "used": {"user": MIRA, "title": "Mira", "command": "video"}}
        ),
        written(5, LEO, text="an answer", page={"reply": {"id": "1", "author": "Mira", "text": "hello"}}),
        written(6, components=[films("a"), row(button("Again", "again")), row(select)]),
        written(7, components=[{"type": 99}], text="unknown"),
    ]


MODAL: Json = {
    "id": "1",
    "title": "A form",
    "texts": [],
    "fields": [
        {
            "custom_id": kind,
            "kind": kind,
            "label": f"A field of {kind}",
            "description": "",
            "placeholder": "",
            "required": True,
            "value": None,
            "choices": [{"label": "One", "value": "1", "description": "", "default": False}],
            "low": 1,
            "high": 2,
        }
        for kind in ("text", "paragraph", "select", "radio", "checkboxes", "files")
    ],
}


async def test_what_stands_around_messages_has_room_on_a_phone_too(tabs: Tabs) -> None:
    def prepare(server: Server) -> None:
        server.history = everything()
        server.knows_types = False  # a component of a kind that is not known yet
        server.refusals["submit"] = "no"

    wrong: dict[str, list[str]] = {}
    async with opened(tabs, prepare, viewport=PHONE, is_phone=True) as (tab, server):
        server.tell("words", **pseudo_words().told(LOCALE))
        people = [{**GUILD_VIEW["people"][0], "note": pseudo("a member without roles")}]
        server.tell("guild_view", **{**GUILD_VIEW, "me": {**GUILD_VIEW["me"], "locale": LOCALE}, "people": people})
        await expect(tab.locator("#list .welcome p")).to_have_text(pseudo("This is where the channel begins."))
        wrong["the messages"] = await look(tab)
        for at in range(await tab.locator("article").count()):
            await tab.locator("article").nth(at).scroll_into_view_if_needed()
            wrong[f"message {at}"] = await look(tab)
        await tab.locator("article").first.click(button="right")
        wrong["a menu"] = await look(tab)
        await tab.locator("#menu .danger").click()
        wrong["a question"] = await look(tab)
        await tab.locator("#confirm .secondary").click()
        told: Json = {"kind": "slash", "command": "video", "message": None, "custom_id": None, "channel": CHANNEL}
        failed = "The application did not respond"
        server.tell("interaction", **told, id=str(int(BOT)), state="failed", say=failed, modal=None)
        await expect(tab.locator(".pending .trouble")).to_have_text(pseudo(failed))
        wrong["a command that failed"] = await look(tab)
        server.tell("interaction", **told, id="2", state="modal", say=None, modal=MODAL)
        await tab.locator("#modal [type=submit]").click()
        await expect(tab.locator("#modal .field-problem").first).to_have_text(pseudo("This field is required."))
        wrong["a form"] = await look(tab)
    assert {where: found for where, found in wrong.items() if found} == {}


PLURALS = """async (words) => {
  const { setWords, tn } = await import("/static/js/core/words.js");
  setWords(words);
  const clips = [1, 3, 5, 1000].map((count) => tn("{count} clip", "{count} clips", count));
  return [...clips, tn("{count} new", "{count} new", 1)];
}"""


async def test_plurals_and_numbers_follow_the_language_in_the_page_too(tabs: Tabs) -> None:
    async with opened(tabs, lambda server: None) as (tab, _):
        forms = {"{count} clip": ["{count} klip", "{count} klipy", "{count} klipów"]}
        said = await tab.evaluate(PLURALS, {"language": "pl", "locale": "pl", "messages": forms})
    assert said == ["1 klip", "3 klipy", "5 klipów", "1000 klipów", "1 new"]


@pytest.mark.parametrize("locale", ["en-US", "zh-CN", "vi"])
async def test_a_name_from_right_to_left_turns_nothing_around_it(tabs: Tabs, locale: str) -> None:
    name = "ليلى"

    def prepare(server: Server) -> None:
        server.history = [
            written(1, MIRA, page={"thinking": True}),
            written(2, text="done", page={"used": {"user": MIRA, "title": name, "command": "video"}}),
        ]

    async with opened(tabs, prepare) as (tab, server):
        server.tell("words", **Languages().of(locale).told(locale))
        names = {**GUILD_VIEW["names"], "users": {**GUILD_VIEW["names"]["users"], MIRA: name}}
        server.tell("guild_view", **{**GUILD_VIEW, "me": {**GUILD_VIEW["me"], "locale": locale}, "names": names})
        await expect(tab.locator(".thinking")).to_contain_text(f"\u2068{name}\u2069")
        used = tab.locator(".context.used strong")
        await expect(used).to_have_css("direction", "rtl")
        await expect(tab.locator(".context.used > span:last-child")).to_have_css("direction", "ltr")
