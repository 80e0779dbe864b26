"""/jobs show: a finished job's clips are brought again, free of charge, with live buttons."""

import asyncio
import shutil
from pathlib import Path

import pytest

from sandbox.discord import Permission
from sandbox.harness import BotProcess
from sandbox.provider.model import faults
from tests.e2e.support.delivery import expired_tokens, logged, overridden, running, undelivered
from tests.e2e.support.guild import Server, button, create_server, extends, gallery, job_id
from tests.e2e.support.job_show import (
    cards_of,
    delivered,
    made,
    refused,
    show,
    shown,
)
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


async def test_a_finished_job_is_shown_again_with_the_same_files_and_live_buttons_for_nothing(server: Server) -> None:
    card = await made(
        server,
    )
    submits = server.sandbox.provider.submits
    other = server.guild.text_channel("elsewhere")
    again = await delivered(server, await show(server, server.leo, job_id(card), other), 4)
    assert again.channel is other
    assert not again.ephemeral
    assert shown(again) == shown(card)
    assert [media.where for media in again.media] == ["thumbnail", *["gallery"] * 4]
    assert [b.custom_id for b in again.buttons] == [b.custom_id for b in card.buttons]
    assert f"by {server.mira.mention}" in again.text
    assert again.pinged.users == []
    assert server.sandbox.provider.submits == submits
    assert (await server.credits(), await server.credits(server.leo)) == (16, 24)
    extended = await delivered(server, await server.leo.click(again, button(again, 3, "high")), 4)
    assert f"from clip 3 of {again.link}" in extended.text
    await delivered(server, await server.leo.click(card, button(card, 1, "low")), 4)


async def test_an_extension_is_shown_again_with_its_origin(server: Server) -> None:
    card = await made(server, clips=1)
    extended = await delivered(server, await server.mira.click(card, button(card, 1, "low")))
    again = await delivered(server, await show(server, server.mira, job_id(extended)))
    assert f"from clip 1 of {card.link}" in again.text
    assert [media.where for media in again.media] == ["thumbnail", "gallery"]


async def test_an_unfinished_or_failed_job_is_told_in_one_sentence(server: Server) -> None:
    _, card, job = await running(server, clips=1)
    assert await refused(server, server.mira, job) == f"Job {job} is not finished yet. Watch it: {card.link}"
    server.sandbox.provider.release()
    server.sandbox.provider.next_submit(faults.FailLater())
    failed = await (await server.video(clips=1)).until(lambda message: "came back" in message.text, 20)
    job = job_id(failed)
    assert await refused(server, server.mira, job) == (
        f"Job {job} failed, so there is nothing to show. Ask for it again."
    )


async def test_where_the_bot_may_not_attach_nothing_is_shown(server: Server) -> None:
    job = job_id(await made(server, clips=1))
    mute = server.guild.text_channel("mute")
    mute.set_overwrite(server.sandbox.discord.bot_user, deny=Permission.ATTACH_FILES)
    assert (await refused(server, server.mira, job, mute)).startswith("I lack Attach Files in this channel.")
    await delivered(server, await show(server, server.mira, job))


async def test_two_who_ask_at_once_get_one_card_and_one_link(server: Server) -> None:
    job = job_id(await made(server, clips=1))
    fake_provider, discord = server.sandbox.provider, server.sandbox.discord
    submits = fake_provider.submits
    go_on = asyncio.Event()
    fault = discord.faults.delay("PATCH", "/messages/", until=go_on)
    first = await show(server, server.mira, job)
    await asyncio.wait_for(fault.hit.wait(), 20)
    told = await refused(server, server.leo, job)
    go_on.set()
    card = await delivered(server, first)
    assert told == f"Job {job} is being shown just now. Watch it: {card.link}"
    await delivered(server, await show(server, server.leo, job))
    assert fake_provider.submits == submits


