"""The page in its reader's language: what the sandbox tells it, and what it says itself."""

import aiohttp
import pytest
from babel.core import Locale

from sandbox.sentences import t, tn
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.languages import ENGLISH, Languages, Words
from tests.sandbox.web.page_client import Json, of, open_client

POLISH = Words(
    "pl",
    Locale("pl"),
    {
        "{count} clip of {who}": ("{who}: {count} klip", "{who}: {count} klipy", "{who}: {count} klipów"),
        "{size} bytes": ("{size} bajtów",),
        "the bot": ("bot",),
    },
)


async def test_who_chooses_a_language_is_told_its_words_before_the_view(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as tab:
        assert tab.all("words") == []
        view = await tab.enters(locale="vi")
        (words,) = tab.all("words")
        assert (words["language"], words["locale"]) == ("vi", "vi")
        assert words["messages"]["Send"] == ["Gửi"]
        assert words["messages"]["{count} byte"] == ["{count} byte"]
        assert tab.told.index(words) < tab.told.index(view)
        await tab.enters(channel=view["channel"])
        assert tab.all("words") == []
        await tab.enters(locale="en-GB")
        assert tab.all("words")[0]["messages"] == {}


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-CN"), ("vi", "vi"), ("de", "en"), ("en-GB", "en")]
)
async def test_a_locale_falls_back_to_its_language_and_then_to_english(
    page: Page, guild_setup: GuildSetup, locale: str, language: str
) -> None:
    async with open_client(page, "mira") as tab:
        await tab.enters(locale=locale)
        words = await tab.until(of("words"))
        assert (words["language"], words["locale"]) == (language, locale)


async def test_what_the_sandbox_says_itself_is_in_the_readers_language(page: Page, guild_setup: GuildSetup) -> None:
    def notes(view: Json) -> dict[str, str]:
        return {person["name"]: person["note"] for person in view["people"]}

    async with open_client(page, "leo") as leo, open_client(page, "mira") as mira:
        assert notes(await leo.enters(locale="zh-CN")) == {
            "mira": "没有身份组的成员",
            "leo": "身份组：Film club",
            "ada": "服务器所有者",
        }
        assert (await leo.until(of("bot")))["say"] == "机器人尚未启动。"
        assert await leo.refused("delete", message="1") == "这条消息已不存在。"
        long = "a" * 2345
        assert await leo.refused("send_message", content=long) == "一条消息最多 2,000 个字符，这条有 2,345 个。"
        assert await leo.refused("click", message="1", custom_id="x") == "这条消息已不存在。"
        assert await mira.refused("delete", message="1") == "This message is not there any more."


async def test_the_fault_buttons_are_told_anew_in_another_language(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as tab:
        await tab.does("watch", drawer=True)
        english = (await tab.until(of("activity")))["faults"][0]
        await tab.enters(locale="vi")
        vietnamese = (await tab.until(of("activity", reset=True)))["faults"][0]
        assert english["label"] == "Kill -9 and start again"
        assert vietnamese["label"] == "Kill -9 rồi khởi động lại"
        assert "“Ứng dụng không phản hồi”" in vietnamese["leads_to"]
        assert await tab.refused("inject_fault", name="kill") == "Bot đã dừng rồi."
        shown = (await tab.until(of("activity", reset=True)))["faults"]
        assert {fault["group"] for fault in shown} == {"Bot", "Discord", "Nhà cung cấp", "Sau đó"}
        assert any("TTAPI" in fault["leads_to"] for fault in shown)
        assert not any("{" in fault["leads_to"] + fault["label"] for fault in shown)


async def test_a_file_is_refused_in_the_language_of_who_brings_it(page: Page, guild_setup: GuildSetup) -> None:
    guild_setup.mira.locale = "vi"
    channel = str(guild_setup.films.id)
    address = f"{page.url}files?name=a.png&user=mira&channel={channel}"
    async with aiohttp.ClientSession() as session:
        answer = await session.post(address, data=b"", headers={"Origin": page.url.rstrip("/")})
        assert (await answer.json())["say"] == "Tệp này trống nên không đính kèm được."


def test_plurals_and_numbers_follow_the_language() -> None:
    said = [
        POLISH.say(tn("{count} clip of {who}", "{count} clips of {who}", count, who=t("the bot")))
        for count in (1, 3, 5)
    ]
    assert said == ["bot: 1 klip", "bot: 3 klipy", "bot: 5 klipów"]
    assert POLISH.say(t("{size} bytes", size=12345)) == "12\N{NO-BREAK SPACE}345 bajtów"
    assert (
        POLISH.say(t("{count} of {size}", count=1, size=1234567)) == "1 of 1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"
    )
    assert POLISH.say("what a member wrote") == "what a member wrote"


def test_a_sentence_is_english_where_nobody_says_otherwise() -> None:
    sentence = t("{provider} of {who}", who="{provider}").filled(provider="TTAPI")
    assert sentence == "TTAPI of {provider}"
    assert ENGLISH.say(sentence) == sentence
    assert tn("{count} file", "{count} files", 1) == "1 file"
    assert tn("{count} file", "{count} files", 2000) == "2,000 files"


def test_a_page_may_speak_further_languages() -> None:
    languages = Languages({"pl": POLISH, "en-XA": ENGLISH})
    assert languages.of("pl") is POLISH
    assert list(languages.locales)[-1] == "en-XA"
    assert "en-XA" not in Languages().locales
