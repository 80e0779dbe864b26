"""Pages of lists: from any place on in both directions, narrowed down, by words; only what is the member's own."""

import pytest

from bot.db import job_lists
from bot.domain.job import Job, Kind
from bot.domain.job_lists import NEWEST, JobQuery, Only, Place
from bot.domain.params import JobParams
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture

ONE = JobParams("a paper boat", clips=1, motion=None)

OLDEST = Place(0, "", newer=True)


async def asked(db: DbFixture, *prompts: str, **fields: object) -> list[Job]:
    """Let jobs be asked for, one after the other."""
    jobs: list[Job] = []
    for prompt in prompts:
        db.now += 1
        jobs.append(await db.receive(params=JobParams(prompt), **fields))
    return jobs


async def listed(db: DbFixture, query: JobQuery, place: Place = NEWEST, most: int = 100) -> list[str]:
    """Give the prompts of what is found."""
    found = await db.store.lists.find(GUILD, query, place, most)
    assert found.reached is None
    return [job.params.prompt for job, _ in found.entries]


async def test_ones_own_jobs_of_this_server_come_from_the_newest_on(db: DbFixture) -> None:
    await asked(db, "one", "two", "three")
    await asked(db, "another's", user=OTTO)
    await asked(db, "elsewhere", guild=2)
    assert await listed(db, JobQuery(MIRA)) == ["three", "two", "one"]
    assert await listed(db, JobQuery(MIRA), OLDEST) == ["one", "two", "three"]


async def test_a_page_goes_on_behind_a_place_in_both_directions_among_jobs_of_one_moment_too(db: DbFixture) -> None:
    for number in range(6):
        await db.receive(params=JobParams(str(number)))
    everything = (await db.store.lists.find(GUILD, JobQuery(MIRA), NEWEST, 100)).entries
    for number, (_, place) in enumerate(everything):
        after = await db.store.lists.find(GUILD, JobQuery(MIRA), place, 2)
        assert [job.id for job, _ in after.entries] == [job.id for job, _ in everything[number + 1 : number + 3]]
        back = Place(place.at_ms, place.job_id, newer=True)
        before = await db.store.lists.find(GUILD, JobQuery(MIRA), back, 100)
        assert [job.id for job, _ in before.entries] == [job.id for job, _ in everything[:number][::-1]]


async def test_a_list_is_narrowed_down_to_films_pictures_and_what_failed(db: DbFixture) -> None:
    film, extended = await db.done(), await db.queued(kind=Kind.EXTEND)
    drawn, upscaled = await db.done(kind=Kind.IMAGINE), await db.done(kind=Kind.ACTION, params=ONE)
    described = await db.done(kind=Kind.DESCRIBE, params=ONE)
    failing, failed = await db.failing(), await db.failed(kind=Kind.IMAGINE)
    cancelled = await db.failed()
    await db.db_write("update job set error_code = 'cancelled' where id = $1", cancelled.id)

    async def only(what: Only | None) -> set[str]:
        found = await db.store.lists.find(GUILD, JobQuery(MIRA, only=what), NEWEST, 100)
        return {job.id for job, _ in found.entries}

    films = {job.id for job in (film, extended, failing, cancelled)}
    pictures = {job.id for job in (drawn, upscaled, failed)}
    assert await only(Only.FILMS) == films
    assert await only(Only.PICTURES) == pictures
    assert await only(Only.FAILED) == {failing.id, failed.id}
    assert await only(None) == films | pictures | {described.id}


