"""From a picture on a card to a film: the buttons, the form that they open, and what becomes of it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message, Permission, User
from sandbox.discord.modals import Modal
from sandbox.harness import Sandbox
from tests.e2e.support.delivery import logged
from tests.e2e.support.guild import Server, create_server, finished, gallery, job_id
from tests.e2e.support.images import (
    CREDITS,
    closest,
    drawn,
    image_sandbox,
    imagine,
    newest,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


async def opened(who: User, card: Message, number: int, motion: str) -> Interaction:
    """Press one of a card's animate buttons and wait for the form."""
    asked = await who.click(card, f"animate:{job_id(card)}:{number}:{motion}")
    await asked.answered()
    assert asked.modal is not None
    return asked


def form_of(asked: Interaction) -> Modal:
    assert asked.modal is not None
    return asked.modal


async def test_the_form_is_filled_in_with_the_words_of_the_picture(server: Server) -> None:
    card = await imagine(server, "a red kite over the sea --ar 16:9 --no birds, clouds")
    form = form_of(await opened(server.mira, card, 2, "low"))
    assert form.title == "Animate picture 2, low motion"
    assert [field.label for field in form.fields] == ["Prompt", "Films"]
    assert form["prompt"].value == "a red kite over the sea"
    assert form["films"].value == ["4-sd"]
    assert {choice.value: choice.label for choice in form["films"].choices} == {
        "4-sd": "4 films, SD: 8 credits",
        "2-sd": "2 films, SD: 4 credits",
        "1-sd": "1 film, SD: 2 credits",
        "4-hd": "4 films, HD: 24 credits",
        "2-hd": "2 films, HD: 12 credits",
        "1-hd": "1 film, HD: 6 credits",
    }


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("motion", ["low", "high"])
async def test_each_picture_of_four_moves_little_or_much(
    server: Server, sandbox: Sandbox, number: int, motion: str
) -> None:
    card = await imagine(server)
    asked = await server.mira.submit(await opened(server.mira, card, number, motion), {"films": "1-sd"})
    film = await finished(asked)
    assert f"{motion} motion, SD, 1 clip, 2 credits" in film.text
    assert f"from a picture of job {job_id(card)}" in film.text
    assert [media.where for media in film.media] == ["thumbnail", "gallery"]
    order = newest(sandbox).order
    assert (order.action, order.prompt, order.options.motion) == ("generate", "a red kite over the sea", motion)
    assert order.image_url is not None
    # The film starts with that picture and with no other: all four differ.
    started = [film_start for film_start in film.media if film_start.where == "thumbnail"]
    assert closest(started[0].data, card) == number


@pytest.mark.parametrize("motion", ["low", "high"])
async def test_a_single_picture_has_one_button_for_each_motion(server: Server, sandbox: Sandbox, motion: str) -> None:
    grid = await imagine(server)
    card = await drawn(await server.mira.click(grid, f"act:{job_id(grid)}:upsample3"), 1)
    animations = [button.custom_id for button in card.buttons if (button.custom_id or "").startswith("animate:")]
    assert animations == [f"animate:{job_id(card)}:1:low", f"animate:{job_id(card)}:1:high"]
    film = await finished(await server.mira.submit(await opened(server.mira, card, 1, motion), {}))
    assert len(gallery(film)) == 4
    assert newest(sandbox).options.motion == motion


async def test_resolution_and_number_of_films_are_what_was_chosen(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    choice = {"prompt": "the kite rises --bs 4", "films": "2-hd"}
    film = await finished(await server.mira.submit(await opened(server.mira, card, 1, "high"), choice))
    assert "high motion, HD, 2 clips, 12 credits" in film.text
    assert "Taken out of the prompt: `--bs 4`." in film.text
    order = newest(sandbox).order
    assert (order.prompt, order.options.resolution, order.options.clips) == ("the kite rises", "hd", 2)
    assert await server.credits() == CREDITS - 13


async def test_a_form_that_is_opened_and_sent_twice_makes_two_films(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    form = await opened(server.mira, card, 1, "low")
    submits = sandbox.provider.submits
    asked = [await server.mira.submit(form, {"films": "1-sd", "prompt": words}) for words in ("it rises", "it falls")]
    shown = [await finished(one) for one in asked]
    assert len({card.id for card in shown}) == 2
    assert sandbox.provider.submits == submits + 2
    assert await server.credits() == CREDITS - 5


async def test_whoever_sees_the_card_may_animate_it_wherever_it_was_shown_since(server: Server) -> None:
    card = await imagine(server)
    await logged(server.sandbox, f"job {job_id(card)} is delivered")
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    await drawn(await server.mira.slash(hidden, "jobs show", id=job_id(card)))
    await finished(await server.leo.submit(await opened(server.leo, card, 1, "low"), {"films": "1-sd"}))
    assert await server.credits(server.leo) == CREDITS - 2


async def test_a_picture_job_is_a_source_of_video_too(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    for source, number in ((job_id(card), 1), (f"{job_id(card)}#3", 3)):
        asked = await server.mira.slash(server.channel, "video", prompt="it moves", source=source, clips=1)
        shown = await finished(asked)
        assert closest(shown.media[0].data, card) == number


async def test_a_form_that_was_open_while_the_bot_was_killed_works(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await imagine(server)
            form = await opened(server.mira, card, 4, "high")
            await bot.kill()
        async with sandbox.bot():
            film = await finished(await server.mira.submit(form, {"films": "1-sd", "prompt": "the kite rises"}))
            assert closest(film.media[0].data, card) == 4
            assert newest(sandbox).options.motion == "high"
            assert await server.credits() == CREDITS - 3


async def test_a_loop_is_offered_where_a_provider_makes_loops_and_goes_there(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, providers=("ttapi", "acedata")) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot():
            card = await imagine(server)
            form = await opened(server.mira, card, 1, "low")
            assert [field.label for field in form_of(form).fields] == ["Prompt", "Films", "Loop"]
            assert form_of(form)["loop"].value == ["no"]
            assert "made by TTAPI" in (await finished(await server.mira.submit(form, {"films": "1-sd"}))).text
            looped = await finished(await server.mira.submit(form, {"loop": "yes"}))
            assert "made by AceData" in looped.text
            assert "**Video** by" in looped.text
            assert "SD, 4 clips, loop, 8 credits" in looped.text
            assert newest(sandbox).options.loop
            told = await refused(server, await server.mira.submit(form, {"loop": "yes", "films": "1-sd"}), CREDITS - 11)
            assert told == (
                "No provider here has choice of 1 clip and loop together. Nothing was charged. Leave one of them out;"
                " /providers shows what each can do."
            )
