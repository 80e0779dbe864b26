"""/settings: kept for one member in one server, and used where an option was not typed."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.ui.text.choices import usual
from bot.ui.text.translate import speaking
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def chosen(server: Server, **options: Any) -> str:
    return await server.told(await server.mira.slash(server.channel, "settings", **options))


async def test_without_an_option_the_settings_are_shown(server: Server) -> None:
    assert (await chosen(server)).startswith("**Your settings in this server**")
    assert "- Motion: as usual" in await chosen(server)


async def test_what_was_chosen_is_used_where_it_was_not_typed_and_taken_back_by_default(server: Server) -> None:
    told = await chosen(server, motion="high", resolution="hd", clips="1", provider="ttapi", notify="direct")
    assert told.startswith("**Saved.**")
    for line in ("Motion: high", "Resolution: HD", "Clips: 1", "Provider: TTAPI", "you get a direct message"):
        assert line in told
    assert "- Motion: as usual" in await chosen(server, motion="default", provider="default")
    job = await server.asked(
        await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image(), resolution="sd")
    )
    assert (job.params.motion, job.params.resolution, job.params.clips) == (Motion.LOW, Resolution.SD, 1)
    assert job.params.explicit_options == ("resolution",)
    assert job.params.preferred == Preferences(clips=1)


async def test_others_and_other_servers_keep_theirs(server: Server) -> None:
    await chosen(server, clips="1")
    job = await server.asked(await server.leo.slash(server.channel, "video", prompt="a boat", image=server.image()))
    assert job.params.clips == 4


async def test_pictures_take_the_speed(server: Server) -> None:
    await chosen(server, speed="relax")
    job = await server.asked(await server.mira.slash(server.channel, "imagine", prompt="a boat"))
    assert (job.params.speed, job.params.preferred) == (Speed.RELAX, Preferences(speed=Speed.RELAX))


async def test_a_film_goes_on_where_a_setting_cannot_be_had(server: Server) -> None:
    await chosen(server, speed="turbo")
    job = await server.asked(await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image()))
    assert job.params.speed is Speed.FAST


async def test_a_provider_that_is_not_there_is_refused(server: Server) -> None:
    told = await chosen(server, provider="nobody")
    assert told == "I know no provider “nobody”. Nothing was charged. Choose TTAPI, or leave it out."


async def test_providers_are_suggested_and_the_way_back(server: Server) -> None:
    assert await server.suggested(server.mira, "settings", "provider", "") == ["ttapi", "default"]
    assert await server.suggested(server.mira, "settings", "provider", "def") == ["default"]


async def test_the_way_back_is_suggested_by_its_name_in_the_members_language_too(server: Server) -> None:
    server.mira.locale = "vi"
    with speaking("vi"):
        name = usual()
    for typed in ("def", name[:3]):
        asked = await server.mira.autocomplete(server.channel, "settings", focused="provider", provider=typed)
        await asked.answered()
        assert asked.choices == [{"name": name, "value": "default"}]


async def test_a_spoiler_hides_everything_but_where_it_was_typed_otherwise(server: Server) -> None:
    await chosen(server, spoiler=True)
    image: dict[str, Any] = {"prompt": "a boat", "image": server.image()}
    hidden = await server.asked(await server.mira.slash(server.channel, "video", **image))
    await server.mira.slash(server.channel, "video", **image, spoiler=False)
    await server.mira.slash(server.channel, "imagine", prompt="a kite", spoiler=False)
    await server.mira.slash(server.channel, "imagine", prompt="a kite")
    jobs = await server.until(lambda jobs: len(jobs) == 4)
    assert jobs[0].id == hidden.id
    said = sorted((str(job.kind), "spoiler" in job.params.explicit_options, job.spoiler) for job in jobs)
    assert said == [("imagine", False, 1), ("imagine", True, 0), ("video", False, 1), ("video", True, 0)]


async def test_what_the_server_decided_is_shown_where_it_counts(server: Server) -> None:
    defaults = Preferences(motion=Motion.HIGH, resolution=Resolution.HD)
    await server.db.store.guild_settings.change(
        server.guild.id, lambda before: replace(before, defaults=defaults, spoiler=True), 1
    )
    told = await chosen(server, motion="low", spoiler=False)
    assert "- Motion: low\n- Resolution: HD, as this server has it\n- Clips: as usual" in told
    assert told.endswith("- Spoiler: pictures and films are hidden, as this server has it")
