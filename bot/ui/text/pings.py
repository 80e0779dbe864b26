"""What a member is told when their job has ended: a reply to its card, or a direct message with a link to it."""

from collections.abc import Sequence

from bot.domain.job import Kind, card_address
from bot.domain.pings import EndedBoard, EndedJob, Ping
from bot.ui.text.errors import describe_error_code
from bot.ui.text.films import numbered
from bot.ui.text.format import format_number, join_list, join_sentences, mention
from bot.ui.text.translate import _, ngettext

LINKED = 10
"""How many cards are linked to in one message."""


def reply(ping: Ping) -> str:
    """Say below the card what has become of it; the mention is the only one."""
    job, member = ping.jobs[0], mention(ping.user_id)
    if len(ping.jobs) > 1:
        message = _("{member} {number} of your requests were not made; their cards say why: {links}")
        return message.format(member=member, number=format_number(len(ping.jobs)), links=_links(ping))
    if job.unseen:
        return _unseen_here(job, member)
    if job.failed:
        return _("{member} your request was not made; its card says why.").format(member=member)
    if not job.shown:
        message = _("{member} what you asked for is made, and could not be shown here; {command} shows it.")
        return message.format(member=member, command=_show(job))
    if job.board is not None:
        made, missing = format_number(job.board.made), format_number(job.board.made + 1)
        return _board_here(job.board).format(member=member, made=made, missing=missing)
    return _ready_here(job).format(member=member, number=format_number(job.clips))


def direct(ping: Ping) -> str:
    """Say to the member alone what has become of their job, and where it is."""
    job = ping.jobs[0]
    if len(ping.jobs) > 1:
        message = _("{number} of your requests were not made; their cards say why: {links}")
        return message.format(number=format_number(len(ping.jobs)), links=_links(ping))
    if job.unseen:
        return _unseen_elsewhere(job)
    if job.failed:
        return _("Your request was not made; its card says why: {link}").format(link=_links(ping))
    if not job.shown:
        message = _("What you asked for is made, and could not be shown; {command} shows it, there: {link}")
        return message.format(command=_show(job), link=_links(ping))
    if job.board is not None:
        made, missing = format_number(job.board.made), format_number(job.board.made + 1)
        return _board_elsewhere(job.board).format(link=_links(ping), made=made, missing=missing)
    return _ready_elsewhere(job).format(link=_links(ping), number=format_number(job.clips))


def _unseen_here(job: EndedJob, member: str) -> str:
    if job.why is not None:
        return join_sentences(
            _("{member} your request was not made, and its card was deleted.").format(member=member), _why(job)
        )
    if (partly := _partly(job)) is not None:
        return f"{member} {partly}"
    message = _(
        "{member} what you asked for is made. Its card was deleted, so it is not shown here; {command} shows it."
    )
    return message.format(member=member, command=_show(job))


def _unseen_elsewhere(job: EndedJob) -> str:
    if job.why is not None:
        return join_sentences(_("Your request was not made, and its card was deleted."), _why(job))
    if (partly := _partly(job)) is not None:
        return partly
    message = _("What you asked for is made. Its card was deleted, so it is not shown there; {command} shows it.")
    return message.format(command=_show(job))


def _partly(job: EndedJob) -> str | None:
    """Say how much there is of a film that no card shows; None where all is made."""
    if job.board is None or job.board.made >= job.board.shots:
        return None
    return ngettext(
        "Of your film {made} shot is made, the rest is not. Its card was deleted; {command} shows what is there.",
        "Of your film {made} shots are made, the rest is not. Its card was deleted; {command} shows what is there.",
        job.board.made,
    ).format(made=format_number(job.board.made), command=_show(job))


def _why(job: EndedJob) -> str:
    why = job.why or {}
    return describe_error_code(why["code"], why["data"], returned=why["returned"])


def _ready_here(job: EndedJob) -> str:
    match job.kind:
        case Kind.DESCRIBE:
            return _("{member} your description is ready")
        case Kind.SEED:
            return _("{member} your seed is found")
        case Kind.VIDEO | Kind.EXTEND if job.clips == 1:
            return _("{member} your clip is ready")
        case Kind.VIDEO | Kind.EXTEND:
            return ngettext("{member} your {number} clip is ready", "{member} your {number} clips are ready", job.clips)
        case _ if job.clips == 1:
            return _("{member} your picture is ready")
        case _:
            return ngettext(
                "{member} your {number} picture is ready", "{member} your {number} pictures are ready", job.clips
            )


def _ready_elsewhere(job: EndedJob) -> str:
    match job.kind:
        case Kind.DESCRIBE:
            return _("Your description is ready: {link}")
        case Kind.SEED:
            return _("Your seed is found: {link}")
        case Kind.VIDEO | Kind.EXTEND if job.clips == 1:
            return _("Your clip is ready: {link}")
        case Kind.VIDEO | Kind.EXTEND:
            return ngettext("Your {number} clip is ready: {link}", "Your {number} clips are ready: {link}", job.clips)
        case _ if job.clips == 1:
            return _("Your picture is ready: {link}")
        case _:
            return ngettext(
                "Your {number} picture is ready: {link}", "Your {number} pictures are ready: {link}", job.clips
            )


def _board_here(board: EndedBoard) -> str:
    if board.made == 1:
        return _("{member} shot 1 of your film is ready; shot {missing} was not made, and the card says why.")
    if board.made < board.shots:
        return _(
            "{member} shots 1 to {made} of your film are ready; shot {missing} was not made, and the card says why."
        )
    if board.joined:
        return ngettext(
            "{member} your film of {made} shot is ready", "{member} your film of {made} shots is ready", board.made
        )
    return ngettext("{member} your {made} shot is ready", "{member} your {made} shots are ready", board.made)


def _board_elsewhere(board: EndedBoard) -> str:
    if board.made == 1:
        return _("Shot 1 of your film is ready; shot {missing} was not made, and the card says why: {link}")
    if board.made < board.shots:
        return _("Shots 1 to {made} of your film are ready; shot {missing} was not made, and the card says why: {link}")
    if board.joined:
        return ngettext(
            "Your film of {made} shot is ready: {link}", "Your film of {made} shots is ready: {link}", board.made
        )
    return ngettext("Your {made} shot is ready: {link}", "Your {made} shots are ready: {link}", board.made)


def _links(ping: Ping) -> str:
    """Lead to one card by its address, and to several by numbers, since a comma may be read as a part of an address."""
    links = _addresses(ping, ping.jobs[:LINKED])
    if len(links) == 1:
        return links[0]
    return join_list(numbered(number, link) for number, link in enumerate(links, 1))


def _addresses(ping: Ping, jobs: Sequence[EndedJob]) -> list[str]:
    return list(dict.fromkeys(card_address(ping.guild_id, ping.channel_id, job.message_id) for job in jobs))


def _show(job: EndedJob) -> str:
    return f"`/jobs show id:{job.job_id}`"
