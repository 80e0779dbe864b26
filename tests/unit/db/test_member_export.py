"""All that is kept of a member is read on both engines, part by part."""

import itertools
import re
from typing import cast

from bot.db.database import Database, Row, Value
from bot.db.member_export import MemberExport
from bot.db.schema import MIGRATIONS
from bot.domain.blocks import MemberBlock
from bot.domain.member_settings import Preset
from bot.domain.reports import Outcome
from bot.errors import Cancelled, ForbiddenWords
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


async def test_each_part_is_read_on_both_engines(db: DbFixture) -> None:
    done = await db.done()
    await db.store.favourites.add(GUILD, MIRA, done.id, db.now)
    await db.store.presets.save(GUILD, MIRA, Preset("boat", "words"), 25, db.now)
    await db.store.member_settings.change(GUILD, MIRA, {"motion": "high"})
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 900, db.now)
    await db.store.strikes.add(done, "2026-11-18")
    await db.store.removals.strike(GUILD, [(await db.done()).id], MIRA, "mine", db.now)
    theirs = await db.done(user=OTTO)
    await db.store.reports.add(theirs, MIRA, "why", db.now)
    await db.store.reports.add(theirs, 13, "why", db.now)
    report = await db.store.reports.get(GUILD, theirs.id, 13)
    assert report is not None
    assert await db.store.reports.settle(report, Outcome.DISMISSED, MIRA)
    await db.storyboard(2)
    for slot in (0, 1):
        await db.share(done, slot)
    for user, by in ((MIRA, 77), (OTTO, MIRA), (13, MIRA)):
        await db.store.member_blocks.put(GUILD, MemberBlock(user, None, "spam", by, db.now), db.now)
    await db.store.forgettings.ask(GUILD, MIRA, db.now)
    parts = {name: rows async for name, rows in db.store.member_export.pages(GUILD, MIRA)}
    assert set(parts) == {
        "settings",
        "accounts",
        "allowance",
        "block",
        "strikes",
        "being forgotten",
        "storyboards",
        "favourites",
        "presets",
        "reports",
        "reports decided about",
        "shared results",
        "removals",
        "blocked others",
        "jobs",
        "ledger",
    }
    assert [row["id"] for row in parts["blocked others"]] == [OTTO, 13]
    assert parts["reports decided about"] == [{"id": theirs.id, "outcome": "dismissed"}]
    assert len(parts["jobs"]) == 2
    assert parts["storyboards"][0]["shots"][0]["prompt"] == "shot 1"


async def test_a_job_is_given_with_why_it_ended_and_where_it_was_shown_but_not_who_took_it_back(db: DbFixture) -> None:
    shown = await db.done(parent_channel_id=9)
    await db.store.shown_messages.add(shown.id, 5, 70)
    refused = await db.queued()
    await db.store.jobs.fail_all(refused, ForbiddenWords(("paint",)), db.now)
    taken_back = await db.queued()
    await db.store.jobs.fail_all(taken_back, Cancelled(77), db.now)
    parts = {name: rows async for name, rows in db.store.member_export.pages(GUILD, MIRA)}
    jobs = {job["id"]: job for job in parts["jobs"]}
    assert [jobs[shown.id][name] for name in ("parent_channel_id", "remote_id")] == [9, shown.remote_id]
    assert jobs[shown.id]["shown_messages"] == [{"channel_id": 5, "message_id": 70}]
    assert "paint" in str(jobs[refused.id]["error_data"])
    assert jobs[taken_back.id]["error_data"] == {}


LEFT_OUT = {("job_word", "user_id"): "they are given with their jobs"}
"""The columns that name a member of which nothing is asked by their id, and why."""


class Heard:
    """Hand statements on, and remember them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.statements: list[str] = []

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self.statements.append(sql)
        return await self._db.fetch(sql, *values)


def columns_that_name_members() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    named = "user_id|by_user_id|handled_by|subject_id"
    for statement in itertools.chain.from_iterable(MIGRATIONS):
        if table := re.match(r"create table (\w+) \(", statement):
            found |= {(table[1], column) for column in re.findall(rf"^\s*({named}) ", statement, re.MULTILINE)}
        if added := re.match(rf"alter table (\w+) add column ({named}) ", statement):
            found.add((added[1], added[2]))
    return found


async def test_whatever_names_a_member_is_given_to_them_or_left_out_for_a_reason(db: DbFixture) -> None:
    await db.done()
    heard = Heard(db.database)
    async for _ in MemberExport(cast(Database, heard), db.store.member_ids).pages(GUILD, MIRA):
        pass
    missing = {
        (table, column)
        for table, column in columns_that_name_members()
        if not any(
            re.search(rf"from {table}\b", sql) and re.search(rf"\b{column} (=|in) ", sql) for sql in heard.statements
        )
    }
    assert missing == set(LEFT_OUT)
