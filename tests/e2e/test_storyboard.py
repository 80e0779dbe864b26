"""A storyboard from the form to the joined film, over real sockets and with real clips."""

from pathlib import Path

import pytest

from sandbox.discord import Interaction, Message, StoredFile
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import rows
from tests.e2e.support.guild import GREEN, Server, create_server, gallery
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = "a paper boat drifts\nit spins\nit sails out"


async def make(server: Server, image: StoredFile | None = None, lines: str = LINES) -> Interaction:
    """Fill the form in, and press *Make it* below the preview."""
    asked = await server.mira.slash(server.channel, "storyboard", image=image or server.image())
    await asked.wait_for(lambda: asked.modal, 30, asked.describe)
    sent = await server.mira.submit(asked, {"shots": lines})
    shown = await sent.until(lambda message: message.buttons, 30)
    return await server.mira.click(shown, shown.buttons[0])


async def making_first(server: Server) -> tuple[Interaction, Message]:
    """Have a storyboard made, and hold it while its first shot is made."""
    provider = server.sandbox.provider
    provider.settings.hold = True
    asked = await make(server)
    return asked, await asked.until(lambda message: "%" in message.text, 30)


def let_go_on(server: Server) -> None:
    """Let what is held go on."""
    server.sandbox.provider.settings.hold = False
    server.sandbox.provider.release()


async def finished(asked: Interaction) -> Message:
    """Wait for all shots and their joined film."""
    return await asked.until(lambda message: message.accent_color == GREEN and "Film of 3 shots" in message.text, 60)


async def test_the_shots_come_to_one_card_and_at_its_end_the_joined_film(sandbox: Sandbox, server: Server) -> None:
    card = await finished(await make(server))
    assert "**Film of 3 shots, 15 s**" in card.text
    assert len(gallery(card)) == 4
    assert server.messages == [card]
    assert await server.credits() == 18


async def test_a_shot_that_fails_stops_it_and_the_rest_is_taken_up_again(sandbox: Sandbox, server: Server) -> None:
    asked, card = await making_first(server)
    assert [button.label for button in card.buttons] == ["Cancel what waits"]
    sandbox.provider.next_submit(faults.FailLater("[Internal error]"))
    let_go_on(server)
    await card.until(lambda message: any("Go on" in str(button.label) for button in message.buttons), 60)
    assert [button.label for button in card.buttons] == ["Go on from shot 2, 4 credits"]
    assert "All 2 credits came back." in card.text
    assert len(gallery(card)) == 1
    assert await server.credits() == 22
    await server.mira.click(card, card.buttons[0])
    card = await finished(asked)
    assert len(gallery(card)) == 4
    assert server.messages == [card]
    assert await server.credits() == 18


@pytest.mark.slow  # eight shots, one after the other
async def test_eight_shots_fit_on_the_card_with_their_film_though_one_is_made_anew(
    sandbox: Sandbox, server: Server
) -> None:
    for _ in range(7):
        sandbox.provider.next_submit(faults.Slow(0))
    sandbox.provider.next_submit(faults.FailLater("[Internal error]"))
    asked = await make(server, lines="\n".join(f"scene {number}" for number in range(1, 9)))
    card = await asked.until(lambda message: "Film of 7 shots" in message.text and len(gallery(message)) == 8, 60)
    assert [button.label for button in card.buttons] == ["Go on from shot 8, 2 credits"]
    await server.mira.click(card, card.buttons[0])
    card = await asked.until(
        lambda message: message.accent_color == GREEN and "Film of 8 shots, 40 s" in message.text, 60
    )
    assert len(gallery(card)) == 9
    assert len(card.attachments) == 10
    # On a slow machine a ping tells of the end, too.
    assert [message for message in server.messages if message.attachments] == [card]
    assert await server.credits() == 8


async def test_what_waits_is_cancelled_and_the_shot_that_is_made_is_delivered(sandbox: Sandbox, server: Server) -> None:
    _, card = await making_first(server)
    told = await server.private_text(await server.mira.click(card, card.buttons[0]))
    assert told == "Cancelled 2 shots; 4 credits came back."
    let_go_on(server)
    await card.until(lambda message: len(gallery(message)) == 1, 60)
    assert [button.label for button in card.buttons] == ["Go on from shot 2, 4 credits"]
    assert await server.credits() == 22


async def test_a_picture_that_is_none_costs_nothing(server: Server) -> None:
    asked = await make(server, server.image(data=b"no picture", content_type="image/png"))
    sentence = await server.private_text(asked)
    assert "Nothing was charged." in sentence
    assert server.messages == []
    assert await server.credits() == 24


async def test_a_card_that_is_deleted_is_not_made_anew_and_what_needs_its_images_comes_back(
    sandbox: Sandbox, server: Server
) -> None:
    _, card = await making_first(server)
    sandbox.discord.moderator_deletes(card)
    let_go_on(server)
    await sandbox.discord.wait_for(
        lambda: any("Its card was deleted" in message.text for message in server.channel.messages),
        60,
        lambda: str(server.channel.messages),
    )
    assert [message for message in server.messages if message.media] == []
    [told] = [message.text for message in server.messages if "Its card was deleted" in message.text]
    assert "Of your film 1 shot is made, the rest is not." in told
    assert await server.credits() == 22


async def test_a_storyboard_goes_on_after_a_kill_between_its_shots(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        sandbox.provider.settings.ready_made = True
        sandbox.provider.settings.queue_seconds = 0.02
        sandbox.provider.settings.run_seconds = 0.2
        sandbox.settings.update(POLL_SECONDS="0.1")
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await make(server)
            await asked.until(lambda message: len(gallery(message)) == 1, 60)
            await bot.kill()
        async with sandbox.bot() as bot:
            card = await finished(asked)
            assert len(gallery(card)) == 4
            assert server.messages == [card]
            assert sandbox.provider.submits == 3
            assert await server.credits() == 18
        assert rows(sandbox, "select count(*) from ledger where kind = 'settle'") == [(3,)]
        assert sandbox.discord.violations == []
