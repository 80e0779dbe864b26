"""Where a new server is greeted: where its own news stand, or where the bot may write at all."""

import asyncio
from typing import cast

import pytest
from discord import Locale, Object
from discord.app_commands import TranslationContextTypes, locale_str

from bot.client import Animatic
from bot.languages import language_of
from bot.ui.command_translator import CommandTranslator
from bot.ui.text.help import welcome
from bot.ui.text.translate import speaking
from sandbox.discord import Guild, Message, Permission
from tests.support.in_process_bot import InProcessBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def greeting(bot: InProcessBot, guild: Guild) -> Message:
    """Invite the bot and wait for what it says."""

    def said() -> list[Message]:
        return [message for channel in guild.channels for message in channel.messages]

    await bot.client.wait_until_ready()
    guild.join_bot()
    [message] = await bot.discord.wait_for(said, 10, lambda: "the bot did not greet")
    return message


@pytest.mark.parametrize(
    ("silent", "where"), [((), "news"), (("news",), "rules"), (("news", "rules"), "films")], ids=str
)
async def test_a_server_is_greeted_in_its_system_channel_or_the_first_that_the_bot_may_write_in(
    bot: InProcessBot, silent: tuple[str, ...], where: str
) -> None:
    guild = bot.discord.guild("Late", joined=False)
    channels = {name: guild.text_channel(name) for name in ("rules", "films", "news")}
    for name in silent:
        channels[name].set_overwrite(guild.everyone, deny=Permission.SEND_MESSAGES)
    guild.system_channel = channels["news"]
    await greeting(bot, guild)
    await asyncio.sleep(0)
    assert [len(channel.messages) for channel in channels.values()] == [name == where for name in channels]


async def test_a_server_without_a_system_channel_is_greeted_in_its_first(bot: InProcessBot) -> None:
    guild = bot.discord.guild("Late", joined=False)
    rules, films = guild.text_channel("rules"), guild.text_channel("films")
    await greeting(bot, guild)
    assert (len(rules.messages), len(films.messages)) == (1, 0)


async def test_commands_can_be_clicked_after_a_start_that_registers_nothing(bot: InProcessBot) -> None:
    client = cast("Animatic", bot.client)
    mention = client.command_mentions.mention
    registered = mention("help")
    assert registered.startswith("</help:")
    client.command_mentions.learn({})
    await client.register_changed_commands()
    assert mention("help") == registered


async def test_ids_that_an_older_version_did_not_write_down_are_asked_for(bot: InProcessBot) -> None:
    client = cast("Animatic", bot.client)
    mention = client.command_mentions.mention
    registered = mention("jobs list")
    await bot.db.db_write("delete from metadata where name = 'command_ids'")
    client.command_mentions.learn({})
    await client.register_changed_commands()
    assert mention("jobs list") == registered
    assert await bot.db.store.metadata.get("command_ids") is not None


class OneOtherWord(CommandTranslator):
    """Translate as a later version does."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        if locale is Locale.vietnamese and string.message == "high":
            return "mạnh hơn"
        return await super().translate(string, locale, context)


async def test_commands_are_registered_anew_when_a_translation_changed_and_only_then(bot: InProcessBot) -> None:
    client = cast("Animatic", bot.client)
    registry = bot.discord.commands
    before = registry.writes
    await client.register_changed_commands()
    assert registry.writes == before
    await client.tree.set_translator(OneOtherWord())
    await client.register_changed_commands()
    await client.register_changed_commands()
    assert registry.writes == before + 1
    assert "mạnh hơn" in str(registry.listed())
    await client.tree.set_translator(CommandTranslator())
    await client.register_changed_commands()
    assert registry.writes == before + 2


async def test_a_servers_own_copies_are_translated_too(bot: InProcessBot) -> None:
    client = cast("Animatic", bot.client)
    guild = bot.server().guild
    await client.register_commands_in(Object(guild.id))
    try:
        [video] = [command for command in bot.discord.commands.listed(guild.id) if command["name"] == "video"]
    finally:
        await client.remove_commands_in(Object(guild.id))
    assert video["description_localizations"]["vi"] == language_of("vi").catalogue.gettext(video["description"])


async def test_a_server_is_greeted_in_the_language_that_it_prefers(bot: InProcessBot) -> None:
    guild = bot.discord.guild("Thuyền giấy", joined=False, locale="vi")
    guild.text_channel("films")
    with speaking("vi"):
        said = welcome("{name}", "{}".format).partition("{name}")[0]
    assert (await greeting(bot, guild)).text.startswith(said)
