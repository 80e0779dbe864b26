"""The joined film of a storyboard: of all that was made, once nothing more is to be made, by whoever ends it."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from bot.domain.job import Job
from bot.errors import FilmNotJoined
from bot.services.film_joiner import FilmJoiner, JoinedFilm
from bot.worker.storyboard_film import StoryboardFilm
from tests.support.db_fixture import DbFixture, open_db_fixture


class CountedJoiner(FilmJoiner):
    """Join nothing, and remember what was to be joined."""

    def __init__(self, error: Exception | None = None) -> None:
        self.joined: list[list[str]] = []
        self.kept: set[str] = set()
        self._error = error

    async def has(self, name: str) -> bool:
        return name in self.kept

    async def join(self, clips: Sequence[tuple[str, int]], name: str) -> JoinedFilm:
        self.joined.append([job_id for job_id, _ in clips])
        if self._error is not None:
            raise self._error
        self.kept.add(name)
        return JoinedFilm(name, len(clips), 5.0 * len(clips), 1000)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncGenerator[DbFixture]:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        yield db


async def ready(db: DbFixture, shot: Job, *, kept: bool = True) -> Job:
    """Bring a shot to its result, and have its clip here unless told otherwise."""
    (submitting,) = await db.admit(shot)
    made = await db.succeed(await db.claim(await db.accept(submitting)))
    if kept:
        await db.store.clips.set_file(made.id, 0, f"{made.id}/1.mp4", 1000)
    return made


async def shown_film(db: DbFixture, shot: Job) -> tuple[int, float] | None:
    """Tell what film the card shows."""
    facts = await db.store.card_facts.read(shot.id)
    assert facts is not None
    assert facts.board is not None
    film = facts.board.film
    return None if film is None else (film.parts, film.seconds)


async def test_the_last_shots_step_joins_all(db: DbFixture) -> None:
    joiner = CountedJoiner()
    film = StoryboardFilm(db.store, joiner)
    shots = await db.queued_shots(3)
    for shot in shots[:2]:
        await film.join(await ready(db, shot))
        await db.store.jobs.finish(await db.claim(shot))
    assert joiner.joined == []
    await film.join(await ready(db, shots[2]))
    assert joiner.joined == [[shot.id for shot in shots]]
    assert await shown_film(db, shots[0]) == (3, 15.0)


async def test_a_step_that_is_taken_again_joins_nothing_anew(db: DbFixture) -> None:
    joiner = CountedJoiner()
    one, two = await db.queued_shots(2)
    await db.finish_shot(one)
    last = await ready(db, two)
    for _ in range(2):
        await StoryboardFilm(db.store, joiner).join(last)
    assert len(joiner.joined) == 1


async def test_a_film_whose_file_was_swept_is_joined_anew(db: DbFixture) -> None:
    joiner = CountedJoiner()
    one, two = await db.queued_shots(2)
    await db.finish_shot(one)
    last = await ready(db, two)
    await StoryboardFilm(db.store, joiner).join(last)
    joiner.kept.clear()
    await StoryboardFilm(db.store, joiner).join(last)
    assert joiner.joined == [[one.id, two.id]] * 2


async def test_what_was_made_before_a_failure_is_joined_by_the_step_that_tells_it(db: DbFixture) -> None:
    joiner = CountedJoiner()
    one, two, three, four = await db.queued_shots(4)
    await db.finish_shot(one)
    await db.finish_shot(two)
    (submitting,) = await db.admit(three)
    failing = await db.fail(submitting)
    await StoryboardFilm(db.store, joiner).join(failing)
    assert joiner.joined == [[one.id, two.id]]
    assert await shown_film(db, four) == (2, 10.0)


async def test_one_shot_alone_is_no_film(db: DbFixture) -> None:
    joiner = CountedJoiner()
    one, two, _ = await db.queued_shots(3)
    await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    await StoryboardFilm(db.store, joiner).join(await db.fail(submitting))
    assert joiner.joined == []


async def test_the_step_that_still_fetches_a_clip_joins_them(db: DbFixture) -> None:
    joiner = CountedJoiner()
    film = StoryboardFilm(db.store, joiner)
    one, two, three = await db.queued_shots(3)
    await db.finish_shot(one)
    second = await ready(db, two, kept=False)
    # It was admitted while the clip before it was here, which is fetched anew.
    await db.db_write("update job set state = 'ready' where id = $1", three.id)
    await db.db_write(
        "insert into clip (job_id, slot, remote_url, media_file) values ($1, 0, '', 'kept')",
        three.id,
    )
    await film.join(await db.get(three.id))
    assert joiner.joined == []
    await db.store.clips.set_file(second.id, 0, f"{second.id}/1.mp4", 1000)
    await film.join(second)
    assert joiner.joined == [[one.id, two.id, three.id]]


async def test_shots_that_cannot_be_joined_are_delivered_all_the_same(db: DbFixture) -> None:
    one, two = await db.queued_shots(2)
    await db.finish_shot(one)
    await StoryboardFilm(db.store, CountedJoiner(FilmNotJoined())).join(await ready(db, two))
    assert await shown_film(db, two) is None


async def test_what_was_gone_on_with_is_joined_anew(db: DbFixture) -> None:
    joiner = CountedJoiner()
    film = StoryboardFilm(db.store, joiner)
    one, two, three = await db.queued_shots(3)
    await db.finish_shot(one)
    await db.finish_shot(two)
    (submitting,) = await db.admit(three)
    await film.join(await db.fail(submitting))
    storyboard = await db.store.storyboards.get(one.storyboard_id or "")
    assert storyboard is not None
    (again,) = await db.make(storyboard, 2, await db.get(two.id))
    assert await shown_film(db, one) is None
    await db.charge(await db.claim(again))
    await film.join(await ready(db, await db.get(again.id)))
    assert joiner.joined == [[one.id, two.id], [one.id, two.id, again.id]]
