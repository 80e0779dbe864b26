"""/extend, which says more than its buttons, and /video from pictures that are somewhere already."""

import hashlib
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message, Permission
from sandbox.harness import Sandbox
from sandbox.provider import Job
from tests.e2e.support.guild import Server, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox
from tests.support.sample_images import small_photo

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with all four providers."""
    folder = tmp_path_factory.mktemp("sandbox")
    async with start_sandbox(folder, providers=("ttapi", "acedata", "apimart", "cometapi")) as sandbox:
        hasten(sandbox)
        sandbox.settings.update(DEFAULT_CREDITS="200")
        yield sandbox
        assert sandbox.discord.violations == []


def newest(sandbox: Sandbox) -> Job:
    return list(sandbox.provider.jobs.values())[-1]


async def extend(server: Server, job: str, clip: int = 1, **options: Any) -> Interaction:
    return await server.mira.slash(server.channel, "extend", job=job, clip=clip, **options)


async def shown(asked: Interaction, clips: int) -> Message:
    """Wait for a card with all its films, whether or not it has buttons."""
    return await asked.until(lambda message: len(gallery(message)) == clips and "%" not in message.text, 30)


async def test_an_extend_may_bring_a_new_prompt_where_the_provider_takes_one(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="acedata")
    extension = await finished(await extend(server, job_id(card).upper(), 3, prompt="the boat sinks --bs 4"))
    assert "> the boat sinks" in extension.text
    assert "Read from the prompt: `--bs 4`." in extension.text
    order = newest(sandbox).order
    assert (order.action, order.index, order.prompt) == ("extend", 2, "the boat sinks")


async def test_an_extend_may_ask_for_fewer_clips_and_another_motion(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video()
    extension = await finished(await extend(server, job_id(card), 4, motion="high", clips=1, animate="manual"))
    assert "high motion, SD, 1 clip, manual animation, 2 credits" in extension.text
    order = newest(sandbox).order
    assert (order.index, order.options.motion, order.options.clips, order.options.animate) == (3, "high", 1, "manual")


@pytest.mark.parametrize(
    ("provider", "options", "sentence"),
    [
        ("ttapi", {"prompt": "it sinks --loop"}, "TTAPI has no loop. Nothing was charged."),
        ("acedata", {"motion": "low"}, "AceData has no low motion in an extend. Nothing was charged."),
        ("acedata", {"clips": 2}, "AceData has no choice of 2 clips. Nothing was charged."),
        ("acedata", {"prompt": "it sinks --loop"}, "AceData has no loop in an extend. Nothing was charged."),
        (
            "cometapi",
            {"animate": "auto"},
            "CometAPI has no choice of auto animation in an extend. Nothing was charged.",
        ),
        (
            "apimart",
            {"prompt": "it sinks --loop"},
            "APIMart has no loop. Nothing was charged. AceData would have it, but an extend stays with its video's"
            " provider.",
        ),
        ("apimart", {"animate": "auto"}, "Automatic animation is only for pictures that the provider made itself."),
    ],
)
async def test_what_a_provider_lacks_in_an_extend_is_refused(
    server: Server, sandbox: Sandbox, provider: str, options: dict[str, Any], sentence: str
) -> None:
    card = await shown(await server.video(provider=provider), 4)
    submits = sandbox.provider.submits
    asked = await extend(server, job_id(card), **options)
    assert sentence in await server.private_text(asked)
    assert asked.message is None or asked.message.deleted
    assert sandbox.provider.submits == submits
    assert await server.credits() == 192


async def test_an_extend_of_what_is_not_there_or_not_to_be_seen_is_refused(server: Server) -> None:
    told = await server.private_text(await extend(server, "00000000000000"))
    assert told.startswith("There is no job 00000000000000 here that you may see. Nothing was charged.")
    card = await server.finished_video(clips=1)
    told = await server.private_text(await extend(server, job_id(card), 2))
    assert told.startswith(f"Job {job_id(card)} has no clip 2 that can be extended. Nothing was charged.")
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.mira, deny=Permission.VIEW_CHANNEL)
    secret = await server.finished_video(server.leo, channel=hidden, clips=1)
    told = await server.private_text(await extend(server, job_id(secret)))
    assert told.startswith(f"There is no job {job_id(secret)} here that you may see.")
    told = await server.private_text(
        await server.mira.slash(server.channel, "video", prompt="a boat", source=job_id(secret))
    )
    assert told.startswith(f"Job {job_id(secret)} has no picture here that you may use. Nothing was charged.")


async def test_a_card_lends_its_pictures(server: Server, sandbox: Sandbox) -> None:
    end = server.image("end.png")
    card = await server.finished_video(clips=1, end_image=end)
    for source, place in ((job_id(card), "picture"), (f"{job_id(card)}#end", "end picture")):
        again = await finished(
            await server.mira.slash(server.channel, "video", prompt="it sails", source=source, clips=1)
        )
        assert f"from a picture of job {job_id(card)}, made by TTAPI" in again.text, place
        assert [media.where for media in again.media].count("thumbnail") == 1
        # What the card shows is scaled down, so it is not the very file.
        assert newest(sandbox).image is not None
    own = small_photo()
    assert newest(sandbox).image_sha256 != hashlib.sha256(own).hexdigest() or newest(sandbox).image == own


async def test_a_providers_own_picture_may_start_a_film_without_a_prompt(server: Server, sandbox: Sandbox) -> None:
    task = sandbox.provider.add_imagine_task("a red kite")
    asked = await server.mira.slash(
        server.channel, "video", prompt="-", source=f"{task}#3", animate="auto", motion="high", clips=2
    )
    card = await shown(asked, 2)
    assert f"from picture 3 of {task}, made by APIMart".replace("_", "\\_") in card.text
    assert "high motion, SD, 2 clips, auto animation, 4 credits" in card.text
    order = newest(sandbox).order
    assert (order.options.animate, order.options.clips, order.image_url) == ("auto", 2, None)


async def test_a_providers_picture_that_it_does_not_know_is_told_and_paid_back(server: Server) -> None:
    asked = await server.mira.slash(server.channel, "video", prompt="a kite", source="task_01k3v9x2#2")
    card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "APIMart does not know the picture that was named as source. All 8 credits came back." in card.text
    assert await server.credits() == 200


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "There is no picture to start from. Nothing was charged. Attach one as image, or name one as source."),
        (
            {"source": "what?"},
            "“what?” names no picture. Nothing was charged. Name a job as its card does, with #end for its last"
            " picture, or a provider's picture as id#2.",
        ),
        (
            {"source": "00000000000000#end"},
            "Job 00000000000000 has no end picture here that you may use. Nothing was charged. Attach the picture"
            " instead.",
        ),
    ],
    ids=str,
)
async def test_a_film_needs_a_picture_that_is_there(server: Server, options: dict[str, Any], sentence: str) -> None:
    asked = await server.mira.slash(server.channel, "video", prompt="a boat", **options)
    assert await server.private_text(asked) == sentence
    assert await server.credits() == 200


async def test_an_image_and_a_source_together_are_refused(server: Server) -> None:
    told = await server.private_text(await server.video(source="task_1#1"))
    assert (
        told == "I can start from an image or from a source, not from both. Nothing was charged. Leave one of them out."
    )
