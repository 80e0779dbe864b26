"""Pages of lists: from one to the next and back, what did not reach its member first, and their thumbnails."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.job_lists import NEWEST, JobQuery, Only
from bot.domain.params import JobParams
from bot.errors import NoSearchWords, SearchTooLong
from bot.media import FileStore
from bot.media.store import thumbnail_path
from bot.services.job_lists import PAGE, JobLists, Page, read_search
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, DbFixture

QUERY = JobQuery(MIRA)


@pytest.fixture
def media(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "media")


@pytest.fixture
def lists(db: DbFixture, media: FileStore) -> JobLists:
    return JobLists(db.store, media, clock_of(lambda: db.now))


async def asked(db: DbFixture, number: int) -> None:
    for one in range(number):
        db.now += 1
        await db.receive(params=JobParams(f"boat {one}"))


async def undelivered(db: DbFixture, **fields: object) -> Job:
    ready = await db.ready(**fields)
    return await db.store.jobs.finish(await db.claim(ready), undeliverable=True)


def numbers(page: Page) -> list[int]:
    return [int(job.params.prompt.split()[1]) for job in page.jobs]


async def test_pages_lead_to_the_oldest_and_back_to_the_newest(db: DbFixture, lists: JobLists) -> None:
    await asked(db, 12)
    first = await lists.page(GUILD, QUERY)
    assert (numbers(first), first.newer) == ([11, 10, 9, 8, 7], None)
    second = await lists.page(GUILD, QUERY, first.older)
    assert numbers(second) == [6, 5, 4, 3, 2]
    third = await lists.page(GUILD, QUERY, second.older)
    assert (numbers(third), third.older) == ([1, 0], None)
    back = await lists.page(GUILD, QUERY, third.newer)
    assert numbers(back) == [6, 5, 4, 3, 2]
    assert numbers(await lists.page(GUILD, QUERY, back.older)) == [1, 0]
    assert (await lists.page(GUILD, QUERY, back.newer)) == first


async def test_what_was_asked_for_meanwhile_moves_no_page(db: DbFixture, lists: JobLists) -> None:
    await asked(db, 7)
    first = await lists.page(GUILD, QUERY)
    db.now += 1
    await db.receive(params=JobParams("boat 99"))
    assert numbers(await lists.page(GUILD, QUERY, first.older)) == [1, 0]
    second = await lists.page(GUILD, QUERY, first.older)
    before = await lists.page(GUILD, QUERY, second.newer)
    assert numbers(before) == [6, 5, 4, 3, 2]
    # What is newer than these is fewer than a page: then it is the first one.
    assert numbers(await lists.page(GUILD, QUERY, before.newer)) == [99, 6, 5, 4, 3]


@pytest.mark.parametrize("number", [0, 1, PAGE])
async def test_what_fits_on_one_page_has_no_other(db: DbFixture, lists: JobLists, number: int) -> None:
    await asked(db, number)
    page = await lists.page(GUILD, QUERY)
    assert (len(page.jobs), page.newer, page.older) == (number, None, None)


@pytest.mark.parametrize("waiting", [1, PAGE - 1, PAGE])
async def test_what_did_not_reach_its_member_stands_first_and_every_other_job_still_comes(
    db: DbFixture, lists: JobLists, waiting: int
) -> None:
    first = [await undelivered(db, params=JobParams(f"lost {number}")) for number in range(waiting)]
    await asked(db, 7)
    page = await lists.page(GUILD, QUERY)
    assert {job.id for job in page.jobs[:waiting]} == {job.id for job in first}
    assert len(page.jobs) == PAGE
    seen = {job.params.prompt for job in page.jobs}
    while page.older is not None:
        page = await lists.page(GUILD, QUERY, page.older)
        seen |= {job.params.prompt for job in page.jobs}
    assert seen >= {f"boat {number}" for number in range(7)}


async def test_it_is_narrowed_down_like_the_rest(db: DbFixture, lists: JobLists) -> None:
    lost = await undelivered(db)
    drawn = await undelivered(db, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))

    async def only(**narrowed: Any) -> list[str]:
        return [job.id for job in (await lists.page(GUILD, JobQuery(MIRA, **narrowed))).jobs]

    assert await only(only=Only.FILMS) == [lost.id]
    assert await only(only=Only.PICTURES) == [drawn.id]
    assert await only(only=Only.FAILED) == await only(starred=True) == await only(words="lighthouse") == []


async def test_a_place_that_nobody_gave_leads_nowhere_bad(db: DbFixture, lists: JobLists) -> None:
    await asked(db, 2)
    assert numbers(await lists.page(GUILD, QUERY, NEWEST)) == [1, 0]


async def test_thumbnails_are_those_that_are_kept(db: DbFixture, lists: JobLists, media: FileStore) -> None:
    boat, kite = await db.receive(), await db.receive()
    await media.keep(thumbnail_path(boat.id), b"a picture")
    assert await lists.thumbnails([boat, kite]) == {boat.id: b"a picture"}


class SlowStore(FileStore):
    """Never give a file."""

    async def read(self, name: str) -> bytes:
        await asyncio.sleep(60)
        return await super().read(name)


class BrokenStore(FileStore):
    """Be out of reach."""

    async def read(self, name: str) -> bytes:
        raise OSError(name)


@pytest.mark.parametrize("kind", [SlowStore, BrokenStore])
async def test_a_media_store_that_does_not_answer_costs_a_page_its_thumbnails_alone(
    db: DbFixture, tmp_path: Path, kind: type[FileStore]
) -> None:
    lists = JobLists(db.store, kind(tmp_path), clock_of(lambda: db.now), thumbnail_seconds=0.01)
    assert await lists.thumbnails([await db.receive()]) == {}


def test_words_are_read_without_what_is_none() -> None:
    assert read_search(None) == ""
    assert read_search(" Paper, %boat_ ") == "paper boat"
    assert len(read_search("x" * 40)) == 40


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "--- !?", "🚤"])
def test_what_holds_no_word_is_refused(typed: str) -> None:
    with pytest.raises(NoSearchWords):
        read_search(typed)


@pytest.mark.parametrize("typed", ["x" * 41, "boat " * 400, "x" * 2_000, chr(0x20000) * 21])
def test_more_than_a_button_holds_is_refused(typed: str) -> None:
    with pytest.raises(SearchTooLong):
        read_search(typed)
