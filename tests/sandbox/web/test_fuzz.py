"""Thousands of questions that no page would ask: each gets its answer, and none finds a fault in the sandbox."""

import random
from typing import Any

import pytest

from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.wire.requests import MODELS
from tests.sandbox.web.bot_words import bot_says
from tests.sandbox.web.page_client import open_client
from tests.sandbox.web.test_user_actions import BUTTONS, FILM

OPS = tuple(op for op in MODELS if op != "autocomplete")
"""All but the one that waits for the bot, of which there is none here."""
FIELDS = (
    ("user", "channel", "locale"),
    ("content", "files"),
    ("command", "options"),
    ("message", "command"),
    ("message", "custom_id", "values"),
    ("modal", "values", "drawer", "name"),
)
QUESTIONS = 600


class Nonsense:
    """Make fields that are sometimes right, and mostly not."""

    def __init__(self, seed: int, ids: list[str]) -> None:
        self._random = random.Random(seed)
        self._known = [
            *ids,
            "mira",
            "ada",
            "de",
            "film",
            "Animate",
            "go",
            "stop",
            "pick",
            "a",
            "prompt",
            "image",
            "clips",
        ]

    def question(self) -> dict[str, Any]:
        names = [name for group in FIELDS for name in group if self._random.random() < 0.6]
        return {"op": self._random.choice(OPS), **{name: self.value(3) for name in names}}

    def value(self, depth: int) -> Any:
        kinds = [self._word, self._number, lambda: None, lambda: self._random.random() < 0.5]
        if depth:
            kinds += [lambda: self._list(depth), lambda: self._object(depth)]
        return self._random.choices(kinds, [6, 1, 1, 1, 1, 2][: len(kinds)])[0]()

    def _word(self) -> str:
        if self._random.random() < 0.7:
            return self._random.choice(self._known)
        return "".join(
            self._random.choices("aä\x00\n <>@&#/'\"\u202e\U0001f600", k=self._random.choice([0, 1, 9, 3000]))
        )

    def _number(self) -> float:
        return self._random.choice([0, -1, 1, 1.5, 2**31, 2**53 + 2, -(10**40), 1e308, -0.0])

    def _list(self, depth: int) -> list[Any]:
        return [self.value(depth - 1) for _ in range(self._random.choice([0, 1, 2, 30]))]

    def _object(self, depth: int) -> dict[str, Any]:
        return {self._word(): self.value(depth - 1) for _ in range(self._random.choice([0, 1, 3]))}


@pytest.mark.parametrize("seed", range(4))
async def test_no_question_finds_a_fault(
    page: Page, guild_setup: GuildSetup, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    discord = guild_setup.discord
    discord.commands.overwrite([FILM, {"name": "Animate", "type": 3}])
    message = bot_says(guild_setup.discord, guild_setup.films, "choose", components=BUTTONS)
    file = discord.attachment("boat.png", b"x")
    ids = [
        str(thing.id)
        for thing in (guild_setup.mira, guild_setup.leo, guild_setup.guild, message, file, *guild_setup.guild.channels)
    ]
    nonsense = Nonsense(seed, ids)
    async with open_client(page, "mira") as client:
        answers = [await client.ask(**nonsense.question()) for _ in range(QUESTIONS)]
        assert {answer["op"] for answer in answers} == {"done", "refused"}
        assert not [answer for answer in answers if "fault in the sandbox" in answer.get("say", "")]
        assert all(len(answer.get("say", "x")) > 0 for answer in answers)
        await client.enters("leo", channel=str(guild_setup.films.id))
        await client.does("send_message", content="still here", files=[])
    assert caplog.messages == []
