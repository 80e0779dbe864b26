"""Where people are on the page, and that it follows what changes there."""

from sandbox.discord import Permission
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.tabs import a_tab, of

COMMANDS = [
    {"name": "video", "type": 1, "description": "Make a film"},
    {"name": "quota", "type": 1, "description": "Set quotas", "default_member_permissions": "32"},
    {"name": "Animate", "type": 3},
    {"name": "Whois", "type": 2},
]


async def test_the_place_tells_who_is_there_and_what_is_allowed_where(page: Page, scene: GuildSetup) -> None:
    async with a_tab(page, "leo") as tab:
        place = tab.all("place")[-1]
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
        assert place["limits"] == {"file": 10 * 1024 * 1024, "text": 2000, "answer_seconds": 3}
        await tab.enters("ada")
        ada = tab.all("place")[-1]
        assert ada["me"]["manages"]
        assert all(one["may_write"] for one in ada["channels"])


async def test_commands_come_and_go_with_the_bot_and_are_only_those_that_one_is_offered(
    page: Page, scene: GuildSetup
) -> None:
    discord = scene.discord
    async with a_tab(page, "mira") as mira, a_tab(page, "ada") as ada:
        assert mira.all("place")[-1]["commands"] == []
        discord.commands.overwrite(COMMANDS)
        told = await mira.until(lambda said: said["op"] == "place" and said["commands"])
        assert [command["name"] for command in told["commands"]] == ["video", "Animate"]
        told = await ada.until(lambda said: said["op"] == "place" and said["commands"])
        assert [command["name"] for command in told["commands"]] == ["video", "quota", "Animate"]
        mira.told.clear()
        scene.films.set_overwrite(scene.guild.everyone, deny=Permission.USE_APPLICATION_COMMANDS)
        assert (await mira.until(of("place")))["commands"] == []


async def test_a_servers_own_command_stands_for_a_global_one_of_its_name(page: Page, scene: GuildSetup) -> None:
    discord = scene.discord
    discord.commands.overwrite([{"name": "video", "type": 1, "description": "everywhere"}])
    discord.commands.overwrite([{"name": "video", "type": 1, "description": "here"}], scene.guild.id)
    async with a_tab(page, "mira") as tab:
        assert [command["description"] for command in tab.all("place")[-1]["commands"]] == ["here"]


async def test_many_changes_at_once_are_told_together_and_no_change_is_not_told(page: Page, scene: GuildSetup) -> None:
    async with a_tab(page, "mira") as tab:
        tab.told.clear()
        for number in range(20):
            scene.guild.text_channel(f"more-{number}")
        await tab.settled()
        assert len(tab.all("place")) == 1
        assert len(tab.all("place")[0]["channels"]) == 24
        scene.films.set_overwrite(scene.leo, allow=Permission.SEND_MESSAGES)
        await tab.settled()
        assert len(tab.all("place")) == 1


async def test_who_loses_sight_of_a_channel_is_taken_to_another(page: Page, scene: GuildSetup) -> None:
    await scene.ada.say(scene.films, "here")
    async with a_tab(page, "mira") as tab:
        tab.told.clear()
        scene.films.set_overwrite(scene.mira, deny=Permission.VIEW_CHANNEL)
        place = await tab.until(of("place"))
        assert [one["name"] for one in place["channels"]] == ["gallery", "no-bots", "announcements"]
        assert place["channel"] == place["channels"][0]["id"]
        await tab.until(of("history", channel=place["channel"]))
        scene.films.set_overwrite(scene.mira, allow=Permission.VIEW_CHANNEL)
        await tab.enters(channel=str(scene.films.id))
        assert [message["content"] for message in tab.history] == ["here"]


async def test_a_tab_comes_back_as_who_it_was_also_when_its_channel_is_not_there_any_more(
    page: Page, scene: GuildSetup
) -> None:
    async with a_tab(page) as tab:
        assert (await tab.enters("leo", channel="1"))["channel"] == str(scene.films.id)
        gallery = str(scene.guild.channels[1].id)
        assert (await tab.enters(channel=gallery))["me"]["name"] == "leo"
        assert (await tab.enters("ada"))["channel"] == gallery


async def test_a_language_is_the_persons_own_in_all_their_tabs(page: Page, scene: GuildSetup) -> None:
    async with a_tab(page, "mira", locale="de") as tab, a_tab(page, "mira") as other:
        assert other.all("place")[-1]["me"]["locale"] == "de"
        assert "de" in [locale["id"] for locale in tab.all("place")[-1]["locales"]]
        assert scene.mira.locale == "de"
        assert scene.leo.locale == "en-US"
        assert await tab.refused("enter", locale="tlh") == "Discord does not speak this language."


async def test_nobody_acts_before_they_have_entered_nor_as_somebody_unknown(page: Page) -> None:
    async with a_tab(page) as tab:
        assert await tab.refused("say", content="hello") == "Nobody has entered yet; load the page again."
        assert await tab.refused("enter", user="owner") == "There is nobody here who is called owner."
        assert await tab.refused("enter", user="animatic") == "There is nobody here who is called animatic."
        assert (await tab.enters())["me"]["name"] == "mira"
