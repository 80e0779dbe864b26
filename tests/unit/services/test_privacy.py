"""What is kept of a member is given to them whole, as one file of JSON, in parts that fit where they are sent."""

import asyncio
import json
import zipfile
from typing import Any

from bot.db.member_export import PAGE
from bot.domain.blocks import MemberBlock
from bot.domain.job import Frame
from bot.domain.member_settings import Preset
from bot.services.privacy import KeptFor, Privacy
from bot.services.seen_locales import SeenLocales
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture
from tests.support.scripted_provider import ScriptedProvider

ROOM = 10_000_000


def privacy_of(db: DbFixture) -> Privacy:
    providers = {"ttapi": ScriptedProvider(())}
    return Privacy(
        db.store, providers, SeenLocales(db.store, clock_of(lambda: db.now)), KeptFor(30, 0), clock_of(lambda: db.now)
    )


async def export(db: DbFixture, user: int = MIRA, guild: int = GUILD) -> dict[str, Any]:
    async with privacy_of(db).export(guild, user, ROOM) as found:
        assert found is not None
        assert found.name == "animatic.json"
        written = found.file.read()
        assert len(written) == found.size
        return json.loads(written)


async def live(db: DbFixture) -> None:
    """Let a member leave something in each table."""
    received = await db.claim(await db.receive())
    await db.charge(received, (Frame(received.id, "start", "a file"),))
    done = await db.done()
    theirs = await db.done(user=OTTO)
    await db.store.favourites.add(GUILD, MIRA, theirs.id, db.now)
    await db.store.presets.save(GUILD, MIRA, Preset("boat", "words of a preset"), 25, db.now)
    await db.store.member_settings.change(GUILD, MIRA, {"motion": "high"})
    await db.store.accounts.grant(GUILD, MIRA, (), 5, "grant", db.now)
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 9, db.now)
    await db.store.member_blocks.put(GUILD, MemberBlock(MIRA, db.now + 1, "spam", 77, db.now), db.now)
    await db.store.strikes.add(done, "2026-11-18")
    await db.storyboard(2)


async def test_a_member_gets_all_that_is_kept_of_them_and_nothing_of_others(db: DbFixture) -> None:
    await live(db)
    found = await export(db)
    assert (found["server"], found["member"]) == (str(GUILD), str(MIRA))
    assert len(found["jobs"]) == 2
    job, waiting = sorted(found["jobs"], key=lambda one: "clips" not in one)
    assert job["params"]["prompt"] == "a paper boat"
    assert job["created"].startswith("2026-11-18T")
    assert {row["word"] for row in job["words"]} == {"a", "paper", "boat"}
    assert len(job["clips"]) == 4
    assert waiting["frames"] == [{"role": "start", "attachment_id": None}]
    assert [row["kind"] for row in found["ledger"]].count("reserve") == 2
    assert (found["presets"][0]["words"], found["settings"][0]["motion"]) == ("words of a preset", "high")
    assert (found["block"][0]["reason"], found["allowance"][0]["credits"]) == ("spam", 9)
    assert {"accounts", "strikes", "storyboards", "favourites"} <= set(found)
    written = json.dumps(found)
    assert "interaction token" not in written
    assert "77" not in {str(value) for value in found["block"][0].values()}
    assert "provider_cost" not in written
    assert set(await export(db, guild=GUILD + 1)) == {"server", "member", "written"}


async def test_it_is_read_in_pages_and_each_job_is_there_once(db: DbFixture) -> None:
    for number in range(PAGE + 5):
        db.now += number % 2
        await db.receive()
    jobs = (await export(db))["jobs"]
    assert len({job["id"] for job in jobs}) == len(jobs) == PAGE + 5


async def test_what_is_too_large_is_zipped_and_what_is_larger_still_is_not_sent(db: DbFixture) -> None:
    for _ in range(20):
        await db.receive()
    async with privacy_of(db).export(GUILD, MIRA, 5000) as found:
        assert found is not None
        assert found.name == "animatic.json.zip"
        assert found.size <= 5000
        with zipfile.ZipFile(found.file) as archive:
            assert len(json.loads(archive.read("animatic.json"))["jobs"]) == 20
    async with privacy_of(db).export(GUILD, MIRA, 100) as found:
        assert found is None


async def test_few_files_are_written_at_a_time_and_the_next_once_one_is_sent(db: DbFixture) -> None:
    await live(db)
    privacy, given = privacy_of(db), [asyncio.Event() for _ in range(4)]
    sent = asyncio.Event()

    async def give(user: int) -> None:
        async with privacy.export(GUILD, user, ROOM) as found:
            assert found is not None
            given[user].set()
            await sent.wait()
        assert not privacy.is_exporting(GUILD, user)

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        for user in range(3):
            tasks.create_task(give(user))
        await asyncio.gather(given[0].wait(), given[1].wait())
        await asyncio.sleep(0.05)
        assert not given[2].is_set()
        assert [privacy.is_exporting(GUILD, user) for user in range(4)] == [True, True, True, False]
        sent.set()
        await given[2].wait()


async def test_sums_are_theirs_after_they_were_forgotten(db: DbFixture) -> None:
    await live(db)
    await privacy_of(db).forget(GUILD, MIRA)
    [forgetting] = await db.store.forgettings.take(1, db.now, db.now + 1000)
    await db.store.forgettings.rename(forgetting)
    found = await export(db)
    assert "settings" not in found
    assert "presets" not in found
    assert len(found["ledger"]) == 5
    assert found["accounts"][0]["used"] == 8
    assert found["being forgotten"][0]["at"].startswith("2026-11-18T")
    assert found["strikes"][0]["day"] == "2026-11-18"
