"""The owner's text commands, through dpytest: it knows text commands, and nothing of interactions."""

from collections.abc import AsyncGenerator
from pathlib import Path

import discord
import discord.ext.test as dpytest  # pyright: ignore[reportMissingTypeStubs]  # it has none
import pytest
import pytest_asyncio
from discord.ext import commands

from bot.db.store import Defaults, Store
from bot.domain.clock import Clock
from bot.domain.job import Job, Kind, State, new_id
from bot.domain.params import JobParams
from bot.domain.periods import Period
from bot.media import FileStore
from bot.services.job_history import JobHistory
from bot.services.seen_locales import SeenLocales
from cogs.owner import OwnerCog
from tests.support.sqlite_files import open_migrated


class Registrar:
    """Write down what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def register_commands(self) -> int:
        self.asked.append("everywhere")
        return 3

    async def register_commands_in(self, guild: discord.abc.Snowflake) -> int:
        self.asked.append(f"in {guild.id}")
        return 3

    async def remove_commands_in(self, guild: discord.abc.Snowflake) -> None:
        self.asked.append(f"not in {guild.id}")


class Owned:
    """Hold the bot, what its commands asked for, and its store."""

    def __init__(self, client: commands.Bot, registrar: Registrar, store: Store) -> None:
        self.client = client
        self.registrar = registrar
        self.store = store

    async def say(self, words: str, member: int = 0) -> str | None:
        """Let a member mention the bot; member 0 is its owner. Give its answer, None when it keeps silent."""
        await dpytest.message(f"<@{self._me.id}> {words}", member=member)
        if dpytest.sent_queue.empty():
            return None
        return dpytest.get_message().content

    @property
    def guild_id(self) -> int:
        """Give the server's id."""
        return dpytest.get_config().guilds[0].id

    @property
    def _me(self) -> discord.ClientUser:
        assert self.client.user is not None
        return self.client.user


@pytest_asyncio.fixture
async def owned(tmp_path: Path) -> AsyncGenerator[Owned]:
    """Run the owner's commands behind dpytest, in a server with the owner and a member."""
    async with open_migrated(tmp_path / "a.db") as db:
        store = Store(db, Defaults(24, Period.DAY))
        # dpytest wants all intents and no shards; end-to-end tests say the same to the real client.
        client = commands.Bot(commands.when_mentioned, intents=discord.Intents.all())
        registrar = Registrar()
        await client._async_setup_hook()  # pyright: ignore[reportPrivateUsage]  # dpytest needs it before configure
        await client.add_cog(
            OwnerCog(
                registrar, JobHistory(store, FileStore(tmp_path), Clock(), lambda: None), SeenLocales(store, Clock())
            )
        )
        dpytest.configure(client, members=2)
        client.owner_id = dpytest.get_config().members[0].id
        yield Owned(client, registrar, store)
        await dpytest.empty_queue()


async def test_the_owner_registers_commands_everywhere_and_here(owned: Owned) -> None:
    assert await owned.say("sync") == "3 commands registered everywhere; Discord may take a while to show them."
    assert await owned.say("sync here") == "3 commands registered in this server."
    here = owned.guild_id
    assert owned.registrar.asked == ["everywhere", f"not in {here}", f"in {here}"]


async def test_the_owner_sees_the_jobs_that_have_not_ended(owned: Owned) -> None:
    assert await owned.say("jobs") == "No job is under way."
    job = Job(
        id=new_id(1),
        request_id="1",
        kind=Kind.VIDEO,
        state=State.RECEIVED,
        guild_id=1,
        channel_id=2,
        user_id=3,
        params=JobParams("a boat"),
        provider="ttapi",
        created_ms=1,
    )
    await owned.store.jobs.receive(job)
    assert await owned.say("jobs") == f"`{job.id}` just asked for, video by <@3> at ttapi"


@pytest.mark.parametrize("words", ["sync", "sync here", "jobs"])
async def test_nobody_else_is_obeyed(owned: Owned, words: str) -> None:
    with pytest.raises(commands.CheckFailure):
        await owned.say(words, member=1)
    assert owned.registrar.asked == []
    assert dpytest.sent_queue.empty()


@pytest.mark.parametrize("words", ["dance", "sync there", "sync here and there", "jobs now"])
async def test_other_words_are_no_commands(owned: Owned, words: str) -> None:
    with pytest.raises((commands.CommandNotFound, commands.UserInputError)):
        await owned.say(words)
    assert owned.registrar.asked == []
    assert dpytest.sent_queue.empty()
