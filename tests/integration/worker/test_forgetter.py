"""Whoever asks to be forgotten is, whatever dies in the middle, and what is old goes by itself."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.db.forgettings import Forgettings
from bot.db.old_jobs import OldJobs
from bot.domain.job import Job, State
from bot.domain.member_settings import Preset
from bot.errors import MediaProblem, MediaUnavailable, ServerLeft
from bot.locks import FileNamedLocks
from bot.media import FileStore
from bot.providers.types import Submitted
from bot.services.privacy import KeptFor, Privacy
from bot.services.removals import Removals
from bot.services.seen_locales import SeenLocales
from bot.worker.eraser import DAY_MS, Eraser
from bot.worker.forgetter import Forgetter
from bot.worker.remover import Remover
from tests.support import db_invariants
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

MEMBER = 11
STEPS = ("to_remove", "previews", "rename", "let_go", "end", "put_off")


class Killed(BaseException):
    """End what runs as a kill does: nothing after it is done."""


class Dying(Forgettings):
    """Die before or after one step, once."""

    def __init__(self, opened: Sequence[Any], step: str, *, after: bool) -> None:
        super().__init__(*opened)
        self.step, self.after, self.dead = step, after, False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in STEPS or name != self.step or self.dead:
            return found

        async def die(*asked: Any) -> Any:
            self.dead = True
            if self.after:
                await found(*asked)
            raise Killed

        return die


class FailingOnce(FileStore):
    """Fail to delete the files of a job, once: the bucket is away, or the process is killed before or after it."""

    def __init__(self, root: Path, error: BaseException, *, after: bool) -> None:
        super().__init__(root)
        self.error, self.after, self.failed = error, after, False

    async def discard(self, folder: str) -> None:
        """Delete them the next time."""
        failing, self.failed = not self.failed, True
        if self.after or not failing:
            await super().discard(folder)
        if failing:
            raise self.error


class Cards:
    """Be Discord, where cards stand."""

    def __init__(self) -> None:
        self.there: set[int] = set()

    async def delete(self, job: Job, channel_id: int, message_id: int) -> None:
        self.there.discard(message_id)

    async def find(self, job: Job, card_ids: Sequence[int]) -> Sequence[int]:
        return []

    async def find_direct(self, job: Job, card_id: int | None) -> tuple[int, Sequence[int]]:
        return 9, []


class Bench:
    """Hold a worker's harness, and what forgets beside it."""

    def __init__(self, harness: WorkerHarness, locks: FileNamedLocks) -> None:
        self.harness = harness
        self.locks = locks
        self.cards = Cards()
        self.submitted = 0
        store, clock = harness.store, harness.clock
        self.removals = Removals(store, clock, harness.wake)
        self.privacy = Privacy(store, harness.providers, SeenLocales(store, clock), KeptFor(30, 0), clock)

    def forgetter(self) -> Forgetter:
        harness = self.harness
        return Forgetter(harness.store, self.privacy, self.removals, harness.media, clock=harness.clock)

    def eraser(self, days: int = 0) -> Eraser:
        harness = self.harness
        return Eraser(harness.store, harness.media, retention_days=days, clock=harness.clock, pause_seconds=0)

    async def running(self) -> Job:
        """Bring a job to its provider."""
        self.submitted += 1
        self.harness.provider.submits = Script(Submitted(f"remote {self.submitted}"))
        job = await self.harness.request_video(clips=2)
        async with self.harness.working():
            return await self.harness.until_state(job, State.RUNNING)

    async def done(self) -> Job:
        """Bring a job to its end, with a card and files."""
        harness = self.harness
        job = await self.running()
        async with harness.working():
            await harness.advance_until_due(job)
            await harness.until_state(job, State.DONE)
        self.cards.there.add(70)
        async with harness.db.transaction() as tx:
            # The harness has no Discord that says which files its card shows.
            await tx.fetch("update job set message_id = 70, undelivered = 0 where id = $1", job.id)
        return await harness.get(job)

    async def until_forgotten(self) -> None:
        """Let time pass until nobody is to be forgotten any more."""
        harness = self.harness
        remover = Remover(harness.store, self.removals, harness.media, self.cards, self.locks, clock=harness.clock)
        async with harness.working():
            for _ in range(200):
                await self.forgetter().work_off()
                await remover.work_off()
                if await harness.store.forgettings.next_due_ms() is None:
                    return
                harness.advance(20_000)
                await asyncio.sleep(0.01)
        raise AssertionError("it is never done")

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.harness.db.fetch(f"select * from {table}")]  # noqa: S608  # our own

    def files(self, job: Job) -> list[str]:
        folder = self.harness.media.path(job.id)
        return sorted(file.name for file in folder.iterdir()) if folder.exists() else []

    async def check_forgotten(self, *jobs: Job) -> None:
        for table in ("job", "account", "ledger", "member_settings", "preset", "removal", "job_word", "forgetting"):
            for row in await self.rows(table):
                assert MEMBER not in row.values()
                assert "boat" not in str(row)
        assert self.cards.there == set()
        assert [file for job in jobs for file in self.files(job)] == []
        await db_invariants.check_used(self.harness.db)
        await db_invariants.check_ends(self.harness.db)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with WorkerHarness.open(tmp_path) as harness:
        with FileNamedLocks.open(tmp_path / "turns") as locks:
            yield Bench(harness, locks)


async def prepare(bench: Bench) -> tuple[Job, Job, int]:
    """Let a member have a film, another one that is being made, and something chosen."""
    done = await bench.done()
    used = await bench.harness.used()
    running = await bench.running()
    store = bench.harness.store
    await store.member_settings.change(1, MEMBER, {"motion": "high"})
    await store.presets.save(1, MEMBER, Preset("boat", "words"), 25, bench.harness.clock.now)
    return done, running, used


