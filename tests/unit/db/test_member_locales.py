"""The language that Discord last spoke with each member, kept beside what they chose."""

from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


async def test_the_last_one_is_kept_and_what_was_chosen_stays(db: DbFixture) -> None:
    locales = db.store.member_locales
    await locales.write({(GUILD, MIRA): "de", (GUILD, OTTO): "vi"})
    await db.db_write("update member_settings set motion = 'high'")
    await locales.write({(GUILD, MIRA): "zh-CN"})
    assert [await locales.get(GUILD, user) for user in (MIRA, OTTO, 99)] == ["zh-CN", "vi", None]
    rows = await db.database.fetch("select motion from member_settings")
    assert [row["motion"] for row in rows] == ["high", "high"]


async def test_it_is_kept_where_something_was_chosen_before(db: DbFixture) -> None:
    await db.db_write("insert into member_settings (guild_id, user_id, notify) values ($1, $2, 'none')", GUILD, MIRA)
    await db.store.member_locales.write({(GUILD, MIRA): "de"})
    rows = await db.database.fetch("select notify, locale from member_settings")
    assert [tuple(row) for row in rows] == [("none", "de")]
