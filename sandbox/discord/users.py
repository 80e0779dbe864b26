"""Accounts, and what a person can do with their Discord client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.discord.errors import NotOffered
from sandbox.discord.json_types import Json
from sandbox.discord.user_messages import Draft, say

if TYPE_CHECKING:
    from sandbox.discord.channels import AnyChannel, DirectChannel
    from sandbox.discord.files import StoredFile
    from sandbox.discord.guilds import Role
    from sandbox.discord.interactions import Interaction
    from sandbox.discord.message_view import Button
    from sandbox.discord.messages import Message
    from sandbox.discord.world import World


class User:
    """An account: a person, or the bot."""

    def __init__(self, world: World, name: str, *, user_id: int, bot: bool = False, locale: str = "en-US") -> None:
        self._world = world
        self.id = user_id
        self.name = name
        self.bot = bot
        self.locale = locale

    def __repr__(self) -> str:
        return f"<User {self.name} {self.id}>"

    @property
    def mention(self) -> str:
        """The text that mentions this account."""
        return f"<@{self.id}>"

    @property
    def direct(self) -> DirectChannel:
        """The direct messages between this person and the bot."""
        return self._world.direct_channel(self)

    async def slash(self, channel: AnyChannel, command: str, /, *, force: bool = False, **options: Any) -> Interaction:
        """Run a slash command; subcommands are written with spaces, `"quota set"`.

        Raises NotOffered for what this person's client would not offer, unless `force` is set.
        """
        return self._world.client.slash(self, channel, command, options, force=force)

    async def menu(self, message: Message, command: str, *, force: bool = False) -> Interaction:
        """Pick a message command, named as it is registered, from a message's context menu.

        Raises NotOffered for what this person's client would not offer, unless `force` is set.
        """
        return self._world.client.menu(self, message, command, force=force)

    async def autocomplete(
        self, channel: AnyChannel, command: str, /, *, focused: str, force: bool = False, **options: Any
    ) -> Interaction:
        """Type into the option `focused`; the suggestions are in `Interaction.choices`. Raises NotOffered."""
        return self._world.client.autocomplete(self, channel, command, focused, options, force=force)

    async def click(self, message: Message, button: str | Button, *, force: bool = False) -> Interaction:
        """Press a button, named by its custom_id. Raises NotOffered for a button that cannot be pressed."""
        custom_id = button if isinstance(button, str) else button.custom_id
        if custom_id is None:
            raise NotOffered("This button sends nothing to the application.")
        return self._world.client.click(self, message, custom_id, force)

    async def select(self, message: Message, custom_id: str, *values: str, force: bool = False) -> Interaction:
        """Choose values of a select menu. Raises NotOffered."""
        return self._world.client.select(self, message, custom_id, list(values), force)

    async def submit(self, opened: Interaction, values: dict[str, Any], *, force: bool = False) -> Interaction:
        """Send the modal that answered `opened`, with texts, truths, values or lists of values by custom_id.

        A field that is not named keeps its prefilled value; None empties it. Raises NotOffered.
        """
        return self._world.client.submit(self, opened, values, force)

    async def say(
        self,
        channel: AnyChannel,
        content: str = "",
        *,
        mentions: list[User] | None = None,
        role_mentions: list[Role] | None = None,
        reply_to: Message | None = None,
        attachments: list[StoredFile] | None = None,
        embeds: list[Json] | None = None,
        components: list[Json] | None = None,
    ) -> Message:
        """Write a message; mentions are read from the text too.

        `embeds` are what Discord unfurled from links in the text. Another application writes embeds and components of
        its own. Raises NotOffered for what Discord would not accept.
        """
        draft = Draft(
            content, mentions or [], role_mentions or [], reply_to, attachments or [], embeds or [], components or []
        )
        return say(self._world, self, channel, draft)

    def sees(self, channel: AnyChannel) -> list[Message]:
        """Return the messages this person sees in a channel, oldest first, with those only they see."""
        return self._world.client.visible(self, channel)

    def can_see(self, message: Message) -> bool:
        """Whether this person sees a message."""
        return self._world.client.sees(self, message)

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
