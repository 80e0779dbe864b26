"""Reacting to messages, and what Discord checks before it lets somebody (docs/resources/message, Create Reaction)."""

from __future__ import annotations

from sandbox.discord.accounts import Account
from sandbox.discord.channels import Thread
from sandbox.discord.emoji import is_emoji
from sandbox.discord.errors import ApiError, missing_permissions, thread_is_archived
from sandbox.discord.json_types import Json
from sandbox.discord.messages import Message
from sandbox.discord.permissions import Permission
from sandbox.discord.reactions import MOST_EMOJI, emoji_json
from sandbox.discord.world_state import WorldState


def add_reaction(world: WorldState, message: Message, user: Account, emoji: str) -> None:
    """React to a message; the first with an emoji needs more than who joins in. Raises ApiError."""
    _check(message, user, emoji, Permission.READ_MESSAGE_HISTORY)
    reactions = message.reactions
    if emoji not in reactions:
        _require(message, user, Permission.ADD_REACTIONS)
        if len(reactions) >= MOST_EMOJI:
            raise ApiError(403, 30010, f"Maximum number of reactions reached ({MOST_EMOJI})")
    if not reactions.add(emoji, user):
        return
    fields = {**_about(user, emoji), "message_author_id": str(message.author.id)}
    guild = message.channel.guild
    if guild is not None and (member := guild.members.get(user.id)):
        fields["member"] = member.to_json()
    world.tell_reaction("MESSAGE_REACTION_ADD", message, fields)


def remove_reaction(world: WorldState, message: Message, by: Account, user: Account, emoji: str) -> None:
    """Take a reaction away, somebody else's only as who manages messages. Raises ApiError."""
    _check(message, by, emoji, Permission.READ_MESSAGE_HISTORY if by is user else Permission.MANAGE_MESSAGES)
    if message.reactions.remove(emoji, user):
        world.tell_reaction("MESSAGE_REACTION_REMOVE", message, _about(user, emoji))


def remove_reactions(world: WorldState, message: Message, by: Account, emoji: str | None = None) -> None:
    """Take all reactions away, or all with one emoji, as who manages messages. Raises ApiError."""
    _check(message, by, emoji, Permission.MANAGE_MESSAGES)
    if not message.reactions.clear(emoji):
        return
    if emoji is None:
        world.tell_reaction("MESSAGE_REACTION_REMOVE_ALL", message, {})
    else:
        world.tell_reaction("MESSAGE_REACTION_REMOVE_EMOJI", message, {"emoji": emoji_json(emoji)})


def check_emoji(emoji: str) -> None:
    """Raise 400 / 10014 for what is no emoji; a server's own, `name:id`, is none here, for servers have none."""
    if not is_emoji(emoji):
        raise ApiError(400, 10014, "Unknown Emoji")


def _check(message: Message, user: Account, emoji: str | None, needed: Permission) -> None:
    if emoji is not None:
        check_emoji(emoji)
    if isinstance(message.channel, Thread) and message.channel.archived:
        raise thread_is_archived(400)
    _require(message, user, needed)


def _require(message: Message, user: Account, permission: Permission) -> None:
    if not message.channel.permissions_of(user) & permission:
        raise missing_permissions()


def _about(user: Account, emoji: str) -> Json:
    return {"user_id": str(user.id), "emoji": emoji_json(emoji), "burst": False, "type": 0}
