"""What people do on the page, and what is refused: the sentence is Discord's, and nothing of it is done."""

import gc
import math
from typing import Any

import pytest

from sandbox.discord import Permission
from sandbox.harness import Sandbox
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.uploads import Uploads
from sandbox.web.user_actions import Actor, UserActions
from sandbox.web.wire.requests import Delete
from tests.sandbox.web.bot_words import bot_says
from tests.sandbox.web.page_client import of, open_client

BUTTONS = [
    {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Go", "custom_id": "go"},
            {"type": 2, "style": 1, "label": "Stop", "custom_id": "stop", "disabled": True},
        ],
    },
    {
        "type": 1,
        "components": [
            {
                "type": 3,
                "custom_id": "pick",
                "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
            }
        ],
    },
]

FILM = {
    "name": "film",
    "type": 1,
    "description": "Make a film",
    "options": [
        {"name": "prompt", "type": 3, "description": "What happens", "required": True, "max_length": 10},
        {"name": "clips", "type": 4, "description": "How many", "min_value": 1, "max_value": 4},
        {"name": "weight", "type": 10, "description": "How much"},
        {"name": "loop", "type": 5, "description": "Again and again"},
        {"name": "motion", "type": 3, "description": "How", "choices": [{"name": "Low", "value": "low"}]},
        {"name": "member", "type": 6, "description": "Who"},
        {"name": "place", "type": 7, "description": "Where", "channel_types": [0]},
        {"name": "role", "type": 8, "description": "Which"},
        {"name": "target", "type": 9, "description": "Who or which"},
        {"name": "image", "type": 11, "description": "A picture"},
    ],
}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"content": ""}, "A message needs a text or a file."),
        ({"content": " \n "}, "A message needs a text or a file."),
        ({"content": "x" * 2001}, "A message has 2,000 characters at most; this one has 2,001."),
        ({}, "The page left out the content; load it again."),
        ({"content": 7}, "The page left out the content; load it again."),
        ({"content": ["hello"]}, "The page left out the content; load it again."),
        ({"content": "x", "files": "1"}, "The page sent files that cannot be understood; load it again."),
        ({"content": "x", "files": [1]}, "The page sent files that cannot be understood; load it again."),
        ({"content": "x", "files": ["1"]}, "Discord does not have this file any more; attach it again."),
        ({"content": "x", "files": ["-1"]}, "Discord does not have this file any more; attach it again."),
        ({"content": "x", "files": ["9" * 1000]}, "Discord does not have this file any more; attach it again."),
    ],
)
async def test_a_message_that_discord_would_not_take_is_refused(
    page: Page, guild_setup: GuildSetup, fields: dict[str, Any], sentence: str
) -> None:
    async with open_client(page, "mira") as client:
        assert await client.refused("send_message", **fields) == sentence
        assert guild_setup.films.messages == []


async def test_a_member_cannot_write_where_only_admins_may(page: Page, guild_setup: GuildSetup) -> None:
    announcements = guild_setup.guild.channels[-1]
    async with open_client(page, "leo", channel=str(announcements.id)) as leo, open_client(page, "ada") as ada:
        assert await leo.refused("send_message", content="hello") == "Leo cannot write in #announcements."
        await ada.enters(channel=str(announcements.id))
        await ada.does("send_message", content="hello")
        assert [message.content for message in announcements.messages] == ["hello"]


