"""The hot queries' plans: 100,000 finished jobs slow nothing down, because no query walks through them."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from bot.db.card_edits import Shown
from bot.db.clips import Fetched
from bot.db.database import Database, Row, Value, WriteTransaction
from bot.db.leases import Room
from bot.db.schema import SERVER
from bot.db.shares import draw_anew, take_down
from bot.db.sqlite import without_row_locks
from bot.db.store import Store
from bot.domain.blocks import MemberBlock
from bot.domain.film import Film
from bot.domain.job import Job, Kind
from bot.domain.job_lists import NEWEST, JobQuery, Needed, Only, Place
from bot.domain.member_settings import Preset
from bot.domain.reports import Outcome
from bot.domain.showcase import Share, week_ends_ms, week_of
from bot.domain.storyboard import FILM_PLACE
from bot.domain.usage import Stretch
from bot.errors import ServerLeft
from tests.support.db_fixture import (
    DAY_MS,
    DEFAULTS,
    GUILD,
    LEASE_MS,
    MIRA,
    OTTO,
    DbFixture,
    open_db_fixture,
)

FINISHED = 40_000

pytestmark = pytest.mark.slow  # it fills a database with 40,000 jobs

LIVE = {
    "job_due",
    "job_queue",
    "job_at_provider",
    "job_unfinished",
    "job_leased",
    "job_undelivered",
    "job_untold",
    "job_waiting",
}
"""The partial indexes that hold live jobs only: walking through a whole one of them is fine."""

BIG = re.compile(
    r"(?P<verb>SCAN|SEARCH) (?:job|other|ledger|account|strike|job_word|favourite)\b"
    r"(?: USING (?:COVERING )?INDEX (?P<index>\w+))?"
)
SMALL = re.compile(
    r"SEARCH (removal|shown_message) USING|SCAN removal USING COVERING INDEX removal_due"
    r"|SEARCH (guild|block|allowance|said|clip|frame|provider_health|health|region_preview|metadata|message_images|film"
    r"|storyboard|ping|log_event|report|kept|erased_file|due|together|chosen|member_settings|preset|share|showcase_week"
    r"|forgetting) USING"
    r"|SCAN film USING INDEX film_due|SCAN (chain|server)\b|SETUP|RECURSIVE STEP"
    r"|SEARCH (parent|former|card) USING INDEX sqlite_autoindex_job_1 \(id=\?\)"
    r"|SCAN (given|asked|leases|due|who|\d+ CONSTANT ROWS?)"
    r"|SCAN share USING INDEX share_due"
    r"|SEARCH shot USING INDEX job_shot"
    r"|SCAN ping USING INDEX ping_due"  # those that are still to be sent
    r"|SCAN (region_preview|message_images)\b"  # a few hours' worth
    r"|SCAN ping$"  # a second's worth
    r"|SCAN erased_file\b"  # those whose files are still to be deleted
    r"|SCAN forgetting\b"  # those who are still to be forgotten
    r"|SCAN log_event\b"  # those that are still to be told, and in a sweep what was told once
    r"|SCAN guild\b"  # one row a server, and read at a start alone
    r"|(SCAN|SEARCH) (line|busy|top|spent|ordered|few|found|near|fitting|\(subquery)"
    r"|(CORRELATED )?(SCALAR|LIST) SUBQUERY|USE TEMP B-TREE|CO-ROUTINE|MATERIALIZE"
    r"|SCAN CONSTANT ROW|COMPOUND QUERY|LEFT-MOST SUBQUERY|UNION USING TEMP B-TREE|UNION ALL"
    r"|MULTI-INDEX OR|INDEX \d+|LEFT-JOIN|RIGHT"
)

WHOLE = frozenset(f"delete from {table} where guild_id = $1" for table in ("favourite", "job_word"))  # noqa: S608  # our own names
"""What takes all rows of one server: SQLite's statistics tell it that there is but one here."""

MOST_STEPS = 20_000
"""Steps of SQLite's machine that one statement may take; walking through all finished jobs takes over 80,000."""

EVERY = 100
"""Steps between two counts."""


