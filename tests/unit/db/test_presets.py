"""Presets: a member's own, one a name, no more than there may be."""

import asyncio

import pytest

from bot.domain.member_settings import Preset
from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.errors import TooManyPresets
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture

BOAT = Preset("boat", "in watercolour", Preferences(Motion.HIGH, Resolution.HD, 2, Speed.FAST, "ttapi", loop=True))


async def test_presets_are_listed_by_name_as_they_were_saved(db: DbFixture) -> None:
    plain = Preset("a plain one", "", Preferences(clips=1))
    for preset in (BOAT, plain):
        assert not await db.store.presets.save(GUILD, MIRA, preset, 25, db.now)
    assert await db.store.presets.of_member(GUILD, MIRA) == [plain, BOAT]
    assert await db.store.presets.of_member(GUILD, OTTO) == []
    assert await db.store.presets.of_member(GUILD + 1, MIRA) == []


async def test_one_of_the_same_name_is_replaced_even_where_there_is_no_room_for_another(db: DbFixture) -> None:
    await db.store.presets.save(GUILD, MIRA, BOAT, 1, db.now)
    anew = Preset("boat", "in oil")
    assert await db.store.presets.save(GUILD, MIRA, anew, 1, db.now)
    with pytest.raises(TooManyPresets):
        await db.store.presets.save(GUILD, MIRA, Preset("another", "words"), 1, db.now)
    assert not await db.store.presets.save(GUILD, OTTO, BOAT, 1, db.now)
    assert await db.store.presets.of_member(GUILD, MIRA) == [anew]


async def test_as_many_as_there_may_be_are_kept_however_many_are_saved_at_once(db: DbFixture) -> None:
    presets = [Preset(f"number {number}", "words") for number in range(6)]
    saved = await asyncio.gather(
        *(db.store.presets.save(GUILD, MIRA, preset, 4, db.now) for preset in presets), return_exceptions=True
    )
    assert sum(isinstance(one, TooManyPresets) for one in saved) == 2
    assert len(await db.store.presets.of_member(GUILD, MIRA)) == 4


async def test_only_ones_own_is_deleted(db: DbFixture) -> None:
    for user in (MIRA, OTTO):
        await db.store.presets.save(GUILD, user, BOAT, 25, db.now)
    assert await db.store.presets.delete(GUILD, MIRA, "boat")
    assert not await db.store.presets.delete(GUILD, MIRA, "boat")
    assert await db.store.presets.of_member(GUILD, OTTO) == [BOAT]
