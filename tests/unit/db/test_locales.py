"""The languages that Discord speaks with members and servers, kept beside what they chose."""

from bot.db.locales import Locales
from bot.db.schema import SERVER
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture


async def test_the_last_one_is_kept_and_what_was_chosen_stays(db: DbFixture) -> None:
    locales = db.store.locales
    await locales.write({(GUILD, MIRA): "de", (GUILD, OTTO): "vi"}, db.now)
    await db.db_write("update member_settings set motion = 'high'")
    await locales.write({(GUILD, MIRA): "zh-CN"}, db.now)
    assert [await locales.get(GUILD, user) for user in (MIRA, OTTO, 99)] == ["zh-CN", "vi", None]
    rows = await db.database.fetch("select motion from member_settings")
    assert [row["motion"] for row in rows] == ["high", "high"]


async def test_it_is_kept_where_something_was_chosen_before(db: DbFixture) -> None:
    await db.db_write("insert into member_settings (guild_id, user_id, notify) values ($1, $2, 'none')", GUILD, MIRA)
    await db.store.locales.write({(GUILD, MIRA): "de"}, db.now)
    rows = await db.database.fetch("select notify, locale from member_settings")
    assert [tuple(row) for row in rows] == [("none", "de")]


async def test_what_is_not_known_of_a_member_is_their_servers(db: DbFixture) -> None:
    locales = db.store.locales
    await locales.write({(GUILD, SERVER): "vi", (GUILD, MIRA): "de"}, db.now)
    assert [await locales.get(GUILD, user) for user in (MIRA, OTTO)] == ["de", "vi"]
    assert await locales.get(GUILD + 1, OTTO) is None


async def test_what_admins_chose_goes_before_what_discord_says(db: DbFixture) -> None:
    locales = db.store.locales
    await locales.write({(GUILD, SERVER): "vi"}, db.now)
    assert await locales.get_server(GUILD) == "vi"
    await db.db_write("update guild set locale = 'zh-CN'")
    await locales.write({(GUILD, SERVER): "de"}, db.now)
    assert await locales.get_server(GUILD) == "zh-CN"
    await db.db_write("update guild set locale = null")
    assert await locales.get_server(GUILD) == "de"


async def test_all_servers_of_a_start_are_asked_about_and_written_some_at_a_time(db: DbFixture) -> None:
    statements = Statements()
    locales = Locales(CountedDatabase(db.database, statements))
    heard = {(guild_id, SERVER): "vi" for guild_id in range(1, 451)}
    await locales.write(heard, db.now)
    assert statements.transactions == 3
    assert sum(count for text, count in statements.by_text.items() if text.startswith("select")) == 3
    assert await db.store.locales.get_server(450) == "vi"
    statements.by_text.clear()
    await locales.write({**heard, (7, SERVER): "de"}, db.now)
    assert statements.transactions == 1
    assert await db.store.locales.get_server(7) == "de"
