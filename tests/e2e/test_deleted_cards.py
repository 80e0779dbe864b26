"""One card a job: deleted ones do not come again, and where edits are refused the result is a reply."""

import asyncio
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message
from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import (
    bot_without_errors,
    brought_back,
    expired_tokens,
    fetching,
    only_card,
    ours,
    running,
)
from tests.e2e.support.guild import (
    Server,
    button,
    create_server,
    gallery,
)
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach."""
    async with bot_without_errors(sandbox, called=True) as bot:
        yield bot


async def test_a_result_after_the_token_ended_is_edited_in_with_the_bot_token(server: Server) -> None:
    _, card, _ = await running(server, clips=1)
    with expired_tokens(server.sandbox):
        server.sandbox.provider.release()
        assert await only_card(server) is card
    assert [media.where for media in card.media] == ["thumbnail", "gallery"]


async def test_a_card_deleted_before_the_result_is_not_posted_again_and_its_member_is_told_where_it_is(
    server: Server,
) -> None:
    _, card, job = await running(server, clips=2)
    server.sandbox.discord.moderator_deletes(card)
    server.sandbox.provider.release()
    told = await told_where(server, job)
    assert told.media == []
    assert ours(server) == []
    await brought_back(server, job, 2)


async def test_a_card_deleted_while_it_was_waited_for_is_edited_no_more(
    server: Server,
) -> None:
    fake_provider, discord = server.sandbox.provider, server.sandbox.discord
    _, card, job = await running(server, clips=1)
    discord.moderator_deletes(card)
    since, polls = len(discord.requests), fake_provider.requests.position
    fake_provider.settings.fetch_fault = faults.ShowProgress(77)
    await fake_provider.until(lambda fake_provider: fake_provider.requests.position > polls + 5)
    assert ours(server) == []
    assert [request.status for request in discord.requests[since:]] == [404]
    fake_provider.settings.fetch_fault = None
    fake_provider.release()
    await told_where(server, job)


async def test_a_card_deleted_while_its_films_were_sent_does_not_come_again(server: Server) -> None:
    discord = server.sandbox.discord
    go_on = asyncio.Event()
    _, card, job = await running(server, clips=2)
    await fetching(server)
    fault = discord.faults.delay("PATCH", f"/messages/{card.id}", until=go_on)
    await asyncio.wait_for(fault.hit.wait(), 20)
    discord.moderator_deletes(card)
    go_on.set()
    await told_where(server, job)
    assert ours(server) == []


async def test_a_card_deleted_between_a_kill_and_the_restart_does_not_come_again(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            _, card, job = await running(server, clips=2)
            await bot.kill()
        sandbox.discord.moderator_deletes(card)
        sandbox.provider.release()
        async with sandbox.bot():
            await told_where(server, job)
            assert ours(server) == []
            await brought_back(server, job, 2)
        assert sandbox.provider.submits == 1
        assert sandbox.discord.violations == []


# Edits with gallery files refused (discord/discord-api-docs#7529).


async def test_where_edits_with_films_are_refused_the_result_is_a_reply_that_the_card_links_to(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        discord = sandbox.discord
        discord.knobs.refuse_gallery_files_on_edit = True
        async with sandbox.bot() as bot:
            first = await by_reply(server, await server.video(clips=2), clips=2)
            extended = await by_reply(server, await server.leo.click(first, button(first, 2, "low")), clips=2)
            assert "from clip 2 of" in (extended.reference.text if extended.reference else "")
            refused = [r for r in discord.requests if r.status == 400]
            assert [request.method for request in refused] == ["PATCH"]
            sandbox.provider.settings.download_fault = faults.Huge(9 * MIB)
            await by_reply(server, await server.video(server.leo, clips=4), clips=4)
            sandbox.provider.settings.download_fault = None
            fault = discord.faults.reset("POST", "/messages", when="after")
            asked = await server.video(clips=1)
            await asyncio.wait_for(fault.hit.wait(), 20)
            await discord.wait_for(
                lambda: [m for m in ours(server) if m.reference is asked.message], 20, lambda: "no reply"
            )
            discord.nonces.clear()
            await by_reply(server, asked, clips=1)
            assert "Traceback" not in bot.log.read_text()
        assert discord.violations == []


async def told_where(server: Server, job: str) -> Message:
    """Wait for the words, beside no media, that tell a member where a result is whose card was deleted."""
    said = f"what you asked for is made. Its card was deleted, so it is not shown here; `/jobs show id:{job}` shows it."

    def words() -> list[Message]:
        return [message for message in server.channel.messages if said in message.text]

    await server.sandbox.discord.wait_for(words, 30, lambda: str(server.channel.messages))
    (told,) = words()
    assert told.text.startswith(f"<@{server.mira.id}> ")
    return told


async def by_reply(server: Server, asked: Interaction, clips: int) -> Message:
    """Wait for a card that links to replies; gives the first, which holds films and live buttons."""
    card = await asked.until(
        lambda message: "The clips are here:" in message.text and message.accent_color == 0x2ECC71, 30
    )
    assert gallery(card) == []
    assert card.buttons == []
    assert [media.where for media in card.media] == ["thumbnail"]
    replies = [
        message for message in server.channel.messages if message.reference is card and message.interaction is None
    ]
    assert re.findall(r"The clips are here: (\S+)", card.text) == [reply.link for reply in replies]
    assert [film.filename[-5] for reply in replies for film in gallery(reply)] == [str(n + 1) for n in range(clips)]
    assert all(reply.buttons for reply in replies)
    assert card.link in replies[0].text
    return replies[0]