@pytest.mark.parametrize("rare", [1, 1_000])
async def test_words_find_by_their_beginnings_all_of_them_and_no_others(
    db: DbFixture, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    # With 1 every word counts as common.
    monkeypatch.setattr(job_lists, "RARE", rare)
    await asked(db, "a paper boat", "a Boat of steel", "the boats, boat by boat", "a kite", "100% _ boat~", "一只黑猫")
    await asked(db, "another's boat", user=OTTO)
    await asked(db, "a boat elsewhere", guild=2)

    async def found(words: str) -> list[str]:
        return await listed(db, JobQuery(MIRA, words=words))

    assert await found("boat") == ["100% _ boat~", "the boats, boat by boat", "a Boat of steel", "a paper boat"]
    assert await found("BO a") == ["a Boat of steel", "a paper boat"]
    assert await found("boats") == ["the boats, boat by boat"]
    assert await found("黑猫") == await found("猫") == await found("黑") == ["一只黑猫"]
    assert await found("猫黑") == await found("boat kite") == await found("oat") == []
    assert await listed(db, JobQuery(MIRA, only=Only.PICTURES, words="boat")) == []
    assert await listed(db, JobQuery(MIRA, only=Only.FILMS, words="boat pap")) == ["a paper boat"]


@pytest.mark.parametrize("rare", [1, 1_000])
async def test_pages_of_what_words_find_follow_each_other(
    db: DbFixture, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    monkeypatch.setattr(job_lists, "RARE", rare)
    monkeypatch.setattr(job_lists, "STRIDE", 2)
    await asked(db, *(f"{'boat' if number % 3 else 'kite'} {number}" for number in range(12)))
    everything = await listed(db, JobQuery(MIRA, words="boat"))
    place, seen = NEWEST, list[str]()
    while entries := (await db.store.lists.find(GUILD, JobQuery(MIRA, words="boat"), place, 3)).entries:
        seen += [job.params.prompt for job, _ in entries]
        place = entries[-1][1]
    assert seen == everything
    assert len(seen) == 8
    assert await listed(db, JobQuery(MIRA, words="boat"), OLDEST) == everything[::-1]


async def test_where_common_words_hardly_meet_the_search_stops_and_says_where(
    db: DbFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_lists, "RARE", 1)
    monkeypatch.setattr(job_lists, "STRIDE", 2)
    monkeypatch.setattr(job_lists, "MOST_STRIDES", 2)
    jobs = await asked(db, "boat and kite", "boat", "boat", "kite", "kite")
    query = JobQuery(MIRA, words="boat kite")
    found = await db.store.lists.find(GUILD, query, NEWEST, 3)
    assert found.entries == []
    assert found.reached is not None
    assert found.reached == Place(jobs[1].created_ms, jobs[1].id)
    assert await listed(db, query, found.reached) == ["boat and kite"]


async def test_stars_are_listed_by_when_they_were_given_others_jobs_among_them(db: DbFixture) -> None:
    boat, kite = await asked(db, "a boat", "a kite")
    [others] = await asked(db, "another's boat", user=OTTO)
    for job in (kite, others, boat):
        db.now += 1
        assert await db.store.favourites.add(GUILD, MIRA, job.id, db.now)
    await db.store.favourites.add(GUILD, OTTO, kite.id, db.now)
    starred = JobQuery(MIRA, starred=True)
    assert await listed(db, starred) == ["a boat", "another's boat", "a kite"]
    assert await listed(db, starred, OLDEST) == ["a kite", "another's boat", "a boat"]
    assert await listed(db, JobQuery(MIRA, starred=True, words="boat")) == ["a boat", "another's boat"]
    assert await listed(db, JobQuery(MIRA, starred=True, only=Only.PICTURES)) == []
    first = await db.store.lists.find(GUILD, starred, NEWEST, 1)
    assert await listed(db, starred, first.entries[0][1]) == ["another's boat", "a kite"]


async def test_a_star_is_given_once_and_taken_away_once(db: DbFixture) -> None:
    [boat] = await asked(db, "a boat")
    stars = db.store.favourites
    assert [await stars.add(GUILD, MIRA, boat.id, db.now) for _ in range(2)] == [True, False]
    assert not await stars.remove(OTTO, boat.id)
    assert [await stars.remove(MIRA, boat.id) for _ in range(2)] == [True, False]


async def test_what_is_gone_or_of_another_server_is_not_starred(db: DbFixture) -> None:
    [elsewhere] = await asked(db, "a boat", guild=2)
    assert not await db.store.favourites.add(GUILD, MIRA, elsewhere.id, db.now)
    assert not await db.store.favourites.add(GUILD, MIRA, "nothing", db.now)
    assert await listed(db, JobQuery(MIRA, starred=True)) == []
