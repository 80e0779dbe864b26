"""The period turns over while a job is made: whatever comes back goes to the period that paid."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import logged, rows, running
from tests.e2e.support.guild import create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


def grow_a_day_older(sandbox: Sandbox, job: str) -> str:
    """Move a job and what was paid for it to the day before; gives that day."""
    [(paid,)] = rows(sandbox, "select period from job where id = ?", job)
    day = str(date.fromisoformat(paid) - timedelta(days=1))
    for table in ("job", "ledger", "account"):
        rows(sandbox, f"update {table} set period = ?", day)  # noqa: S608  # our own table names
    return day


@pytest.mark.parametrize(
    ("fate", "end", "back"),
    [(faults.FailLater("job timeout"), "refund", 4), (faults.FewerClips(1), "settle", 2)],
    ids=["a refund", "fewer clips than asked"],
)
async def test_what_comes_back_after_midnight_goes_to_the_day_that_paid(
    tmp_path: Path, fate: faults.JobFault, end: str, back: int
) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        sandbox.provider.next_submit(fate)
        async with sandbox.bot() as bot:
            asked, _, job = await running(server, clips=2)
            assert await bot.stop() == 0
        yesterday = grow_a_day_older(sandbox, job)
        async with sandbox.bot():
            assert await server.credits() == 24
            today = await server.video(clips=1)
            await today.until(lambda message: "%" in message.text, 20)
            assert await server.credits() == 22
            sandbox.provider.release()
            await finished(today)
            await asked.until(lambda message: "came back" in message.text or message.buttons, 30)
            await logged(sandbox, f"job {job} ")
            assert await server.credits() == 22
        assert rows(sandbox, "select kind, amount, period from ledger where job_id = ? order by id", job) == [
            ("reserve", 4, yesterday),
            (end, -back, yesterday),
        ]
        used = "select used from account where user_id = ? and period = ?"
        for who in (server.mira.id, 0):
            assert rows(sandbox, used, who, yesterday) == [(4 - back,)]
        assert rows(sandbox, "select used from account where period <> ?", yesterday) == [(2,), (2,)]
