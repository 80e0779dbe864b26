"""Drafts: written once, found by age, forgotten."""

from dataclasses import replace

import pytest

from bot.db.store import RegionPreview
from bot.errors import DatabaseBroken
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, NOON, DbFixture


async def new_draft(db: DbFixture, name: str = "draft") -> RegionPreview:
    parent = await db.done()
    return RegionPreview(name, GUILD, MIRA, parent.id, "a lighthouse", ("--fast", "--bs 4"), NOON)


async def test_a_draft_is_read_as_it_was_written(db: DbFixture) -> None:
    draft = await new_draft(db)
    await db.store.region_previews.add(draft)
    assert await db.store.region_previews.get(draft.id) == draft
    assert await db.store.region_previews.get("another") is None


async def test_a_draft_that_is_written_twice_stays_as_it_was(db: DbFixture) -> None:
    draft = await new_draft(db)
    await db.store.region_previews.add(draft)
    before = await db.everything()
    await db.store.region_previews.add(draft)
    assert await db.everything() == before


async def test_old_drafts_are_found(db: DbFixture) -> None:
    draft = await new_draft(db)
    for name, age in (("young", 0), ("old", 2 * DAY_MS), ("older", 3 * DAY_MS)):
        await db.store.region_previews.add(replace(draft, id=name, created_ms=NOON - age))
    assert set(await db.store.region_previews.older(NOON - DAY_MS)) == {"older", "old"}
    assert set(await db.store.region_previews.older(NOON)) == {"older", "old"}
    assert set(await db.store.region_previews.older(NOON + 1)) == {"older", "old", "young"}


async def test_a_forgotten_draft_leaves_the_others(db: DbFixture) -> None:
    draft = await new_draft(db)
    await db.store.region_previews.add(draft)
    await db.store.region_previews.add(replace(draft, id="another"))
    await db.store.region_previews.remove(draft.id)
    await db.store.region_previews.remove(draft.id)
    assert await db.store.region_previews.get(draft.id) is None
    assert await db.store.region_previews.get("another") is not None


async def test_a_draft_belongs_to_a_picture_that_is_there(db: DbFixture) -> None:
    draft = await new_draft(db)
    with pytest.raises(DatabaseBroken):
        await db.store.region_previews.add(replace(draft, parent_job_id="nothing"))