async def test_nothing_is_done_in_a_channel_that_is_gone(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as client:
        for channel in list(guild_setup.guild.channels):
            channel.delete()
        assert (
            await client.refused("send_message", content="x")
            == "This channel is not there any more; choose another one."
        )


async def test_options_are_turned_into_what_their_types_want(page: Page, guild_setup: GuildSetup) -> None:
    discord = guild_setup.discord
    discord.commands.overwrite([FILM])
    club = next(role for role in guild_setup.guild.roles if role.name == "Film club")
    async with open_client(page, "mira") as client:
        options = {
            "prompt": " a boat ",
            "clips": 2.0,
            "weight": 0.5,
            "loop": False,
            "motion": "low",
            "member": str(guild_setup.leo.id),
            "place": str(guild_setup.films.id),
            "role": str(club.id),
            "target": str(guild_setup.ada.id),
            "image": None,
        }
        done = await client.does("slash", command="film", options=options)
        used = next(one for one in discord.interactions.values() if str(one.id) == done["interaction"])
        assert used.data["options"] == [
            {"name": "prompt", "type": 3, "value": "a boat"},
            {"name": "clips", "type": 4, "value": 2},
            {"name": "weight", "type": 10, "value": 0.5},
            {"name": "loop", "type": 5, "value": False},
            {"name": "motion", "type": 3, "value": "low"},
            {"name": "member", "type": 6, "value": str(guild_setup.leo.id)},
            {"name": "place", "type": 7, "value": str(guild_setup.films.id)},
            {"name": "role", "type": 8, "value": str(club.id)},
            {"name": "target", "type": 9, "value": str(guild_setup.ada.id)},
        ]
        assert used.data["resolved"]["users"].keys() == {str(guild_setup.leo.id), str(guild_setup.ada.id)}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "This command needs the option prompt."),
        ({"prompt": ""}, "This command needs the option prompt."),
        ({"prompt": None}, "This command needs the option prompt."),
        ({"prompt": 7}, "The option prompt takes a text, and nothing else."),
        ({"prompt": ["x"]}, "The option prompt takes a text, and nothing else."),
        ({"prompt": "x" * 11}, "The option prompt takes at most 10 characters, not 11."),
        ({"prompt": "x", "clips": 5}, "The option clips takes 1 to 4, not 5."),
        ({"prompt": "x", "clips": 1.5}, "The option clips takes a whole number, and nothing else."),
        ({"prompt": "x", "clips": "2"}, "The option clips takes a whole number, and nothing else."),
        ({"prompt": "x", "clips": True}, "The option clips takes a whole number, and nothing else."),
        ({"prompt": "x", "clips": 10**30}, "The option clips takes no number as large as this."),
        ({"prompt": "x", "weight": -1e300}, "The option weight takes no number as large as this."),
        ({"prompt": "x", "loop": 1}, "The option loop takes true or false, and nothing else."),
        ({"prompt": "x", "motion": "high"}, "The option motion offers Low, and nothing else."),
        ({"prompt": "x", "member": "1"}, "The option member names nobody and nothing that is here."),
        ({"prompt": "x", "member": {"id": "1"}}, "The option member names nobody and nothing that is here."),
        ({"prompt": "x", "role": "mira"}, "The option role names nobody and nothing that is here."),
        ({"prompt": "x", "place": "-5"}, "The option place names nobody and nothing that is here."),
        ({"prompt": "x", "image": "12"}, "Discord does not have this file any more; attach it again."),
        ({"prompt": "x", "image": math.pi}, "Discord does not have this file any more; attach it again."),
        ({"prompt": "x", "force": True}, "This command has no option force; it has "),
        ({"prompt": "x", "user": "x"}, "This command has no option user; it has "),
    ],
)
async def test_options_that_do_not_fit_are_refused(
    page: Page, guild_setup: GuildSetup, options: dict[str, Any], sentence: str
) -> None:
    discord = guild_setup.discord
    discord.commands.overwrite([FILM])
    async with open_client(page, "mira") as client:
        assert (await client.refused("slash", command="film", options=options)).startswith(sentence)
        assert discord.interactions == {}


@pytest.mark.parametrize("command", ["", " ", "flim", "film now", "/film", "x" * 100_000])
async def test_a_command_that_is_not_registered_is_refused(page: Page, guild_setup: GuildSetup, command: str) -> None:
    guild_setup.discord.commands.overwrite([FILM])
    async with open_client(page, "mira") as client:
        say = await client.refused("slash", command=command, options={"prompt": "x"})
        assert say.startswith("/film needs" if command == "film now" else "There is no command /")
        assert len(say) <= 400
        assert (
            await client.refused("slash", command="film", options=[1])
            == "The page left out the options; load it again."
        )
        assert (
            await client.refused("message_command", command="Animate", message="1")
        ) == "This message is not there any more."