class Recorder:
    """Pass everything to a real database, and remember each statement with its values."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.statements: dict[str, tuple[Value, ...]] = {}

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        async with self._db.transaction(patient=patient) as tx:
            yield RecordedTransaction(tx, self.statements)

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self.statements[without_row_locks(sql)] = values
        return await self._db.fetch(sql, *values)

    async def tables(self) -> set[str]:
        return await self._db.tables()


class RecordedTransaction:
    """Do for a transaction what `Recorder` does for reads."""

    def __init__(self, tx: WriteTransaction, statements: dict[str, tuple[Value, ...]]) -> None:
        self._tx = tx
        self._statements = statements

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self._statements[without_row_locks(sql)] = values
        return await self._tx.fetch(sql, *values)

    async def lock(self, name: str) -> None:
        await self._tx.lock(name)

    async def wake(self) -> None:
        await self._tx.wake()

    async def tables(self) -> set[str]:
        return await self._tx.tables()


def fill(connection: sqlite3.Connection) -> None:
    """Multiply the one finished job and what belongs to it over 100 members and 1,000 days."""
    user, day = "n % 40 + 103", "date('2020-01-01', (n / 40) || ' days')"
    connection.execute(
        """create temp table past as with recursive past (n) as
               (values (1) union all select n + 1 from past limit $1) select n from past""",
        {"1": FINISHED},
    )
    copies: dict[str, dict[str, str]] = {
        "job": {
            "id": "id || '/' || n",
            "request_id": "request_id || '/' || n",
            "remote_id": "remote_id || '/' || n",
            "client_token": "client_token || '/' || n",
            "callback_hash": "callback_hash || '/' || n",
            "user_id": user,
            "period": day,
            "created_ms": "created_ms - n",
            "submitted_ms": "submitted_ms - n",
            "finished_ms": "finished_ms - n",
        },
        "ledger": {
            "id": "id || '/' || n",
            "request_id": "request_id || '/' || n",
            "job_id": "job_id || '/' || n",
            "user_id": user,
            "period": day,
            "at_ms": "at_ms - n",
        },
        "strike": {"job_id": "job_id || '/' || n", "user_id": user, "day": day},
        "job_word": {"job_id": "job_id || '/' || n", "user_id": user},
        "favourite": {"job_id": "job_id || '/' || n", "user_id": user, "created_ms": "created_ms - n"},
        "account": {"user_id": f"case user_id when {SERVER} then {SERVER} - n else {user} end", "period": day},
    }
    for table, changed in copies.items():
        columns: list[str] = [row[1] for row in connection.execute(f"pragma table_info({table})")]
        values = ", ".join(changed.get(column, column) for column in columns)
        connection.execute(f"insert into {table} select {values} from {table}, past")  # noqa: S608  # our own names
    connection.execute(
        """insert into clip (job_id, slot, remote_url)
           select job_id || '/' || n, slot, remote_url from clip, past where slot = 0"""
    )


async def share_and_take_down(db: DbFixture, job_id: str) -> None:
    """Do all that is done with a shared result and its week."""
    shares, week_ms = db.store.shares, week_ends_ms(db.now)
    share = await shares.ask(Share(job_id, 0, GUILD, MIRA, 5, week_of(db.now), db.now, due_ms=db.now), week_ms)
    assert share is not None
    await shares.waiting(20)
    await shares.put_off(share, db.now, 1)
    await shares.settle(share, 9)
    await shares.begin_anew(share, replace(share, message_id=9), week_ms)
    await shares.give_up(share)
    [week] = await shares.due_weeks(week_ms, 20)
    await shares.of_week(week)
    await shares.choose(week, [(share, 3)], 5)
    await shares.move_week(week, 6)
    await shares.best(week)
    await shares.put_off_week(week, week_ms, 1)
    await shares.settle_week(week, 5, 9)
    await shares.week(GUILD, week.week)
    async with db.database.transaction() as tx:
        await draw_anew(tx, job_id, "a storyboard", db.now)
        await take_down(tx, [job_id], db.now)


async def use_everything(db: DbFixture) -> None:
    """Carry out each hot query at least once, with rows to find."""
    jobs, leases = db.store.jobs, db.store.leases
    queue, accounts = db.store.queue, db.store.accounts
    for _ in range(2):
        await db.receive(dedupe_key="click")
    done = await db.done()
    await db.accept(await db.failed())
    for user in (MIRA, OTTO):
        await db.store.jobs.requeue(await db.submitting(user=user), db.now + 1000)
        waiting = await db.queued(user=user)
    held = await db.claim(await db.running())
    await leases.renew(held, db.now + DAY_MS)
    await jobs.wake(held.id, db.now)
    await leases.reschedule(held, db.now)
    edits, shown = db.store.card_edits, Shown(70, {0: 1, 1: 2}, {"start": 3})
    await edits.set_card_hash(held.id, "hash")
    await edits.begin(held)
    edits.answered(held.id, "hash")
    await edits.settle()
    await edits.begin(held, uploading=True)
    await edits.record(held.id, "hash", shown)
    await edits.refused(held, uploading=True, surely=True)
    await db.store.card_edits.look_again(held, db.now)
    await db.store.clips.forget_attachments(held.id, 70, [0], ["start"])
    await db.store.history.unfinished()
    await db.store.unconfirmed.newest(GUILD)
    await db.store.unconfirmed.give_up(held.id, db.now)
    await db.show_again(done)
    await db.store.undelivered.of_server(GUILD)
    await db.store.undelivered.of_member(GUILD, MIRA, 10)
    await db.store.undelivered.channels()
    await db.store.undelivered.deliver_again(5, db.now)
    await db.store.undelivered.take_up(done.id, "remote 9", db.now, db.now)
    await db.store.undelivered.strike_off(done.id)
    await db.store.undelivered.told(done)
    await db.store.favourites.add(GUILD, MIRA, done.id, db.now)
    for starred, only, place in product((False, True), (None, *Only), (NEWEST, Place(db.now - 500, "", newer=True))):
        for words in ("", "boat", "paper boat"):
            # One of the two has few jobs with these words, the other many.
            for user in (MIRA, 142):
                await db.store.lists.find(GUILD, JobQuery(user, starred=starred, only=only, words=words), place, 6)
    for needed, words, user in product(Needed, ("", "boat", "paper boat"), (MIRA, 142)):
        await db.store.lists.find(GUILD, JobQuery(user, words=words), NEWEST, 6, needed)
    await db.store.favourites.remove(MIRA, done.id)
    await db.store.words.forget(done.id)
    await db.store.locales.write({(GUILD, MIRA): "de"}, db.now)
    await db.store.history.seed(done.id)
    await queue.admit(
        "ttapi", [], running=9, per_user=9, lease="one", now_ms=0, lease_until_ms=0, deadline_ms=0, alone=True
    )
    await db.store.provider_health.record_failure("ttapi", db.now)
    await db.store.provider_health.get("ttapi")
    await leases.look(db.now)
    await leases.ask_again(await db.claim(await db.running()), db.now, 5)
    await leases.claim("one", db.now, db.now + LEASE_MS, Room(9, 9, 9, 2))
    await leases.release("one", db.now)
    await queue.next_in_line("ttapi", 10, 3, db.now)
    await queue.positions("ttapi", 25)
    await queue.position(waiting)
    await db.store.card_facts.read(waiting.id)
    await queue.median_duration_ms("ttapi", Kind.VIDEO)
    await queue.is_tried("acedata")
    await queue.exclude_provider(waiting, "ttapi")
    await queue.move(waiting, "acedata", waiting.params)
    await db.store.provider_health.pause("ttapi", db.now)
    await db.store.provider_health.block_account("ttapi", "auth", db.now)
    await db.store.provider_health.record_success("ttapi", accepted=True)
    await db.store.guild_settings.rank(GUILD, ["ttapi"], db.now)
    await db.store.guild_settings.ranking(GUILD)
    await db.store.guild_settings.hides_all(GUILD)
    await db.store.strikes.add(held, "2026-11-18")
    await db.store.strikes.count(MIRA, "2026-11-18")
    await db.store.region_previews.get("a draft")
    await db.store.region_previews.older(db.now)
    await accounts.balance(GUILD, MIRA, (1, 2), db.now)
    await accounts.grant(GUILD, MIRA, (1, 2), 5, "a grant", db.now)
    await accounts.usage(GUILD, db.now)
    await db.store.usage.of_server(GUILD, Stretch(db.now, db.now + DAY_MS))
    # It counts what a member ever asked for, by indexes that hold no more than that: not for one who asked for much.
    await db.store.usage.of_member(GUILD, MIRA, "2026-11-18", "2026-11-18")
    await queue.running("ttapi", MIRA)
    await db.store.blocks.find(GUILD, MIRA, (1, 2), db.now)
    await db.store.member_blocks.put(99, MemberBlock(99, None, "", OTTO, db.now), db.now)
    await db.store.member_blocks.get(99, 99, db.now)
    await db.store.member_blocks.of_server(99, db.now, 25)
    await db.store.member_blocks.lift(99, 99, by=OTTO, wall_ms=db.now, now_ms=db.now)
    await db.store.conduct.sums(GUILD, MIRA, "2026-11-18", "2026-11-18")
    await remove_one(db)
    await accounts.set_allowance(GUILD, "member", 99, 0, db.now)
    await db.store.waiting.leave(99, ServerLeft(), db.now)
    await db.store.waiting.left()
    await db.store.counts.under_way()
    await db.store.waiting.has_left(GUILD)
    await db.store.waiting.join(GUILD)
    await db.store.clips.set_files(held.id, [Fetched(0, "a file", 1)], sent_next=held)
    await db.store.clips.clips(held.id)
    await db.store.clips.frames(held.id)
    await db.store.clips.known([held.id, "a draft"])
    film = await db.store.films.ask(Film(done.id, 0, MIRA, token_until_ms=0, asked_ms=db.now))
    assert film is not None
    await db.store.films.waiting(20)
    await db.store.films.get(done.id, 0)
    await db.store.films.joined(film)
    await db.store.films.put_off(film, db.now, 1)
    await db.store.films.posted(film)
    await db.store.films.give_up(film)
    await db.store.lineage.parts(done.id, 0)
    await share_and_take_down(db, done.id)
    await db.store.member_settings.change(GUILD, MIRA, {"notify": "direct"})
    await db.store.member_settings.get(GUILD, MIRA)
    await db.store.presets.save(GUILD, MIRA, Preset("boat", "words"), 25, db.now)
    await db.store.member_settings.with_preset(GUILD, MIRA, "boat")
    await db.store.presets.of_member(GUILD, MIRA)
    await db.store.presets.delete(GUILD, MIRA, "boat")
    ended = await db.claim(await db.ready())
    await jobs.finish_shown(ended, db.now + DAY_MS)
    await db.store.pings.take(db.now + DAY_MS)
    await use_mod_log(db, done)
    await use_storyboards(db)
    await db.store.forgettings.ask(GUILD, 99, db.now)
    [forgetting] = await db.store.forgettings.take(1, db.now, db.now + 1)
    await db.store.forgettings.put_off(forgetting, db.now)
    await db.store.forgettings.next_due_ms()
    await db.store.forgettings.to_remove(forgetting, 25)
    await db.store.forgettings.previews(forgetting)
    await db.store.forgettings.rename(forgetting)
    await db.store.forgettings.let_go(forgetting, 200)
    await db.store.forgettings.end(forgetting)
    async for _ in db.store.member_export.pages(GUILD, MIRA):
        pass
    await erase_server(db)
    await db.store.left_servers.since(db.now - DAY_MS)
    await db.store.left_servers.kept()
    ended = await db.done()
    await db.store.old_jobs.older(db.now - DAY_MS, 50)
    await db.store.old_jobs.erase([ended], db.now + DAY_MS, db.now)
    await db.store.old_jobs.files(50)
    await db.store.old_jobs.files_gone(ended.id)


async def erase_server(db: DbFixture) -> None:
    """Erase a small server that the bot has left, beside a large one."""
    left, guild, before = db.store.left_servers, GUILD + 7, db.now + DAY_MS
    ended = await db.done(guild=guild)
    await db.store.waiting.leave(guild, ServerLeft(), db.now)
    await left.jobs(guild, 50)
    await left.erase_jobs(guild, [ended.id], before)
    while await left.erase_some_sums(guild, before):
        pass
    assert await left.erase_rest(guild, before)


async def use_mod_log(db: DbFixture, job: Job) -> None:
    """Write in the mod log, and report a job."""
    await db.store.provider_health.block_account("ttapi", "auth", db.now, guild_id=GUILD, now_ms=db.now)
    await db.store.provider_health.record_success("ttapi", accepted=True)
    await db.store.reports.add(job, OTTO, "not nice", db.now)
    await db.store.accounts.set_allowance(GUILD, "role", 5, 8, db.now, MIRA)
    for _ in range(3):
        db.now += DAY_MS
        for batch in await db.store.mod_log.take(db.now):
            await db.store.mod_log.return_to_owner(batch, db.now)
    report = await db.store.reports.get(GUILD, job.id, OTTO)
    assert report is not None
    await db.store.reports.in_message("an event")
    await db.store.reports.settle(report, Outcome.DISMISSED, MIRA)
    await db.store.mod_log.forget_old(db.now)


async def use_storyboards(db: DbFixture) -> None:
    """Carry out what the shots of a storyboard ask for."""
    storyboards = db.store.storyboards
    one, two, *_ = await db.queued_shots(3)
    await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    failing = await db.claim(await db.fail(submitting))
    storyboard = await storyboards.get(one.storyboard_id or "")
    assert storyboard is not None
    await storyboards.set_film(storyboard, one.id, "a film", parts=2, seconds=10, size=1)
    await db.store.card_facts.read(two.id)
    shown = Shown(70, {0: 1, FILM_PLACE: 2}, {"start": 3}, storyboard.id)
    await db.store.card_edits.write_shown(one.id, shown)
    await db.store.clips.forget_attachments(one.id, 70, [0, FILM_PLACE], ["start"], storyboard_id=storyboard.id)
    await db.store.card_edits.set_card_hash(one.id, "hash", 70)
    await db.store.history.clear_card(one.id)
    await db.store.jobs.finish_shown(failing, db.now)
    await db.make(storyboard, 1, one)
    await storyboards.discard("another")
    await storyboards.forget(0)


async def record(path: Path) -> dict[str, tuple[Value, ...]]:
    """Let the store work in front of a long past, and give what it said to the database."""
    async with open_db_fixture(path) as db:
        recorder = Recorder(db.database)
        await use_everything(DbFixture(db.database, Store(recorder, replace(DEFAULTS, most_open=1000)), requests=10))
        return recorder.statements


@dataclass(frozen=True)
class Past:
    """Hold a database with a long past, and the statements to be tried on it."""

    path: Path
    statements: dict[str, tuple[Value, ...]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a long past, once for all."""

    async def begin() -> None:
        async with open_db_fixture(path) as db:
            done = await db.done()
            await db.store.strikes.add(done, "2026-11-18")
            await db.store.favourites.add(GUILD, MIRA, done.id, db.now)

    path = tmp_path_factory.mktemp("past") / "full.db"
    asyncio.run(begin())
    with closing(sqlite3.connect(path)) as connection, connection:
        fill(connection)
    return path


