"""Four providers in one server: what each can do decides, and new jobs go to the first that is well."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from sandbox.provider import Job
from tests.e2e.support.guild import Server, create_server, extends, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with all four providers, each HD clip at APIMart cheaper than elsewhere."""
    folder = tmp_path_factory.mktemp("sandbox")
    async with start_sandbox(folder, providers=("ttapi", "acedata", "apimart", "cometapi")) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.ready_made = True
        sandbox.settings.update(APIMART_PRICE_HD="5", DEFAULT_CREDITS="200")
        yield sandbox
        assert sandbox.discord.violations == []


def newest(sandbox: Sandbox) -> Job:
    return list(sandbox.provider.jobs.values())[-1]


async def suggested(server: Server, **options: Any) -> list[str]:
    asked = await server.mira.autocomplete(
        server.channel, "video", focused="provider", provider="", prompt="a boat", **options
    )
    await asked.answered()
    return [choice["name"] for choice in asked.choices or []]


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ({}, ["TTAPI", "AceData", "APIMart", "CometAPI"]),
        ({"motion": "high"}, ["TTAPI", "APIMart", "CometAPI"]),
        ({"clips": 2}, ["TTAPI", "APIMart"]),
        ({"loop": True}, ["AceData"]),
        ({"speed": "turbo"}, ["AceData"]),
        ({"loop": True, "motion": "low"}, []),
        ({"source": "task_01k3v9x2#2"}, ["APIMart"]),
    ],
    ids=str,
)
async def test_only_providers_that_fit_what_was_typed_are_suggested(
    server: Server, options: dict[str, Any], titles: list[str]
) -> None:
    assert await suggested(server, **options) == titles


async def test_an_end_image_counts_while_somebody_types(server: Server) -> None:
    assert await suggested(server, end_image=server.image()) == ["TTAPI", "AceData", "APIMart"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"provider": "apimart", "loop": True},
            "APIMart has no loop. Nothing was charged. Choose AceData as provider, or leave it out.",
        ),
        (
            {"provider": "AceData", "motion": "high"},
            "AceData has no high motion. Nothing was charged. Choose TTAPI or APIMart or CometAPI as provider, or leave"
            " it out.",
        ),
        (
            {"loop": True, "motion": "low"},
            "No provider here has low motion and loop together. Nothing was charged. Leave one of them out; /providers"
            " shows what each can do.",
        ),
        (
            {"provider": "elsewhere"},
            "I know no provider “elsewhere”. Nothing was charged. Choose TTAPI or AceData or APIMart or CometAPI, or"
            " leave it out.",
        ),
        (
            {"animate": "auto"},
            "Automatic animation is only for pictures that the provider made itself. Nothing was charged. Name one as"
            " source, or choose manual animation.",
        ),
    ],
    ids=str,
)
async def test_what_no_provider_can_do_is_refused_before_anything_is_reserved(
    server: Server, sandbox: Sandbox, options: dict[str, Any], sentence: str
) -> None:
    submits = sandbox.provider.submits
    asked = await server.video(**options)
    assert await server.private_text(asked) == sentence
    assert await server.credits() == 200
    assert sandbox.provider.submits == submits


async def test_an_option_that_only_providers_have_that_are_switched_off_is_refused(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=("apimart", "cometapi")) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        asked: tuple[dict[str, Any], ...] = ({"speed": "turbo"}, {"speed": "turbo", "motion": "low"})
        for options in asked:
            assert await server.private_text(await server.video(**options)) == (
                "No provider here has speed turbo. Nothing was charged. Leave that option out; /providers shows what"
                " each can do."
            )
        assert await server.credits() == 24
        assert sandbox.provider.submits == 0


async def test_a_job_goes_to_the_first_provider_that_has_what_was_asked_for(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(loop=True)
    assert "made by AceData" in card.text
    assert len(gallery(card)) == 4
    # AceData has no motion: one row of buttons, and nothing is said of it.
    assert [b.custom_id for b in extends(card)] == [f"extend:{job_id(card)}:{clip}:none" for clip in (1, 2, 3, 4)]
    assert "motion" not in card.text
    assert await server.credits() == 192


async def test_an_extend_stays_with_its_parents_provider(server: Server, sandbox: Sandbox) -> None:
    card = await server.finished_video(provider="cometapi", motion="high")
    assert "made by CometAPI" in card.text
    extension = await finished(await server.mira.click(card, f"extend:{job_id(card)}:2:high"))
    assert "made by CometAPI" in extension.text
    order = newest(sandbox).order
    assert (order.action, order.index, order.options.motion) == ("extend", 1, "high")


async def test_the_admins_order_decides_and_is_told(server: Server, sandbox: Sandbox) -> None:
    ada, channel = server.ada, server.channel
    told = await server.private_text(await ada.slash(channel, "admin providers"))
    assert told.startswith("As it is, new jobs go to TTAPI, then AceData, then APIMart, then CometAPI:")
    told = await server.private_text(await ada.slash(channel, "admin providers", first="APIMart", second="cometapi"))
    assert told.startswith("New jobs go to APIMart, then CometAPI, then TTAPI, then AceData:")
    asked = await server.video(resolution="hd", clips=1)
    card = await asked.until(lambda message: len(gallery(message)) == 1 and "0 %" not in message.text, 30)
    assert "made by APIMart" in card.text
    assert "5 credits" in card.text
    assert len(extends(card)) == 2
    told = await server.private_text(await ada.slash(channel, "admin providers", first="nobody"))
    assert told.startswith("I know no provider “nobody”.")


async def test_the_providers_are_described_to_the_asker_alone(server: Server) -> None:
    told = await server.private_text(await server.mira.slash(server.channel, "providers"))
    usual = "2 credits a clip in SD, 6 credits a clip in HD;"
    motion = "low or high motion"
    assert f"{usual} 1, 2 or 4 clips; {motion}; end image; extend in {motion}" in told
    assert f"{usual} 4 clips; fast or turbo speed; loop; end image; extend with a new prompt" in told
    assert f"{usual} 4 clips; {motion}; extend in {motion} with a new prompt" in told
    assert f"SD, 5 credits a clip in HD; 1, 2 or 4 clips; {motion}; end image; pictures of its own as source" in told
    assert "Pictures: 1 credit for four, 1 credit for an upscale, 1 credit for a description, nothing for a" in told
    speeds = "relax works, 39 s on average; fast works, 46 s on average; turbo works, 24 s on average"
    assert f"It says of itself: {speeds}." in told
    assert told.count("Pictures:") == told.count("It says of itself:") == 1
