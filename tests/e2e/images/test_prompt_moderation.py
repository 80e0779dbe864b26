"""Prompts are checked before they are paid for; who tries forbidden words again and again waits until tomorrow."""

import re
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import overridden, rows
from tests.e2e.support.guild import Server, create_server, finished, gallery, job_id
from tests.e2e.support.images import (
    CREDITS,
    drawn,
    image_sandbox,
    imagine,
    newest,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHECK = "/midjourney/v1/promptCheck"
FORBIDDEN = "TTAPI forbids words of the prompt: “gore”. Nothing was charged. Say it in other words."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        sandbox.provider.settings.banned_words = frozenset({"gore", "blood"})
        yield sandbox


def checks(sandbox: Sandbox) -> list[object]:
    """Give the prompts that the provider was asked about."""
    return [request.json for request in sandbox.provider.requests if request.path == CHECK]


async def ask(server: Server, prompt: str) -> Interaction:
    return await server.mira.slash(server.channel, "imagine", prompt=prompt)


def strikes(sandbox: Sandbox, server: Server) -> int:
    [[count]] = rows(sandbox, "select count(*) from strike where user_id = ?", server.mira.id)
    return count


async def struck(server: Server, times: int) -> None:
    for _ in range(times):
        await refused(server, await ask(server, "a lot of gore"))


async def test_a_good_prompt_is_asked_about_once_as_it_is_sent(server: Server, sandbox: Sandbox) -> None:
    before = len(checks(sandbox))
    await imagine(server, "a red kite --fast --ar 16:9 --no birds")
    assert checks(sandbox)[before:] == [{"prompt": "a red kite --ar 16:9 --no birds"}]
    assert newest(sandbox).prompt == "a red kite --ar 16:9 --no birds"
    assert await refused(server, await ask(server, "a red kite --no gore"), CREDITS - 1) == FORBIDDEN


async def test_a_forbidden_word_in_imagine_is_named_to_the_asker_alone(server: Server, sandbox: Sandbox) -> None:
    illegal = sandbox.provider.illegal_prompts
    told = await refused(server, await ask(server, "Blood and gore, everywhere"))
    assert told == ("TTAPI forbids words of the prompt: “blood”, “gore”. Nothing was charged. Say it in other words.")
    assert sandbox.provider.illegal_prompts == illegal
    [[reserved]] = rows(sandbox, "select count(*) from ledger where user_id = ?", server.mira.id)
    assert reserved == 0


async def test_a_forbidden_word_in_video_is_refused_too(server: Server) -> None:
    assert await refused(server, await server.video(prompt="gore")) == FORBIDDEN


async def test_a_forbidden_word_in_the_form_is_refused_too(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    asked = await server.mira.click(card, f"animate:{job_id(card)}:1:low")
    await asked.answered()
    told = await refused(server, await server.mira.submit(asked, {"prompt": "then gore"}), CREDITS - 1)
    assert told == FORBIDDEN
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    menu = await server.mira.menu(message, "Animate this image")
    await menu.answered()
    told = await refused(server, await server.mira.submit(menu, {"prompt": "then gore"}), CREDITS - 1)
    assert told == FORBIDDEN


async def test_after_three_in_a_day_a_member_waits_until_tomorrow_and_nobody_is_asked(
    server: Server, sandbox: Sandbox
) -> None:
    await struck(server, 3)
    before = sandbox.provider.requests.position
    told = await refused(server, await ask(server, "a red kite"))
    asked_to_wait = "Prompts of yours were refused for their words 3 times today. Nothing was charged. Try again "
    found = re.fullmatch(rf"{re.escape(asked_to_wait)}<t:(\d+):R>\.", told)
    assert found is not None, told
    tomorrow = int(found[1])
    assert 0 < tomorrow - time.time() <= 24 * 3600
    assert tomorrow % (24 * 3600) == 0
    assert await refused(server, await server.video(prompt="a red kite")) == told
    assert sandbox.provider.requests.position == before
    await drawn(await server.leo.slash(server.channel, "imagine", prompt="a red kite"))


async def test_yesterdays_strikes_are_forgotten(server: Server, sandbox: Sandbox) -> None:
    await struck(server, 3)
    rows(sandbox, "update strike set day = '2001-01-01' where user_id = ?", server.mira.id)
    assert len(gallery(await imagine(server))) == 4


async def test_who_waits_may_still_go_on_with_pictures_that_are_made(server: Server) -> None:
    card = await imagine(server)
    for _ in range(3):
        await refused(server, await ask(server, "gore"), CREDITS - 1)
    upscaled = await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
    assert "**U1** by" in upscaled.text


@pytest.mark.parametrize("message", ["[Banned prompt detected]", "banned prompt words：gore"])
async def test_a_refusal_by_the_vendor_itself_counts_and_gives_the_credit_back(
    server: Server, sandbox: Sandbox, message: str
) -> None:
    sandbox.provider.next_submit(faults.FailLater(message))
    asked = await ask(server, "something that the check did not know")
    card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "TTAPI refused the prompt because of its words. 1 credit came back." in card.text
    assert strikes(sandbox, server) == 1
    assert await server.credits() == CREDITS


async def test_a_refusal_of_the_order_itself_counts_too(server: Server, sandbox: Sandbox) -> None:
    # The check knows English words alone, so the order may still be refused.
    with overridden(sandbox.provider.settings, banned_words=frozenset[str]()):
        sandbox.provider.next_submit(faults.Status(400, "banned prompt words：gore"))
        asked = await ask(server, "gore")
        card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "TTAPI refused the prompt because of its words. 1 credit came back." in card.text
    assert strikes(sandbox, server) == 1


async def test_a_check_that_is_down_lets_the_job_go_on(server: Server, sandbox: Sandbox) -> None:
    for fault in (faults.Status(500), faults.Html(), faults.Malformed(), faults.ResetBefore(), faults.Status(401)):
        with overridden(sandbox.provider.settings, check_fault=fault):
            await imagine(server)
    assert strikes(sandbox, server) == 0


async def test_a_job_whose_prompt_is_the_vendors_own_is_not_asked_about(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    film = await server.finished_video(clips=1)
    before = len(checks(sandbox))
    await drawn(await server.mira.click(card, f"act:{job_id(card)}:variation1"))
    await finished(await server.mira.click(film, f"extend:{job_id(film)}:1:low"))
    await drawn(await server.mira.slash(server.channel, "blend", image1=server.image(), image2=server.image()))
    assert len(checks(sandbox)) == before


async def test_how_many_are_too_many_is_a_setting(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, {"STRIKES": "1"}) as sandbox, sandbox.bot():
        sandbox.provider.settings.banned_words = frozenset({"gore"})
        server = create_server(sandbox)
        await struck(server, 1)
        told = await refused(server, await ask(server, "a red kite"))
        assert told.startswith("Prompts of yours were refused for their words 1 time today.")


async def test_who_makes_films_elsewhere_is_not_checked_by_ttapi(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, providers=("cometapi", "ttapi")) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        await server.finished_video()
        assert checks(sandbox) == []
        await server.finished_video(provider="ttapi", clips=1)
        assert checks(sandbox) == [{"prompt": "a paper boat"}]
        assert newest(sandbox).prompt == "a paper boat"
