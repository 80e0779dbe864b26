"""Discord and the provider at their worst: back-off, pauses, and every card comes to a clear end."""

import asyncio
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

from sandbox.provider.model import faults
from tests.e2e.support.guild import create_server, finished, gallery
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


async def test_discord_that_stumbles_now_and_then_loses_no_card(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot():
            edits = r"/webhooks/.*/messages/"
            for trouble in (
                lambda: sandbox.discord.faults.status("PATCH", edits, 502, times=2),
                lambda: sandbox.discord.faults.status("PATCH", edits, 429, retry_after=0.2),
                lambda: sandbox.discord.faults.reset("PATCH", edits, when="before", times=2),
                lambda: sandbox.discord.faults.reset("PATCH", edits, when="after", times=2),
            ):
                trouble()
                card = await finished(await server.video(clips=1))
                assert len(gallery(card)) == 1
            assert len(server.channel.messages) == 4
        assert sandbox.discord.violations == []


async def test_an_edit_that_lands_after_the_end_of_its_job_does_not_have_the_last_word(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server, release = create_server(sandbox), asyncio.Event()
        async with sandbox.bot():
            edit = sandbox.discord.faults.reset_and_do_later("PATCH", r"/webhooks/.*/messages/", until=release)
            asked = await server.video(clips=1)
            card = await finished(asked)
            assert edit.hit.is_set()
            release.set()
            await asked.until(lambda message: gallery(message) == [], 10)
            await asked.until(lambda message: len(gallery(message)) == 1, 30)
            assert any(button.label == "1" for button in card.buttons)
        assert sandbox.discord.violations == []


async def test_a_promise_whose_answer_was_lost_leaves_no_card_thinking(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            for when in ("before", "after"):
                sandbox.discord.faults.reset("POST", "/callback", when=when)
                asked = await server.video(clips=1)
                assert (await server.private_text(asked)).startswith(
                    "Something went wrong on my side. Nothing was charged."
                )
                assert server.channel.messages == []
            await finished(await server.video(clips=1))
            assert await server.credits() == 22
            assert "Traceback" not in bot.log.read_text()
        assert sandbox.discord.violations == []


async def test_a_server_that_cannot_be_greeted_is_served_all_the_same(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        async with sandbox.bot() as bot:
            await bot.healthy()
            greeting = sandbox.discord.faults.status("POST", r"/channels/\d+/messages", 503)
            guild = sandbox.discord.guild("Late", joined=False)
            guild.text_channel("films")
            guild.join_bot()
            await asyncio.wait_for(greeting.hit.wait(), 10)
            await finished(await create_server(sandbox).video(clips=1))
            said = bot.log.read_text()
        assert f"server {guild.id} could not be greeted" in said
        assert "Traceback" not in said


async def test_gateway_drops_resumes_and_invalid_sessions_lose_no_command(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            await bot.healthy()
            await sandbox.discord.drop_gateway(resumable=True)
            await finished(await server.video(clips=1))
            await sandbox.discord.request_reconnect()
            await finished(await server.video(clips=1))
            assert sandbox.discord.gateway.resumes >= 1
            await sandbox.discord.drop_gateway(resumable=False)
            gateway = sandbox.discord.gateway
            await gateway.wait_for(lambda: gateway.identifies >= 2 and gateway.ready, 30, lambda: "no new session")
            await finished(await server.video(clips=1))


async def test_provider_answers_that_make_no_sense_are_asked_again(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            for fault in (
                faults.Status(500),
                faults.Status(429, retry_after=0.1),
                faults.Html(),
                faults.Malformed(),
                faults.OddState("NAPPING"),
                faults.ShowProgress(None),
            ):
                sandbox.provider.next_fetch(fault)
            await finished(await server.video(clips=1))
            sandbox.provider.next_submit(faults.FewerClips(0))
            card = await (await server.video(clips=1)).until(lambda message: "came back" in message.text, 60)
            assert "TTAPI says it is done but gave nothing to show. All 2 credits came back." in card.text
            assert "Traceback" not in bot.log.read_text()


async def test_a_provider_that_cannot_be_reached_is_paused_and_the_cards_say_so(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot(TTAPI_BASE_URL="http://127.0.0.1:9") as bot:
            asked = [await server.video(clips=1) for _ in range(3)]
            for one in asked:
                await one.until(lambda message: "TTAPI does not answer well, I try again <t:" in message.text, 40)
            log = bot.log.read_text()
        assert "ttapi failed 3 times in a row: paused for" in log
        assert "Traceback" not in log
        with closing(sqlite3.connect(tmp_path / "animatic.db")) as db, db:
            # The pause is in the database and outlives the process; here it is over sooner.
            assert db.execute("select failures from provider_health where paused_until_ms > 0").fetchall() == [(3,)]
            db.execute("update provider_health set paused_until_ms = 1")
            db.execute("update job set due_ms = 1 where state = 'queued'")
        async with sandbox.bot():
            for one in asked:
                await finished(one)
        assert sandbox.provider.submits == 3


async def test_a_full_disk_stops_nothing_for_good(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video(clips=1)
            await asked.until(lambda message: "%" in message.text, 20)
            # No file may grow now: what the process writes fails as it does on a full disk.
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            sandbox.provider.release()
            refused = await server.video(server.leo, clips=1)
            told = await server.private_text(refused)
            assert told.startswith("Something went wrong on my side. Nothing was charged.")
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await finished(asked)
            await finished(await server.video(server.leo, clips=1))
            assert await server.credits(server.leo) == 22