async def test_swept_files_are_where_they_were_shown(server: Server) -> None:
    card = await made(server, clips=2)
    job = job_id(card)
    await asyncio.to_thread(shutil.rmtree, server.sandbox.folder / "media" / job)
    assert await refused(server, server.mira, job) == (
        f"What job {job} made is no longer kept here. It is where it was shown: {card.link}"
    )


async def test_what_was_swept_in_part_is_fetched_again_or_named(server: Server) -> None:
    card = await made(server, clips=2)
    job = job_id(card)
    kept = server.sandbox.folder / "media" / job
    (kept / "2.mp4").unlink()
    again = await delivered(server, await show(server, server.mira, job), 2)
    assert shown(again) == shown(card)
    (kept / "2.mp4").unlink()
    (kept / "start.png").unlink()
    server.sandbox.provider.next_download(faults.Endless())
    part = await delivered(server, await show(server, server.mira, job))
    assert shown(part) == shown(card)[:1]
    assert "Clip 2 was made and is paid for, but I could not fetch it from TTAPI" in part.text
    assert len(extends(part)) == 4
    await delivered(server, await show(server, server.mira, job), 2)


async def test_a_job_that_could_not_be_delivered_is_listed_so_and_repaired_wholly(
    server: Server, bot: BotProcess
) -> None:
    asked, _, job = await running(server, clips=2)
    with expired_tokens(server.sandbox):
        server.channel.set_overwrite(server.sandbox.discord.bot_user, deny=Permission.VIEW_CHANNEL)
        server.sandbox.provider.release()
        await undelivered(server, job)
    other = server.guild.text_channel("elsewhere")
    listed = await server.private_text(await server.mira.slash(other, "jobs list"))
    assert f"made, but not delivered: `/jobs show id:{job}`" in listed
    again = await delivered(server, await show(server, server.mira, job, other), 2)
    listed = await server.private_text(await server.mira.slash(other, "jobs list"))
    assert "not delivered" not in listed
    assert "video, done, <t:" in listed
    assert again.link in listed
    assert "I could not attach" not in again.text
    await delivered(server, await server.leo.click(again, button(again, 2, "low")), 2)
    assert asked.message is not None


async def test_large_clips_come_in_several_edits_here_too(server: Server) -> None:
    with overridden(server.sandbox.provider.settings, download_fault=faults.Huge(7 * MIB)):
        card = await delivered(server, await server.video(), 4)
    again = await delivered(server, await show(server, server.leo, job_id(card)), 4)
    assert [film.size for film in gallery(again)] == [7 * MIB] * 4


async def test_a_kill_while_a_job_is_shown_again_does_not_lose_it(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        never = asyncio.Event()
        async with sandbox.bot() as bot:
            job = job_id(await made(server, clips=2))
            fault = sandbox.discord.faults.delay("PATCH", "/messages/", until=never)
            asked = await show(server, server.leo, job)
            await asyncio.wait_for(fault.hit.wait(), 20)
            await bot.kill()
        never.set()
        async with sandbox.bot():
            again = await delivered(server, asked, 2)
            assert await server.credits() == 20
        assert job_id(again) == job
        assert sandbox.provider.submits == 1
        assert sandbox.discord.violations == []


async def test_a_new_card_that_is_deleted_does_not_come_again_and_the_old_one_stays(server: Server) -> None:
    discord = server.sandbox.discord
    card = await made(server, clips=1)
    other = server.guild.text_channel("elsewhere")
    go_on = asyncio.Event()
    fault = discord.faults.delay("PATCH", "/messages/", until=go_on)
    asked = await show(server, server.mira, job_id(card), other)
    await asyncio.wait_for(fault.hit.wait(), 20)
    assert asked.message is not None
    discord.moderator_deletes(asked.message)
    go_on.set()
    await logged(server.sandbox, f"job {job_id(card)} ends without a card")
    assert other.messages == []
    assert cards_of(server, card) == [card]
