"""What is asked and said when jobs are removed for good, and who may do that or change a card."""

from collections.abc import Mapping
from typing import Any

from bot.domain.job import Job
from bot.domain.removal import AT_PROVIDER, WAITING, Removed
from bot.ui.text.format import format_credits, format_number, join_sentences, mention
from bot.ui.text.translate import _, ngettext


def remove() -> str:
    """Label the button, and name the entry of a card's menu, that removes a job."""
    return _("Remove")


def remove_with_reason() -> str:
    """Label the button that opens a form for the reason."""
    return _("Remove…")


def question(job: Job, shots: int) -> str:
    """Ask whether a job is to be removed, and say what that does; its card shows `shots`, 0 for no storyboard."""
    return join_sentences(
        ngettext(
            "Remove job `{job}` and all that stands on its card, {number} shot, for good?",
            "Remove job `{job}` and all that stands on its card, {number} shots, for good?",
            shots,
        ).format(job=job.id, number=format_number(shots))
        if shots
        else _("Remove job `{job}` for good?").format(job=job.id),
        _("Its card, replies, joined films and files go, and nothing brings them back."),
        _("What others made from it stays theirs, without its picture, its prompt and the link to it."),
        _charges(job, shots),
    )


def reason_label() -> str:
    """Name the field for the reason."""
    return _("Reason")


def reason_hint() -> str:
    """Say who reads it."""
    return _("For the moderators; may be left out")


def form_title() -> str:
    """Name the form for the reason of one removal."""
    return _("Remove this job for good?")


def all_title(number: int) -> str:
    """Name the form that removes several jobs."""
    return ngettext("Remove {number} job for good?", "Remove {number} jobs for good?", number).format(
        number=format_number(number)
    )


def all_question(number: int, user_id: int, *, more: bool) -> str:
    """Say what that does; with `more` there are others, which are older."""
    whose = ngettext(
        "{number} job of {member} goes, with cards, replies, joined films and files.",
        "{number} jobs of {member} go, with cards, replies, joined films and files.",
        number,
    )
    return join_sentences(
        whose.format(number=format_number(number), member=mention(user_id)),
        _("These are the newest; there are more, so ask again after it.") if more else "",
        _("Nothing brings them back. What waits is refunded; what was charged else stays charged."),
    )


def removed(done: Removed) -> str:
    """Say what a removal has done."""
    number = len(done.jobs)
    if number == 0:
        return _("It was removed already.")
    what = (
        _("Removed: the card and all that showed it are being deleted.")
        if number == 1
        else ngettext(
            "{number} job is removed: all that showed them is being deleted.",
            "{number} jobs are removed: all that showed them is being deleted.",
            number,
        ).format(number=format_number(number))
    )
    elsewhere = ""
    if done.going_on:
        elsewhere = ngettext(
            "{number} is being made at its provider: it is paid for, and nobody will see it.",
            "{number} are being made at their provider: they are paid for, and nobody will see them.",
            done.going_on,
        ).format(number=format_number(done.going_on))
    more = _("There are more, which are older: ask again for them.") if done.more else ""
    return join_sentences(what, elsewhere, _came_back(done), more)


def nothing_to_remove(user_id: int) -> str:
    """Say that a member has no jobs since then."""
    return _("{member} asked for nothing since then that is still there.").format(member=mention(user_id))


def not_yours(_data: Mapping[str, Any]) -> tuple[str, str]:
    """Say who may remove a job."""
    return _("Only the member who asked for it, or a moderator, may remove this."), ""


def not_your_card(_data: Mapping[str, Any]) -> tuple[str, str]:
    """Say who may change how a card shows its media."""
    return _("Only the member who asked for it, or a moderator, may hide or show what this card holds."), ""


def too_late_to_cancel(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say why a job can no longer be taken back."""
    if data.get("ended"):
        return _("It has ended already."), ""
    return _("It is being made already, so it can no longer be cancelled."), _("It will appear here.")


def remove_what(_data: Mapping[str, Any]) -> tuple[str, str]:
    """Say what a removal is to name."""
    what = _("A removal needs a job, or a member and since when.")
    return what, _("Name either of them, such as `since:1h` with a member.")


def source_removed(_data: Mapping[str, Any]) -> tuple[str, str]:
    """Say why a job that waited ended."""
    return _("What this was to be made from has been removed."), ""


def _came_back(done: Removed) -> str:
    price = format_credits(done.returned)
    if done.returned and done.keeps_charges:
        return _("{price} of what waited came back; what else was charged stays charged.").format(price=price)
    if done.returned:
        return ngettext("{price} came back.", "All {price} came back.", done.returned).format(price=price)
    return _("What was charged stays charged.") if done.keeps_charges else ""


def _charges(job: Job, shots: int) -> str:
    if shots:
        return _("What waits comes back; what is made, or being made, stays charged.")
    if job.state in WAITING:
        if not job.cost or not job.charged:
            return _("Nothing was charged.")
        return ngettext("{price} comes back.", "All {price} come back.", job.cost).format(
            price=format_credits(job.cost)
        )
    if job.state in AT_PROVIDER:
        return _("It is being made already: it stays charged, and nobody will see what comes of it.")
    return _("What was charged stays charged.")
