"""What people see on the page: the history of a channel, and what happens while they look."""

from sandbox.discord import Message, Permission
from sandbox.discord.interaction_metadata import COMMAND, COMPONENT, MODAL_SUBMIT, InteractionMetadata
from sandbox.discord.messages import CHAT_INPUT_COMMAND
from sandbox.harness import Sandbox
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.bot_words import bot_edits, bot_says
from tests.sandbox.web.page_client import PageClient, of, open_client


def contents(client: PageClient) -> list[str]:
    return [message["content"] for message in client.history]


async def test_the_answer_to_a_form_names_the_command_that_opened_it(page: Page, guild_setup: GuildSetup) -> None:
    discord, guild, mira = guild_setup.discord, guild_setup.guild, guild_setup.mira
    command = InteractionMetadata(1, COMMAND, mira, {"name": "storyboard"}, guild.id, None, None, None)
    button = InteractionMetadata(2, COMPONENT, mira, {"custom_id": "x"}, guild.id, None, None, None)
    async with open_client(page, "mira") as client:
        told = {"user": str(mira.id), "title": "Mira", "command": "storyboard"}
        for opener, used in ((command, told), (button, None)):
            form = InteractionMetadata(3, MODAL_SUBMIT, mira, {"custom_id": "shots"}, guild.id, None, None, opener)
            answer = Message(discord, guild_setup.films, discord.bot_user, kind=CHAT_INPUT_COMMAND, interaction=form)
            discord.publish(answer)
            shown = (await client.until(of("message_shown")))["message"]
            client.told.clear()
            assert shown["page"]["used"] == used


