"""Channels and roles that a server chose: there still, and open to the bot."""

from collections.abc import Iterable, Set

import discord

from bot.domain.server_settings import AREA_OF_RULE, ServerSettings
from bot.errors import BadSetup, SetupProblem
from bot.services.setup_edits import SetupForm
from bot.ui.text.permissions import permission_name

MEDIA_FIELDS = frozenset({"channels", "showcase"})
"""The fields whose channels are sent files."""


def check_choices(guild: discord.Guild | None, form: SetupForm) -> SetupForm:
    """Raise `BadSetup` for a channel or role that is gone, or a channel that the bot cannot write in.

    Gives the form; a rule for @everyone is one for nobody in particular, and is left out.
    """
    for field in ("channels", "mod_log", "showcase"):
        for channel_id in form.ids(field):
            _check_channel(guild, channel_id, files=field in MEDIA_FIELDS, history=field == "showcase")
    roles = form.ids("roles")
    if roles and (guild is None or any(guild.get_role(one) is None for one in roles)):
        raise BadSetup(SetupProblem.ROLE_GONE)
    everyone = guild is not None and guild.id in roles
    return SetupForm(form.area, form.seen, {**form.values, "roles": ()}) if everyone else form


def keep_gone(sent: SetupForm, checked: SetupForm, settings: ServerSettings, gone: Set[int]) -> SetupForm:
    """Let a rule stand of which nothing is left, where its field was shown empty and is sent so.

    Else who changes something beside it would let everybody in, or let it be made everywhere, without a word.
    """
    if checked.area not in AREA_OF_RULE:
        return checked
    rule = settings.rules.of(AREA_OF_RULE[checked.area])
    kept = {
        field: tuple(map(str, ids))
        for field, ids in (("channels", rule.channels), ("roles", rule.roles))
        if ids and gone >= set(ids) and not sent.ids(field)
    }
    return SetupForm(checked.area, checked.seen, {**checked.values, **kept})


def gone_from(guild: discord.Guild | None, settings: ServerSettings) -> set[int]:
    """Give the channels and roles of a server's settings that are not there any more, as far as Discord has told."""
    if guild is None or guild.unavailable:
        return set()
    rules = (settings.rules.pictures, settings.rules.films)
    named: Iterable[int | None] = (settings.mod_log_channel_id, settings.showcase_channel_id)
    channels = {one for one in (*named, *(one for rule in rules for one in rule.channels)) if one is not None}
    roles = {one for rule in rules for one in rule.roles}
    return {one for one in channels if guild.get_channel(one) is None} | {
        one for one in roles if guild.get_role(one) is None
    }


def _check_channel(guild: discord.Guild | None, channel_id: int, *, files: bool, history: bool) -> None:
    channel = guild.get_channel(channel_id) if guild is not None else None
    if guild is None or channel is None:
        raise BadSetup(SetupProblem.CHANNEL_GONE)
    may = channel.permissions_for(guild.me)
    forum = isinstance(channel, discord.ForumChannel)
    needed = {
        "view_channel": may.view_channel,
        "send_messages_in_threads" if forum else "send_messages": (
            may.send_messages_in_threads if forum else may.send_messages
        ),
        "attach_files": may.attach_files or not files,
        # What is shared is read again: to be drawn anew, and for its stars.
        "read_message_history": may.read_message_history or not history,
    }
    if missing := tuple(permission_name(permission) for permission, has in needed.items() if not has):
        raise BadSetup(SetupProblem.CANNOT_WRITE, channel_id=channel_id, missing=missing)
