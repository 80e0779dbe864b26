"""What people do in the browser, done with the stand-in's own people: nothing that their client would not offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakSet

from sandbox.discord import (
    Discord,
    Guild,
    Interaction,
    Message,
    TextChannel,
    User,
)
from sandbox.discord.attachments import MAX_FILES
from sandbox.discord.channels import Thread
from sandbox.discord.message_writes import MAX_CONTENT
from sandbox.sentences import t
from sandbox.web.errors import Refused
from sandbox.web.form_input import FormInput
from sandbox.web.serializers import may_moderate
from sandbox.web.uploads import GONE_FILE, Uploads
from sandbox.web.wire.requests import (
    Autocomplete,
    Choices,
    Click,
    Delete,
    MessageCommand,
    Nothing,
    React,
    Reply,
    Select,
    SendMessage,
    Sent,
    Slash,
    Submit,
    UserRequest,
    number_of,
)


@dataclass(frozen=True)
class Actor:
    """Somebody in some channel, who does something."""

    guild: Guild
    user: User
    channel: TextChannel | Thread


class UserActions:
    """Everything that a person can do; `tell_dismissed` is told of a private message that its reader dismissed."""

    def __init__(self, discord: Discord, uploads: Uploads, tell_dismissed: Callable[[Message], None]) -> None:
        self._discord = discord
        self._uploads = uploads
        self._tell_dismissed = tell_dismissed
        self.dismissed: WeakSet[Message] = WeakSet()
        """It forgets with Discord."""

    def shows(self, user: User, message: Message) -> bool:
        """Whether a person sees a message and has not dismissed it."""
        return user.can_see(message) and message not in self.dismissed

    async def do(self, actor: Actor, asked: UserRequest) -> Interaction | Reply:
        """Do what was asked; give the interaction that it began, or what is answered. Raises NotOffered and Refused."""
        match asked:
            case SendMessage():
                return await self._send_message(actor, asked)
            case Slash():
                return self._slash(actor, asked)
            case Autocomplete():
                return await self._autocomplete(actor, asked)
            case MessageCommand():
                return await actor.user.menu(self._message(actor, asked.message), asked.command)
            case Click():
                return await actor.user.click(self._message(actor, asked.message), asked.custom_id)
            case Select():
                return await actor.user.select(self._message(actor, asked.message), asked.custom_id, *asked.values)
            case Submit():
                return await self._submit(actor, asked)
            case Delete():
                return self._delete(actor, asked)
            case React():
                return await self._react(actor, asked)

    async def _send_message(self, actor: Actor, asked: SendMessage) -> Sent:
        content, files = asked.content.strip(), asked.files
        uploads = [self._uploads.of(actor.user, number_of(one)) for one in files]
        found = [file for file in uploads if file is not None]
        if len(found) != len(files):
            raise Refused(GONE_FILE)
        if len(files) > MAX_FILES:
            raise Refused(t("A message takes {count} files at most; take some away.", count=MAX_FILES))
        if len(content) > MAX_CONTENT:
            long = t(
                "A message has {most} characters at most; this one has {length}.", most=MAX_CONTENT, length=len(content)
            )
            raise Refused(long)
        if not content and not files:
            raise Refused(t("A message needs a text or a file."))
        message = await actor.user.say(actor.channel, content, attachments=found)
        return {"message": str(message.id)}

    def _slash(self, actor: Actor, asked: Slash) -> Interaction:
        options = self._input(actor).options(asked.command, asked.options)
        return self._discord.client.slash(actor.user, actor.channel, asked.command, options, force=False)

    async def _autocomplete(self, actor: Actor, asked: Autocomplete) -> Choices:
        command, focused = asked.command, asked.focused
        options = self._input(actor).options(command, asked.options)
        options.setdefault(focused, "")
        typed = self._discord.client.autocomplete(actor.user, actor.channel, command, focused, options, force=False)
        await finished(typed)
        if typed.failed:
            raise Refused(t("Loading options failed."))
        return {"choices": [{"name": one["name"], "value": one["value"]} for one in typed.choices or []]}

    async def _submit(self, actor: Actor, asked: Submit) -> Interaction:
        interactions = self._discord.interactions.values()
        opener = next((one for one in interactions if one.id == asked.modal and one.user is actor.user), None)
        if opener is None or opener.modal is None:
            raise Refused(t("This form is not open any more."))
        if any(one.opener is opener and not one.failed for one in interactions):
            raise Refused(t("This form was sent already."))
        entered = self._input(actor).values(opener.modal.fields, asked.values)
        return await actor.user.submit(opener, entered)

    def _delete(self, actor: Actor, asked: Delete) -> Nothing:
        message = self._message(actor, asked.message)
        if message.ephemeral:
            self.dismissed.add(message)
            self._tell_dismissed(message)
        elif message.author is actor.user or may_moderate(message.channel, actor.user):
            self._discord.delete(message)
        else:
            raise Refused(t("Only who wrote a message may delete it, and who manages messages."))
        return {}

    async def _react(self, actor: Actor, asked: React) -> Nothing:
        message = self._message(actor, asked.message)
        await (actor.user.react if asked.on else actor.user.unreact)(message, asked.emoji)
        return {}

    def _input(self, actor: Actor) -> FormInput:
        return FormInput(self._discord, self._uploads, actor.guild, actor.user)

    def _message(self, actor: Actor, message_id: int) -> Message:
        message = actor.channel.history.get(message_id)
        if message is None or not self.shows(actor.user, message):
            raise Refused(t("This message is not there any more."))
        return message


async def finished(interaction: Interaction) -> None:
    """Return when an interaction is answered, or when Discord has given up waiting."""
    patience = interaction.world.knobs.first_answer_seconds + 60  # its own timer ends it long before
    await interaction.wait_for(lambda: interaction.acknowledged or interaction.failed, patience, interaction.describe)
