"""What /info tells of a member."""

from bot.domain.credits import Balance
from bot.domain.usage import MemberInfo
from bot.ui.text.format import format_credits, format_large_number, format_number, join_list, join_sentences, mention
from bot.ui.text.replies import credits_balance
from bot.ui.text.translate import _, ngettext


def info(found: MemberInfo, balance: Balance | None, whose: int | None, blocked: str) -> str:
    """Tell how a member stands; `whose` is None for the requester, and without a balance no credits are named."""
    lines = [
        "" if whose is None else _("About {member}:").format(member=mention(whose)),
        blocked,
        "" if balance is None else credits_balance(balance, whose),
        _under_way(found),
        _so_far(found, credits_told=balance is not None),
        _favourites(found.favourites),
        _strikes(found, is_own=whose is None),
    ]
    return "\n".join(line for line in lines if line)


def _under_way(found: MemberInfo) -> str:
    if not found.running + found.waiting:
        return _("Nothing is under way.")
    return _("Under way: {running} being made, {waiting} waiting.").format(
        running=format_number(found.running), waiting=format_number(found.waiting)
    )


def _so_far(found: MemberInfo, *, credits_told: bool) -> str:
    if not found.jobs:
        return _("Nothing was asked for so far.")
    others = found.jobs - found.films - found.pictures
    kinds = [
        _counted(ngettext("{number} film", "{number} films", found.films), found.films),
        _counted(ngettext("{number} picture", "{number} pictures", found.pictures), found.pictures),
        _counted(ngettext("{number} description or seed", "{number} descriptions or seeds", others), others),
    ]
    jobs = _("Asked for so far: {kinds}.").format(kinds=join_list(kinds))
    spent = _("Spent so far: {price}.").format(price=format_credits(found.spent)) if credits_told else ""
    return join_sentences(jobs, spent)


def _counted(message: str, number: int) -> str:
    return message.format(number=format_large_number(number)) if number else ""


def _favourites(number: int) -> str:
    if not number:
        return _("No favourites yet.")
    return ngettext("{number} favourite.", "{number} favourites.", number).format(number=format_large_number(number))


def _strikes(found: MemberInfo, *, is_own: bool) -> str:
    """Say how many prompts were refused for their words: here in all, and to their member those of today everywhere."""
    told: list[str] = []
    if found.strikes:
        here = ngettext(
            "{number} prompt was refused here for its words.",
            "{number} prompts were refused here for their words.",
            found.strikes,
        )
        told.append(here.format(number=format_large_number(found.strikes)))
    if is_own and found.strikes_today:
        today = ngettext(
            "Today, in all servers together, it was {number}.",
            "Today, in all servers together, there were {number}.",
            found.strikes_today,
        )
        told.append(today.format(number=format_number(found.strikes_today)))
    return join_sentences(*told) or _("No prompt was refused for its words.")
