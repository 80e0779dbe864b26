"""All that is kept of a member is read on both engines, part by part."""

from bot.domain.blocks import MemberBlock
from bot.domain.member_settings import Preset
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


async def test_each_part_is_read_on_both_engines(db: DbFixture) -> None:
    done = await db.done()
    await db.store.favourites.add(GUILD, MIRA, done.id, db.now)
    await db.store.presets.save(GUILD, MIRA, Preset("boat", "words"), 25, db.now)
    await db.store.member_settings.change(GUILD, MIRA, {"motion": "high"})
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 900, db.now)
    await db.store.strikes.add(done, "2026-11-18")
    await db.store.removals.strike(GUILD, [(await db.done()).id], MIRA, "mine", db.now)
    await db.store.reports.add(await db.done(user=OTTO), MIRA, "why", db.now)
    await db.storyboard(2)
    for slot in (0, 1):
        await db.share(done, slot)
    for user, by in ((MIRA, 77), (OTTO, MIRA), (13, MIRA)):
        await db.store.member_blocks.put(GUILD, MemberBlock(user, None, "spam", by, db.now), db.now)
    await db.store.forgettings.ask(GUILD, MIRA, db.now)
    parts = {name: rows async for name, rows in db.store.member_export.pages(GUILD, MIRA)}
    assert set(parts) == {
        "settings",
        "accounts",
        "allowance",
        "block",
        "strikes",
        "being forgotten",
        "storyboards",
        "favourites",
        "presets",
        "reports",
        "shared results",
        "removals",
        "blocked others",
        "jobs",
        "ledger",
    }
    assert [row["id"] for row in parts["blocked others"]] == [OTTO, 13]
    assert len(parts["jobs"]) == 2
    assert parts["storyboards"][0]["shots"][0]["prompt"] == "shot 1"
