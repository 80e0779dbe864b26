"""Writing a message with a person's client, or as another application."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.discord.accounts import Account
from sandbox.discord.attachments import MessagePayload, Upload
from sandbox.discord.errors import ApiError, NotOffered
from sandbox.discord.files import StoredFile
from sandbox.discord.guild_members import Role
from sandbox.discord.json_types import Json
from sandbox.discord.mentions import mentioned_roles
from sandbox.discord.message_writes import write_content
from sandbox.discord.messages import COMPONENTS_V2, REPLY, Channel, Message
from sandbox.discord.permissions import Permission
from sandbox.discord.world_state import WorldState
from sandbox.sentences import t


@dataclass
class Draft:
    """What goes into a message; embeds are what Discord made of links, or what an application wrote."""

    content: str
    mentions: list[Account] = field(default_factory=list[Account])
    role_mentions: list[Role] = field(default_factory=list[Role])
    reply_to: Message | None = None
    attachments: list[StoredFile] = field(default_factory=list[StoredFile])
    embeds: list[Json] = field(default_factory=list[Json])
    components: list[Json] = field(default_factory=list[Json])


def send_message(world: WorldState, user: Account, channel: Channel, draft: Draft) -> Message:
    """Publish a message; named mentions that the text lacks are put before it. Raises NotOffered."""
    _check_offered(user, channel, draft)
    reply_to = draft.reply_to
    message = Message(world, channel, user, kind=REPLY if reply_to else 0, reference=reply_to)
    body: Json = {"content": _content(channel, draft), "embeds": draft.embeds}
    if draft.components:
        body.update(components=draft.components, flags=COMPONENTS_V2)
    uploads = [Upload(f"files[{n}]", file.filename, file.data) for n, file in enumerate(draft.attachments)]
    try:
        write_content(message, MessagePayload(body, uploads, file_limit=sum(len(upload.data) for upload in uploads)))
    except ApiError as error:
        raise NotOffered(t("{person} cannot write this: {error}", person=user.title, error=str(error.body))) from None
    for stored, attached in zip(message.attachments, draft.attachments, strict=True):
        stored.size, stored.content_type = attached.size, attached.content_type
    world.publish(message)
    return message


def _check_offered(user: Account, channel: Channel, draft: Draft) -> None:
    permissions = channel.permissions_of(user)
    if channel.deleted or not channel.may_write(permissions):
        raise NotOffered(t("{person} cannot write in {channel}.", person=user.title, channel=channel.title))
    if draft.attachments and not permissions & Permission.ATTACH_FILES:
        raise NotOffered(t("{person} cannot attach files in {channel}.", person=user.title, channel=channel.title))
    if any(not file.data for file in draft.attachments):
        raise NotOffered(t("An empty file cannot be attached."))
    if user.bot:
        return
    if draft.components:
        raise NotOffered(t("Only an application writes components."))
    if any(str(embed.get("url") or " ") not in draft.content for embed in draft.embeds):
        raise NotOffered(t("A person's embeds are links of the text that Discord has unfurled."))


def _content(channel: Channel, draft: Draft) -> str:
    missing = [user.mention for user in draft.mentions if user.mention not in draft.content.replace("<@!", "<@")]
    missing += [
        role.mention for role in draft.role_mentions if role not in mentioned_roles(channel.guild, draft.content)
    ]
    return " ".join([*missing, draft.content])
