"""How people ask: they type commands, press buttons and send forms, and everything that they asked for is kept."""

import copy
import re
from collections.abc import Iterable
from random import Random
from typing import Any

from sandbox.discord import Button, Interaction, Message, TextChannel, User
from sandbox.harness import Sandbox

NEWEST = 40
"""Buttons, forms and previews that count as new."""

HD_SHARE = 0.12
"""How many of the films are asked for in HD."""

Pressable = tuple[Message, Button]


class RequestClient:
    """Ask in one channel; `asked` holds every request in order."""

    def __init__(self, sandbox: Sandbox, channel: TextChannel, random: Random) -> None:
        self._discord = sandbox.discord
        self.channel = channel
        self._random = random
        self.asked: list[Interaction] = []
        self.times: dict[int, float] = {}
        """When each was asked, in the sandbox's time."""
        self._pressed: set[tuple[int, str | None]] = set()

    def in_channel(self, channel: TextChannel) -> "RequestClient":
        """Ask in another channel; what is asked there is kept with all else."""
        other = copy.copy(self)
        other.channel = channel
        return other

    async def slash(self, who: User, command: str, **options: Any) -> Interaction:
        """Run a command."""
        return self._note(await who.slash(self.channel, command, **options))

    async def press(self, who: User, card: Message, button: Button) -> Interaction:
        """Press a button."""
        self._pressed.add((who.id, button.custom_id))
        return self._note(await who.click(card, button))

    async def choose(self, who: User, card: Message, custom_id: str, value: str) -> Interaction:
        """Choose an entry of a menu."""
        return self._note(await who.select(card, custom_id, value))

    async def send(self, form: Interaction, filled: dict[str, str]) -> Interaction:
        """Send a form that was opened."""
        return self._note(await self._discord.user(form.user.name).submit(form, filled))

    def button(
        self, kind: str, *, unpressed_by: User | None = None, on: Iterable[Message] | None = None
    ) -> Pressable | None:
        """Choose a button whose custom_id begins like a pattern; half of the time on one of the newest cards."""
        buttons = [
            (card, button)
            for card in (self.channel.messages if on is None else on)
            for button in card.buttons
            if re.match(kind, button.custom_id or "")
            and (unpressed_by is None or (unpressed_by.id, button.custom_id) not in self._pressed)
        ]
        if not buttons:
            return None
        return self._random.choice(buttons[-NEWEST:] if self._random.random() < 0.5 else buttons)

    def resolution(self) -> str:
        """Choose what a film is asked for in."""
        return "hd" if self._random.random() < HD_SHARE else "sd"

    def _note(self, asked: Interaction) -> Interaction:
        self.asked.append(asked)
        self.times[asked.id] = self._discord.now()
        return asked
