"""/imagine, /blend, /describe, /seed and the buttons below pictures: each becomes a job of its kind."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.params import JobParams, Preferences, Shape, Speed
from bot.ui.cards import Card, draw
from sandbox.discord import Message
from tests.support.in_process_bot import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def images(server: Server, kind: Kind = Kind.IMAGINE) -> tuple[Job, Message]:
    """Give a finished picture job of mira's and its card; upsample1 and reroll may follow."""
    job = await server.done(server.mira, kind=kind, params=JobParams("a kite --ar 3:2", motion=None))
    return job, await server.card(draw(Card(job, "TTAPI", 1)))


async def follower(server: Server, parent: Job) -> Job:
    jobs = await server.until(lambda jobs: len(jobs) == 2)
    return next(job for job in jobs if job.id != parent.id)


async def test_a_prompt_keeps_the_flags_that_choose_what_is_drawn(server: Server) -> None:
    job = await server.asked(
        await server.mira.slash(
            server.channel, "imagine", prompt="a kite --ar 16:9 --turbo", speed="relax", translate=True
        )
    )
    assert (job.kind, job.params.prompt, job.params.removed) == (Kind.IMAGINE, "a kite --ar 16:9", ("--turbo",))
    assert (job.params.speed, job.params.translate) == (Speed.RELAX, True)


async def test_a_blend_takes_its_pictures_in_their_order(server: Server) -> None:
    names: dict[str, Any] = {f"image{number}": server.image(f"{number}.png") for number in (1, 2, 4)}
    job = await server.asked(await server.mira.slash(server.channel, "blend", shape="portrait", **names))
    assert [image.filename for image in job.params.images] == ["1.png", "2.png", "4.png"]
    assert (job.kind, job.params.shape, job.params.prompt) == (Kind.BLEND, Shape.PORTRAIT, "")


@pytest.mark.parametrize(
    ("command", "options"),
    [("blend", {}), ("describe", {}), ("describe", {"image": ..., "link": "https://cdn.example/a.png"})],
    ids=["one picture", "nothing", "two at once"],
)
async def test_too_few_or_too_many_pictures_are_refused(server: Server, command: str, options: dict[str, Any]) -> None:
    given: dict[str, Any] = {name: server.image() if value is ... else value for name, value in options.items()}
    if command == "blend":
        given["image1"] = server.image()
    assert "Nothing was charged." in await server.refused(await server.mira.slash(server.channel, command, **given))


async def test_a_picture_is_described_by_its_address(server: Server) -> None:
    job = await server.asked(await server.mira.slash(server.channel, "describe", link="https://cdn.example/a.png"))
    assert job.kind is Kind.DESCRIBE
    assert [image.url for image in job.params.images] == ["https://cdn.example/a.png"]


async def test_a_button_below_pictures_asks_for_its_action(server: Server) -> None:
    parent, card = await images(server)
    await (await server.leo.click(card, f"act:{parent.id}:upsample1")).answered()
    job = await follower(server, parent)
    assert (job.kind, job.params.action, job.params.clips) == (Kind.ACTION, "upsample1", 1)
    assert (job.user_id, job.parent_job_id) == (server.leo.id, parent.id)


async def test_a_descriptions_button_draws_its_prompt(server: Server) -> None:
    parent, card = await images(server, Kind.DESCRIBE)
    # Its words are English, whatever Discord speaks.
    server.leo.locale = "de"
    await (await server.leo.click(card, f"imagine:{parent.id}:1")).answered()
    job = await follower(server, parent)
    assert (job.kind, job.params.prompt) == (Kind.IMAGINE, "a prompt")
    assert not job.params.translate


async def test_a_seed_that_is_known_is_told_at_once_and_costs_nothing(server: Server) -> None:
    parent, _ = await images(server)
    asked = await server.mira.slash(server.channel, "seed", job=parent.id.upper())
    card = await asked.until(lambda message: not message.thinking, 10)
    assert "42" in card.text
    assert [job.id for job in await server.jobs()] == [parent.id]


async def test_films_have_no_seed(server: Server) -> None:
    film = await server.done(server.mira)
    assert "Nothing was charged." in await server.refused(await server.mira.slash(server.channel, "seed", job=film.id))
    parent, _ = await images(server)
    assert await server.suggested(server.mira, "seed", "job", "") == [parent.id]


async def test_a_prompt_is_translated_for_whom_discord_speaks_german_with_unless_they_say_no(
    server: Server,
) -> None:
    server.leo.locale = "de"
    job = await server.asked(await server.leo.slash(server.channel, "imagine", prompt="ein Papierboot"))
    assert (job.params.prompt, job.params.translate) == ("ein Papierboot", True)
    assert job.params.preferred.from_locale == ("translate",)
    told = await server.told(await server.leo.slash(server.channel, "settings", translate="no"))
    assert "- Prompts of pictures: left as they are" in told
    await (await server.leo.slash(server.channel, "imagine", prompt="ein Papierboot")).answered()
    jobs = await server.until(lambda jobs: len(jobs) == 2)
    assert (jobs[1].params.translate, jobs[1].params.preferred) == (False, Preferences(translate=False))
