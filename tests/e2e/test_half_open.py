"""A provider that failed repeatedly: after its pause one job tries it, and the others follow when it is well."""

from pathlib import Path

from sandbox.discord import Interaction
from sandbox.harness import Sandbox
from sandbox.provider import Request
from sandbox.provider.model import faults
from tests.e2e.support.delivery import logged, rows
from tests.e2e.support.guild import Server, create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens: what is sent there was surely not accepted."""


def submits(sandbox: Sandbox) -> list[Request]:
    """Give the submits that reached the provider, accepted or not."""
    return [request for request in sandbox.provider.requests if request.path.endswith("/video/submit")]


async def three_behind_a_pause(sandbox: Sandbox, server: Server) -> list[Interaction]:
    """Let three jobs wait for a provider that is paused."""
    async with sandbox.bot(TTAPI_BASE_URL=NOBODY):
        asked = [await server.video(clips=1) for _ in range(3)]
        for one in asked:
            await one.until(lambda message: "TTAPI does not answer well" in message.text, 40)
        await logged(sandbox, "ttapi failed 3 times in a row: paused for 30 s")
    return asked


def end_the_pause(sandbox: Sandbox) -> None:
    """Let the time of the pause, and of the jobs' own back-off, be over."""
    rows(sandbox, "update provider_health set paused_until_ms = 1")
    rows(sandbox, "update job set due_ms = 1 where state = 'queued'")


async def test_after_a_pause_one_job_is_sent_and_the_others_only_when_it_is_answered(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        asked = await three_behind_a_pause(sandbox, server)
        end_the_pause(sandbox)
        sandbox.provider.next_submit(faults.Slow(3))
        async with sandbox.bot():
            await sandbox.provider.until(lambda _: submits(sandbox))
            # A new request makes the worker look again while the first answer is still to come.
            asked.append(await server.video(server.leo, clips=1))
            for one in asked:
                await finished(one)
        times = [request.at for request in submits(sandbox)]
        assert len(times) == 4
        assert times[1] - times[0] >= 3
        assert rows(sandbox, "select failures from provider_health") == [(0,)]


async def test_a_provider_that_is_still_ill_is_tried_with_one_job_a_pause_and_each_pause_is_longer(
    tmp_path: Path,
) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        await three_behind_a_pause(sandbox, server)
        sandbox.provider.settings.submit_fault = faults.Status(500)
        for tried, seconds in ((1, 60), (2, 120), (3, 240)):
            end_the_pause(sandbox)
            async with sandbox.bot():
                await logged(sandbox, f"ttapi failed {3 + tried} times in a row: paused for {seconds} s")
            assert len(submits(sandbox)) == tried
            assert rows(sandbox, "select count(*) from job where state = 'queued'") == [(3 - tried,)]
        assert sandbox.provider.submits == 0
