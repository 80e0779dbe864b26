"""The benchmarks' own statements fit the tables of today: they write past a bot, where no query of its is compiled."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import listing, past, resumption
from tests.support.db_fixture import open_db_fixture


@pytest.mark.parametrize("statement", [*past.ROWS, *resumption.ROWS, *listing.ROWS])
async def test_each_statement_of_the_benchmarks_fits_the_tables(tmp_path: Path, statement: str) -> None:
    async with open_db_fixture(tmp_path / "animatic.db"):
        pass
    values: defaultdict[str, int] = defaultdict(int)
    with closing(sqlite3.connect(tmp_path / "animatic.db")) as connection:
        connection.execute("create temp table people (place integer primary key, id bigint)")
        connection.execute(past.PAST, {"jobs": 3, "now": 0, "between": 1, "failing": True})
        assert connection.execute(f"explain {statement}", values).fetchall()
