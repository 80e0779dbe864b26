"""What is left of removed jobs is worked off: whatever fails or dies in between, all of it goes in the end."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.film import Film
from bot.domain.job import Frame, Job, Kind, State
from bot.domain.params import JobParams
from bot.errors import CardError
from bot.locks import FileNamedLocks
from bot.media.store import thumbnail_path
from bot.providers.types import RemoteState, Snapshot, Submitted
from bot.services.film_joiner import film_file
from bot.services.removals import Removals
from bot.worker.remover import Remover
from tests.support.db_fixture import MIRA, OTTO, DbFixture
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

MODERATOR, HERE = 77, 5
HOUR_MS = 3_600_000


class Messages:
    """Be Discord as removals know it; `stop` may end a process right there."""

    def __init__(self) -> None:
        self.there: set[tuple[int, int]] = set()
        self.found: dict[str, list[int]] = {}
        self.replies: dict[tuple[int, int], list[int]] = {}
        self.refusals = 0
        self.shut: set[int] = set()
        self.asked: Counter[str] = Counter()
        self.stop: Callable[[str], None] = lambda _: None
        self.slow: dict[int, asyncio.Event] = {}

    async def delete(self, job: Job, channel_id: int, message_id: int) -> None:
        self.asked["delete"] += 1
        if self.refusals:
            self.refusals -= 1
            raise CardError("Discord is away")
        if channel_id in self.shut:
            raise CardError("the channel is shut")
        if message_id in self.slow:
            await self.slow[message_id].wait()
        self.stop("before a message is deleted")
        self.there.discard((channel_id, message_id))
        self.stop("after a message is deleted")

    async def find(self, job: Job, card_ids: Sequence[int]) -> Sequence[int]:
        if job.channel_id != HERE:
            return [reply for card in card_ids for reply in self.replies.get((job.channel_id, card), [])]
        self.stop("before replies are looked for")
        return self.found.pop(job.id, [])

    async def find_direct(self, job: Job, card_id: int | None) -> tuple[int, Sequence[int]]:
        return 9, [91]


class Bench:
    """Hold a worker's harness and a remover beside it."""

    def __init__(self, harness: WorkerHarness, locks: FileNamedLocks) -> None:
        self.harness = harness
        self.locks = locks
        self.messages = Messages()
        self.removals = Removals(harness.store, harness.clock, harness.wake)
        self.remover = self.new_remover()

    def new_remover(self) -> Remover:
        harness = self.harness
        return Remover(harness.store, self.removals, harness.media, self.messages, self.locks, clock=harness.clock)

    async def done(self) -> Job:
        """Bring a job to its end, with a card and files."""
        harness = self.harness
        message_id = self.new_message()
        harness.provider.submits = Script(Submitted(f"remote {message_id}"))
        job = await harness.request_video(clips=2)
        async with harness.working():
            await harness.until_state(job, State.RUNNING)
            await harness.advance_until_due(job)
            await harness.until_state(job, State.DONE)
        async with harness.db.transaction() as tx:
            await tx.fetch("update job set message_id = $2 where id = $1", job.id, message_id)
        return await harness.get(job)

    def new_message(self) -> int:
        message_id = 100 + len(self.messages.there)
        self.messages.there.add((5, message_id))
        return message_id

    async def until_gone(self) -> None:
        """Let time pass until nothing is left to be done."""
        async with self.harness.working():
            for _ in range(200):
                await self.remover.work_off()
                due_ms = await self.harness.store.removal_work.next_due_ms()
                if due_ms is None:
                    return
                self.harness.advance(max(0, due_ms - self.harness.clock.now))
                await asyncio.sleep(0.01)
        raise AssertionError("it is never done")

    async def until_later(self, hours: int) -> None:
        """Let hours pass in which what is due is done."""
        clock = self.harness.clock
        end_ms = clock.now + hours * HOUR_MS
        while clock.now < end_ms:
            await self.remover.work_off()
            due_ms = await self.harness.store.removal_work.next_due_ms()
            clock.now = max(clock.now + 50, min(due_ms or end_ms, end_ms))

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():  # noqa: ASYNC110  # nobody tells when Discord was asked
            await asyncio.sleep(0.005)

    def files(self, job: Job) -> list[str]:
        folder = self.harness.media.path(job.id)
        return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with WorkerHarness.open(tmp_path) as harness:
        with FileNamedLocks.open(tmp_path / "turns") as locks:
            yield Bench(harness, locks)