async def test_buttons_and_menus_are_used_only_as_they_are_shown(page: Page, guild_setup: GuildSetup) -> None:
    message = bot_says(guild_setup.discord, guild_setup.films, "choose", components=BUTTONS)
    private = bot_says(guild_setup.discord, guild_setup.films, "for leo", only_to=guild_setup.leo, components=BUTTONS)
    shown, hidden = str(message.id), str(private.id)
    async with open_client(page, "mira") as client:
        wrong: list[tuple[str, dict[str, Any], str]] = [
            ("click", {"message": shown, "custom_id": "stop"}, "This is disabled, so it cannot be used."),
            ("click", {"message": shown, "custom_id": "gone"}, "This message has no button or menu gone; it has go, "),
            ("click", {"message": shown, "custom_id": "pick"}, "pick is not a button."),
            ("click", {"message": shown, "custom_id": None}, "The page left out the custom_id; load it again."),
            ("click", {"message": hidden, "custom_id": "go"}, "This message is not there any more."),
            ("click", {"message": 2**70, "custom_id": "go"}, "This message is not there any more."),
            ("click", {"message": [shown], "custom_id": "go"}, "This message is not there any more."),
            ("select", {"message": shown, "custom_id": "go", "values": ["a"]}, "go is not a select menu."),
            ("select", {"message": shown, "custom_id": "pick", "values": []}, "This menu takes 1 choice, not 0."),
            ("select", {"message": shown, "custom_id": "pick", "values": ["c"]}, "This menu does not offer c."),
            ("select", {"message": shown, "custom_id": "pick", "values": [{}]}, "The page sent values that cannot "),
            ("submit", {"modal": "1", "values": {}}, "This form is not open any more."),
            ("submit", {"modal": None, "values": {}}, "This form is not open any more."),
            ("inject_fault", {"name": "everything"}, "There is no such thing to break."),
        ]
        for op, fields, sentence in wrong:
            assert (await client.refused(op, **fields)).startswith(sentence), (op, fields)
        assert guild_setup.discord.interactions == {}
        await client.does("click", message=shown, custom_id="go")
        await client.does("select", message=shown, custom_id="pick", values=["b"])
        guild_setup.discord.delete(message)
        assert await client.refused("click", message=shown, custom_id="go") == "This message is not there any more."


async def test_what_nobody_answers_is_shown_as_failed_after_three_seconds(page: Page, guild_setup: GuildSetup) -> None:
    guild_setup.discord.commands.overwrite([FILM])
    guild_setup.discord.knobs.first_answer_seconds = 0.3
    async with open_client(page, "mira") as asker, open_client(page, "mira") as same, open_client(page, "leo") as leo:
        done = await asker.does("slash", command="film", options={"prompt": "x"})
        for client in (asker, same):
            waiting = await client.until(of("interaction", id=done["interaction"], state="waiting"))
            assert (waiting["kind"], waiting["command"]) == ("slash", "film")
            failed = await client.until(of("interaction", id=done["interaction"], state="failed"))
            assert failed["say"] == "The application did not respond"
        await leo.settled()
        assert leo.all("interaction") == []


async def test_a_command_may_not_be_used_where_one_may_not_write(page: Page, guild_setup: GuildSetup) -> None:
    guild_setup.discord.commands.overwrite([FILM])
    guild_setup.films.set_overwrite(guild_setup.guild.everyone, deny=Permission.SEND_MESSAGES)
    async with open_client(page, "leo") as client:
        say = await client.refused("slash", command="film", options={"prompt": "x"})
        assert say == "Leo may not use commands in #films."


async def test_a_dismissed_message_is_forgotten_with_the_message(sandbox: Sandbox, guild_setup: GuildSetup) -> None:
    gone: list[int] = []
    actions = UserActions(sandbox.discord, Uploads(sandbox.discord), lambda message: gone.append(message.id))
    private = bot_says(guild_setup.discord, guild_setup.films, "for mira", only_to=guild_setup.mira)
    actor = Actor(guild_setup.guild, guild_setup.mira, guild_setup.films)
    await actions.do(actor, Delete(message=private.id))
    assert gone == [private.id]
    assert not actions.shows(guild_setup.mira, private)
    assert private in actions.dismissed
    sandbox.discord.delete(private)
    del private
    gc.collect()
    assert len(actions.dismissed) == 0
