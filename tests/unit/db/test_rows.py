"""Rows and the values that they become tell the same."""

from dataclasses import fields

import pytest

from bot.domain.job import Clip, Frame, Job
from tests.support.db_fixture import DbFixture


@pytest.mark.parametrize(("table", "type_"), [("job", Job), ("clip", Clip), ("frame", Frame)])
async def test_each_column_is_a_field_and_each_field_a_column(db: DbFixture, table: str, type_: type) -> None:
    columns = {row["name"] for row in await db.database.fetch(f"pragma table_info({table})")}
    assert columns == {field.name for field in fields(type_)}