async def test_card_replies_and_files_go_and_the_credits_stay_spent(bench: Bench) -> None:
    job = await bench.done()
    await bench.harness.store.shown_messages.add(job.id, 5, bench.new_message())
    bench.messages.there.add((5, 50))
    bench.messages.found[job.id] = [50]
    assert len(bench.files(job)) > 1
    used = await bench.harness.used()
    await bench.removals.remove(job, MODERATOR)
    await bench.until_gone()
    assert bench.messages.there == set()
    assert bench.files(job) == []
    assert await bench.harness.used() == used
    kept = await bench.harness.store.removal_work.job(job.id)
    assert (kept.state, kept.params.prompt, kept.message_id) == (State.DONE, "", None)


async def test_replies_to_an_earlier_card_go_with_it_from_a_channel_where_it_is_not_shown_any_more(
    bench: Bench,
) -> None:
    job = await bench.done()
    bench.messages.there |= {(6, 60), (6, 61)}
    bench.messages.replies[6, 60] = [61]
    await bench.harness.store.shown_messages.add(job.id, 6, 60)
    await bench.removals.remove(job, MODERATOR)
    await bench.until_gone()
    assert bench.messages.there == set()


async def test_who_is_told_by_direct_messages_has_none_left(bench: Bench) -> None:
    job = await bench.done()
    await bench.harness.store.member_settings.change(1, job.user_id, {"notify": "direct"})
    bench.messages.there.add((9, 91))
    await bench.removals.remove(job, MODERATOR)
    await bench.until_gone()
    assert bench.messages.there == set()


async def test_a_picture_that_was_borrowed_after_the_first_look_goes_with_the_second(bench: Bench) -> None:
    source, heir = await bench.done(), await bench.done()
    await bench.removals.remove(source, MODERATOR)
    await bench.remover.work_off()
    await bench.harness.store.clips.add_frame(Frame(heir.id, "end", f"{source.id}/1.png"))
    await bench.until_gone()
    assert "end" not in await bench.harness.store.clips.frames(heir.id)
    rows = await bench.harness.db.fetch("select disinherited from removal where job_id = $1", source.id)
    assert rows[0]["disinherited"] == 2


async def test_what_waits_is_cancelled_and_ends_without_a_word(bench: Bench) -> None:
    job = await bench.harness.request(Kind.VIDEO, JobParams("a boat", image=bench.harness.image), message_id=7)
    bench.messages.there.add((5, 7))
    await bench.removals.remove(job, MODERATOR)
    await bench.until_gone()
    assert (await bench.harness.store.removal_work.job(job.id)).state is State.FAILED
    assert await bench.harness.used() == 0
    assert bench.messages.there == set()
    assert bench.harness.publisher.told == []


async def test_what_is_at_its_provider_is_paid_and_nothing_of_it_is_fetched_shown_or_kept(bench: Bench) -> None:
    harness = bench.harness
    running = Snapshot(RemoteState.RUNNING, 20)
    harness.provider.polls = Script(running, Snapshot(RemoteState.SUCCEEDED, 100, harness.clips[:2], "remote 1", "40"))
    params = JobParams("a paper boat", clips=2, image=harness.image)
    job = await harness.request(Kind.VIDEO, params, message_id=7)
    async with harness.working():
        await harness.until_state(job, State.RUNNING)
    await bench.removals.remove(job, MODERATOR)
    await bench.until_gone()
    kept = await harness.store.removal_work.job(job.id)
    assert (kept.state, kept.provider_cost, kept.extend_ref) == (State.DONE, "40", None)
    assert await harness.used() == 4
    assert harness.publisher.delivered == []
    assert bench.files(job) == []
    assert await harness.store.clips.clips(job.id) == []
    assert harness.publisher.pings == []


async def test_discord_away_is_asked_again_and_the_files_go_meanwhile(bench: Bench) -> None:
    job = await bench.done()
    await bench.removals.remove(job, MODERATOR)
    bench.messages.refusals = 3
    await bench.remover.work_off()
    assert bench.messages.there != set()
    assert bench.files(job) == []
    await bench.until_gone()
    assert bench.messages.there == set()
    assert bench.messages.asked["delete"] >= 4


async def test_a_channel_that_is_shut_for_days_is_asked_once_an_hour_and_its_card_goes_once_it_is_open(
    bench: Bench,
) -> None:
    job = await bench.done()
    bench.messages.shut = {HERE}
    await bench.removals.remove(job, MODERATOR)
    await bench.until_later(48)
    assert 48 < bench.messages.asked["delete"] < 100
    bench.messages.shut = set()
    await bench.until_gone()
    assert bench.messages.there == set()


async def test_a_message_in_a_shut_channel_keeps_no_other_standing(bench: Bench) -> None:
    job = await bench.done()
    async with bench.harness.db.transaction() as tx:
        await tx.fetch("update job set channel_id = 6 where id = $1", job.id)
    bench.messages.there = {(6, job.message_id or 0), (5, 50), (6, 51)}
    await bench.harness.store.shown_messages.add(job.id, 5, 50)
    bench.messages.shut = {6}
    await bench.removals.remove(job, MODERATOR)
    await bench.remover.work_off()
    assert bench.messages.there == {(6, job.message_id), (6, 51)}
    bench.messages.shut, bench.messages.replies = set(), {(6, job.message_id or 0): [51]}
    await bench.until_gone()
    assert bench.messages.there == set()