async def test_what_one_member_writes_another_sees_at_once(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as mira, open_client(page, "leo") as leo:
        await mira.does("send_message", content=f"hello {guild_setup.leo.mention}", files=[])
        shown = (await leo.until(of("message_shown")))["message"]
        assert shown["author"]["username"] == "mira"
        assert (shown["page"]["mine"], shown["page"]["pings_me"], shown["page"]["may_delete"]) == (False, True, False)
        own = (await mira.until(of("message_shown")))["message"]
        assert (own["page"]["mine"], own["page"]["pings_me"], own["page"]["may_delete"]) == (True, False, True)


async def test_a_role_and_everyone_are_pinged_as_discord_does(page: Page, guild_setup: GuildSetup) -> None:
    club = next(role for role in guild_setup.guild.roles if role.name == "Film club")
    async with open_client(page, "mira") as mira, open_client(page, "leo") as leo:
        await guild_setup.ada.say(guild_setup.films, club.mention)
        assert (await leo.until(of("message_shown")))["message"]["page"]["pings_me"]
        assert not (await mira.until(of("message_shown")))["message"]["page"]["pings_me"]
        await guild_setup.ada.say(guild_setup.films, "@everyone look")
        everyone = await mira.until(
            lambda said: said["op"] == "message_shown" and "@everyone" in said["message"]["content"]
        )
        assert everyone["message"]["page"]["pings_me"]


async def test_a_private_message_reaches_the_tabs_of_its_reader_alone(page: Page, guild_setup: GuildSetup) -> None:
    async with (
        open_client(page, "mira") as one,
        open_client(page, "mira") as two,
        open_client(page, "leo") as leo,
        open_client(page, "ada") as ada,
    ):
        private = bot_says(guild_setup.discord, guild_setup.films, "for mira", only_to=guild_setup.mira)
        for client in (one, two):
            shown = (await client.until(of("message_shown")))["message"]
            assert shown["page"]["ephemeral"]
            assert shown["page"]["may_delete"]
        bot_edits(guild_setup.discord, private, "still for mira")
        await two.until(lambda said: said["op"] == "message_shown" and said["message"]["content"] == "still for mira")
        for client in (leo, ada):
            await client.settled()
            assert client.all("message_shown") == []
            await client.enters()
            assert contents(client) == []
            assert await client.refused("delete", message=str(private.id)) == "This message is not there any more."
        await one.enters()
        assert contents(one) == ["still for mira"]


async def test_a_dismissed_message_is_gone_for_its_reader_and_stays_gone(page: Page, guild_setup: GuildSetup) -> None:
    private = bot_says(guild_setup.discord, guild_setup.films, "for mira", only_to=guild_setup.mira)
    async with open_client(page, "mira") as one, open_client(page, "mira") as two:
        await one.does("delete", message=str(private.id))
        for client in (one, two):
            await client.until(of("message_gone", message=str(private.id)))
        bot_edits(guild_setup.discord, private, "once more")
        await one.enters()
        await two.settled()
        assert contents(one) == []
        assert two.all("message_shown") == []
        assert not private.deleted


async def test_edits_are_shown_as_they_happen(page: Page, guild_setup: GuildSetup) -> None:
    card = bot_says(guild_setup.discord, guild_setup.films, "10 %")
    async with open_client(page, "leo") as client:
        for percent in ("40 %", "80 %", "100 %"):
            bot_edits(guild_setup.discord, card, percent)
            await client.until(
                lambda said, now=percent: said["op"] == "message_shown" and said["message"]["content"] == now
            )
        assert [said["message"]["content"] for said in client.all("message_shown")] == ["40 %", "80 %", "100 %"]
        assert {said["message"]["id"] for said in client.all("message_shown")} == {str(card.id)}


async def test_only_who_wrote_a_message_or_manages_them_deletes_it(page: Page, guild_setup: GuildSetup) -> None:
    said = await guild_setup.mira.say(guild_setup.films, "mine")
    async with open_client(page, "mira") as mira, open_client(page, "leo") as leo, open_client(page, "ada") as ada:
        refusal = await leo.refused("delete", message=str(said.id))
        assert refusal == "Only who wrote a message may delete it, and who manages messages."
        await mira.does("delete", message=str(said.id))
        await leo.until(of("message_gone", message=str(said.id)))
        other = await guild_setup.mira.say(guild_setup.films, "also mine")
        await ada.does("delete", message=str(other.id))
        await mira.until(of("message_gone", message=str(other.id)))
        assert guild_setup.films.messages == []
        assert await mira.refused("delete", message=str(other.id)) == "This message is not there any more."


async def test_something_new_elsewhere_is_unread_but_not_ones_own_nor_an_edit(
    page: Page, guild_setup: GuildSetup
) -> None:
    gallery = next(channel for channel in guild_setup.guild.channels if channel.name == "gallery")
    async with open_client(page, "mira") as client:
        await guild_setup.mira.say(gallery, "my own")
        bot_says(guild_setup.discord, gallery, "for leo", only_to=guild_setup.leo)
        await client.settled()
        assert client.all("unread") == []
        said = bot_says(guild_setup.discord, gallery, "new")
        await client.until(of("unread", channel=str(gallery.id)))
        bot_edits(guild_setup.discord, said, "edited")
        await client.settled()
        assert len(client.all("unread")) == 1
        assert client.all("message_shown") == []
        await client.enters(channel=str(gallery.id))
        assert contents(client) == ["my own", "edited"]


async def test_what_a_person_may_not_read_is_neither_listed_nor_told(page: Page, guild_setup: GuildSetup) -> None:
    hidden = guild_setup.guild.text_channel(
        "hidden", overwrites={guild_setup.guild.everyone: (Permission(0), Permission.VIEW_CHANNEL)}
    )
    async with (
        open_client(page, "mira", channel=str(hidden.id)) as mira,
        open_client(page, "ada", channel=str(hidden.id)) as ada,
    ):
        place = mira.all("guild_view")[-1]
        assert place["channel"] == str(guild_setup.films.id)
        assert str(hidden.id) not in place["names"]["channels"]
        assert ada.all("guild_view")[-1]["channel"] == str(hidden.id)
        await guild_setup.ada.say(hidden, "secret")
        await ada.until(of("message_shown"))
        await mira.settled()
        assert not [said for said in mira.told if said["op"] in ("message_shown", "unread")]


async def test_the_newest_500_messages_are_the_history(page: Page, guild_setup: GuildSetup) -> None:
    for number in range(505):
        await guild_setup.ada.say(guild_setup.films, str(number))
    async with open_client(page, "leo") as client:
        assert contents(client) == [str(number) for number in range(5, 505)]


async def test_an_answer_shows_what_it_answers_only_to_who_sees_that(page: Page, guild_setup: GuildSetup) -> None:
    asked = await guild_setup.ada.say(guild_setup.films, "who comes?")
    await guild_setup.leo.say(guild_setup.films, "I do", reply_to=asked)
    async with open_client(page, "mira") as client:
        assert client.history[-1]["page"]["reply"] == {"id": str(asked.id), "author": "Ada", "text": "who comes?"}
        guild_setup.discord.delete(asked)
        await client.enters()
        assert client.history[-1]["page"]["reply"]["text"] == "Original message was deleted"


async def test_a_tab_is_shown_as_many_messages_as_the_page_keeps(
    sandbox: Sandbox, supervisor: BotSupervisor, guild_setup: GuildSetup
) -> None:
    for number in range(8):
        await guild_setup.ada.say(guild_setup.films, f"line {number}")
    async with Page(sandbox, supervisor, port=0, most_messages=3) as page, open_client(page, "mira") as client:
        assert [message["content"] for message in client.history] == ["line 5", "line 6", "line 7"]
        assert client.all("guild_view")[-1]["limits"]["messages"] == 3
