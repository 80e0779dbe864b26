"""Typed, then preset, then settings: what completes a request, read in one statement."""

import pytest

from bot.db.store import Store
from bot.domain.member_settings import Preset
from bot.domain.params import Motion, Preferences, Resolution
from bot.errors import NoSuchPreset, NoSuchProvider
from bot.services.member_settings import MemberSettingsService
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, OTTO, DbFixture
from tests.support.requests import requester
from tests.support.scripted_provider import ScriptedProvider


def service(store: Store) -> MemberSettingsService:
    return MemberSettingsService(store, {"ttapi": ScriptedProvider(())})


async def test_a_preset_comes_before_the_settings_and_says_what_is_its(db: DbFixture) -> None:
    await service(db.store).change(GUILD, MIRA, {"motion": "high", "clips": 2})
    preset = Preset("boat", "in oil", Preferences(clips=1, resolution=Resolution.HD))
    await db.store.presets.save(GUILD, MIRA, preset, 25, db.now)
    preferred = await service(db.store).preferred(requester(), " boat ")
    assert preferred.options == Preferences(Motion.HIGH, Resolution.HD, 1, from_preset=("words", "resolution", "clips"))
    assert preferred.words == "in oil"
    assert (await service(db.store).preferred(requester())).options == Preferences(Motion.HIGH, clips=2)


async def test_what_completes_a_request_is_one_statement(db: DbFixture) -> None:
    await db.store.presets.save(GUILD, MIRA, Preset("boat", "in oil"), 25, db.now)
    statements = Statements()
    counted = service(Store(CountedDatabase(db.database, statements), DEFAULTS))
    await counted.preferred(requester())
    await counted.preferred(requester(), "boat")
    assert (statements.total, statements.transactions) == (2, 0)


async def test_a_preset_that_is_gone_or_somebody_elses_is_not_there(db: DbFixture) -> None:
    await db.store.presets.save(GUILD, OTTO, Preset("boat", "in oil"), 25, db.now)
    with pytest.raises(NoSuchPreset):
        await service(db.store).preferred(requester(), "boat")


async def test_what_was_typed_is_read_as_what_is_kept(db: DbFixture) -> None:
    typed = {"motion": "default", "clips": "2", "provider": "TTAPI", "spoiler": False, "speed": None}
    assert service(db.store).changes(typed) == {"motion": None, "clips": 2, "provider": "ttapi", "spoiler": 0}
    said = [service(db.store).changes({"translate": typed}) for typed in ("yes", "no", "default")]
    assert said == [{"translate": 1}, {"translate": 0}, {"translate": None}]
    assert service(db.store).changes({"provider": " Default "}) == {"provider": None}
    with pytest.raises(NoSuchProvider):
        service(db.store).changes({"provider": "nobody"})


async def test_without_a_change_the_settings_are_only_read(db: DbFixture) -> None:
    before = await db.everything()
    assert (await service(db.store).change(GUILD, MIRA, {})).options == Preferences()
    assert await db.everything() == before
