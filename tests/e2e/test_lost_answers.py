"""Submits whose answer was lost, and callbacks: never sent twice, found where they can be, believed in nothing else."""

import re
from pathlib import Path

import aiohttp

from sandbox.provider.model import faults
from tests.e2e.support.guild import create_server, finished, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


async def test_a_submit_whose_answer_was_lost_is_found_in_the_list_and_never_sent_again(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.list_shows_callback = False
        server = create_server(sandbox)
        async with sandbox.bot():
            for fault in (faults.ResetAfter(), faults.Status(504, accepted=True), faults.Malformed(), faults.NoJobId()):
                sandbox.provider.next_submit(fault)
                submits = sandbox.provider.submits
                await finished(await server.video(clips=1))
                assert sandbox.provider.submits == submits + 1
        assert sandbox.discord.violations == []


async def test_a_kill_between_the_submit_and_its_answer_costs_nothing_twice(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        sandbox.provider.next_submit(faults.Hang())
        async with sandbox.bot() as bot:
            asked = await server.video(clips=1)
            await sandbox.provider.until(lambda fake_provider: fake_provider.submits == 1)
            await bot.kill()
        async with sandbox.bot():
            await finished(asked)
            assert await server.credits() == 22
        assert sandbox.provider.submits == 1


async def test_a_callback_brings_the_lost_id_where_the_list_does_not(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.list_shows_videos = False
        server = create_server(sandbox)
        sandbox.provider.next_submit(faults.ResetAfter())
        async with sandbox.bot(called=True):
            await finished(await server.video(clips=1))
        assert sandbox.provider.submits == 1
        assert [delivery.status for delivery in sandbox.provider.deliveries] == [200]


async def test_a_callback_ends_the_waiting_for_the_next_poll(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot(called=True, POLL_SECONDS="60"):
            await finished(await server.video(clips=1))
        polls = [request for request in sandbox.provider.requests if request.path.endswith("/fetch")]
        assert len(polls) == 1


async def test_forged_late_early_and_repeated_callbacks_change_nothing(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        sandbox.provider.settings.callbacks = "early"
        server = create_server(sandbox)
        async with sandbox.bot(called=True) as bot, aiohttp.ClientSession() as outside:
            asked = await server.video(clips=1)
            card = await asked.until(lambda message: "%" in message.text, 20)
            job = next(iter(sandbox.provider.jobs.values()))
            path = re.sub(r"^https?://[^/]+", "", job.callback_url or "")
            forged = {"status": "SUCCESS", "jobId": "someone-elses", "data": {"videos": ["http://127.0.0.1:1/x.mp4"]}}

            async def post(to: str, body: object = forged) -> int:
                async with outside.post(f"{bot.url}{to}", json=body) as answer:
                    return answer.status

            assert await post(f"/hooks/v1/{job_id(card)}/{'x' * 43}") == 404
            assert await post(f"/hooks/v1/00000000000000/{'x' * 43}") == 404
            assert await post(path, "x" * 300_000) == 413
            for _ in range(3):
                assert await post(path) == 200
            assert "%" in card.text
            sandbox.provider.release()
            await finished(asked)
            assert await post(path) == 200
            log = bot.log.read_text()
        assert path.rsplit("/", 1)[-1] not in log
        assert "a callback speaks of another job" in log
        assert sandbox.provider.submits == 1
        assert sandbox.discord.violations == []
