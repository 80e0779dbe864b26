"""Clips that are too large for one file, one request or one edit: made smaller, sent in parts, or linked."""

import asyncio
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import (
    bot_without_errors,
    codec_of,
    ended,
    expired_tokens,
    fetching,
    only_card,
    overridden,
    rows,
    running,
    sent,
)
from tests.e2e.support.guild import Server, create_server, extends, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run a bot that the outside can reach."""
    async with bot_without_errors(sandbox, called=True) as bot:
        yield bot


async def test_a_clip_over_the_limit_is_sent_smaller_and_kept_as_it_was(server: Server) -> None:
    server.sandbox.provider.next_download(faults.Huge(11 * MIB))
    card = await server.finished_video(clips=1)
    [film] = gallery(card)
    assert film.size < 10 * MIB
    assert codec_of(film.data) == ("h264", "yuv420p")
    assert film.data.index(b"moov") < film.data.index(b"mdat")
    kept = server.sandbox.folder / "media" / job_id(card) / "1.mp4"
    assert kept.stat().st_size == 11 * MIB
    assert "too large" not in card.text


async def test_a_boosted_server_takes_more_also_without_the_members_token(server: Server) -> None:
    server.guild.remove_bot()
    server.guild.tier = 2
    server.guild.join_bot()
    server.sandbox.provider.next_download(faults.Huge(20 * MIB))
    _, card, job = await running(server, clips=1)
    since = len(server.sandbox.discord.requests)
    with expired_tokens(server.sandbox):
        # What the member themselves may send counts no more either, once their token has ended.
        rows(server.sandbox, "update job set token_until_ms = 0, file_limit = ? where id = ?", 10 * MIB, job)
        server.sandbox.provider.release()
        assert await only_card(server) is card
    assert gallery(card)[0].size == 20 * MIB
    own = f"/channels/{server.channel.id}/messages/{card.id}"
    assert [(r.path, r.status) for r in sent(server.sandbox, since)] == [(own, 200)]


@pytest.mark.parametrize(("tier", "size", "most"), [(0, 20, 10), (2, 30, 24)])
async def test_what_discord_refuses_after_all_is_sent_smaller(server: Server, tier: int, size: int, most: int) -> None:
    server.guild.tier = tier
    discord = server.sandbox.discord
    with overridden(discord.knobs, attachment_size_limit=50 * MIB):
        _, _, _ = await running(server, clips=1)
    server.sandbox.provider.next_download(faults.Huge(size * MIB))
    since = len(discord.requests)
    server.sandbox.provider.release()
    card = await only_card(server)
    assert gallery(card)[0].size < most * MIB
    assert [r.status for r in discord.requests[since:] if r.status == 413 or r in sent(server.sandbox)] == [413, 200]


async def test_clips_that_are_too_large_together_come_in_several_edits_and_each_keeps_the_others(
    server: Server,
) -> None:
    since = len(server.sandbox.discord.requests)
    with overridden(server.sandbox.provider.settings, download_fault=faults.Huge(7 * MIB)):
        card = await finished(await server.video(), clips=4)
    assert [len(request.files) for request in sent(server.sandbox, since)] == [3, 1]
    assert [film.filename[-5] for film in gallery(card)] == ["1", "2", "3", "4"]
    assert len(extends(card)) == 8


async def test_an_edit_whose_answer_was_lost_is_not_sent_again(server: Server) -> None:
    discord = server.sandbox.discord
    _, card, _ = await running(server, clips=2)
    await fetching(server)
    since = len(discord.requests)
    fault = discord.faults.reset("PATCH", f"/messages/{card.id}", when="after")
    await asyncio.wait_for(fault.hit.wait(), 20)
    there = [film.attachment_id for film in gallery(await only_card(server, 2))]
    await discord.wait_for(lambda: any(r.method == "GET" for r in discord.requests[since:]), 20, lambda: "not looked")
    assert len(sent(server.sandbox, since)) == 1
    assert [film.attachment_id for film in gallery(card)] == there


async def test_films_of_which_the_answer_does_not_tell_are_looked_for_and_not_sent_for_ever(
    server: Server,
) -> None:
    discord = server.sandbox.discord
    _, card, _ = await running(server, clips=2)
    since = len(discord.requests)
    await fetching(server)
    with overridden(discord.knobs, media_still_loads=True):
        await card.until(lambda message: len(gallery(message)) == 2, 20)
        await discord.wait_for(lambda: [r.status for r in sent(server.sandbox, since)] == [200], 20, lambda: "not sent")
    await discord.wait_for(lambda: any(r.method == "GET" for r in discord.requests[since:]), 20, lambda: "not looked")
    await only_card(server, 2)
    assert len(sent(server.sandbox, since)) == 1


async def test_what_was_sent_before_a_kill_is_not_sent_again(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        sandbox.provider.settings.download_fault = faults.Huge(7 * MIB)
        never = asyncio.Event()
        async with sandbox.bot() as bot:
            asked = await server.video()
            card = await asked.until(lambda message: len(gallery(message)) == 3, 60)
            sandbox.discord.faults.delay("PATCH", f"/messages/{card.id}", until=never)
            there = [film.attachment_id for film in gallery(card)]
            await bot.kill()
        never.set()
        sandbox.discord.faults.waiting.clear()
        since = len(sandbox.discord.requests)
        async with sandbox.bot():
            await finished(asked, clips=4)
        assert [film.attachment_id for film in gallery(card)][:3] == there
        assert [[name[-5] for name, _ in request.files] for request in sent(sandbox, since)] == [["4"]]
        assert sandbox.discord.violations == []


def without_film_extra(sandbox: Sandbox, folder: Path) -> str:
    """Give a PYTHONPATH that hides PyAV from a bot, as where the extra is not installed."""
    hidden = folder / "hidden"
    hidden.mkdir()
    (hidden / "av.py").write_text("raise ImportError('not installed')")
    return f"{hidden}:{sandbox.environment()['PYTHONPATH']}"


async def test_a_clip_that_cannot_be_made_smaller_is_served_by_our_own_server(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        sandbox.provider.settings.download_fault = faults.Huge(11 * MIB)
        hidden = without_film_extra(sandbox, tmp_path)
        async with sandbox.bot(called=True, PYTHONPATH=hidden) as bot, aiohttp.ClientSession() as viewer:
            card = await (await server.video(clips=2)).until(ended, 60)
            name = job_id(card)
            links = re.findall(r"Clip (\d) is 11 MiB, too large for this chat: \[watch it here\]\((\S+)\)", card.text)
            assert [clip for clip, _ in links] == ["1", "2"]
            link = links[0][1]
            assert link.startswith(f"{bot.url}/films/{name}/1/")
            kept = (tmp_path / "media" / name / "1.mp4").read_bytes()
            async with viewer.get(link) as answer:
                assert (answer.status, answer.content_type) == (200, "video/mp4")
                assert await answer.read() == kept
            async with viewer.get(link, headers={"Range": "bytes=100-199"}) as answer:
                assert (answer.status, await answer.read()) == (206, kept[100:200])
                assert answer.headers["Content-Range"] == f"bytes 100-199/{11 * MIB}"
            async with viewer.head(link) as answer:
                assert (answer.status, answer.content_length) == (200, 11 * MIB)
            secret = link.rsplit("/", 1)[1]
            for wrong in (
                f"/films/{name}/1/{'0' * 40}.mp4",
                f"/films/{name}/2/{secret}",
                f"/films/{'0' * 14}/1/{secret}",
                f"/films/{name}/1/",
                f"/films/{name}/",
                f"/films/{name}/1/../1/{secret[:10]}.mp4",
                f"/films/{name}/9/{secret}",
            ):
                async with viewer.get(bot.url + wrong) as answer:
                    assert answer.status == 404, wrong
            assert len(extends(card)) == 4
            log = bot.log.read_text()
        assert secret.removesuffix(".mp4") not in log
        assert "Traceback" not in log
        assert sandbox.discord.violations == []


async def test_the_vendors_link_is_the_last_resort(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        sandbox.provider.settings.download_fault = faults.Huge(11 * MIB)
        async with sandbox.bot(PYTHONPATH=without_film_extra(sandbox, tmp_path)):
            card = await (await server.video(clips=1)).until(ended, 60)
        [link] = re.findall(
            r"Clip 1 is 11 MiB, too large for this chat: \[watch it at TTAPI\]\((\S+)\) soon", card.text
        )
        assert link.startswith(sandbox.provider.base_url)
