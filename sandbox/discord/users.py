"""People, as tests and the page act for them, each with a Discord client of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.discord.accounts import Account
from sandbox.discord.channels import DirectChannel
from sandbox.discord.client import Client
from sandbox.discord.errors import NotOffered
from sandbox.discord.files import StoredFile
from sandbox.discord.guild_members import Role
from sandbox.discord.interactions import Interaction
from sandbox.discord.json_types import Json
from sandbox.discord.message_view import Button
from sandbox.discord.messages import Channel, Message
from sandbox.discord.user_messages import Draft
from sandbox.sentences import t


class User(Account):
    """A person, or another application's bot, and what they do with their Discord client."""

    def __init__(self, client: Client, name: str, *, user_id: int, bot: bool = False, locale: str = "en-US") -> None:
        super().__init__(name, user_id=user_id, bot=bot, locale=locale)
        self._client = client

    @property
    def direct(self) -> DirectChannel:
        """The direct messages between this person and the bot."""
        return self._client.direct_channel(self)

    async def slash(self, channel: Channel, command: str, /, *, force: bool = False, **options: Any) -> Interaction:
        """Run a slash command; subcommands are written with spaces, `"quota set"`.

        Raises NotOffered for what this person's client would not offer, unless `force` is set.
        """
        return self._client.slash(self, channel, command, options, force=force)

    async def slash_of_own(self, channel: Channel, command: str, /, **options: Any) -> Interaction:
        """Run a slash command of an application that this person installed for themselves; raises NotOffered."""
        return self._client.slash(self, channel, command, options, force=False, own_install=True)

    async def menu(self, message: Message, command: str, *, force: bool = False) -> Interaction:
        """Pick a message command, named as it is registered, from a message's context menu.

        Raises NotOffered for what this person's client would not offer, unless `force` is set.
        """
        return self._client.menu(self, message, command, force=force)

    async def autocomplete(
        self, channel: Channel, command: str, /, *, focused: str, force: bool = False, **options: Any
    ) -> Interaction:
        """Type into the option `focused`; the suggestions are in `Interaction.choices`. Raises NotOffered."""
        return self._client.autocomplete(self, channel, command, focused, options, force=force)

    async def click(self, message: Message, button: str | Button, *, force: bool = False) -> Interaction:
        """Click a button, named by its custom_id. Raises NotOffered for a button that cannot be clicked."""
        custom_id = button if isinstance(button, str) else button.custom_id
        if custom_id is None:
            raise NotOffered(t("This button sends nothing to the application."))
        return self._client.click(self, message, custom_id, force)

    async def select(self, message: Message, custom_id: str, *values: str, force: bool = False) -> Interaction:
        """Choose values of a select menu. Raises NotOffered."""
        return self._client.select(self, message, custom_id, list(values), force)

    async def submit(self, opened: Interaction, values: dict[str, Any], *, force: bool = False) -> Interaction:
        """Send the modal that answered `opened`, with texts, truths, values or lists of values by custom_id.

        A field that is not named keeps its prefilled value; None empties it. Raises NotOffered.
        """
        return self._client.submit(self, opened, values, force)

    async def say(
        self,
        channel: Channel,
        content: str = "",
        *,
        mentions: Sequence[Account] | None = None,
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
            content,
            list(mentions or []),
            role_mentions or [],
            reply_to,
            attachments or [],
            embeds or [],
            components or [],
        )
        return self._client.say(self, channel, draft)

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message with a Unicode emoji; once more is no more. Raises NotOffered."""
        self._client.reactions.add(self, message, emoji)

    async def unreact(self, message: Message, emoji: str) -> None:
        """Take the own reaction back. Raises NotOffered."""
        self._client.reactions.remove(self, message, emoji)

    async def clear_reactions(self, message: Message, emoji: str | None = None) -> None:
        """Take all reactions away, or all with one emoji, as who manages messages. Raises NotOffered."""
        self._client.reactions.clear(self, message, emoji)

    def may_react(self, message: Message) -> bool:
        """Whether this person may react to a message with an emoji of their choice."""
        return self._client.reactions.may_add(self, message)

    def sees(self, channel: Channel) -> list[Message]:
        """Return the messages this person sees in a channel, oldest first, with those only they see."""
        return self._client.visible_messages(self, channel)

    def can_see(self, message: Message) -> bool:
        """Whether this person sees a message."""
        return self._client.can_see(self, message)

    def offered_commands(self, channel: Channel) -> list[Json]:
        """List the slash and message commands that this person is offered in a channel."""
        return self._client.offered_commands(self, channel)
