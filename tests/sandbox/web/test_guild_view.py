"""Where people are on the page, and that it follows what changes there."""

from sandbox.discord import Permission
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.page_client import of, open_client

COMMANDS = [
    {"name": "video", "type": 1, "description": "Make a film"},
    {"name": "quota", "type": 1, "description": "Set quotas", "default_member_permissions": "32"},
    {"name": "Animate", "type": 3},
    {"name": "Whois", "type": 2},
]


async def test_the_view_tells_who_is_there_and_what_is_allowed_where(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "leo") as client:
        place = client.all("guild_view")[-1]
        assert [(one["name"], one["note"]) for one in place["people"]] == [
            ("mira", "a member without roles"),
            ("leo", "has the role Film club"),
            ("ada", "owns the server"),
        ]
        assert [
            (one["name"], one["may_write"], one["may_attach"], one["bot_may_write"]) for one in place["channels"]
        ] == [
            ("films", True, True, True),
            ("gallery", True, True, True),
            ("no-bots", True, True, False),
            ("announcements", False, False, False),
        ]
        assert all(one["topic"] for one in place["channels"])
        assert (place["me"]["manages"], place["me"]["locale"]) == (False, "en-US")
        assert place["limits"] == {"file": 10 * 1024 * 1024, "text": 2000, "answer_seconds": 3, "messages": 500}
        await client.enters("ada")
        ada = client.all("guild_view")[-1]
        assert ada["me"]["manages"]
        assert all(one["may_write"] for one in ada["channels"])


async def test_commands_come_and_go_with_the_bot_and_are_only_those_that_one_is_offered(
    page: Page, guild_setup: GuildSetup
) -> None:
    discord = guild_setup.discord
    async with open_client(page, "mira") as mira, open_client(page, "ada") as ada:
        assert mira.all("guild_view")[-1]["commands"] == []
        discord.commands.overwrite(COMMANDS)
        told = await mira.until(lambda said: said["op"] == "guild_view" and said["commands"])
        assert [command["name"] for command in told["commands"]] == ["video", "Animate"]
        told = await ada.until(lambda said: said["op"] == "guild_view" and said["commands"])
        assert [command["name"] for command in told["commands"]] == ["video", "quota", "Animate"]
        mira.told.clear()
        guild_setup.films.set_overwrite(guild_setup.guild.everyone, deny=Permission.USE_APPLICATION_COMMANDS)
        assert (await mira.until(of("guild_view")))["commands"] == []


async def test_a_servers_own_command_stands_for_a_global_one_of_its_name(page: Page, guild_setup: GuildSetup) -> None:
    discord = guild_setup.discord
    discord.commands.overwrite([{"name": "video", "type": 1, "description": "everywhere"}])
    discord.commands.overwrite([{"name": "video", "type": 1, "description": "here"}], guild_setup.guild.id)
    async with open_client(page, "mira") as client:
        assert [command["description"] for command in client.all("guild_view")[-1]["commands"]] == ["here"]


async def test_many_changes_at_once_are_told_together_and_no_change_is_not_told(
    page: Page, guild_setup: GuildSetup
) -> None:
    async with open_client(page, "mira") as client:
        client.told.clear()
        for number in range(20):
            guild_setup.guild.text_channel(f"more-{number}")
        await client.settled()
        assert len(client.all("guild_view")) == 1
        assert len(client.all("guild_view")[0]["channels"]) == 24
        guild_setup.films.set_overwrite(guild_setup.leo, allow=Permission.SEND_MESSAGES)
        await client.settled()
        assert len(client.all("guild_view")) == 1


async def test_who_loses_sight_of_a_channel_is_taken_to_another(page: Page, guild_setup: GuildSetup) -> None:
    await guild_setup.ada.say(guild_setup.films, "here")
    async with open_client(page, "mira") as client:
        client.told.clear()
        guild_setup.films.set_overwrite(guild_setup.mira, deny=Permission.VIEW_CHANNEL)
        place = await client.until(of("guild_view"))
        assert [one["name"] for one in place["channels"]] == ["gallery", "no-bots", "announcements"]
        assert place["channel"] == place["channels"][0]["id"]
        await client.until(of("history", channel=place["channel"]))
        guild_setup.films.set_overwrite(guild_setup.mira, allow=Permission.VIEW_CHANNEL)
        await client.enters(channel=str(guild_setup.films.id))
        assert [message["content"] for message in client.history] == ["here"]


async def test_a_tab_comes_back_as_who_it_was_also_when_its_channel_is_not_there_any_more(
    page: Page, guild_setup: GuildSetup
) -> None:
    async with open_client(page) as client:
        assert (await client.enters("leo", channel="1"))["channel"] == str(guild_setup.films.id)
        gallery = str(guild_setup.guild.channels[1].id)
        assert (await client.enters(channel=gallery))["me"]["name"] == "leo"
        assert (await client.enters("ada"))["channel"] == gallery


async def test_a_language_is_the_persons_own_in_all_their_tabs(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira", locale="de") as client, open_client(page, "mira") as other:
        assert other.all("guild_view")[-1]["me"]["locale"] == "de"
        assert "de" in [locale["id"] for locale in client.all("guild_view")[-1]["locales"]]
        assert guild_setup.mira.locale == "de"
        assert guild_setup.leo.locale == "en-US"
        assert await client.refused("enter", locale="tlh") == "Discord does not speak this language."


async def test_nobody_acts_before_they_have_entered_nor_as_somebody_unknown(page: Page) -> None:
    async with open_client(page) as client:
        assert await client.refused("send_message", content="hello") == "Nobody has entered yet; load the page again."
        assert await client.refused("enter", user="owner") == "There is nobody here who is called owner."
        assert await client.refused("enter", user="animatic") == "There is nobody here who is called animatic."
        assert (await client.enters())["me"]["name"] == "mira"