@pytest.fixture(scope="module", params=["fresh", "analyzed"])
def past(request: pytest.FixtureRequest, filled: Path) -> Past:
    """Take up the long past, with and without SQLite's statistics about it."""
    path = filled.with_name(f"{request.param}.db")
    with closing(sqlite3.connect(filled)) as connection, closing(sqlite3.connect(path)) as copy, copy:
        connection.backup(copy)
        if request.param == "analyzed":
            copy.execute("analyze")
    return Past(path, asyncio.run(record(path)))


def flaws(plan: list[str]) -> list[str]:
    """Name the lines of a plan that walk through a big table, or that this test does not understand."""
    found: list[str] = []
    for line in plan:
        if big := BIG.match(line):
            if big["index"] is None or (big["verb"] == "SCAN" and big["index"] not in LIVE):
                found.append(line)
        elif not SMALL.match(line):
            found.append(line)
    return found


def named(values: tuple[Value, ...]) -> dict[str, Value]:
    return {str(place): value for place, value in enumerate(values, 1)}


def test_no_hot_query_walks_through_what_grows_with_jobs(past: Past) -> None:
    assert len(past.statements) > 30
    bad: dict[str, list[str]] = {}
    with closing(sqlite3.connect(past.path)) as connection:
        for sql, values in past.statements.items():
            plan = [row[3] for row in connection.execute(f"explain query plan {sql}", named(values))]
            if sql not in WHOLE and (found := flaws(plan)):
                bad[sql] = found
    assert bad == {}


