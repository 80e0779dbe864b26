"""What people see on the page: the history of a channel, and what happens while they look."""

from sandbox.discord import Permission
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.bot_words import bot_edits, bot_says
from tests.sandbox.web.tabs import Tab, a_tab, of


def contents(tab: Tab) -> list[str]:
    return [message["content"] for message in tab.history]


async def test_what_one_member_writes_another_sees_at_once(page: Page, scene: GuildSetup) -> None:
    async with a_tab(page, "mira") as mira, a_tab(page, "leo") as leo:
        await mira.does("say", content=f"hello {scene.leo.mention}", files=[])
        shown = (await leo.until(of("shown")))["message"]
        assert shown["author"]["username"] == "mira"
        assert (shown["page"]["mine"], shown["page"]["pings_me"], shown["page"]["may_delete"]) == (False, True, False)
        own = (await mira.until(of("shown")))["message"]
        assert (own["page"]["mine"], own["page"]["pings_me"], own["page"]["may_delete"]) == (True, False, True)


async def test_a_role_and_everyone_are_pinged_as_discord_does(page: Page, scene: GuildSetup) -> None:
    club = next(role for role in scene.guild.roles if role.name == "Film club")
    async with a_tab(page, "mira") as mira, a_tab(page, "leo") as leo:
        await scene.ada.say(scene.films, club.mention)
        assert (await leo.until(of("shown")))["message"]["page"]["pings_me"]
        assert not (await mira.until(of("shown")))["message"]["page"]["pings_me"]
        await scene.ada.say(scene.films, "@everyone look")
        everyone = await mira.until(lambda said: said["op"] == "shown" and "@everyone" in said["message"]["content"])
        assert everyone["message"]["page"]["pings_me"]


async def test_a_private_message_reaches_the_tabs_of_its_reader_alone(page: Page, scene: GuildSetup) -> None:
    async with (
        a_tab(page, "mira") as one,
        a_tab(page, "mira") as two,
        a_tab(page, "leo") as leo,
        a_tab(page, "ada") as ada,
    ):
        private = bot_says(scene.discord, scene.films, "for mira", only_to=scene.mira)
        for tab in (one, two):
            shown = (await tab.until(of("shown")))["message"]
            assert shown["page"]["ephemeral"]
            assert shown["page"]["may_delete"]
        bot_edits(scene.discord, private, "still for mira")
        await two.until(lambda said: said["op"] == "shown" and said["message"]["content"] == "still for mira")
        for tab in (leo, ada):
            await tab.settled()
            assert tab.all("shown") == []
            await tab.enters()
            assert contents(tab) == []
            assert await tab.refused("delete", message=str(private.id)) == "This message is not there any more."
        await one.enters()
        assert contents(one) == ["still for mira"]


async def test_a_dismissed_message_is_gone_for_its_reader_and_stays_gone(page: Page, scene: GuildSetup) -> None:
    private = bot_says(scene.discord, scene.films, "for mira", only_to=scene.mira)
    async with a_tab(page, "mira") as one, a_tab(page, "mira") as two:
        await one.does("delete", message=str(private.id))
        for tab in (one, two):
            await tab.until(of("gone", message=str(private.id)))
        bot_edits(scene.discord, private, "once more")
        await one.enters()
        await two.settled()
        assert contents(one) == []
        assert two.all("shown") == []
        assert not private.deleted


async def test_edits_are_shown_as_they_happen(page: Page, scene: GuildSetup) -> None:
    card = bot_says(scene.discord, scene.films, "10 %")
    async with a_tab(page, "leo") as tab:
        for percent in ("40 %", "80 %", "100 %"):
            bot_edits(scene.discord, card, percent)
            await tab.until(lambda said, now=percent: said["op"] == "shown" and said["message"]["content"] == now)
        assert [said["message"]["content"] for said in tab.all("shown")] == ["40 %", "80 %", "100 %"]
        assert {said["message"]["id"] for said in tab.all("shown")} == {str(card.id)}


async def test_only_who_wrote_a_message_or_manages_them_deletes_it(page: Page, scene: GuildSetup) -> None:
    said = await scene.mira.say(scene.films, "mine")
    async with a_tab(page, "mira") as mira, a_tab(page, "leo") as leo, a_tab(page, "ada") as ada:
        refusal = await leo.refused("delete", message=str(said.id))
        assert refusal == "Only who wrote a message may delete it, and who manages messages."
        await mira.does("delete", message=str(said.id))
        await leo.until(of("gone", message=str(said.id)))
        other = await scene.mira.say(scene.films, "also mine")
        await ada.does("delete", message=str(other.id))
        await mira.until(of("gone", message=str(other.id)))
        assert scene.films.messages == []
        assert await mira.refused("delete", message=str(other.id)) == "This message is not there any more."


async def test_something_new_elsewhere_is_unread_but_not_ones_own_nor_an_edit(page: Page, scene: GuildSetup) -> None:
    gallery = next(channel for channel in scene.guild.channels if channel.name == "gallery")
    async with a_tab(page, "mira") as tab:
        await scene.mira.say(gallery, "my own")
        bot_says(scene.discord, gallery, "for leo", only_to=scene.leo)
        await tab.settled()
        assert tab.all("unread") == []
        said = bot_says(scene.discord, gallery, "new")
        await tab.until(of("unread", channel=str(gallery.id)))
        bot_edits(scene.discord, said, "edited")
        await tab.settled()
        assert len(tab.all("unread")) == 1
        assert tab.all("shown") == []
        await tab.enters(channel=str(gallery.id))
        assert contents(tab) == ["my own", "edited"]


async def test_what_a_person_may_not_read_is_neither_listed_nor_told(page: Page, scene: GuildSetup) -> None:
    hidden = scene.guild.text_channel(
        "hidden", overwrites={scene.guild.everyone: (Permission(0), Permission.VIEW_CHANNEL)}
    )
    async with a_tab(page, "mira", channel=str(hidden.id)) as mira, a_tab(page, "ada", channel=str(hidden.id)) as ada:
        place = mira.all("place")[-1]
        assert place["channel"] == str(scene.films.id)
        assert str(hidden.id) not in place["names"]["channels"]
        assert ada.all("place")[-1]["channel"] == str(hidden.id)
        await scene.ada.say(hidden, "secret")
        await ada.until(of("shown"))
        await mira.settled()
        assert not [said for said in mira.told if said["op"] in ("shown", "unread")]


async def test_the_newest_500_messages_are_the_history(page: Page, scene: GuildSetup) -> None:
    for number in range(505):
        await scene.ada.say(scene.films, str(number))
    async with a_tab(page, "leo") as tab:
        assert contents(tab) == [str(number) for number in range(5, 505)]


async def test_an_answer_shows_what_it_answers_only_to_who_sees_that(page: Page, scene: GuildSetup) -> None:
    asked = await scene.ada.say(scene.films, "who comes?")
    await scene.leo.say(scene.films, "I do", reply_to=asked)
    async with a_tab(page, "mira") as tab:
        assert tab.history[-1]["page"]["reply"] == {"id": str(asked.id), "author": "Ada", "text": "who comes?"}
        scene.discord.delete(asked)
        await tab.enters()
        assert tab.history[-1]["page"]["reply"]["text"] == "Original message was deleted"
