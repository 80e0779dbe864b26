"""Accounts and ledger, read from outside while a bot may write, hold a lock, or never have begun."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from sandbox.web.ledger_audit import LedgerAudit

ADA, PERIOD = 7, "2026-11-20"


@pytest_asyncio.fixture
async def path(tmp_path: Path) -> AsyncGenerator[Path]:
    """Give the database of a bot that runs."""
    path = tmp_path / "a folder?with#odd signs" / "animatic.db"
    async with open_sqlite(path) as db:
        await migrate(db)
        yield path


def credits(path: Path) -> LedgerAudit:
    return LedgerAudit(path, lambda user_id: {ADA: "Ada"}.get(user_id, str(user_id)))


def write(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql, values)


def open_account(path: Path, user_id: int, cap: int, granted: int = 0, used: int = 0, base: int = 0) -> None:
    write(
        path,
        "insert into account (guild_id, user_id, period, cap, base, granted, used) values (1, ?, ?, ?, ?, ?, ?)",
        *(user_id, PERIOD, cap, base, granted, used),
    )


async def test_accounts_and_entries_are_told_with_names_newest_first(path: Path) -> None:
    open_account(path, ADA, 24, 5, 8)
    open_account(path, 0, 10**12, 0, 8)
    for number, kind, amount in ((1, "grant", 5), (2, "reserve", 8)):
        sql = "insert into ledger values (?, 1, ?, ?, 'job', ?, ?, ?, ?)"
        write(path, sql, f"{number}", ADA, PERIOD, f"{number}", kind, amount, number)
    told = credits(path).read_changes()
    assert told is not None
    ada = {"who": "Ada", "period": PERIOD, "cap": 24, "granted": 5, "used": 8, "left": 21}
    server = {"who": "the whole server", "period": PERIOD, "cap": None, "granted": 0, "used": 8, "left": None}
    assert told["accounts"] == [server, ada]
    assert [(entry["kind"], entry["amount"], entry["at"]) for entry in told["ledger"]] == [
        ("reserve", 8, 2),
        ("grant", 5, 1),
    ]
    assert told["ledger"][0]["who"] == "Ada"


async def test_what_is_left_counts_from_where_a_grant_found_the_account(path: Path) -> None:
    open_account(path, ADA, 16, granted=8, used=40, base=40)
    told = credits(path).read_changes()
    assert told is not None
    assert told["accounts"][0]["left"] == 8


async def test_only_changes_are_told(path: Path) -> None:
    auditor = credits(path)
    assert auditor.read_changes() is not None
    assert auditor.read_changes() is None
    open_account(path, ADA, 24)
    told = auditor.read_changes()
    assert told is not None
    assert len(told["accounts"]) == 1


async def test_a_locked_database_is_read_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.web.ledger_audit.PATIENCE", 0.01)
    path = tmp_path / "animatic.db"
    async with open_sqlite(path) as db:
        await migrate(db)
    auditor = credits(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma journal_mode=delete")
        db.execute("begin exclusive")
        assert auditor.read_changes() is None
    assert auditor.read_changes() == {"accounts": [], "ledger": []}


async def test_a_missing_empty_or_broken_file_is_no_error_and_is_never_made(tmp_path: Path) -> None:
    missing = tmp_path / "animatic.db"
    auditor = credits(missing)
    assert auditor.read_changes() is None
    assert not missing.exists()
    missing.touch()
    assert auditor.read_changes() is None
    missing.write_bytes(b"no database at all" * 1000)
    assert auditor.read_changes() is None


async def test_the_books_stay_readable_after_the_bot_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "animatic.db"
    async with open_sqlite(path) as db:
        await migrate(db)
        open_account(path, ADA, 24)
    told = credits(path).read_changes()
    assert told is not None
    assert len(told["accounts"]) == 1


async def test_nothing_is_ever_written(path: Path) -> None:
    before = contents(path)
    assert credits(path).read_changes() is not None
    assert contents(path) == before


def contents(path: Path) -> list[bytes]:
    return [Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal")]
