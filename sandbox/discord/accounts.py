"""Accounts: what everyone knows of a person or a bot."""

from __future__ import annotations

from sandbox.discord.json_types import Json


class Account:
    """An account of a person or of a bot; people that tests and the page act as are `users.User`."""

    def __init__(self, name: str, *, user_id: int, bot: bool = False, locale: str = "en-US") -> None:
        self.id = user_id
        self.name = name
        self.bot = bot
        self.locale = locale

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.id}>"

    @property
    def mention(self) -> str:
        """The text that mentions this account."""
        return f"<@{self.id}>"

    @property
    def title(self) -> str:
        """The name that clients show."""
        return self.name if self.bot else self.name.capitalize()

    def to_json(self) -> Json:
        """Write the user object."""
        body: Json = {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.title,
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }
        if self.bot:
            body["bot"] = True
        return body
