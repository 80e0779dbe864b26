"""What /mod block, unblock and blocked answer, and why somebody cannot be blocked."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.blocks import Block, MemberBlock, Source
from bot.ui.markdown import escape, isolated
from bot.ui.text.format import date_and_time, escape_for_sentence, format_number, join_sentences, mention, relative_time
from bot.ui.text.quotas import waiting_cancelled
from bot.ui.text.replies import fitting
from bot.ui.text.translate import _, ngettext

Data = Mapping[str, Any]

REASON_SHOWN = 100
"""Characters of each reason in a list."""


def blocked(block: MemberBlock, before: MemberBlock | None, ended: int) -> str:
    """Confirm /mod block in place of one `before`; `ended` counts the waiting jobs that were cancelled with it."""
    member = mention(block.user_id)
    if block.until_ms is None:
        what = _(
            "{member} is blocked from everything but /help, /credits and /privacy until a moderator unblocks them."
        ).format(member=member)
    else:
        what = _("{member} is blocked from everything but /help, /credits and /privacy until {date}, {when}.").format(
            member=member, date=date_and_time(block.until_ms), when=relative_time(block.until_ms)
        )
    told = _("They are told why: “{reason}”.").format(reason=isolated(escape(block.reason))) if block.reason else ""
    instead = "" if before is None else in_place_of(before.until_ms, before.by_user_id, before.reason)
    return join_sentences(what, told, instead, waiting_cancelled(ended))


def in_place_of(until_ms: int | None, by_user_id: int, reason: str) -> str:
    """Say which block a new one took the place of."""
    if reason:
        message = (
            _("This takes the place of a block without an end, by {moderator}: “{reason}”.")
            if until_ms is None
            else _("This takes the place of a block until {until}, by {moderator}: “{reason}”.")
        )
    else:
        message = (
            _("This takes the place of a block without an end, by {moderator}.")
            if until_ms is None
            else _("This takes the place of a block until {until}, by {moderator}.")
        )
    return message.format(
        until=date_and_time(until_ms or 0), moderator=mention(by_user_id), reason=isolated(escape(reason, REASON_SHOWN))
    )


def unblocked(user_id: int, lifted: MemberBlock | None, still: Block | None) -> str:
    """Confirm /mod unblock, and say what keeps the member from everything all the same."""
    message = _("{member} is unblocked.") if lifted is not None else _("No moderator had blocked {member}.")
    return join_sentences(message.format(member=mention(user_id)), _still(still))


def _still(block: Block | None) -> str:
    match block.source if block is not None else None:
        case None:
            return ""
        case Source.MEMBER:
            return _("Their quota of 0 still blocks them: an admin can change that with **/quota clear**.")
        case Source.ROLE:
            return _("Their roles' quota of 0 still blocks them: an admin can change it, or grant them something.")
        case Source.DEFAULT:
            return _("The server's default of 0 still blocks them: an admin can change it, or grant them something.")
        case _:
            return _("Another moderator has blocked them again meanwhile.")


def listed(blocks: Sequence[MemberBlock], most: int) -> str:
    """Tell whom moderators have blocked, as many as `most` of them."""
    if not blocks:
        return _("No moderator has blocked anybody. Whom a quota of 0 blocks, /quota usage tells admins.")
    if len(blocks) > most:
        return fitting([_("The newest blocks:"), *map(_line, blocks[:most]), _("There are more, blocked longer ago.")])
    head = ngettext("{number} member is blocked:", "{number} members are blocked:", len(blocks)).format(
        number=format_number(len(blocks))
    )
    return fitting([head, *map(_line, blocks)])


def _line(block: MemberBlock) -> str:
    if block.until_ms is None:
        message = _("{member} without an end, by {moderator} {when}")
    else:
        message = _("{member} until {until}, by {moderator} {when}")
    line = message.format(
        member=mention(block.user_id),
        until=date_and_time(block.until_ms or 0),
        moderator=mention(block.by_user_id),
        when=relative_time(block.at_ms),
    )
    if not block.reason:
        return line
    return _("{line}: “{reason}”").format(line=line, reason=isolated(escape(block.reason, REASON_SHOWN)))


def cannot_block(data: Data) -> tuple[str, str]:
    """Say why somebody cannot be blocked."""
    match data["why"]:
        case "bot":
            what = _("{target} is a bot, and bots cannot ask me for anything.")
        case "owner":
            what = _("{target} owns this server, and nobody can block them.")
        case "admin":
            what = _("{target} is an admin of this server, and admins cannot be blocked.")
        case "yourself":
            what = _("You cannot block yourself.")
        case _:
            what = _("{target} is no longer a member of this server, and cannot ask me for anything.")
    return what.format(target=data["target"]), ""


def _example() -> str:
    # A translation names only what `bot.domain.durations` reads.
    return _("Write for example 1h, 3 days or 2w.")


def bad_duration(data: Data) -> tuple[str, str]:
    """Say why words are no length of time that is of use."""
    typed = escape_for_sentence(data["typed"])
    match data["problem"]:
        case "too_short":
            return _("“{typed}” is less than a minute.").format(typed=typed), _example()
        case "too_long":
            what = ngettext(
                "“{typed}” is longer than {number} year.", "“{typed}” is longer than {number} years.", data["years"]
            ).format(typed=typed, number=format_number(data["years"]))
            return what, _("Leave it out for no end.")
        case _:
            what = _("“{typed}” is no length of time that I can read.").format(typed=typed)
            return what, _example()
