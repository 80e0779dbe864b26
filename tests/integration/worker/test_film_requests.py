"""Wishes for films are fulfilled once: what failed is tried again, what was left undone goes on, all are told."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.film import Film, Part
from bot.domain.job import Job, Kind
from bot.errors import CardError, FilmNotPosted, FilmPartGone
from bot.locks import FileNamedLocks
from bot.media import FileStore
from bot.services.film_joiner import FilmJoiner, JoinedFilm
from bot.services.films import Films
from bot.services.requests import DeferredReply
from bot.worker.film_requests import TRIES, FilmRequests
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, OTTO, DbFixture, open_db_fixture
from tests.support.losable_names import LosableNames
from tests.support.requests import requester


class ScriptedJoiner(FilmJoiner):
    """Join without looking, or fail as told."""

    def __init__(self, media: FileStore) -> None:
        self._store = media
        self.joined: list[Sequence[tuple[str, int]]] = []
        self.errors: list[Exception] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def join(self, clips: Sequence[tuple[str, int]], name: str) -> JoinedFilm:
        self.joined.append(clips)
        await self.go_on.wait()
        if self.errors:
            raise self.errors.pop(0)
        await self._store.keep(name, b"film")
        return JoinedFilm(name, len(clips), 10.0, 4)


@dataclass
class ScriptedPublisher:
    """Remember what was posted and told, or fail as told."""

    messages: dict[int, Film] = field(default_factory=dict[int, Film])
    told: list[tuple[Film, Exception | None]] = field(default_factory=list[tuple[Film, Exception | None]])
    errors: list[Exception] = field(default_factory=list[Exception])
    hidden: list[bool] = field(default_factory=list[bool])
    asked: int = 0
    lose_answers: bool = False

    async def find(self, film: Film, parts: Sequence[Part]) -> int | None:
        self.asked += 1
        return next((number for number, one in self.messages.items() if one.job_id == film.job_id), None)

    async def post(self, film: Film, parts: Sequence[Part]) -> int:
        if self.errors:
            raise self.errors.pop(0)
        number = 100 + len(self.messages)
        self.messages[number] = film
        self.hidden = [bool(part.job.spoiler) for part in parts]
        if self.lose_answers:
            self.lose_answers = False
            raise CardError("no answer")
        return number

    async def tell_posted(self, film: Film, parts: Sequence[Part]) -> None:
        self.told.append((film, None))

    async def tell_failure(self, film: Film, error: Exception) -> None:
        self.told.append((film, error))


@dataclass
class Bench:
    """Hold a store and everything that films need of the worker."""

    db: DbFixture
    folder: Path
    locks: FileNamedLocks
    publisher: ScriptedPublisher = field(default_factory=ScriptedPublisher)
    names: LosableNames = field(default_factory=lambda: LosableNames("one"))

    def __post_init__(self) -> None:
        self.media = FileStore(self.folder / "media")
        self.joiner = ScriptedJoiner(self.media)
        self.films = Films(self.db.store, clock_of(lambda: self.db.now))

    async def chain(self) -> Job:
        """Give an extend of a clip."""
        first = await self.db.done()
        return await self.db.done(kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=1)

    async def ask(self, job: Job, user: int = 11) -> bool:
        parts = await self.films.parts(GUILD, job.id, 0)
        return await self.films.ask(requester(user_id=user), parts, DeferredReply(5, "a token", 2**50))

    @asynccontextmanager
    async def running(self, films: Films | None = None) -> AsyncGenerator[None]:
        """Let a process work on films until the block ends."""
        requests = FilmRequests(
            self.db.store,
            films or self.films,
            self.joiner,
            self.media,
            self.publisher,
            self.locks,
            self.names,
            clock=clock_of(lambda: self.db.now),
        )
        task = asyncio.create_task(requests.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(10):
            while not await is_so():  # noqa: ASYNC110  # another task writes it
                await asyncio.sleep(0.01)

    async def ended(self) -> None:
        """Wait until nobody's wish is due."""

        async def nothing_waits() -> bool:
            return not await self.db.store.films.waiting(9)

        await self.until(nothing_waits)

    async def put_off(self) -> Film:
        """Wait until a wish is put off, and let its time come."""

        async def later() -> bool:
            [film] = await self.db.store.films.waiting(1)
            return (film.due_ms or 0) > self.db.now

        await self.until(later)
        [film] = await self.db.store.films.waiting(1)
        self.db.now = film.due_ms or 0
        self.films.asked.set()
        return film


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        with FileNamedLocks.open(tmp_path / "locks") as locks:
            yield Bench(db, tmp_path, locks)


async def known(bench: Bench, job: Job) -> dict[str, Any]:
    film = await bench.db.store.films.get(job.id, 0)
    assert film is not None
    return {name: getattr(film, name) for name in ("media_file", "parts", "bytes", "message_id", "token", "tries")}


