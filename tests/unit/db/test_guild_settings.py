"""What a server decides: read as it was written, changed as a whole, and never by two admins at once."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.domain.periods import Period
from bot.domain.server_settings import Rule, Rules, ServerSettings
from tests.support.db_fixture import GUILD, DbFixture

ALL = ServerSettings(
    rules=Rules(Rule((7, 8), (9,)), Rule(roles=(5,)), ("blood", "blue whale")),
    spoiler=True,
    defaults=Preferences(Motion.HIGH, Resolution.HD, 2, Speed.TURBO, translate=False),
    locale="vi",
    mod_log_channel_id=11,
    showcase_channel_id=12,
    credits=40,
    period=Period.WEEK,
    server_credits=0,
    providers=("ttapi", "acedata"),
)


async def test_a_server_that_decided_nothing_has_nothing(db: DbFixture) -> None:
    assert await db.store.guild_settings.get(GUILD) == ServerSettings()


async def test_everything_is_read_as_it_was_decided_and_for_that_server_alone(db: DbFixture) -> None:
    settings = db.store.guild_settings
    assert await settings.change(GUILD, lambda _: ALL, db.now) == ALL
    assert await settings.get(GUILD) == ALL
    assert await settings.get(GUILD + 1) == ServerSettings()
    assert await settings.change(GUILD, lambda _: ServerSettings(), db.now) == ServerSettings()
    assert await settings.get(GUILD) == ServerSettings()


async def test_what_older_commands_write_is_the_same(db: DbFixture) -> None:
    settings = db.store.guild_settings
    await settings.rank(GUILD, ("acedata", "ttapi"), db.now)
    await settings.set_default(GUILD, 30, Period.DAY, db.now)
    assert await settings.get(GUILD) == ServerSettings(credits=30, period=Period.DAY, providers=("acedata", "ttapi"))
    await settings.change(GUILD, lambda before: replace(before, providers=("ttapi",)), db.now)
    assert await settings.ranking(GUILD) == ("ttapi",)


async def test_changes_at_once_follow_each_other(db: DbFixture) -> None:
    def dearer(before: ServerSettings) -> ServerSettings:
        return replace(before, credits=(before.credits or 0) + 1)

    await asyncio.gather(*(db.store.guild_settings.change(GUILD, dearer, db.now) for _ in range(8)))
    assert (await db.store.guild_settings.get(GUILD)).credits == 8


async def test_a_change_that_is_refused_changes_nothing(db: DbFixture) -> None:
    def refuse(before: ServerSettings) -> ServerSettings:
        raise LookupError

    await db.store.guild_settings.change(GUILD, lambda _: ALL, db.now)
    with pytest.raises(LookupError):
        await db.store.guild_settings.change(GUILD, refuse, db.now)
    assert await db.store.guild_settings.get(GUILD) == ALL
