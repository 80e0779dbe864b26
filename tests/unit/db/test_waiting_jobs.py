"""A server that removed the bot: what waits there is refunded, and it is remembered until the bot is back."""

from bot.domain.job import State
from bot.errors import ServerLeft
from tests.support.db_fixture import GUILD, OTTO, DbFixture


async def test_leaving_a_server_refunds_what_waits_there_unsent(db: DbFixture) -> None:
    queued, received, running = await db.queued(), await db.receive(user=OTTO), await db.running()
    elsewhere = await db.queued(guild=2)
    assert await db.store.left_servers.kept() == {GUILD, 2}
    ended = await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    assert {job.id for job in ended} == {queued.id, received.id}
    assert await db.ledger(queued) == [("reserve", 8), ("refund", -8)]
    assert (await db.get(queued.id)).error_code == "server_left"
    assert (await db.get(queued.id)).client_token is None
    assert (await db.get(running.id)).state is State.RUNNING
    assert (await db.get(elsewhere.id)).state is State.QUEUED
    assert await db.store.left_servers.kept() == {2}


async def test_it_is_remembered_until_the_bot_is_back(db: DbFixture) -> None:
    await db.store.guild_settings.set_default(GUILD, 5, None, db.now)
    await db.store.waiting.leave(GUILD, ServerLeft(), db.now)
    assert await db.store.waiting.has_left(GUILD)
    assert await db.store.waiting.left() == {GUILD}
    assert (await db.store.accounts.usage(GUILD, db.now)).default == 5
    await db.store.waiting.join(GUILD)
    assert not await db.store.waiting.has_left(GUILD)
