"""What is shared is posted once, told, and taken down; a week's best are shown once, whatever dies in between."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.db.shares import take_down
from bot.domain.job import Clip, Job, Kind
from bot.domain.server_settings import ServerSettings
from bot.domain.showcase import Redrawn, Share, ShowcaseWeek, week_ends_ms, week_of
from bot.errors import CannotShare, CardError
from bot.locks import FileNamedLocks
from bot.media import FileStore
from bot.services.clip_files import ClipFiles
from bot.services.requests import DeferredReply
from bot.services.showcase import Showcase
from bot.worker.shared_results import FOLLOW_TRIES, TRIES, SharedResults
from bot.worker.showcase_rounds import ShowcaseRounds
from bot.worker.weekly_best import WeeklyBest
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, DbFixture, open_db_fixture
from tests.support.losable_names import LosableNames

SHOWCASE = 77


class Killed(BaseException):
    """What a kill of the process is to a task."""


@dataclass
class ScriptedShowcase:
    """Be the channel: remember what is there and what was told, or fail as told."""

    messages: dict[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])
    places: list[int] = field(default_factory=list[int])
    gone: set[int] = field(default_factory=set[int])
    drawn: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    bests: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    best_places: dict[int, int] = field(default_factory=dict[int, int])
    given: dict[str, int | None] = field(default_factory=dict[str, int | None])
    told: list[tuple[str, int | None]] = field(default_factory=list[tuple[str, int | None]])
    errors: list[Exception] = field(default_factory=list[Exception])
    hidden: list[int] = field(default_factory=list[int])
    starred: set[int | None] = field(default_factory=set[int | None])
    posts: int = 0
    counted: int = 0
    searches: int = 0
    die_after_post: bool = False

    async def find(self, share: Share) -> int | None:
        self.searches += 1
        return next((one for one, what in self.messages.items() if what == (share.job_id, share.slot)), None)

    async def post(self, share: Share, job: Job, clip: Clip) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.posts += 1
        number = 100 + self.posts
        self.messages[number] = share.job_id, share.slot
        self.places.append(share.channel_id)
        self.hidden.append(job.spoiler)
        self._maybe_die()
        return number

    async def begin_stars(self, share: Share) -> None:
        self.starred.add(share.message_id)

    async def draw_anew(self, share: Share, job: Job) -> Redrawn:
        if self.errors:
            raise self.errors.pop(0)
        if share.channel_id in self.gone:
            return Redrawn.NO_CHANNEL
        if share.message_id not in self.messages:
            return Redrawn.DELETED
        self.drawn.append((share.message_id or 0, job.spoiler))
        return Redrawn.SHOWN

    async def take_down(self, share: Share) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.messages.pop(share.message_id or 0, None)

    async def stars(self, share: Share) -> int | None:
        if self.errors:
            raise self.errors.pop(0)
        self.counted += 1
        return self.given.get(share.job_id, 0)

    async def find_best(self, week: ShowcaseWeek, channel_id: int) -> int | None:
        self.searches += 1
        return next((one for one in self.bests if self.best_places[one] == channel_id), None)

    async def post_best(self, week: ShowcaseWeek, channel_id: int, best: Sequence[tuple[Share, Job]]) -> int | None:
        self.posts += 1
        number = 100 + self.posts
        self.bests[number] = [share.job_id for share, _ in best]
        self.best_places[number] = channel_id
        self._maybe_die()
        return number

    async def redraw_best(self, week: ShowcaseWeek, best: Sequence[tuple[Share, Job]]) -> bool:
        if week.message_id not in self.bests:
            return False
        self.bests[week.message_id] = [share.job_id for share, _ in best]
        if not best:
            del self.bests[week.message_id]
        return bool(best)

    async def tell_shared(self, share: Share) -> None:
        self.told.append((share.job_id, share.message_id))

    async def tell_failure(self, share: Share, error: Exception) -> None:
        self.told.append((getattr(error, "why", str(error)), None))

    def _maybe_die(self) -> None:
        if self.die_after_post:
            self.die_after_post = False
            raise Killed


@dataclass
class Bench:
    """Hold a store, its files, and everything that sees to showcases."""

    db: DbFixture
    folder: Path
    locks: FileNamedLocks
    showing: ScriptedShowcase = field(default_factory=ScriptedShowcase)

    def __post_init__(self) -> None:
        self.media = FileStore(self.folder / "media")
        self.clock = clock_of(lambda: self.db.now)
        self.showcase = Showcase(self.db.store, self.clock)
        clip_files = ClipFiles(self.db.store, self.media, None, {})  # pyright: ignore[reportArgumentType]  # not asked
        self.results = SharedResults(self.db.store, self.media, clip_files, self.showing, self.clock)
        self.weeks = WeeklyBest(self.db.store, self.showing, self.clock)

    async def name_channel(self, channel_id: int | None) -> None:
        def edit(settings: ServerSettings) -> ServerSettings:
            return replace(settings, showcase_channel_id=channel_id)

        await self.db.store.guild_settings.change(GUILD, edit, self.db.now)

    async def job(self, **fields: Any) -> Job:
        """Give a finished job with its files."""
        job = await self.db.done(**fields)
        for clip in await self.db.store.clips.clips(job.id):
            name = await self.media.keep(f"{job.id}/{clip.slot + 1}.mp4", b"a clip")
            await self.db.store.clips.set_file(job.id, clip.slot, name, 6)
        return job

    async def ask(self, job: Job, slot: int = 0, *, moderates: bool = False) -> Share | None:
        answer = DeferredReply(5, "a token", 2**50)
        return await self.showcase.share(job, slot, SHOWCASE, answer, moderates=moderates)

    async def shared(self, *, stars: int | None = 0) -> Job:
        """Have a result shared that so many members star."""
        job = await self.job()
        share = await self.ask(job)
        assert share is not None
        await self.results.see_to(share)
        self.showing.given[job.id] = stars
        return job

    async def hide_everything(self) -> None:
        settings = self.db.store.guild_settings
        await settings.change(GUILD, lambda before: replace(before, spoiler=True), self.db.now)

    async def remove(self, job: Job) -> None:
        async with self.db.database.transaction() as tx:
            await take_down(tx, [job.id], self.db.now)

    async def known(self, job: Job, slot: int = 0) -> Share:
        found = await self.db.store.shares.get(job.id, slot)
        assert found is not None
        return found

    async def week(self) -> ShowcaseWeek:
        """Let the week that something was shared in end."""
        [week] = await self.db.store.shares.due_weeks(2**60, 9)
        self.db.now = max(self.db.now, week.due_ms or 0)
        return week

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Let a process see to showcases until the block ends."""
        showcase = Showcase(self.db.store, self.clock)
        rounds = ShowcaseRounds(
            self.db.store, showcase, self.results, self.weeks, self.locks, LosableNames("one"), clock=self.clock
        )
        task = asyncio.create_task(rounds.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110  # another task works
                await asyncio.sleep(0.005)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    with FileNamedLocks.open(tmp_path / "locks") as locks:
        async with open_db_fixture(tmp_path / "animatic.db") as db:
            bench = Bench(db, tmp_path, locks)
            await bench.name_channel(SHOWCASE)
            yield bench


async def test_what_is_shared_is_posted_and_told_by_two_processes_once(bench: Bench) -> None:
    job = await bench.job()
    async with bench.running(), bench.running():
        await bench.ask(job, 2)
        async with bench.running():
            await bench.until(lambda: bool(bench.showing.told))
    assert bench.showing.messages == {101: (job.id, 2)}
    assert bench.showing.told == [(job.id, 101)]
    assert bench.showing.searches == 0
    assert (await bench.known(job, 2)).due_ms is None


async def test_what_a_killed_process_posted_is_found_and_not_posted_again(bench: Bench) -> None:
    job = await bench.job()
    share = await bench.ask(job)
    assert share is not None
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.results.see_to(share)
    bench.db.now += 60_000
    async with bench.running():
        await bench.until(lambda: bool(bench.showing.told))
    assert bench.showing.messages == {101: (job.id, 0)}
    assert (await bench.known(job)).message_id == 101
    assert bench.showing.starred == {101}


async def test_who_shares_something_again_is_told_where_it_is(bench: Bench) -> None:
    job = await bench.shared()
    share = await bench.ask(job)
    assert share is not None
    assert await bench.ask(job) is None
    await bench.results.see_to(share)
    assert bench.showing.told == [(job.id, 101)] * 2
    assert bench.showing.posts == 1


async def test_what_somebody_deleted_comes_back_only_for_who_moderates(bench: Bench) -> None:
    job = await bench.shared()
    bench.showing.messages.clear()
    for moderates, told in ((False, ("deleted", None)), (False, ("deleted", None)), (True, (job.id, 102))):
        share = await bench.ask(job, moderates=moderates)
        assert share is not None
        await bench.results.see_to(share)
        assert bench.showing.told[-1] == told
    assert (await bench.known(job)).message_id == 102


@pytest.mark.parametrize(("gone", "moderates"), [(True, False), (False, True)])
async def test_what_is_gone_comes_back_in_what_is_the_showcase_now(bench: Bench, gone: bool, moderates: bool) -> None:
    job = await bench.shared()
    first = await bench.known(job)
    bench.showing.messages.clear()
    bench.showing.gone |= {SHOWCASE} if gone else set()
    await bench.name_channel(78)
    bench.db.now += 10 * 24 * 3_600_000
    share = await bench.ask(job, moderates=moderates)
    assert share is not None
    await bench.results.see_to(share)
    assert bench.showing.told[-1] == (job.id, 102)
    assert bench.showing.places == [SHOWCASE, 78]
    known = await bench.known(job)
    assert (known.channel_id, known.week, known.due_ms) == (78, week_of(bench.db.now), None)
    assert known.shared_ms > first.shared_ms


async def test_what_cannot_come_back_is_told_and_stays_known(bench: Bench) -> None:
    job = await bench.shared()
    bench.showing.gone.add(SHOWCASE)
    await bench.name_channel(None)
    share = await bench.ask(job)
    assert share is not None
    await bench.results.see_to(share)
    assert bench.showing.told[-1] == ("no_showcase", None)
    assert (await bench.known(job)).message_id == 101


async def test_what_is_posted_follows_its_card_through_a_long_outage(bench: Bench) -> None:
    job = await bench.shared()
    await bench.db.store.history.set_spoiler(job.id, 1, bench.db.now)
    bench.showing.errors = [CardError("no") for _ in range(FOLLOW_TRIES - 1)]
    while (share := await bench.known(job)).due_ms is not None:
        bench.db.now = max(bench.db.now, share.due_ms)
        await bench.results.see_to(share)
    assert bench.showing.drawn == [(101, 1)]


async def test_who_waits_for_it_is_told_of_an_outage_and_what_is_posted_goes_on_following(bench: Bench) -> None:
    job = await bench.shared()
    share = await bench.ask(job)
    assert share is not None
    bench.showing.errors = [CardError("no") for _ in range(TRIES + 1)]
    while (share := await bench.known(job)).due_ms is not None:
        bench.db.now = max(bench.db.now, share.due_ms)
        await bench.results.see_to(share)
    assert [told[1] for told in bench.showing.told] == [101, None]
    assert bench.showing.drawn == [(101, 0)]


async def test_what_a_killed_process_posted_is_drawn_as_its_card_is_now(bench: Bench) -> None:
    job = await bench.job()
    share = await bench.ask(job)
    assert share is not None
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.results.see_to(share)
    await bench.db.store.history.set_spoiler(job.id, 1, bench.db.now)
    bench.db.now += 60_000
    await bench.results.see_to(share)
    assert bench.showing.drawn == [(101, 1)]


async def test_what_fails_for_a_while_is_tried_again_and_told_in_the_end(bench: Bench) -> None:
    job = await bench.job()
    bench.showing.errors = [CardError("no") for _ in range(TRIES)]
    await bench.ask(job)
    for _ in range(TRIES):
        share = await bench.known(job)
        bench.db.now = max(bench.db.now, share.due_ms or 0)
        assert bench.showing.told == []
        await bench.results.see_to(share)
    assert len(bench.showing.told) == 1
    share = await bench.known(job)
    assert (share.due_ms, share.message_id) == (None, None)
    again = await bench.ask(job)
    assert again is not None
    await bench.results.see_to(again)
    assert bench.showing.told[-1] == (job.id, 101)


async def test_what_cannot_be_shared_is_told_at_once(bench: Bench) -> None:
    job = await bench.job(kind=Kind.IMAGINE)
    (bench.folder / "media" / job.id / "1.mp4").unlink()
    share = await bench.ask(job)
    assert share is not None
    await bench.results.see_to(share)
    assert bench.showing.told == [("gone", None)]
    bench.showing.errors = [CannotShare("too_large")]
    other = await bench.ask(await bench.job())
    assert other is not None
    await bench.results.see_to(other)
    assert bench.showing.told[-1] == ("too_large", None)


async def test_what_is_removed_goes_also_when_nobody_saw_it_posted(bench: Bench) -> None:
    job = await bench.shared()
    unseen = await bench.job()
    share = await bench.ask(unseen)
    assert share is not None
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.results.see_to(share)
    await bench.remove(job)
    await bench.remove(unseen)
    bench.showing.errors = [CardError("not now")]
    await bench.results.see_to(await bench.known(job))
    bench.db.now = (await bench.known(job)).due_ms or 0
    async with bench.running():
        await bench.until(lambda: not bench.showing.messages)
    assert await bench.ask(job) is None
    assert bench.showing.told == [(job.id, 101)]


async def test_what_is_removed_before_it_is_posted_never_is(bench: Bench) -> None:
    job = await bench.job()
    share = await bench.ask(job)
    assert share is not None
    await bench.remove(job)
    await bench.results.see_to(share)
    assert (bench.showing.posts, bench.showing.messages) == (0, {})


async def test_nothing_is_counted_before_the_week_is_over(bench: Bench) -> None:
    await bench.shared(stars=9)
    [week] = await bench.db.store.shares.due_weeks(2**60, 9)
    bench.db.now = week_ends_ms(bench.db.now) - 1
    await bench.weeks.see_to(week)
    async with bench.running():
        await asyncio.sleep(0.05)
    assert (bench.showing.counted, bench.showing.bests) == (0, {})


async def test_the_best_of_a_week_are_shown_once(bench: Bench) -> None:
    jobs = [await bench.shared(stars=stars) for stars in (1, 4, None, 2, 7, 3)]
    week = await bench.week()
    async with bench.running(), bench.running():
        await bench.until(lambda: bool(bench.showing.bests))
    await bench.weeks.see_to(week)
    assert list(bench.showing.bests.values()) == [[jobs[4].id, jobs[1].id, jobs[5].id]]
    assert bench.showing.counted == len(jobs)
    known = await bench.db.store.shares.week(GUILD, week.week)
    assert known is not None
    assert (known.due_ms, known.channel_id, known.message_id) == (None, SHOWCASE, next(iter(bench.showing.bests)))


async def test_a_week_that_nobody_starred_shows_nothing(bench: Bench) -> None:
    await bench.shared(stars=1)
    await bench.weeks.see_to(await bench.week())
    assert bench.showing.bests == {}
    assert await bench.db.store.shares.due_weeks(2**60, 9) == []


async def test_a_kill_after_the_best_were_shown_shows_them_once_and_chooses_no_others(bench: Bench) -> None:
    best, later = await bench.shared(stars=3), await bench.shared(stars=2)
    week = await bench.week()
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.weeks.see_to(week)
    bench.showing.given[later.id] = 9
    async with bench.running():
        await bench.until(lambda: bench.showing.searches == 1)
        await asyncio.sleep(0.05)
    assert list(bench.showing.bests.values()) == [[best.id, later.id]]


async def test_what_was_shown_when_the_showcase_moved_is_found_where_it_was(bench: Bench) -> None:
    best = await bench.shared(stars=3)
    week = await bench.week()
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.weeks.see_to(week)
    await bench.name_channel(78)
    await bench.weeks.see_to(week)
    assert list(bench.showing.bests.values()) == [[best.id]]
    known = await bench.db.store.shares.week(GUILD, week.week)
    assert known is not None
    assert (known.channel_id, known.message_id) == (SHOWCASE, next(iter(bench.showing.bests)))


async def test_what_was_chosen_before_the_showcase_moved_is_shown_and_found_in_the_new_one(bench: Bench) -> None:
    best = await bench.shared(stars=3)
    week = await bench.week()
    await bench.db.store.shares.choose(week, [(await bench.known(best), 3)], SHOWCASE)
    await bench.name_channel(78)
    bench.showing.die_after_post = True
    with pytest.raises(Killed):
        await bench.weeks.see_to(week)
    await bench.name_channel(79)
    await bench.weeks.see_to(week)
    assert list(bench.showing.best_places.values()) == [78]


async def test_a_kill_before_the_best_were_shown_shows_those_that_were_chosen(bench: Bench) -> None:
    best, later = await bench.shared(stars=3), await bench.shared(stars=1)
    week = await bench.week()
    await bench.db.store.shares.choose(week, [(await bench.known(best), 3)], SHOWCASE)
    bench.showing.given[later.id] = 9
    await bench.weeks.see_to(week)
    assert list(bench.showing.bests.values()) == [[best.id]]
    assert bench.showing.counted == 0


async def test_stars_that_cannot_be_read_are_read_later(bench: Bench) -> None:
    job = await bench.shared(stars=3)
    week = await bench.week()
    bench.showing.errors = [CardError("not now")]
    await bench.weeks.see_to(week)
    assert bench.showing.bests == {}
    again = await bench.week()
    await bench.weeks.see_to(again)
    assert list(bench.showing.bests.values()) == [[job.id]]


async def test_one_of_the_best_that_is_removed_is_left_out_and_the_last_takes_the_message_along(bench: Bench) -> None:
    one, other = await bench.shared(stars=3), await bench.shared(stars=2)
    await bench.weeks.see_to(await bench.week())
    for removed, left in ((one, [[other.id]]), (other, [])):
        await bench.remove(removed)
        await bench.weeks.see_to(await bench.week())
        assert list(bench.showing.bests.values()) == left
        assert await bench.db.store.shares.due_weeks(2**60, 9) == []


async def test_a_server_whose_showcase_was_given_up_shows_no_best(bench: Bench) -> None:
    await bench.shared(stars=3)
    await bench.name_channel(None)
    await bench.weeks.see_to(await bench.week())
    assert bench.showing.bests == {}


async def test_a_server_that_shares_nothing_costs_nothing(bench: Bench) -> None:
    await bench.job()
    async with bench.running():
        await asyncio.sleep(0.05)
    assert bench.showing == ScriptedShowcase()


async def test_what_is_shared_of_an_older_job_is_hidden_where_the_server_hides_everything_now(bench: Bench) -> None:
    before, after = await bench.job(), await bench.job()
    for job in (before, after):
        share = await bench.ask(job)
        assert share is not None
        await bench.results.see_to(share)
        await bench.hide_everything()
    assert bench.showing.hidden == [0, 1]


async def test_a_week_that_is_put_off_for_a_moment_is_shown_then_and_not_a_minute_later(bench: Bench) -> None:
    await bench.shared()
    await bench.db.db_write("update showcase_week set due_ms = $1", bench.clock.wall_ms() + 1_000)
    async with bench.running():
        await asyncio.sleep(0.1)
        assert bench.showing.counted == 0
        bench.db.now += 1_000
        await bench.until(lambda: bench.showing.counted > 0)