async def test_everything_of_a_member_goes_and_what_runs_is_paid_and_not_shown(bench: Bench) -> None:
    done, running, used = await prepare(bench)
    bench.harness.publisher.delivered.clear()
    await bench.privacy.forget(1, MEMBER)
    await bench.until_forgotten()
    await bench.check_forgotten(done, running)
    assert bench.harness.publisher.delivered == []
    assert await bench.harness.used() == 2 * used
    assert await bench.rows("log_event") == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_in_the_middle_of_forgetting_goes_on(bench: Bench, step: str, after: bool) -> None:
    done, running, used = await prepare(bench)
    store = bench.harness.store
    await bench.privacy.forget(1, MEMBER)
    whole = store.forgettings
    dying = Dying((bench.harness.db, store.member_ids), step, after=after)
    store.forgettings = dying
    with pytest.raises(BaseExceptionGroup) as killed:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bench.until_forgotten())
    assert killed.group_contains(Killed)
    assert dying.dead
    store.forgettings = whole
    await bench.until_forgotten()
    await bench.check_forgotten(done, running)
    assert await bench.harness.used() == 2 * used


async def test_old_jobs_lose_their_words_and_files_and_nobody_their_sums(bench: Bench) -> None:
    old = await bench.done()
    used = await bench.harness.used()
    await bench.eraser(0).erase_jobs()
    bench.harness.clock.now += 31 * DAY_MS
    young = await bench.done()
    await bench.eraser(30).erase_jobs()
    assert bench.files(old) == []
    assert len(bench.files(young)) > 1
    assert await bench.harness.store.jobs.get(old.id) is None
    assert {row["job_id"] for row in await bench.rows("job_word")} == {young.id}
    # The card is Discord's.
    assert bench.cards.there == {70}
    assert sum(row["used"] for row in await bench.rows("account") if row["user_id"] == MEMBER) == 2 * used
    await db_invariants.check_used(bench.harness.db)


class ShownAgain(OldJobs):
    """Have a job shown again after it was found to be old."""

    async def erase(self, jobs: Sequence[Job], than_ms: int, now_ms: int) -> int:
        """Erase what is old still."""
        async with self._db.transaction() as tx:
            await tx.fetch("update job set state = 'ready', due_ms = $1", now_ms)
        return await super().erase(jobs, than_ms, now_ms)


async def test_an_old_job_that_is_shown_again_just_then_keeps_its_files(bench: Bench) -> None:
    job = await bench.done()
    bench.harness.clock.now += 31 * DAY_MS
    bench.harness.store.old_jobs = ShownAgain(bench.harness.db)
    await bench.eraser(30).erase_jobs()
    assert len(bench.files(job)) > 1
    assert (await bench.harness.get(job)).params.prompt == job.params.prompt


@pytest.mark.parametrize("after", [False, True])
async def test_an_old_job_leaves_no_file_behind_though_the_process_dies_before_it_is_deleted(
    bench: Bench, tmp_path: Path, after: bool
) -> None:
    job, harness = await bench.done(), bench.harness
    harness.clock.now += 31 * DAY_MS
    failing = FailingOnce(tmp_path / "media", Killed(), after=after)
    with pytest.raises(Killed):
        await Eraser(harness.store, failing, retention_days=30, clock=harness.clock, pause_seconds=0).erase_jobs()
    assert await harness.store.jobs.get(job.id) is None
    # The setting may be another one at the next start.
    await bench.eraser(0).erase_jobs()
    assert bench.files(job) == []
    assert await bench.rows("erased_file") == []


async def test_who_is_forgotten_after_their_jobs_were_erased_for_age_leaves_no_card(bench: Bench) -> None:
    old = await bench.done()
    bench.harness.clock.now += 31 * DAY_MS
    await bench.eraser(30).erase_jobs()
    assert bench.cards.there == {70}
    await bench.privacy.forget(1, MEMBER)
    await bench.until_forgotten()
    await bench.check_forgotten(old)


async def test_a_server_that_removed_the_bot_is_erased_after_30_days(bench: Bench) -> None:
    job = await bench.done()
    await bench.harness.store.waiting.leave(1, ServerLeft(), bench.harness.clock.now)
    bench.harness.clock.now += 29 * DAY_MS
    await bench.eraser().erase_servers()
    assert len(bench.files(job)) > 1
    bench.harness.clock.now += 2 * DAY_MS
    await bench.eraser().erase_servers()
    assert bench.files(job) == []
    for table in ("job", "account", "ledger", "guild", "clip", "frame"):
        assert await bench.rows(table) == []


@pytest.mark.parametrize(
    ("error", "after"),
    [(MediaUnavailable(MediaProblem.UNREACHABLE, "the bucket is away"), False), (Killed(), False), (Killed(), True)],
)
async def test_a_server_leaves_no_file_behind_whatever_dies_between_its_files_and_its_rows(
    bench: Bench, tmp_path: Path, error: BaseException, after: bool
) -> None:
    jobs = [await bench.done(), await bench.done()]
    harness = bench.harness
    await harness.store.waiting.leave(1, ServerLeft(), harness.clock.now)
    harness.clock.now += 31 * DAY_MS
    failing = FailingOnce(tmp_path / "media", error, after=after)
    eraser = Eraser(harness.store, failing, retention_days=0, clock=harness.clock, pause_seconds=0)
    with pytest.raises(type(error)):
        await eraser.erase_servers()
    assert failing.failed
    await eraser.erase_servers()
    assert [file for job in jobs for file in bench.files(job)] == []
    assert await bench.rows("job") == []
