"""What people do in the browser, done with the stand-in's own people: nothing that their client would not offer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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
from sandbox.discord.json_types import Json
from sandbox.discord.message_writes import MAX_CONTENT
from sandbox.web.errors import Refused
from sandbox.web.form_input import FormInput
from sandbox.web.frames import fields, number_of, text, texts
from sandbox.web.serializers import may_moderate
from sandbox.web.uploads import GONE_FILE, Uploads


@dataclass(frozen=True)
class Doer:
    """Somebody in some channel, who does something."""

    guild: Guild
    user: User
    channel: TextChannel | Thread


UserAction = Callable[[Doer, Json], Awaitable[Interaction | Json]]
"""Does what was asked; gives the interaction that it began, or what is answered. Raises NotOffered and Refused."""


class UserActions:
    """Everything that a person can do; `put_away` is told of a private message that its reader dismissed."""

    def __init__(self, discord: Discord, uploads: Uploads, put_away: Callable[[Message], None]) -> None:
        self._discord = discord
        self._uploads = uploads
        self._put_away = put_away
        self._dismissed: set[int] = set()
        self.by_name: dict[str, UserAction] = {
            "say": self._say,
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "delete": self._delete,
        }

    def shows(self, user: User, message: Message) -> bool:
        """Whether a person sees a message and has not put it away."""
        return user.can_see(message) and message.id not in self._dismissed

    async def _say(self, doer: Doer, asked: Json) -> Json:
        content = text(asked, "content").strip()
        files = [self._uploads.of(doer.user, number_of(one)) for one in texts(asked, "files")]
        found = [file for file in files if file is not None]
        if len(found) != len(files):
            raise Refused(GONE_FILE)
        if len(files) > MAX_FILES:
            raise Refused(f"A message takes {MAX_FILES} files at most; take some away.")
        if len(content) > MAX_CONTENT:
            raise Refused(f"A message has {MAX_CONTENT:,} characters at most; this one has {len(content):,}.")
        if not content and not files:
            raise Refused("A message needs a text or a file.")
        message = await doer.user.say(doer.channel, content, attachments=found)
        return {"message": str(message.id)}

    async def _slash(self, doer: Doer, asked: Json) -> Interaction:
        command = text(asked, "command")
        options = self._entering(doer).options(command, fields(asked, "options"))
        return self._discord.client.slash(doer.user, doer.channel, command, options, force=False)

    async def _autocomplete(self, doer: Doer, asked: Json) -> Json:
        command, focused = text(asked, "command"), text(asked, "focused")
        options = self._entering(doer).options(command, fields(asked, "options"))
        options.setdefault(focused, "")
        typed = self._discord.client.autocomplete(doer.user, doer.channel, command, focused, options, force=False)
        await finished(typed)
        if typed.failed:
            raise Refused("Loading options failed.")
        return {"choices": [{"name": one["name"], "value": one["value"]} for one in typed.choices or []]}

    async def _menu(self, doer: Doer, asked: Json) -> Interaction:
        return await doer.user.menu(self._message(doer, asked), text(asked, "command"))

    async def _click(self, doer: Doer, asked: Json) -> Interaction:
        return await doer.user.click(self._message(doer, asked), text(asked, "custom_id"))

    async def _select(self, doer: Doer, asked: Json) -> Interaction:
        chosen = texts(asked, "values")
        return await doer.user.select(self._message(doer, asked), text(asked, "custom_id"), *chosen)

    async def _submit(self, doer: Doer, asked: Json) -> Interaction:
        interactions = self._discord.interactions.values()
        wanted = number_of(asked.get("form"))
        form = next((one for one in interactions if one.id == wanted and one.user is doer.user), None)
        if form is None or form.modal is None:
            raise Refused("This form is not open any more.")
        if any(one.opener is form and not one.failed for one in interactions):
            raise Refused("This form was sent already.")
        entered = self._entering(doer).values(form.modal.fields, fields(asked, "values"))
        return await doer.user.submit(form, entered)

    async def _delete(self, doer: Doer, asked: Json) -> Json:
        message = self._message(doer, asked)
        if message.ephemeral:
            self._dismissed.add(message.id)
            self._put_away(message)
        elif message.author is doer.user or may_moderate(message.channel, doer.user):
            self._discord.delete(message)
        else:
            raise Refused("Only who wrote a message may delete it, and who manages messages.")
        return {}

    def _entering(self, doer: Doer) -> FormInput:
        return FormInput(self._discord, self._uploads, doer.guild, doer.user)

    def _message(self, doer: Doer, asked: Json) -> Message:
        message = doer.channel.history.get(number_of(asked.get("message")))
        if message is None or not self.shows(doer.user, message):
            raise Refused("This message is not there any more.")
        return message


async def finished(interaction: Interaction) -> None:
    """Return when an interaction is answered, or when Discord has given up waiting."""
    patience = interaction.world.knobs.first_answer_seconds + 60  # its own timer ends it long before
    await interaction.wait_for(lambda: interaction.acknowledged or interaction.failed, patience, interaction.describe)