async def test_who_is_forgotten_keeps_no_place_from_what_somebody_asks_for(bench: Bench) -> None:
    db = DbFixture(bench.harness.db, bench.harness.store)
    theirs = [await db.done(message_id=message_id) for message_id in range(200, 206)]
    asked = [await db.done(user=OTTO, message_id=message_id) for message_id in (300, 301)]
    bench.harness.clock.now = db.now
    bench.messages.there = {(HERE, job.message_id or 0) for job in (*theirs, *asked)}
    # Discord has them wait.
    bench.messages.slow = {message_id: asyncio.Event() for message_id in range(200, 206)}
    await bench.removals.remove_unlogged(1, [job.id for job in theirs], -MIRA)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        working = tasks.create_task(bench.remover.run())
        await bench.until(lambda: bench.messages.asked["delete"] == 3)
        for job in asked:
            await bench.removals.remove(job, MODERATOR)
            await bench.until(lambda job=job: (HERE, job.message_id) not in bench.messages.there)
        # Whoever is slow holds up nobody but themselves.
        bench.messages.slow[max(bench.messages.slow)].set()
        for message_id in range(200, 204):
            bench.messages.slow[message_id].set()
        await bench.until(lambda: len(bench.messages.there) == 1)
        bench.messages.slow[204].set()
        await bench.until(lambda: bench.messages.there == set())
        working.cancel()


async def test_a_film_that_it_is_part_of_goes_with_its_message_and_the_next_part_keeps_its_own(bench: Bench) -> None:
    harness = bench.harness
    first, second = await bench.done(), await bench.done()
    async with harness.db.transaction() as tx:
        await tx.fetch(
            "update job set kind = 'extend', parent_job_id = $2, parent_slot = 0 where id = $1", second.id, first.id
        )
    name = await harness.media.keep(film_file(second.id, 0), b"both")
    film = Film(second.id, 0, 11, 0, 0, media_file=name, parts=2, seconds=1.0, bytes=4)
    await harness.store.films.ask(film)
    await harness.store.films.joined(film)
    message_id = bench.new_message()
    await harness.store.films.posted(Film(second.id, 0, 11, 0, 0, channel_id=5, message_id=message_id))
    await bench.removals.remove(first, MODERATOR)
    await bench.until_gone()
    assert (5, message_id) not in bench.messages.there
    assert not await harness.media.has(name)
    assert "1.mp4" in bench.files(second)
    assert (5, second.message_id) in bench.messages.there


async def test_what_starts_from_its_picture_loses_that_and_is_drawn_anew(bench: Bench) -> None:
    harness = bench.harness
    source, film = await bench.done(), await bench.done()
    await harness.store.clips.add_frame(Frame(film.id, "start", f"{source.id}/start.png"))
    assert await harness.media.has(thumbnail_path(film.id))
    harness.publisher.delivered.clear()
    await bench.removals.remove(source, MODERATOR)
    await bench.until_gone()
    async with harness.working():
        await harness.until_state(film, State.DONE)
    assert await harness.store.clips.frames(film.id) == {}
    assert not await harness.media.has(thumbnail_path(film.id))
    assert harness.publisher.delivered == [film.id]


STOPS = ("before a message is deleted", "after a message is deleted", "before replies are looked for")


class Killed(BaseException):
    """End what runs as a kill does: nothing after it is done."""


@asynccontextmanager
async def killed_at(bench: Bench, moment: str) -> AsyncGenerator[None]:
    """Let the process end at a moment, and another one begin."""

    def stop(now: str) -> None:
        if now == moment:
            raise Killed

    bench.messages.stop = stop
    try:
        yield
    except* Killed:
        pass
    bench.messages.stop = lambda _: None
    bench.remover = bench.new_remover()


@pytest.mark.parametrize("moment", STOPS)
async def test_a_kill_between_its_steps_leaves_nothing_that_shows_again(bench: Bench, moment: str) -> None:
    job = await bench.done()
    await bench.harness.store.shown_messages.add(job.id, 5, bench.new_message())
    await bench.removals.remove(job, MODERATOR)
    async with killed_at(bench, moment), asyncio.TaskGroup() as tasks:
        tasks.create_task(_until_killed(bench.remover.work_off))
    assert await bench.harness.store.jobs.get(job.id) is None
    await bench.until_gone()
    assert bench.messages.there == set()
    assert bench.files(job) == []


async def _until_killed(run: Callable[[], Awaitable[object]]) -> None:
    await run()
