"""A member's own settings: each server has others, what was not chosen stays unsaid, and a preset comes along."""

import asyncio

from bot.domain.member_settings import MemberSettings, Preset
from bot.domain.params import JobParams, Motion, Preferences, Resolution, Speed
from bot.domain.pings import Notify
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture

ALL = {
    "motion": "high",
    "resolution": "hd",
    "clips": 2,
    "speed": "turbo",
    "provider": "acedata",
    "translate": 0,
    "notify": "direct",
    "spoiler": 1,
}


async def test_who_chose_nothing_has_the_usual(db: DbFixture) -> None:
    assert await db.store.member_settings.get(GUILD, MIRA) == MemberSettings()
    assert await db.store.member_settings.with_preset(GUILD, MIRA, None) == (MemberSettings(), None)


async def test_settings_are_read_as_they_were_chosen_in_this_server_by_this_member(db: DbFixture) -> None:
    chosen = MemberSettings(
        Preferences(Motion.HIGH, Resolution.HD, 2, Speed.TURBO, "acedata", translate=False),
        Notify.DIRECT,
        spoiler=True,
    )
    assert await db.store.member_settings.change(GUILD, MIRA, ALL) == chosen
    assert await db.store.member_settings.get(GUILD, MIRA) == chosen
    assert await db.store.member_settings.get(GUILD + 1, MIRA) == MemberSettings()
    assert await db.store.member_settings.get(GUILD, OTTO) == MemberSettings()


async def test_a_change_leaves_the_others_and_null_takes_one_back(db: DbFixture) -> None:
    await db.store.member_settings.change(GUILD, MIRA, ALL)
    changed = await db.store.member_settings.change(GUILD, MIRA, {"motion": None, "clips": 4})
    assert changed.options == Preferences(None, Resolution.HD, 4, Speed.TURBO, "acedata", translate=False)
    assert (changed.notify, changed.spoiler) == (Notify.DIRECT, True)


async def test_two_changes_at_once_both_count(db: DbFixture) -> None:
    change = db.store.member_settings.change
    await asyncio.gather(change(GUILD, MIRA, {"motion": "high"}), change(GUILD, MIRA, {"clips": 1}))
    assert (await db.store.member_settings.get(GUILD, MIRA)).options == Preferences(motion=Motion.HIGH, clips=1)


async def test_a_preset_comes_with_the_settings_that_it_is_used_with(db: DbFixture) -> None:
    preset = Preset("boat", "in watercolour", Preferences(clips=1))
    await db.store.presets.save(GUILD, MIRA, preset, 25, db.now)
    assert await db.store.member_settings.with_preset(GUILD, MIRA, "boat") == (MemberSettings(), preset)
    settings = await db.store.member_settings.change(GUILD, MIRA, ALL)
    assert await db.store.member_settings.with_preset(GUILD, MIRA, "boat") == (settings, preset)
    assert await db.store.member_settings.with_preset(GUILD, MIRA, "Boat") == (settings, None)
    assert await db.store.member_settings.with_preset(GUILD, OTTO, "boat") == (MemberSettings(), None)
    assert await db.store.member_settings.with_preset(GUILD + 1, MIRA, "boat") == (MemberSettings(), None)


async def test_a_new_job_is_hidden_as_its_member_chose_unless_they_typed_otherwise(db: DbFixture) -> None:
    await db.store.member_settings.change(GUILD, MIRA, {"spoiler": 1})
    typed = JobParams("a boat", explicit_options=("spoiler",))
    jobs = [await db.receive(), await db.receive(params=typed), await db.receive(user=OTTO)]
    assert [job.spoiler for job in jobs] == [1, 0, 0]
    assert (await db.receive(user=OTTO, spoiler=1)).spoiler == 1
