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
from tests.e2e.support.delivery import rows, turned
from tests.e2e.support.guild import Scene, films, finished, job_id, set_scene
from tests.e2e.support.images import (
    CREDITS,
    drawn,
    imagine,
    newest,
    picture_stage,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHECK = "/midjourney/v1/promptCheck"
FORBIDDEN = "TTAPI forbids words of the prompt: “gore”. Nothing was charged. Say it in other words."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with picture_stage(tmp_path_factory.mktemp("stage")) as sandbox:
        sandbox.provider.settings.banned_words = frozenset({"gore", "blood"})
        yield sandbox


def checks(sandbox: Sandbox) -> list[object]:
    """Give the prompts that the provider was asked about."""
    return [request.json for request in sandbox.provider.requests if request.path == CHECK]


async def ask(scene: Scene, prompt: str) -> Interaction:
    return await scene.mira.slash(scene.channel, "imagine", prompt=prompt)


def strikes(sandbox: Sandbox, scene: Scene) -> int:
    [[count]] = rows(sandbox, "select count(*) from strike where user_id = ?", scene.mira.id)
    return count


async def struck(scene: Scene, times: int) -> None:
    for _ in range(times):
        await refused(scene, await ask(scene, "a lot of gore"))


async def test_a_good_prompt_is_asked_about_once_as_it_is_sent(scene: Scene, sandbox: Sandbox) -> None:
    before = len(checks(sandbox))
    await imagine(scene, "a red kite --fast --ar 16:9 --no birds")
    assert checks(sandbox)[before:] == [{"prompt": "a red kite --ar 16:9 --no birds"}]
    assert newest(sandbox).prompt == "a red kite --ar 16:9 --no birds"
    assert await refused(scene, await ask(scene, "a red kite --no gore"), CREDITS - 1) == FORBIDDEN


async def test_a_forbidden_word_in_imagine_is_named_to_the_asker_alone(scene: Scene, sandbox: Sandbox) -> None:
    illegal = sandbox.provider.illegal_prompts
    told = await refused(scene, await ask(scene, "Blood and gore, everywhere"))
    assert told == ("TTAPI forbids words of the prompt: “blood”, “gore”. Nothing was charged. Say it in other words.")
    assert sandbox.provider.illegal_prompts == illegal
    [[reserved]] = rows(sandbox, "select count(*) from ledger where user_id = ?", scene.mira.id)
    assert reserved == 0


async def test_a_forbidden_word_in_video_is_refused_too(scene: Scene) -> None:
    assert await refused(scene, await scene.video(prompt="gore")) == FORBIDDEN


async def test_a_forbidden_word_in_the_form_is_refused_too(scene: Scene, sandbox: Sandbox) -> None:
    card = await imagine(scene)
    asked = await scene.mira.click(card, f"animate:{job_id(card)}:1:low")
    await asked.answered()
    told = await refused(scene, await scene.mira.submit(asked, {"prompt": "then gore"}), CREDITS - 1)
    assert told == FORBIDDEN
    message = await scene.leo.say(scene.channel, "look", attachments=[scene.boat()])
    menu = await scene.mira.menu(message, "Animate this image")
    await menu.answered()
    told = await refused(scene, await scene.mira.submit(menu, {"prompt": "then gore"}), CREDITS - 1)
    assert told == FORBIDDEN


async def test_after_three_in_a_day_a_member_waits_until_tomorrow_and_nobody_is_asked(
    scene: Scene, sandbox: Sandbox
) -> None:
    await struck(scene, 3)
    before = sandbox.provider.requests.position
    told = await refused(scene, await ask(scene, "a red kite"))
    asked_to_wait = "Prompts of yours were refused for their words 3 times today. Nothing was charged. Try again "
    found = re.fullmatch(rf"{re.escape(asked_to_wait)}<t:(\d+):R>\.", told)
    assert found is not None, told
    tomorrow = int(found[1])
    assert 0 < tomorrow - time.time() <= 24 * 3600
    assert tomorrow % (24 * 3600) == 0
    assert await refused(scene, await scene.video(prompt="a red kite")) == told
    assert sandbox.provider.requests.position == before
    await drawn(await scene.leo.slash(scene.channel, "imagine", prompt="a red kite"))


async def test_yesterdays_strikes_are_forgotten(scene: Scene, sandbox: Sandbox) -> None:
    await struck(scene, 3)
    rows(sandbox, "update strike set day = '2001-01-01' where user_id = ?", scene.mira.id)
    assert len(films(await imagine(scene))) == 4


async def test_who_waits_may_still_go_on_with_pictures_that_are_made(scene: Scene) -> None:
    card = await imagine(scene)
    for _ in range(3):
        await refused(scene, await ask(scene, "gore"), CREDITS - 1)
    upscaled = await drawn(await scene.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
    assert "**U1** by" in upscaled.text


@pytest.mark.parametrize("message", ["[Banned prompt detected]", "banned prompt words：gore"])
async def test_a_refusal_by_the_vendor_itself_counts_and_gives_the_credit_back(
    scene: Scene, sandbox: Sandbox, message: str
) -> None:
    sandbox.provider.next_submit(faults.FailLater(message))
    asked = await ask(scene, "something that the check did not know")
    card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "TTAPI refused the prompt because of its words. All 1 credit came back." in card.text
    assert strikes(sandbox, scene) == 1
    assert await scene.credits() == CREDITS


async def test_a_refusal_of_the_order_itself_counts_too(scene: Scene, sandbox: Sandbox) -> None:
    # The check knows English words alone, so the order may still be refused.
    with turned(sandbox.provider.settings, banned_words=frozenset[str]()):
        sandbox.provider.next_submit(faults.Status(400, "banned prompt words：gore"))
        asked = await ask(scene, "gore")
        card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "TTAPI refused the prompt because of its words. All 1 credit came back." in card.text
    assert strikes(sandbox, scene) == 1


async def test_a_check_that_is_down_lets_the_job_go_on(scene: Scene, sandbox: Sandbox) -> None:
    for fault in (faults.Status(500), faults.Html(), faults.Malformed(), faults.ResetBefore(), faults.Status(401)):
        with turned(sandbox.provider.settings, check_fault=fault):
            await imagine(scene)
    assert strikes(sandbox, scene) == 0


async def test_a_job_whose_prompt_is_the_vendors_own_is_not_asked_about(scene: Scene, sandbox: Sandbox) -> None:
    card = await imagine(scene)
    film = await scene.film(clips=1)
    before = len(checks(sandbox))
    await drawn(await scene.mira.click(card, f"act:{job_id(card)}:variation1"))
    await finished(await scene.mira.click(film, f"extend:{job_id(film)}:1:low"))
    await drawn(await scene.mira.slash(scene.channel, "blend", image1=scene.boat(), image2=scene.boat()))
    assert len(checks(sandbox)) == before


async def test_how_many_are_too_many_is_a_setting(tmp_path: Path) -> None:
    async with picture_stage(tmp_path, {"STRIKES": "1"}) as sandbox, sandbox.bot():
        sandbox.provider.settings.banned_words = frozenset({"gore"})
        scene = set_scene(sandbox)
        await struck(scene, 1)
        told = await refused(scene, await ask(scene, "a red kite"))
        assert told.startswith("Prompts of yours were refused for their words 1 time today.")


async def test_who_makes_films_elsewhere_is_not_checked_by_ttapi(tmp_path: Path) -> None:
    async with picture_stage(tmp_path, providers=("cometapi", "ttapi")) as sandbox, sandbox.bot():
        scene = set_scene(sandbox)
        await scene.film()
        assert checks(sandbox) == []
        await scene.film(provider="ttapi", clips=1)
        assert checks(sandbox) == [{"prompt": "a paper boat"}]
        assert newest(sandbox).prompt == "a paper boat"