async def remove_one(db: DbFixture) -> None:
    """Remove a job that another one goes on from, and do all that is left to do."""
    job = await db.done()
    await db.done(kind=Kind.EXTEND, parent_job_id=job.id, parent_slot=0, message_id=7)
    await db.store.removals.count_of_member(GUILD, MIRA, db.now)
    await db.store.removals.of_member(GUILD, MIRA, db.now, 25)
    await db.store.shown_messages.add(job.id, 5, 70)
    await db.store.removals.strike(GUILD, [job.id], OTTO, "spam", db.now)
    work = db.store.removal_work
    [removal] = await work.take(4, db.now, db.now + 1)
    removed = await work.job(job.id)
    await work.attachments(job.id)
    for message in await work.messages(removed):
        await work.message_gone(removed, message)
    await work.films(job.id)
    async for heir in work.heirs(job.id):
        await work.disinherit(heir, job.id, db.now)
    await work.disinherited(job.id, 1)
    await work.forget_content(removed)
    await work.next_due_ms()
    await work.put_off(removal, None)


@pytest.mark.parametrize(
    ("only", "index", "ways"),
    [
        ("job.kind in ('video', 'extend')\n", "job_films", 2),
        ("job.kind in ('imagine', 'action', 'blend', 'region')\n", "job_pictures", 2),
        ("job.state in ('failing', 'failed') and job.error_code", "job_failed", 2),
        ("job.parent_slot is not null and job.state", "job_continued", 1),
        ("job.kind in ('imagine', 'action', 'blend', 'region') and job.state", "job_pictures", 1),
    ],
)
def test_what_a_list_is_narrowed_down_to_has_an_index_of_its_own(past: Past, only: str, index: str, ways: int) -> None:
    narrowed = {
        sql: values for sql, values in past.statements.items() if sql.startswith("select job.*") and only in sql
    }
    assert len(narrowed) == ways  # forth, or forth and back
    with closing(sqlite3.connect(past.path)) as connection:
        for sql, values in narrowed.items():
            plan = [row[3] for row in connection.execute(f"explain query plan {sql}", named(values))]
            assert f"USING INDEX {index} " in plan[0]


