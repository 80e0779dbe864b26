"""Drafts: written once, found by age, forgotten."""

from dataclasses import replace

import pytest

from bot.db.store import RegionPreview
from bot.errors import DatabaseBroken
from tests.support.db_fixture import DAY_MS, GUILD, MIRA, NOON, Stage


async def new_draft(stage: Stage, name: str = "draft") -> RegionPreview:
    parent = await stage.done()
    return RegionPreview(name, GUILD, MIRA, parent.id, "a lighthouse", ("--fast", "--bs 4"), NOON)


async def test_a_draft_is_read_as_it_was_written(stage: Stage) -> None:
    draft = await new_draft(stage)
    await stage.store.region_previews.add(draft)
    assert await stage.store.region_previews.get(draft.id) == draft
    assert await stage.store.region_previews.get("another") is None


async def test_a_draft_that_is_written_twice_stays_as_it_was(stage: Stage) -> None:
    draft = await new_draft(stage)
    await stage.store.region_previews.add(draft)
    before = await stage.everything()
    await stage.store.region_previews.add(draft)
    assert await stage.everything() == before


async def test_old_drafts_are_found(stage: Stage) -> None:
    draft = await new_draft(stage)
    for name, age in (("young", 0), ("old", 2 * DAY_MS), ("older", 3 * DAY_MS)):
        await stage.store.region_previews.add(replace(draft, id=name, created_ms=NOON - age))
    assert set(await stage.store.region_previews.older(NOON - DAY_MS)) == {"older", "old"}
    assert set(await stage.store.region_previews.older(NOON)) == {"older", "old"}
    assert set(await stage.store.region_previews.older(NOON + 1)) == {"older", "old", "young"}


async def test_a_forgotten_draft_leaves_the_others(stage: Stage) -> None:
    draft = await new_draft(stage)
    await stage.store.region_previews.add(draft)
    await stage.store.region_previews.add(replace(draft, id="another"))
    await stage.store.region_previews.remove(draft.id)
    await stage.store.region_previews.remove(draft.id)
    assert await stage.store.region_previews.get(draft.id) is None
    assert await stage.store.region_previews.get("another") is not None


async def test_a_draft_belongs_to_a_picture_that_is_there(stage: Stage) -> None:
    draft = await new_draft(stage)
    with pytest.raises(DatabaseBroken):
        await stage.store.region_previews.add(replace(draft, parent_job_id="nothing"))
