"""/describe: a picture becomes four prompts, each of which can be drawn; /seed: what to draw the same from."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message, Permission
from sandbox.harness import Sandbox
from tests.e2e.support.delivery import logged, overridden, rows
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.e2e.support.images import (
    CREDITS,
    click_forged,
    drawn,
    image_sandbox,
    imagine,
    newest,
    ordered,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


async def described(asked: Interaction) -> Message:
    """Wait for a card with its four texts and their buttons."""
    return await asked.until(lambda message: len(message.buttons) == 4, 30)


async def test_four_prompts_come_of_a_picture_and_each_can_be_drawn(server: Server, sandbox: Sandbox) -> None:
    card = await described(await server.mira.slash(server.channel, "describe", image=server.image()))
    assert card.text.startswith(f"**Description** by {server.mira.mention}, 1 credit")
    job = newest(sandbox)
    assert job.image_result is not None
    words = job.image_result.prompts
    assert len(words) == 4
    for number, one in enumerate(words, 1):
        assert f"**{number}** {one}" in card.text.replace("\\", "")
    assert [button.label for button in card.buttons] == [f"Imagine {number}" for number in (1, 2, 3, 4)]
    assert "**Draw one of them** - 1 credit each" in card.text
    for number, one in enumerate(words, 1):
        made = await drawn(await server.leo.click(card, f"imagine:{job_id(card)}:{number}"))
        assert made.text.startswith(f"**Pictures** by {server.leo.mention}, fast speed, 1 credit")
        assert (ordered(sandbox).action, ordered(sandbox).prompt) == ("imagine", one)
    assert (await server.credits(), await server.credits(server.leo)) == (CREDITS - 1, CREDITS - 4)


async def test_seeds_are_suggested_of_what_was_drawn_and_of_nothing_else(server: Server) -> None:
    pictures = job_id(await imagine(server))
    await described(await server.mira.slash(server.channel, "describe", image=server.image()))
    asked = await server.mira.autocomplete(server.channel, "seed", focused="job", job="")
    await asked.answered()
    assert [choice["value"] for choice in asked.choices or []] == [pictures]


async def test_texts_that_come_without_numbers_are_four_all_the_same(server: Server, sandbox: Sandbox) -> None:
    with overridden(sandbox.provider.settings, ttapi_describe="lines"):
        card = await described(await server.mira.slash(server.channel, "describe", image=server.image()))
    drawing = newest(sandbox).image_result
    assert drawing is not None
    made = await drawn(await server.mira.click(card, f"imagine:{job_id(card)}:3"))
    assert made is not None
    assert ordered(sandbox).prompt == drawing.prompts[2]


async def test_a_link_is_described_as_an_attached_picture_is(server: Server, sandbox: Sandbox) -> None:
    await imagine(server)
    link = f"{sandbox.provider.base_url}/pics/{newest(sandbox).result_id}/1.png"
    await described(await server.mira.slash(server.channel, "describe", link=f" {link} "))
    # The picture itself is sent: nobody else opens a member's link.
    assert (ordered(sandbox).action, ordered(sandbox).image_url) == ("describe", None)
    assert ordered(sandbox).image is not None


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("{provider}/midjourney/status", "The link leads to nothing that I can fetch."),
        ("{provider}/pics/none/0.png", "The link leads to nothing that I can fetch."),
        ("{discord}/gateway", "The linked file is not a picture that I can read."),
        ("a red kite", "What you gave as the picture's link is not a link."),
        ("https://8.8.8.8:99999/", "What you gave as the picture's link is not a link."),
        ("ftp://example.com/a.png", "The linked file lies at an address that I do not open."),
        ("file:///etc/passwd", "The linked file lies at an address that I do not open."),
        ("http://user:secret@127.0.0.1/a.png", "The linked file lies at an address that I do not open."),
    ],
)
async def test_a_link_that_is_no_picture_is_refused(server: Server, sandbox: Sandbox, link: str, sentence: str) -> None:
    where = link.format(provider=sandbox.provider.base_url, discord=sandbox.discord.api_url)
    told = await refused(server, await server.mira.slash(server.channel, "describe", link=where))
    assert told.startswith(f"{sentence} Nothing was charged.")


@pytest.mark.parametrize(
    ("both", "sentence"),
    [
        (True, "I can describe an image or a link, not both. Nothing was charged. Leave one of them out."),
        (False, "There is no picture to describe. Nothing was charged. Attach one as image, or name its link."),
    ],
)
async def test_either_an_image_or_a_link(server: Server, *, both: bool, sentence: str) -> None:
    image, link = (server.image(), "https://example.com/a.png") if both else (None, None)
    assert (
        await refused(server, await server.mira.slash(server.channel, "describe", image=image, link=link)) == sentence
    )


async def test_a_picture_that_cannot_be_read_is_refused(server: Server) -> None:
    asked = await server.mira.slash(server.channel, "describe", image=server.image(data=b"words" * 100))
    assert (await refused(server, asked)).startswith("The image is not a picture that I can read.")


async def test_a_text_that_is_not_there_is_not_drawn(server: Server) -> None:
    card = await described(await server.mira.slash(server.channel, "describe", image=server.image()))
    asked = await click_forged(server.mira, card, f"imagine:{job_id(card)}:5")
    told = await refused(server, asked, CREDITS - 1)
    assert told == f"The picture of job {job_id(card)} does not offer that. Nothing was charged."


async def test_a_private_address_is_not_opened_where_that_is_not_allowed(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, {"ALLOW_PRIVATE_URLS": "false"}) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        seen = sandbox.provider.requests.position
        for link in (f"{sandbox.provider.base_url}/pics/a/0.png", "https://127.0.0.1/a.png", "https://[::1]/a.png"):
            told = await refused(server, await server.mira.slash(server.channel, "describe", link=link))
            assert told == (
                "The linked file lies at an address that I do not open. Nothing was charged. Attach it as a file."
            )
        assert sandbox.provider.requests.position == seen


async def test_the_seed_of_pictures_is_told_and_costs_nothing(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server, "a red kite")
    asked = await server.mira.slash(server.channel, "seed", job=f" {job_id(card).upper()} ")
    told = await asked.until(lambda message: "The seed is" in message.text, 20)
    assert told.text.startswith(f"**Seed** by {server.mira.mention}, 0 credits")
    drawing = newest(sandbox).image_result
    assert drawing is not None
    assert f"The seed is **{drawing.seed}**: `--seed {drawing.seed}`" in told.text
    assert f"(job {job_id(card)}), made by TTAPI" in told.text
    again = await imagine(server, f"a red kite --seed {drawing.seed}")
    assert f"> a red kite --seed {drawing.seed}" in again.text
    assert re.search(r"--seed \d+$", ordered(sandbox).prompt)


async def test_a_seed_that_was_found_before_is_told_at_once_and_nobody_is_asked_or_charged(
    server: Server, sandbox: Sandbox
) -> None:
    card = await imagine(server, "a red kite")
    asked = await server.mira.slash(server.channel, "seed", job=job_id(card))
    found = await asked.until(lambda message: "The seed is" in message.text, 20)
    [line] = [line for line in found.text.splitlines() if line.startswith("The seed is")]
    await logged(sandbox, f"job {job_id(found)} is made")
    jobs, requests = rows(sandbox, "select count(*) from job"), sandbox.provider.requests.position
    for who in (server.mira, server.leo):
        asked = await who.slash(server.channel, "seed", job=job_id(card))
        told = await asked.until(lambda message: "The seed is" in message.text, 20)
        note = f"-# of the pictures of job {job_id(card)}; it was found before, so nothing was charged."
        assert told.text.splitlines() == [line, note]
    assert rows(sandbox, "select count(*) from job") == jobs
    assert sandbox.provider.requests.position == requests
    assert (await server.credits(), await server.credits(server.leo)) == (CREDITS - 1, CREDITS)


async def test_others_may_ask_for_the_seed_of_what_they_see_and_for_no_other(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    seen, secret = await imagine(server), await imagine(server, channel=hidden)
    asked = await server.leo.slash(server.channel, "seed", job=job_id(seen))
    await asked.until(lambda message: "The seed is" in message.text, 20)
    told = await refused(server, await server.leo.slash(server.channel, "seed", job=job_id(secret)))
    assert told.startswith(f"There is no job {job_id(secret)} here that you may see.")


async def test_what_is_no_picture_has_no_seed(server: Server, sandbox: Sandbox) -> None:
    film = await finished(await server.video(clips=1))
    words = await described(await server.mira.slash(server.channel, "describe", image=server.image()))
    sandbox.provider.settings.hold = True
    asked = await server.mira.slash(server.channel, "imagine", prompt="a red kite")
    unfinished = await asked.until(lambda message: "%" in message.text, 20)
    for job in (job_id(film), job_id(words), job_id(unfinished)):
        told = await refused(server, await server.mira.slash(server.channel, "seed", job=job), CREDITS - 4)
        assert told.startswith(f"Job {job} has no pictures to go on from. Nothing was charged.")
    told = await refused(server, await server.mira.slash(server.channel, "seed", job="nothing"), CREDITS - 4)
    assert told.startswith("There is no job nothing here that you may see.")
    sandbox.provider.release()
    await drawn(asked)