def test_what_a_server_spent_is_found_by_when_it_was_asked_for(past: Past) -> None:
    [(sql, values)] = [one for one in past.statements.items() if one[0].startswith("with spent as")]
    with closing(sqlite3.connect(past.path)) as connection:
        plan = [row[3] for row in connection.execute(f"explain query plan {sql}", named(values))]
    assert any("USING INDEX job_charged (guild_id=? AND created_ms>? AND created_ms<?)" in line for line in plan)
    assert any("ledger USING INDEX ledger_one_end (job_id=?)" in line for line in plan)


def test_no_hot_query_takes_as_many_steps_as_a_long_past_has_rows(past: Past) -> None:
    costs: dict[str, int] = {}
    with closing(sqlite3.connect(past.path, isolation_level=None)) as connection:
        connection.execute("pragma foreign_keys = on")
        connection.execute("begin")
        for sql, values in past.statements.items():
            steps = 0

            def count() -> int:
                nonlocal steps
                steps += EVERY
                return 0

            connection.set_progress_handler(count, EVERY)
            connection.execute(sql, named(values)).fetchall()
            connection.set_progress_handler(None, 0)
            costs[sql] = 0 if sql in WHOLE else steps
    assert {sql: steps for sql, steps in costs.items() if steps > MOST_STEPS} == {}