async def test_a_film_is_joined_posted_and_told(bench: Bench) -> None:
    job = await bench.chain()
    async with bench.running():
        assert await bench.ask(job)
        await bench.ended()
        await bench.until(lambda: _true(bench.publisher.told))
    assert bench.joiner.joined == [[(job.parent_job_id, 1), (job.id, 0)]]
    assert list(bench.publisher.messages) == [100]
    [(told, error)] = bench.publisher.told
    assert (told.message_id, told.channel_id, told.token, error) == (100, job.channel_id, "a token", None)
    expected = {"media_file": f"{job.id}/film1.mp4", "parts": 2, "bytes": 4, "message_id": 100}
    assert await known(bench, job) == {**expected, "token": None, "tries": 0}


async def test_a_film_of_what_is_older_is_hidden_where_the_server_hides_everything_now(bench: Bench) -> None:
    job = await bench.chain()
    settings = bench.db.store.guild_settings
    await settings.change(GUILD, lambda before: replace(before, spoiler=True), bench.db.now)
    async with bench.running():
        assert await bench.ask(job)
        await bench.ended()
    assert bench.publisher.hidden == [True, True]


async def _true(something: Any) -> bool:
    return bool(something)


async def test_what_was_left_undone_is_done_at_the_next_start(bench: Bench) -> None:
    job = await bench.chain()
    await bench.ask(job)
    bench.joiner.go_on.clear()
    async with bench.running():
        await bench.until(lambda: _true(bench.joiner.joined))
    assert bench.publisher.messages == {}
    bench.joiner.go_on.set()
    async with bench.running(Films(bench.db.store, clock_of(lambda: bench.db.now))):
        await bench.ended()
    assert len(bench.joiner.joined) == 2
    assert list(bench.publisher.messages) == [100]


async def test_two_processes_make_one_film(bench: Bench) -> None:
    job = await bench.chain()
    bench.joiner.go_on.clear()
    async with bench.running():
        await bench.ask(job)
        await bench.until(lambda: _true(bench.joiner.joined))
        # It looks at once when it starts, and waits a little for the turn that the other one has.
        async with bench.running(Films(bench.db.store, clock_of(lambda: bench.db.now))):
            await asyncio.sleep(0.4)
            bench.joiner.go_on.set()
            await bench.ended()
    assert len(bench.joiner.joined) == 1
    assert list(bench.publisher.messages) == [100]


async def test_a_message_whose_sending_nobody_saw_end_is_found_and_not_sent_again(bench: Bench) -> None:
    job = await bench.chain()
    bench.publisher.lose_answers = True
    async with bench.running():
        await bench.ask(job)
        await bench.put_off()
        await bench.ended()
    assert list(bench.publisher.messages) == [100]
    assert len(bench.joiner.joined) == 1
    assert (await known(bench, job))["message_id"] == 100


async def test_who_asks_again_is_led_to_the_film_and_one_that_was_deleted_is_posted_anew(bench: Bench) -> None:
    job = await bench.chain()
    async with bench.running():
        for user in (11, OTTO):
            await bench.ask(job, user)
            await bench.ended()
        assert list(bench.publisher.messages) == [100]
        assert [film.user_id for film, _ in bench.publisher.told] == [11, OTTO]
        bench.publisher.messages.clear()
        await bench.ask(job)
        await bench.ended()
        assert list(bench.publisher.messages) == [100]
        assert len(bench.joiner.joined) == 1
        bench.publisher.messages.clear()
        await bench.media.discard(job.id)
        await bench.ask(job)
        await bench.ended()
    assert list(bench.publisher.messages) == [100]
    assert len(bench.joiner.joined) == 2


async def test_what_may_pass_is_tried_again_and_told_in_the_end(bench: Bench) -> None:
    job = await bench.chain()
    bench.joiner.errors = [OSError("the disk is full")] * TRIES
    async with bench.running():
        await bench.ask(job)
        for number in range(1, TRIES):
            assert (await bench.put_off()).tries == number
        await bench.ended()
        await bench.until(lambda: _true(bench.publisher.told))
        [(_, error)] = bench.publisher.told
        assert isinstance(error, OSError)
        await bench.ask(job)
        await bench.ended()
    assert list(bench.publisher.messages) == [100]


@pytest.mark.parametrize("place", ["joined", "posted"])
async def test_what_cannot_be_is_told_at_once_and_may_be_asked_for_again(bench: Bench, place: str) -> None:
    job = await bench.chain()
    error = FilmPartGone(1, job.id, 2) if place == "joined" else FilmNotPosted("a link")
    (bench.joiner.errors if place == "joined" else bench.publisher.errors).append(error)
    async with bench.running():
        await bench.ask(job)
        await bench.ended()
        await bench.until(lambda: _true(bench.publisher.told))
        assert [told for _, told in bench.publisher.told] == [error]
        await bench.ask(job)
        await bench.ended()
    assert list(bench.publisher.messages) == [100]


async def test_a_part_that_may_come_back_is_waited_for(bench: Bench) -> None:
    job = await bench.chain()
    bench.joiner.errors = [FilmPartGone(1, job.id, 2, final=False)]
    async with bench.running():
        await bench.ask(job)
        await bench.put_off()
        await bench.ended()
    assert list(bench.publisher.messages) == [100]


async def test_a_process_that_may_have_lost_its_name_begins_nothing(bench: Bench) -> None:
    job = await bench.chain()
    bench.names.doubt()
    async with bench.running():
        await bench.ask(job)
        await asyncio.sleep(0.1)
        assert bench.joiner.joined == []
