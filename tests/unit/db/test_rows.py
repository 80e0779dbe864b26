"""Rows and the values that they become tell the same."""

from dataclasses import fields

import pytest

from bot.domain.job import Clip, Frame, Job
from tests.support.db_fixture import DbFixture
from tests.support.db_tables import columns


@pytest.mark.parametrize(("table", "type_"), [("job", Job), ("clip", Clip), ("frame", Frame)])
async def test_each_column_is_a_field_and_each_field_a_column(db: DbFixture, table: str, type_: type) -> None:
    assert (await columns(db.database))[table] == {field.name for field in fields(type_)}
