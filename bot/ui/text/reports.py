"""What is said of reports: in the form, in the mod log, and to who sends one."""

from bot.domain.reports import Outcome, Report
from bot.ui.text.format import join_sentences, mention
from bot.ui.text.mod_log import why_reported
from bot.ui.text.translate import _


def title() -> str:
    """Head the form."""
    return _("Report to moderators")


def reason_label() -> str:
    """Name the form's field."""
    return _("What is wrong with it?")


def reason_note() -> str:
    """Say who reads it."""
    return _("The moderators read it, with your name.")


def sent() -> str:
    """Confirm a report."""
    return _("The moderators are told; you need not do anything more.")


def sent_before() -> str:
    """Say that a member has reported a job before."""
    return _("You have reported this before; once is enough.")


def settled_before(report: Report) -> str:
    """Say to a moderator that somebody was faster."""
    return join_sentences(_("Somebody was faster."), settled(report))


def settled_meanwhile(report: Report, outcome: Outcome) -> str:
    """Say to a moderator that somebody was faster, and that what they chose is done too, if it was something else."""
    too = _("What you chose is done too.") if outcome not in (Outcome.DISMISSED, report.outcome) else ""
    return join_sentences(settled_before(report), too)


def reported() -> str:
    """Give the reason of what is done about a report; a blocked member reads it."""
    return _("Reported to the moderators")


def block(report: Report) -> str:
    """Tell a report in the mod log, with what was done about it."""
    message = _("**Report** by {reporter}: [job {job}]({link}) of {member}\n> {reason}")
    told = message.format(
        reporter=mention(report.user_id),
        job=report.job_id,
        link=report.link,
        member=mention(report.member_id),
        reason=why_reported(report.reason),
    )
    return told if report.outcome is None else f"{told}\n-# {settled(report)}"


def settled(report: Report) -> str:
    """Say who did what about a report."""
    match report.outcome:
        case Outcome.REMOVED:
            message = _("Removed by {moderator}.")
        case Outcome.BLOCKED:
            message = _("{member} was blocked by {moderator}.")
        case _:
            message = _("Dismissed by {moderator}.")
    return message.format(moderator=mention(report.handled_by or 0), member=mention(report.member_id))


def remove() -> str:
    """Label the button that removes the reported job."""
    return _("Remove")


def block_member() -> str:
    """Label the button that blocks whose job was reported."""
    return _("Block")


def dismiss() -> str:
    """Label the button that does nothing about it."""
    return _("Dismiss")
