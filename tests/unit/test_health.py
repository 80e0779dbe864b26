"""Whether all is well is found by trying it: a disk that takes nothing more is told before a job meets it."""

from pathlib import Path

import pytest

from bot.errors import DatabaseUnavailable
from bot.health import FRESH_SECONDS, Health
from bot.media import FileStore
from tests.support.clock import clock_of
from tests.support.db_fixture import DbFixture


class Watched:
    """Hold a health whose parts can be broken, and its clock."""

    def __init__(self, db: DbFixture, folder: Path) -> None:
        self.ready = True
        self.seconds = 0.0
        self.media = FileStore(folder)
        self.db = db
        self.health = Health(
            lambda: None if self.ready else "The gateway is not ready.",
            db.store,
            self.media,
            clock_of(lambda: db.now),
            lambda: self.seconds,
        )

    async def problem(self) -> str | None:
        """Look anew."""
        self.seconds += FRESH_SECONDS
        return await self.health.problem()


@pytest.fixture
def watched(db: DbFixture, tmp_path: Path) -> Watched:
    (tmp_path / "media").mkdir()
    return Watched(db, tmp_path / "media")


async def test_all_is_well_and_nothing_is_left_behind(watched: Watched, tmp_path: Path) -> None:
    assert await watched.problem() is None
    assert await watched.health.warning() is None
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_gateway_that_is_not_ready_is_told(watched: Watched) -> None:
    watched.ready = False
    assert await watched.problem() == "The gateway is not ready."


async def test_a_database_that_can_be_read_and_not_written_is_told(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def try_to_write(_now_ms: int) -> None:
        raise DatabaseUnavailable("database or disk is full")

    monkeypatch.setattr(watched.db.store.metadata, "try_to_write", try_to_write)
    assert await watched.problem() == "The database does not answer: database or disk is full."


async def test_a_media_folder_that_takes_nothing_is_told(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "media").rmdir()
    assert await watched.problem() == "The media folder cannot be written: No such file or directory."
    (tmp_path / "media").mkdir()
    assert await watched.problem() is None


async def test_little_room_is_told_and_is_no_problem(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    async def free() -> int:
        return 300 * 2**20

    monkeypatch.setattr(watched.media, "free_bytes", free)
    assert await watched.problem() is None
    assert await watched.health.warning() == "Little space is left where pictures and films are kept: 0.3 GiB."


async def test_who_asks_without_a_pause_does_not_make_us_write_without_one(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    async def try_to_write(now_ms: int) -> None:
        written.append(now_ms)

    monkeypatch.setattr(watched.db.store.metadata, "try_to_write", try_to_write)
    for _ in range(50):
        assert await watched.health.problem() is None
    assert len(written) == 1
    await watched.problem()
    assert len(written) == 2
