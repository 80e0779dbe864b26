"""The words of prompts: written with their job, found by their beginnings on either engine, gone with the prompt."""

from dataclasses import replace

import pytest

from bot.db.job_words import AT_ONCE, FILLED_UP_TO
from bot.db.postgres import PostgresDatabase
from bot.db.store import Store
from bot.domain.job import Job
from bot.domain.params import JobParams
from bot.errors import TooManyOpen
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_engines import Engine
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, DbFixture


async def words(db: DbFixture, job_id: str) -> list[str]:
    rows = await db.database.fetch("select word from job_word where job_id = $1 order by word", job_id)
    return [row["word"] for row in rows]


async def test_they_are_written_with_the_job_once(db: DbFixture) -> None:
    job = await db.receive(params=JobParams("A paper boat, a Boat; 黑猫"))
    assert await words(db, job.id) == ["a", "boat", "paper", "猫", "黑猫"]
    rows = await db.database.fetch("select distinct guild_id, user_id from job_word")
    assert [tuple(row) for row in rows] == [(GUILD, MIRA)]
    # The same interaction again writes nothing.
    await db.store.jobs.receive(job)
    assert await words(db, job.id) == ["a", "boat", "paper", "猫", "黑猫"]


async def test_a_job_that_is_refused_leaves_none(engine: Engine) -> None:
    async with engine.open_store(defaults=replace(DEFAULTS, most_open=1)) as db:
        await db.receive(params=JobParams("boat"))
        with pytest.raises(TooManyOpen):
            await db.receive(params=JobParams("kite"))
        assert [row["word"] for row in await db.database.fetch("select word from job_word")] == ["boat"]


async def test_a_job_without_a_word_has_none_and_the_longest_prompt_has_all_of_its_own(db: DbFixture) -> None:
    assert await words(db, (await db.receive(params=JobParams("--- %_ 🚤"))).id) == []
    many = "".join(chr(0x4E00 + number) for number in range(2_000))
    assert len(await words(db, (await db.receive(params=JobParams(many))).id)) == 2_000


async def test_they_are_forgotten_with_the_prompt(db: DbFixture) -> None:
    boat, kite = await db.receive(params=JobParams("boat")), await db.receive(params=JobParams("kite"))
    await db.store.words.forget(boat.id)
    assert (await words(db, boat.id), await words(db, kite.id)) == ([], ["kite"])


async def test_they_are_compared_by_their_bytes_whatever_the_order_of_the_server(db: DbFixture) -> None:
    if not isinstance(db.database, PostgresDatabase):
        return
    rows = await db.database.fetch(
        """select collation_name as name from information_schema.columns
           where table_name = 'job_word' and column_name = 'word'"""
    )
    assert [row["name"] for row in rows] == ["C"]


async def test_jobs_of_an_earlier_version_get_theirs_some_at_a_time_and_once(db: DbFixture) -> None:
    jobs: list[Job] = []
    for number in range(AT_ONCE + 1):
        db.now += 1
        jobs.append(await db.receive(params=JobParams(f"boat {number}"), user=number + 1))
    await db.db_write("delete from job_word")
    assert [await db.store.words.fill_in() for _ in range(3)] == [True, False, False]
    assert await words(db, jobs[0].id) == ["0", "boat"]
    assert await words(db, jobs[-1].id) == [str(AT_ONCE), "boat"]
    assert await db.store.metadata.get(FILLED_UP_TO) is not None
    await db.db_write("delete from job_word")
    assert not await db.store.words.fill_in()
    assert await words(db, jobs[0].id) == []


async def test_prompts_of_about_one_length_take_the_same_statement_which_a_server_remembers(db: DbFixture) -> None:
    statements = Statements()
    db.store = Store(CountedDatabase(db.database, statements), DEFAULTS)
    for number in range(1, 33):
        await db.receive(params=JobParams(" ".join(f"word{one}" for one in range(number))))
    assert len([text for text in statements.by_text if text.startswith("insert into job_word")]) == 6
