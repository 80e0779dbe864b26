"""What people do on the page, and what is refused: the sentence is Discord's, and nothing of it is done."""

import math
from typing import Any

import pytest

from sandbox.discord import Permission
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.bot_words import bot_says
from tests.sandbox.web.tabs import a_tab, of

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
    page: Page, scene: GuildSetup, fields: dict[str, Any], sentence: str
) -> None:
    async with a_tab(page, "mira") as tab:
        assert await tab.refused("say", **fields) == sentence
        assert scene.films.messages == []


async def test_a_member_cannot_write_where_only_admins_may(page: Page, scene: GuildSetup) -> None:
    announcements = scene.guild.channels[-1]
    async with a_tab(page, "leo", channel=str(announcements.id)) as leo, a_tab(page, "ada") as ada:
        assert await leo.refused("say", content="hello") == "Leo cannot write in #announcements."
        await ada.enters(channel=str(announcements.id))
        await ada.does("say", content="hello")
        assert [message.content for message in announcements.messages] == ["hello"]


async def test_nothing_is_done_in_a_channel_that_is_gone(page: Page, scene: GuildSetup) -> None:
    async with a_tab(page, "mira") as tab:
        for channel in list(scene.guild.channels):
            channel.delete()
        assert await tab.refused("say", content="x") == "This channel is not there any more; choose another one."


async def test_options_are_turned_into_what_their_types_want(page: Page, scene: GuildSetup) -> None:
    discord = scene.discord
    discord.commands.overwrite([FILM])
    club = next(role for role in scene.guild.roles if role.name == "Film club")
    async with a_tab(page, "mira") as tab:
        options = {
            "prompt": " a boat ",
            "clips": 2.0,
            "weight": 0.5,
            "loop": False,
            "motion": "low",
            "member": str(scene.leo.id),
            "place": str(scene.films.id),
            "role": str(club.id),
            "target": str(scene.ada.id),
            "image": None,
        }
        done = await tab.does("slash", command="film", options=options)
        used = next(one for one in discord.interactions.values() if str(one.id) == done["interaction"])
        assert used.data["options"] == [
            {"name": "prompt", "type": 3, "value": "a boat"},
            {"name": "clips", "type": 4, "value": 2},
            {"name": "weight", "type": 10, "value": 0.5},
            {"name": "loop", "type": 5, "value": False},
            {"name": "motion", "type": 3, "value": "low"},
            {"name": "member", "type": 6, "value": str(scene.leo.id)},
            {"name": "place", "type": 7, "value": str(scene.films.id)},
            {"name": "role", "type": 8, "value": str(club.id)},
            {"name": "target", "type": 9, "value": str(scene.ada.id)},
        ]
        assert used.data["resolved"]["users"].keys() == {str(scene.leo.id), str(scene.ada.id)}


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
    page: Page, scene: GuildSetup, options: dict[str, Any], sentence: str
) -> None:
    discord = scene.discord
    discord.commands.overwrite([FILM])
    async with a_tab(page, "mira") as tab:
        assert (await tab.refused("slash", command="film", options=options)).startswith(sentence)
        assert discord.interactions == {}


@pytest.mark.parametrize("command", ["", " ", "flim", "film now", "/film", "x" * 100_000])
async def test_a_command_that_is_not_registered_is_refused(page: Page, scene: GuildSetup, command: str) -> None:
    scene.discord.commands.overwrite([FILM])
    async with a_tab(page, "mira") as tab:
        say = await tab.refused("slash", command=command, options={"prompt": "x"})
        assert say.startswith("/film needs" if command == "film now" else "There is no command /")
        assert len(say) <= 400
        assert (
            await tab.refused("slash", command="film", options=[1]) == "The page left out the options; load it again."
        )
        assert (await tab.refused("menu", command="Animate", message="1")) == "This message is not there any more."


async def test_buttons_and_menus_are_used_only_as_they_are_shown(page: Page, scene: GuildSetup) -> None:
    message = bot_says(scene.discord, scene.films, "choose", components=BUTTONS)
    private = bot_says(scene.discord, scene.films, "for leo", only_to=scene.leo, components=BUTTONS)
    shown, hidden = str(message.id), str(private.id)
    async with a_tab(page, "mira") as tab:
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
            ("submit", {"form": "1", "values": {}}, "This form is not open any more."),
            ("submit", {"form": None, "values": {}}, "This form is not open any more."),
            ("break", {"name": "everything"}, "There is no such thing to break."),
        ]
        for op, fields, sentence in wrong:
            assert (await tab.refused(op, **fields)).startswith(sentence), (op, fields)
        assert scene.discord.interactions == {}
        await tab.does("click", message=shown, custom_id="go")
        await tab.does("select", message=shown, custom_id="pick", values=["b"])
        scene.discord.delete(message)
        assert await tab.refused("click", message=shown, custom_id="go") == "This message is not there any more."


async def test_what_nobody_answers_is_shown_as_failed_after_three_seconds(page: Page, scene: GuildSetup) -> None:
    scene.discord.commands.overwrite([FILM])
    scene.discord.knobs.first_answer_seconds = 0.3
    async with a_tab(page, "mira") as asker, a_tab(page, "mira") as same, a_tab(page, "leo") as leo:
        done = await asker.does("slash", command="film", options={"prompt": "x"})
        for tab in (asker, same):
            waiting = await tab.until(of("interaction", id=done["interaction"], state="waiting"))
            assert (waiting["kind"], waiting["command"]) == ("slash", "film")
            failed = await tab.until(of("interaction", id=done["interaction"], state="failed"))
            assert failed["say"] == "The application did not respond"
        await leo.settled()
        assert leo.all("interaction") == []


async def test_a_command_may_not_be_used_where_one_may_not_write(page: Page, scene: GuildSetup) -> None:
    scene.discord.commands.overwrite([FILM])
    scene.films.set_overwrite(scene.guild.everyone, deny=Permission.SEND_MESSAGES)
    async with a_tab(page, "leo") as tab:
        say = await tab.refused("slash", command="film", options={"prompt": "x"})
        assert say == "Leo may not use commands in #films."
