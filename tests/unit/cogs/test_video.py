"""/video: what was typed becomes the job's row, and what cannot be made is refused in one sentence."""

from typing import Any

import pytest

from bot.domain.job import Kind, State
from bot.domain.params import Motion, Resolution, Speed
from sandbox.discord import Permission
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL_OPTIONS: dict[str, Any] = {
    "motion": "high",
    "resolution": "hd",
    "clips": 2,
    "speed": "fast",
    "provider": "TTAPI",
}


async def test_every_option_that_was_typed_stands_in_the_row(server: Server) -> None:
    video = await server.mira.slash(
        server.channel, "video", prompt="a boat --fast", image=server.image(size=4321), **ALL_OPTIONS
    )
    job = await server.asked(video)
    assert (job.kind, job.state, job.user_id, job.guild_id) == (
        Kind.VIDEO,
        State.RECEIVED,
        server.mira.id,
        server.guild.id,
    )
    params = job.params
    assert (params.prompt, params.removed) == ("a boat", ("--fast",))
    assert (params.motion, params.resolution, params.clips, params.speed) == (
        Motion.HIGH,
        Resolution.HD,
        2,
        Speed.FAST,
    )
    assert params.explicit_options == ("motion", "resolution", "clips", "speed", "provider")
    assert params.image is not None
    assert (params.image.filename, params.image.size, params.image.content_type) == ("boat.png", 4321, "image/png")


async def test_what_was_left_out_follows_from_the_provider(server: Server) -> None:
    job = await server.asked(await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image()))
    assert (job.params.clips, job.params.motion, job.params.speed) == (4, Motion.LOW, Speed.FAST)
    assert job.params.explicit_options == ()


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"prompt": "--fast"},
        "The prompt is empty. Nothing was charged. Say in a few words what should happen in the film.",
    ),
    (
        {"prompt": "a" * 2001},
        "The prompt has 2,001 characters, and 2,000 are allowed. Nothing was charged. Shorten it and try again.",
    ),
    (
        {"provider": "nobody"},
        "I know no provider “nobody”. Nothing was charged. Choose TTAPI, or leave it out.",
    ),
    (
        {"source": "1jd8x3k2m9f4qz"},
        "I can start from an image or from a source, not from both. Nothing was charged. Leave one of them out.",
    ),
    (
        {"end_image": ..., "loop": True},
        "A loop ends where it begins, so it cannot have an end image. Nothing was charged. Choose one of them.",
    ),
    ({"loop": True}, "TTAPI has no loop. Nothing was charged. Leave that option out."),
    ({"speed": "turbo"}, "TTAPI has no speed turbo. Nothing was charged. Leave that option out."),
    *(
        (
            {"prompt": prompt},
            "The prompt is empty. Nothing was charged. Say in a few words what should happen in the film.",
        )
        for prompt in ("\u200b", "--bs 4", "https://example.com/a.png", " - ")
    ),
]


@pytest.mark.parametrize(("options", "words"), REFUSED, ids=repr)
async def test_what_the_payload_shows_to_be_wrong_is_refused(
    server: Server, options: dict[str, Any], words: str
) -> None:
    given = {name: server.image() if value is ... else value for name, value in options.items()}
    typed: dict[str, Any] = {"prompt": "a boat", "image": server.image(), **given}
    asked = await server.mira.slash(server.channel, "video", **typed)
    assert await server.refused(asked) == words


async def test_a_file_that_is_no_picture_is_refused_before_a_card_is_promised(server: Server) -> None:
    asked = await server.mira.slash(
        server.channel, "video", prompt="a boat", image=server.image("boat.txt", content_type="text/plain")
    )
    await server.refused(asked)
    assert asked.message is not None
    assert asked.message.ephemeral


async def test_a_picture_that_claims_to_be_too_large_is_refused(server: Server) -> None:
    image = server.image(size=12 * 2**20 + 1)
    told = await server.refused(await server.mira.slash(server.channel, "video", prompt="a boat", image=image))
    assert told == "The image is larger than 12 MiB. Nothing was charged. Attach a smaller file."


async def test_a_film_of_a_job_starts_at_its_picture(server: Server) -> None:
    parent = await server.done(server.mira)
    await server.db.db_write("insert into frame (job_id, role, media_file) values ($1, 'start', 'kept.png')", parent.id)
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", source=f" {parent.id.upper()} ")
    # Its file is not in the media store, so it is refused; the job itself was found.
    assert parent.id in await server.refused(asked)


async def test_a_picture_that_a_member_may_not_see_is_not_lent(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job = await server.db.done(user=server.mira.id, guild=server.guild.id, channel_id=hidden.id)
    asked = await server.leo.slash(server.channel, "video", prompt="a boat", source=job.id)
    assert job.id in await server.refused(asked)


async def test_where_no_card_can_appear_nothing_is_asked_for(server: Server) -> None:
    server.channel.set_overwrite(server.discord.bot_user, deny=Permission.ATTACH_FILES)
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image())
    assert "Attach Files" in await server.refused(asked)


async def test_suggestions_are_providers_that_fit_and_the_members_own_jobs(server: Server) -> None:
    mine = await server.done(server.mira)
    await server.done(server.leo)
    assert await server.suggested(server.mira, "video", "source", "") == [mine.id]
    assert await server.suggested(server.mira, "video", "provider", "tt") == ["ttapi"]
    assert await server.suggested(server.mira, "video", "provider", "x") == []
