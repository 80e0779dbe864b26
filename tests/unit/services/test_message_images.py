"""What somebody saw is remembered for the form that opens at once, however long the writing takes."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.domain.params import ImageUpload
from bot.domain.periods import Period
from bot.errors import DatabaseBusy, MessageImagesExpired, NoImageInMessage
from bot.services import message_images as sightings
from bot.services.message_images import TRIES, MessageImages
from bot.services.requests import Requester
from tests.support.clock import clock_of
from tests.support.worker_harness import NOON

MIRA = Requester("request 1", 1, 5, 11, (), 10)
BOAT, KITE = (ImageUpload(f"https://cdn.example/{name}.png", f"{name}.png", 9) for name in ("boat", "kite"))
TIMEOUT_SECONDS = 10


@dataclass
class Slow:
    """Write what somebody saw when it is let through, or fail as often as told."""

    store: Store
    failures: int = 0
    tried: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._add = self.store.message_images.add
        self.store.message_images.add = self.add

    async def add(self, images_id: str, guild_id: int, user_id: int, images: object, now_ms: int) -> None:
        await self.open.wait()
        self.tried += 1
        if self.tried <= self.failures:
            raise DatabaseBusy("database is locked")
        await self._add(images_id, guild_id, user_id, [BOAT, KITE], now_ms)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with open_sqlite(tmp_path / "animatic.db") as db:
        await migrate(db)
        yield Store(db, Defaults(100, Period.DAY))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "MODAL_WAIT_SECONDS", 0.01)


async def test_pictures_are_found_by_their_numbers_and_only_by_who_saw_them(store: Store) -> None:
    seen = MessageImages(store, clock_of(lambda: NOON))
    name = await seen.remember(MIRA, [BOAT, KITE])
    assert [await seen.find(MIRA, name, number) for number in (1, 2)] == [BOAT, KITE]
    for number in (0, 3):
        with pytest.raises(NoImageInMessage):
            await seen.find(MIRA, name, number)
    leo = Requester("request 2", 1, 5, 12, (), 10)
    with pytest.raises(MessageImagesExpired):
        await seen.find(leo, name, 1)


@pytest.mark.usefixtures("impatient")
async def test_the_name_is_given_before_a_slow_write_ends_and_the_write_is_waited_for_when_it_is_needed(
    store: Store,
) -> None:
    slow, seen = Slow(store), MessageImages(store, clock_of(lambda: NOON))
    async with asyncio.timeout(TIMEOUT_SECONDS):
        name = await seen.remember(MIRA, [BOAT, KITE])
        finding = asyncio.create_task(seen.find(MIRA, name, 2))
        await asyncio.sleep(0.01)
        assert not finding.done()
        slow.open.set()
        assert await finding == KITE


@pytest.mark.usefixtures("impatient")
async def test_a_write_that_fails_is_tried_again(store: Store) -> None:
    slow, seen = Slow(store, failures=TRIES - 1), MessageImages(store, clock_of(lambda: NOON))
    slow.open.set()
    name = await seen.remember(MIRA, [BOAT, KITE])
    assert await seen.find(MIRA, name, 1) == BOAT
    assert slow.tried == TRIES


@pytest.mark.usefixtures("impatient")
async def test_a_write_that_fails_for_good_is_told_in_the_log_and_to_whoever_sends_the_form(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    slow, seen = Slow(store, failures=TRIES), MessageImages(store, clock_of(lambda: NOON))
    slow.open.set()
    with caplog.at_level(logging.WARNING):
        name = await seen.remember(MIRA, [BOAT, KITE])
        with pytest.raises(MessageImagesExpired):
            await seen.find(MIRA, name, 1)
    assert f"sighting {name} could not be written down ({TRIES} times): database is locked" in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_a_stop_waits_for_a_write_within_bounds_and_says_what_it_leaves(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, seen = Slow(store), MessageImages(store, clock_of(lambda: NOON))
    monkeypatch.setattr(sightings, "CLOSE_SECONDS", 0.01)
    name = await seen.remember(MIRA, [BOAT, KITE])
    with caplog.at_level(logging.WARNING):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await seen.aclose()
    assert f"sighting {name} is not written down: the bot stops" in caplog.text
    monkeypatch.setattr(sightings, "CLOSE_SECONDS", TIMEOUT_SECONDS)
    again = await seen.remember(MIRA, [BOAT, KITE])
    asyncio.get_running_loop().call_soon(slow.open.set)
    await seen.aclose()
    assert await seen.find(MIRA, again, 1) == BOAT
