"""What pictures cost: shown before and after, charged once, given back when nothing comes of it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import bot_without_errors, rows
from tests.e2e.support.guild import Server, create_server, job_id
from tests.e2e.support.images import drawn, image_sandbox, imagine, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

PRICES = {"PRICE_IMAGE": "5", "PRICE_UPSCALE": "3", "PRICE_DESCRIBE": "2", "PRICE_SEED": "1", "DEFAULT_CREDITS": "40"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox"), PRICES) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    async with bot_without_errors(sandbox) as bot:
        yield bot


async def press(server: Server, card: Message, action: str) -> Interaction:
    return await server.mira.click(card, f"act:{job_id(card)}:{action}")


async def came_back(asked: Interaction) -> str:
    return (await asked.until(lambda message: "came back" in message.text, 20)).text


async def test_each_kind_has_its_price_and_shows_it(server: Server) -> None:
    grid = await imagine(server)
    assert "fast speed, 5 credits" in grid.text
    assert "**Go on** - 3 credits for one picture, 5 credits for four" in grid.text
    single = await drawn(await press(server, grid, "upsample2"), 1)
    assert "3 credits" in single.text
    assert "**Animate, low motion** - from 2 credits" in single.text
    zoomed = await drawn(await press(server, single, "zoom_out_2"))
    assert "5 credits" in zoomed.text
    large = await drawn(await press(server, single, "upscale_subtle"), 1)
    assert "3 credits" in large.text
    asked = await server.mira.slash(server.channel, "describe", image=server.image())
    words = await asked.until(lambda message: len(message.buttons) == 4, 20)
    assert "2 credits" in words.text
    assert "**Draw one of them** - 5 credits each" in words.text
    asked = await server.mira.slash(server.channel, "seed", job=job_id(grid))
    seed = await asked.until(lambda message: "The seed is" in message.text, 20)
    assert "1 credit" in seed.text
    blended = await drawn(
        await server.mira.slash(server.channel, "blend", image1=server.image(), image2=server.image("b.png"))
    )
    assert "5 credits" in blended.text
    assert await server.credits() == 16


async def test_the_providers_page_names_the_prices(server: Server) -> None:
    told = await server.private_text(await server.mira.slash(server.channel, "providers"))
    prices = "5 credits for four, 3 credits for an upscale, 2 credits for a description, 1 credit for a seed"
    assert f"Pictures: {prices}" in told


@pytest.mark.parametrize("kind", ["imagine", "act", "blend", "describe", "seed"])
async def test_a_failed_picture_job_gives_all_its_credits_back(server: Server, sandbox: Sandbox, kind: str) -> None:
    card = await imagine(server)
    sandbox.provider.next_submit(faults.FailLater("[Internal error]"))
    boat = server.image()
    match kind:
        case "imagine":
            asked = await server.mira.slash(server.channel, "imagine", prompt="a kite")
        case "act":
            asked = await press(server, card, "upsample1")
        case "blend":
            asked = await server.mira.slash(server.channel, "blend", image1=boat, image2=server.image())
        case "describe":
            asked = await server.mira.slash(server.channel, "describe", image=boat)
        case _:
            asked = await server.mira.slash(server.channel, "seed", job=job_id(card))
    assert "TTAPI failed while making it." in await came_back(asked)
    assert await server.credits() == 35


async def test_a_job_that_times_out_gives_its_credits_back_and_can_be_tried_again(
    server: Server, sandbox: Sandbox
) -> None:
    card = await imagine(server)
    sandbox.provider.next_submit(faults.FailLater("job timeout"))
    assert "All 3 credits came back." in await came_back(await press(server, card, "upsample1"))
    await drawn(await press(server, card, "upsample1"), 1)
    assert await server.credits() == 32


async def test_too_few_credits_are_told_before_anything_is_asked_for(server: Server, sandbox: Sandbox) -> None:
    card = await imagine(server)
    await server.quota("set", target=server.mira, credits=9)
    told = await refused(server, await press(server, card, "variation1"), 4)
    assert told.startswith("This takes 5 credits, and you have 4 left. Nothing was charged. They renew <t:")
    await drawn(await press(server, card, "upsample1"), 1)
    told = await refused(server, await server.mira.slash(server.channel, "describe", image=server.image()), 1)
    assert told.startswith("This takes 2 credits, and you have 1 left.")


async def test_what_the_vendor_charged_is_written_down_and_told_to_admins(server: Server, sandbox: Sandbox) -> None:
    for quota in ("number", "text"):
        sandbox.provider.settings.ttapi_quota = quota
        card = await imagine(server)
        [[cost]] = rows(sandbox, "select provider_cost from job where id = ?", job_id(card))
        assert cost == "3"
    sandbox.provider.settings.ttapi_quota = "number"
    usage = await server.quota("usage")
    assert server.mira.mention in usage
    assert "10" in usage
    assert "6" in usage


async def test_the_servers_purse_pays_for_pictures_too(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, PRICES | {"SERVER_CREDITS": "9"}) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        card = await imagine(server)
        asked = await server.leo.slash(server.channel, "imagine", prompt="a kite")
        told = await refused(server, asked, 40)
        assert told.startswith("This takes 5 credits, and the whole server has 4 left. Nothing was charged.")
        await drawn(await press(server, card, "upsample1"), 1)


async def test_free_pictures_are_drawn_for_those_who_can_pay_for_nothing(tmp_path: Path) -> None:
    prices = {"DEFAULT_CREDITS": "1", "PRICE_IMAGE": "0", "PRICE_UPSCALE": "2"}
    async with image_sandbox(tmp_path, prices) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        card = await imagine(server)
        assert "0 credits" in card.text
        told = await refused(server, await press(server, card, "upsample1"), 1)
        assert told.startswith("This takes 2 credits, and you have 1 left.")
