"""/preset and the option preset: words that are added, options that are set, seen by nobody else."""

from typing import Any

import pytest

from bot.domain.params import MAX_PROMPT, Motion, Preferences, Speed
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def preset(server: Server, command: str, **options: Any) -> str:
    return await server.told(await server.mira.slash(server.channel, f"preset {command}", **options))


async def save(server: Server, name: str = "boat", words: str = "in oil --ar 16:9", **options: Any) -> str:
    return await preset(server, "save", name=name, words=words, **options)


async def test_a_film_is_asked_for_with_a_preset(server: Server) -> None:
    assert await save(server, motion="high", clips=2) == (
        "**boat**: in oil --ar 16:9 (high motion, 2 clips) is saved; name it as preset in /imagine or /video."
    )
    await server.told(await server.mira.slash(server.channel, "settings", motion="low", resolution="hd"))
    job = await server.asked(
        await server.mira.slash(server.channel, "video", prompt="a kite", image=server.image(), preset="boat", clips=1)
    )
    assert (job.params.prompt, job.params.removed) == ("a kite, in oil", ("--ar 16:9",))
    assert (job.params.motion, job.params.clips) == (Motion.HIGH, 1)
    assert job.params.preferred.from_preset == ("words", "motion")


async def test_a_picture_is_asked_for_with_a_preset(server: Server) -> None:
    told = await save(server, speed="relax", motion="high", translate=True)
    assert "(high motion, relax speed, prompt translated)" in told
    job = await server.asked(
        await server.mira.slash(server.channel, "imagine", prompt="a kite --no birds", preset="boat")
    )
    assert (job.params.prompt, job.params.speed) == ("a kite, in oil --no birds --ar 16:9", Speed.RELAX)
    assert job.params.preferred == Preferences(
        speed=Speed.RELAX, translate=True, from_preset=("words", "speed", "translate")
    )
    assert job.params.translate


async def test_one_that_is_named_twice_is_replaced(server: Server) -> None:
    await save(server)
    assert await save(server, words="in chalk") == (
        "**boat**: in chalk is saved, in place of the one that had this name."
    )
    assert (await preset(server, "list")).splitlines() == ["**Your presets in this server**", "- **boat**: in chalk"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "a" * 300}, "The preset's name has 300 characters, and 32 are allowed. Choose a shorter one."),
        ({"name": "   "}, "The preset has no name. Give it one of 1 to 32 characters."),
        (
            {"words": "a" * (MAX_PROMPT + 1)},
            "The preset's words have 2,001 characters, and 2,000 are allowed. Shorten them and try again.",
        ),
        ({"words": " "}, "The preset is empty. Give it words, or at least one option."),
        ({"provider": "nobody"}, "I know no provider “nobody”. Nothing was charged. Choose TTAPI, or leave it out."),
    ],
    ids=["long name", "no name", "long words", "nothing", "unknown provider"],
)
async def test_what_cannot_be_saved_is_refused_in_one_sentence(
    server: Server, options: dict[str, Any], words: str
) -> None:
    assert await save(server, **options) == words
    assert await preset(server, "list") == "You have no presets in this server; /preset save makes one."


async def test_there_are_no_more_than_25(server: Server) -> None:
    for number in range(25):
        await save(server, f"number {number}")
    assert (await save(server, "one more")).startswith("You have 25 presets in this server already")
    assert "in place of" in await save(server, "number 7")


async def test_one_that_was_deleted_meanwhile_makes_nothing(server: Server) -> None:
    await save(server)
    assert await server.suggested(server.mira, "video", "preset", "bo") == ["boat"]
    assert await preset(server, "delete", name="boat") == (
        "The preset **boat** is deleted; jobs that were asked for with it go on."
    )
    for command, options in (("video", {"image": server.image()}), ("imagine", {})):
        given: dict[str, Any] = options
        asked = await server.mira.slash(server.channel, command, prompt="a kite", preset="boat", **given)
        assert await server.refused(asked) == (
            "You have no preset “boat” in this server. Nothing was charged. /preset list names yours."
        )
    assert (await preset(server, "delete", name="boat")).startswith("You have no preset “boat” in this server.")


async def test_nobody_sees_or_uses_what_is_somebody_elses(server: Server) -> None:
    await save(server)
    for command, option in (("video", "preset"), ("imagine", "preset"), ("preset delete", "name")):
        assert await server.suggested(server.mira, command, option, "") == ["boat"]
        assert await server.suggested(server.leo, command, option, "") == []
    asked = await server.leo.slash(server.channel, "imagine", prompt="a kite", preset="boat")
    assert (await server.refused(asked)).startswith("You have no preset “boat” in this server.")


async def test_a_prompt_that_is_too_long_with_the_words_is_refused(server: Server) -> None:
    await save(server, words="b" * 100)
    asked = await server.mira.slash(server.channel, "imagine", prompt="a" * 1950, preset="boat")
    assert await server.refused(asked) == (
        "The prompt has 2,052 characters, and 2,000 are allowed. Nothing was charged. Shorten it and try again."
    )


async def test_nothing_in_a_preset_pings_anybody(server: Server) -> None:
    words = f"@everyone <@{server.leo.id}>"
    reply = await (await server.mira.slash(server.channel, "preset save", name=words[:30], words=words)).private_reply()
    assert not reply.pinged
    assert "\\@everyone \\<\\@" in reply.text
