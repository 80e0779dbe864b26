"""Why a member may not ask for something now: blocked, out of credits, or with too much of it open already."""

from collections.abc import Mapping
from typing import Any

from bot.domain.blocks import Block, Source
from bot.ui.markdown import escape, isolated
from bot.ui.text.format import (
    date_and_time,
    escape_for_sentence,
    format_credits,
    format_number,
    join_sentences,
    mention,
    relative_time,
)
from bot.ui.text.replies import renews
from bot.ui.text.translate import _, ngettext

Data = Mapping[str, Any]


def blocked(data: Data) -> tuple[str, str]:
    """Say who has blocked somebody, why, and until when."""
    what = _blocked_by(data["source"], data.get("reason", ""))
    if data.get("until_ms") is not None:
        then = _("It ends {when}, {date}; /help, /credits and /privacy still work.")
        return what, then.format(when=relative_time(data["until_ms"]), date=date_and_time(data["until_ms"]))
    if data["source"] == Source.MODERATOR:
        return what, _("No end is set: ask a moderator. /help, /credits and /privacy still work.")
    return what, _("Ask an admin; /help, /credits and /privacy still work.")


def blocked_note(block: Block | None, whose: int | None = None) -> str:
    """Say that what somebody may have left cannot be spent; `whose` is None for the requester."""
    if block is None:
        return ""
    if whose is not None:
        return _("{member} is blocked, and can spend nothing until that is changed.").format(member=mention(whose))
    if block.until_ms is not None:
        until = _("You can spend nothing until {date}.").format(date=date_and_time(block.until_ms))
    elif block.source is Source.MODERATOR:
        until = _("You can spend nothing until a moderator changes that.")
    else:
        until = _("You can spend nothing until an admin changes that.")
    return join_sentences(_blocked_by(block.source, block.reason), until)


def grant_to_blocked(data: Data) -> tuple[str, str]:
    """Say why a grant would be of no use, and what to do first."""
    what = _("{member} is blocked, so a grant would be of no use; nothing was granted.")
    what = what.format(member=mention(data["user_id"]))
    if data["source"] == Source.MODERATOR:
        return what, _("Unblock them first: **/mod unblock**.")
    return what, _("Unblock them first: **/quota clear**, or **/quota set** with more than 0.")


def _blocked_by(source: str, reason: str) -> str:
    match source:
        case Source.MODERATOR if reason:
            return _("A moderator of this server has blocked you: “{reason}”.").format(reason=isolated(escape(reason)))
        case Source.MODERATOR:
            return _("A moderator of this server has blocked you.")
        case Source.MEMBER:
            return _("An admin of this server has blocked you.")
        case Source.ROLE:
            return _("An admin of this server has blocked those with your roles, to whom nothing was granted.")
        case _:
            return _("An admin of this server has blocked everybody to whom nothing was granted.")


def never_applies(data: Data) -> tuple[str, str]:
    """Say why a rule for credits would never apply."""
    match data["why"]:
        case "bot":
            what = _("{target} is a bot, and bots cannot ask me for anything.")
        case "left":
            what = _("{target} is not a member of this server.")
        case "bot_role":
            what = _("{target} is the role of a bot, and bots cannot ask me for anything.")
        case _:
            what = _("The role {target} is gone, so nobody has it.")
    target = escape_for_sentence(data["target"]) if data["why"] == "role_gone" else data["target"]
    return what.format(target=target), _("Nothing was changed; choose a member, or a role that members have.")


def price_changed(data: Data) -> tuple[str, str]:
    """Say what costs something else than the button says that was pressed; who makes it may decide how much."""
    same = data["least"] == data["most"]
    what = _("The price has changed: it is {price} now.") if same else _("The price has changed: from {price} now.")
    return what.format(price=format_credits(data["least"])), _("To pay that, press the button below.")


def too_few(data: Data) -> tuple[str, str]:
    """Say what a job takes, and what its member has left."""
    if "left" not in data:
        # Where others read along, what somebody has left is not told.
        what = _("This takes {price}, which is more than is left.").format(price=format_credits(data["needed"]))
        return what, _("/credits tells you what you have, and when that changes.")
    what = _("This takes {price}, and you have {left} left.")
    what = what.format(price=format_credits(data["needed"]), left=format_number(data["left"]))
    return what, renews(data["renews_ms"])


def server_too_few(data: Data) -> tuple[str, str]:
    """Say what a job takes, and what the whole server has left."""
    what = _("This takes {price}, and the whole server has {left} left.")
    what = what.format(price=format_credits(data["needed"]), left=format_number(data["left"]))
    return what, renews(data["renews_ms"])


def too_many_strikes(data: Data) -> tuple[str, str]:
    """Say how many prompts of a member were refused today."""
    what = ngettext(
        "Prompts of yours were refused for their words {number} time today.",
        "Prompts of yours were refused for their words {number} times today.",
        data["strikes"],
    ).format(number=format_number(data["strikes"]))
    return what, _("Try again {when}.").format(when=relative_time(data["renews_ms"]))


def too_many_open(data: Data) -> tuple[str, str]:
    """Say how many requests a member may have open."""
    what = ngettext(
        "You have {number} request or preview open, and no more are allowed at once.",
        "You have {number} requests and previews open, and no more are allowed at once.",
        data["limit"],
    ).format(number=format_number(data["limit"]))
    return what, _("Wait until one has ended, cancel one that waits, or discard a preview.")
