"""What a person sees, as JSON: the server, its messages, what they did and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sandbox.discord import (
    AnyChannel,
    Channel,
    Field,
    Guild,
    Interaction,
    Message,
    Modal,
    Permission,
    TextChannel,
    User,
)
from sandbox.discord.channels import Thread
from sandbox.discord.components import BUTTON
from sandbox.discord.interaction_metadata import COMMAND, COMPONENT, InteractionMetadata
from sandbox.discord.interactions import upload_limit
from sandbox.discord.json_types import as_objects
from sandbox.discord.message_writes import MAX_CONTENT
from sandbox.discord.messages import CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND
from sandbox.sentences import t, tn
from sandbox.web.wire import messages as wire
from sandbox.web.wire.events import InteractionEvent, InteractionKind, InteractionState, ModalField, OpenedModal
from sandbox.web.wire.guild_view import ChannelView, Command, GuildView, Person

REPLY_TEXT = 300
"""How many characters of the message that is answered are shown above the answer."""

GONE = t("Original message was deleted")
"""What Discord shows instead of a message that a reply can no longer show."""


def channels_of(guild: Guild, user: User) -> list[TextChannel | Thread]:
    """List the channels and open threads of a server that a person knows of, as its list shows them."""
    known: list[TextChannel | Thread] = []
    for channel in guild.channels:
        known += [channel, *(thread for thread in channel.threads if not thread.archived)]
    return [channel for channel in known if channel.permissions_of(user) & Permission.VIEW_CHANNEL]


def people_of(guild: Guild) -> list[User]:
    """List the people of a server: first those who do not manage it, then in the order in which they came."""
    users = [member.user for member in guild.members.values()]
    people = [user for user in users if isinstance(user, User) and not user.bot]
    return sorted(people, key=lambda user: _manages(guild, user))


def guild_view(
    guild: Guild, user: User, channel: AnyChannel | None, most_messages: int, locales: Mapping[str, str]
) -> GuildView:
    """Write what a person sees of a server while they are in a channel, or in none."""
    world = guild.world
    channels = channels_of(guild, user)
    return {
        "me": {
            "id": str(user.id),
            "name": user.name,
            "title": user.title,
            "locale": user.locale,
            "manages": _manages(guild, user),
        },
        "people": [_person(guild, person) for person in people_of(guild)],
        "guild": {"id": str(guild.id), "name": guild.name},
        "channel": None if channel is None else str(channel.id),
        "channels": [_channel(one, user) for one in channels],
        "names": {
            "users": {str(one.id): one.title for one in world.users.values()},
            "roles": {str(role.id): {"name": role.name, "color": role.color} for role in guild.roles},
            "channels": {str(one.id): one.name for one in channels},
        },
        "bot": {"id": str(world.bot_user.id), "name": world.bot_user.name},
        "commands": [] if channel is None else cast("list[Command]", user.offered_commands(channel)),
        "limits": {
            "file": world.knobs.attachment_size_limit if channel is None else upload_limit(channel),
            "text": MAX_CONTENT,
            "answer_seconds": world.knobs.first_answer_seconds,
            "messages": most_messages,
        },
        "locales": [{"id": code, "name": name} for code, name in locales.items()],
        "now": int(world.now() * 1000),
    }


def _manages(guild: Guild, user: User) -> bool:
    return bool(guild.members[user.id].permissions & Permission.MANAGE_GUILD)


def _person(guild: Guild, user: User) -> Person:
    roles = [role for role in guild.members[user.id].roles if not role.managed]
    if guild.owner is user:
        note = t("owns the server")
    elif roles:
        note = tn(
            "has the role {roles}", "has the roles {roles}", len(roles), roles=", ".join(role.name for role in roles)
        )
    else:
        note = t("a member without roles")
    return {
        "id": str(user.id),
        "name": user.name,
        "title": user.title,
        "note": note,
        "roles": [str(role.id) for role in roles],
    }


def _channel(channel: TextChannel | Thread, user: User) -> ChannelView:
    mine = channel.permissions_of(user)
    return {
        "id": str(channel.id),
        "name": channel.name,
        "topic": channel.topic if isinstance(channel, TextChannel) else None,
        "sees": bool(mine & Permission.READ_MESSAGE_HISTORY),
        "may_write": channel.may_write(mine),
        "may_attach": channel.may_write(mine) and bool(mine & Permission.ATTACH_FILES),
        "bot_may_write": channel.may_write(channel.permissions_of(channel.world.bot_user)),
    }


def message(message: Message, user: User) -> wire.Message:
    """Write a message as the API does, and under `page` what it is to this person."""
    body = message.to_json()
    mine = message.author is user
    page: wire.MessagePage = {
        "ephemeral": message.ephemeral,
        "thinking": message.thinking,
        "mine": mine,
        "pings_me": _pings(message, user),
        "may_delete": mine or message.ephemeral or may_moderate(message.channel, user),
        "used": _used(message),
        "reply": _reply(message, user),
        "files": body["attachments"],
        "reactions": _reactions(message, user),
        "may_react": user.may_react(message),
    }
    return cast("wire.Message", {**body, "page": page})


def _reactions(message: Message, user: User) -> list[wire.Reaction]:
    given = [(emoji, message.reactions.users(emoji)) for emoji in message.reactions.emoji]
    return [{"emoji": emoji, "count": len(users), "mine": user in users} for emoji, users in given]


def may_moderate(channel: Channel, user: User) -> bool:
    """Whether a person may delete what others wrote."""
    return bool(channel.permissions_of(user) & Permission.MANAGE_MESSAGES)


def _pings(message: Message, user: User) -> bool:
    guild, pinged = message.channel.guild, message.pinged
    roles = guild.members[user.id].roles if guild and user.id in guild.members else []
    return pinged.everyone or user in pinged.users or any(role in pinged.roles for role in roles)


def _used(message: Message) -> wire.UsedCommand | None:
    interaction = message.interaction
    if interaction is None or message.kind not in (CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND):
        return None
    # The answer to a form is one to the command that opened it.
    command = command_of(interaction.opener or interaction)
    if command is None:
        return None
    return {"user": str(interaction.user.id), "title": interaction.user.title, "command": command}


def _reply(message: Message, user: User) -> wire.RepliedTo | None:
    original = message.reference
    if original is None:
        return None
    if not user.can_see(original):
        return {"id": str(original.id), "author": "", "text": GONE}
    return {"id": str(original.id), "author": original.author.title, "text": original.content[:REPLY_TEXT]}


def command_of(interaction: Interaction | InteractionMetadata) -> str | None:
    """Name the command that was used, with its subcommands; None for what was no command."""
    if interaction.kind != COMMAND:
        return None
    words, node = [str(interaction.data["name"])], interaction.data
    while inner := next((one for one in as_objects(node.get("options")) if "options" in one), None):
        words.append(str(inner["name"]))
        node = inner
    return " ".join(words)


def interaction(done: Interaction) -> InteractionEvent:
    """Write what somebody did, and how it stands."""
    told = done.target or done.source
    return {
        "id": str(done.id),
        "kind": _kind(done),
        "state": _state(done),
        "command": command_of(done),
        "message": None if told is None else str(told.id),
        "custom_id": done.data.get("custom_id"),
        "channel": str(done.channel.id),
        "say": done.failed,
        "modal": None if done.modal is None else _modal(done, done.modal),
    }


def _kind(done: Interaction) -> InteractionKind:
    if done.kind == COMMAND:
        return "menu" if done.target else "slash"
    if done.kind == COMPONENT:
        return "click" if done.data.get("component_type") == BUTTON else "select"
    return "submit"


def _state(done: Interaction) -> InteractionState:
    if done.failed:
        return "failed"
    if done.modal is not None:
        return "modal"
    return "answered" if done.acknowledged else "waiting"


def _modal(opened: Interaction, modal: Modal) -> OpenedModal:
    return {
        "id": str(opened.id),
        "title": modal.title,
        "fields": [_field(field) for field in modal.fields],
        "texts": list(modal.texts),
    }


def _field(field: Field) -> ModalField:
    return {
        "custom_id": field.custom_id,
        "kind": field.kind,
        "label": field.label,
        "description": field.description,
        "placeholder": field.placeholder,
        "required": field.required,
        "value": field.value,
        "choices": [
            {"label": one.label, "value": one.value, "description": one.description, "default": one.default}
            for one in field.choices
        ],
        "low": field.low,
        "high": field.high,
    }
