"""Permission bits and how Discord adds them up (docs/topics/Permissions)."""

from __future__ import annotations

from enum import IntFlag


class Permission(IntFlag):
    """The bits this stand-in decides by."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40


ALL = Permission(sum(Permission))

EVERYONE = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a new server."""

DIRECT = EVERYONE | Permission.MENTION_EVERYONE
"""What anyone may do in a direct message."""

Overwrite = tuple[Permission, Permission]
"""Allowed and denied bits of one channel overwrite."""

NOTHING = Permission(0)


def apply_overwrites(base: Permission, overwrites: list[list[Overwrite]]) -> Permission:
    """Apply channel overwrites in Discord's order: each inner list is one step, denied bits before allowed ones."""
    for step in overwrites:
        allow, deny = NOTHING, NOTHING
        for allowed, denied in step:
            allow |= allowed
            deny |= denied
        base = (base & ~deny) | allow
    return base


def effective(base: Permission) -> Permission:
    """Take away what is void without View Channel."""
    if base & Permission.ADMINISTRATOR:
        return ALL
    if not base & Permission.VIEW_CHANNEL:
        return NOTHING
    return base
