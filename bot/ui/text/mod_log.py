"""What a mod log tells: one sentence an event, which names who did what to whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.mod_log import EventKind, LogEvent
from bot.errors import ErrorKind
from bot.providers.registry import title_of
from bot.ui.markdown import escape
from bot.ui.text.format import (
    date_and_time,
    escape_for_sentence,
    format_credits,
    format_number,
    join_list,
    join_sentences,
    mention,
)
from bot.ui.text.member_blocks import in_place_of
from bot.ui.text.setting_changes import changed as setting_changed
from bot.ui.text.translate import _, ngettext

Data = Mapping[str, Any]

REASON, REASON_ROOM = 300, 380
"""Characters of a reason, as typed and as escaped."""

JOBS_NAMED = 10
"""How many jobs one sentence names."""

WORDS_NAMED = 5
"""How many forbidden words one sentence names."""


def event(told: LogEvent) -> str:
    """Tell one event."""
    match told.kind:
        case EventKind.REPORT:
            return _reported(told.data)
        case EventKind.REMOVED:
            return join_sentences(_removed(told.data), _reason(told.data))
        case EventKind.BLOCKED:
            return join_sentences(_blocked(told.data), _reason(told.data), _in_place_of(told.data.get("before")))
        case EventKind.UNBLOCKED:
            message = _("{admin} lifted the block of {member}.")
            return message.format(admin=mention(told.data["by"]), member=mention(told.data["member"]))
        case EventKind.WORDS_REFUSED:
            return _words_refused(told.data)
        case EventKind.QUOTA:
            return _quota(told.data)
        case EventKind.SETTINGS:
            return join_sentences(*(setting_changed(told.data["by"], *change) for change in told.data["changes"]))
        case EventKind.ACCOUNT:
            return _account(title_of(told.data["provider"]), told.data["error"])
        case EventKind.PROVIDER_DOWN:
            message = _(
                "**{provider} does not answer as it should.** Jobs go elsewhere where they can, else they wait; "
                "I go on trying."
            )
            return message.format(provider=title_of(told.data["provider"]))
        case EventKind.UNCONFIRMED:
            message = _(
                "**Job {job} is in doubt:** {provider} never said whether it took it, and its credits came back. Look "
                "it up there, then use /admin."
            )
            return message.format(job=_job(told.data["job"]), provider=title_of(told.data["provider"]))
        case EventKind.SERVER_CREDITS:
            return _server_credits(told.data)


def _reported(data: Data) -> str:
    message = _("{reporter} reported [job {job}]({link}) of {member}: {reason}")
    return message.format(
        reporter=mention(data["by"]),
        job=data["job"],
        link=data["link"],
        member=mention(data["member"]),
        reason=why_reported(data["reason"]),
    )


def _removed(data: Data) -> str:
    jobs: Sequence[str] = data["jobs"]
    number = len(jobs)
    message = (
        ngettext("{admin} removed their own job {jobs}.", "{admin} removed their own jobs {jobs}.", number)
        if data["member"] == data["by"]
        else ngettext("{admin} removed job {jobs} of {member}.", "{admin} removed jobs {jobs} of {member}.", number)
    )
    return message.format(admin=mention(data["by"]), member=mention(data["member"]), jobs=_jobs(jobs))


def _blocked(data: Data) -> str:
    message = (
        _("{admin} blocked {member} until {time}.") if data.get("until_ms") else _("{admin} blocked {member} for good.")
    )
    time = date_and_time(data.get("until_ms") or 0)
    return message.format(admin=mention(data["by"]), member=mention(data["member"]), time=time)


def _in_place_of(before: Data | None) -> str:
    return "" if before is None else in_place_of(before["until_ms"], before["by"], before["reason"] or "")


def _words_refused(data: Data) -> str:
    words = join_list(
        _("“{word}”").format(word=escape_for_sentence(word)) for word in (data.get("words") or ())[:WORDS_NAMED]
    )
    message = (
        _("A prompt of {member} was refused for its words: {words}.")
        if words
        else _("A prompt of {member} was refused for its words.")
    )
    strikes = data.get("strikes") or 0
    counted = ngettext("That makes {number} strike today.", "That makes {number} strikes today.", strikes)
    what = message.format(member=mention(data["member"]), words=words)
    return join_sentences(what, counted.format(number=format_number(strikes)) if strikes else "")


def _quota(data: Data) -> str:
    admin = mention(data["by"])
    if data.get("granted"):
        message = _("{admin} gave {target} {price} on top.")
        return message.format(admin=admin, target=_target(data), price=format_credits(data["granted"]))
    if data["credits"] is None:
        return _("{admin} cleared what was set for {target}.").format(admin=admin, target=_target(data))
    price = format_credits(data["credits"])
    match data.get("period"):
        case "day":
            message = _("{admin} set {target} to {price} each day.")
        case "week":
            message = _("{admin} set {target} to {price} each week.")
        case "month":
            message = _("{admin} set {target} to {price} each month.")
        case "never":
            message = _("{admin} set {target} to {price}, once and for all.")
        case _ if data["subject"] == "member" and data["credits"] == 0:
            message = _("{admin} blocked {target} with an allowance of 0.")
        case _:
            message = _("{admin} set {target} to {price} in each period.")
    return message.format(admin=admin, target=_target(data), price=price)


def _target(data: Data) -> str:
    match data["subject"]:
        case "member":
            return mention(data["subject_id"])
        case "role":
            return f"<@&{data['subject_id']}>"
        case _:
            return _("every member")


def _account(provider: str, error: str) -> str:
    match error:
        case ErrorKind.INSUFFICIENT_BALANCE:
            message = _("**The account at {provider} is empty.** Nothing can be made there until it is filled up.")
        case ErrorKind.AUTH:
            message = _("**{provider} does not accept its key.** Nothing can be made there until it is put right.")
        case _:
            message = _("**The account at {provider} is blocked.** Nothing can be made there until that is cleared up.")
    return message.format(provider=provider)


def _server_credits(data: Data) -> str:
    message = (
        _("**The server has used up its credits:** {used} of {limit} in this period.")
        if data["percent"] >= 100
        else _("**The server's credits run low:** {used} of {limit} are used in this period.")
    )
    return message.format(used=format_number(data["used"]), limit=format_number(data["limit"]))


def _reason(data: Data) -> str:
    if not data.get("reason"):
        return ""
    return _("Reason: {reason}").format(reason=_escaped(data["reason"]))


def why_reported(reason: str) -> str:
    """Give a report's reason as it was typed, or say that there is none."""
    return _escaped(reason) or _("no reason was given")


def _escaped(reason: str) -> str:
    return escape(" ".join(reason.split()), REASON, room=REASON_ROOM)


def _jobs(jobs: Sequence[str]) -> str:
    named = [_job(job) for job in jobs[:JOBS_NAMED]]
    if len(jobs) > JOBS_NAMED:
        more = len(jobs) - JOBS_NAMED
        named.append(ngettext("{number} more job", "{number} more jobs", more).format(number=format_number(more)))
    return join_list(named)


def _job(job_id: str) -> str:
    return f"`{job_id}`"


def at(time_ms: int, sentence: str) -> str:
    """Put the time before what is told later than it happened."""
    return _("{time}: {sentence}").format(time=date_and_time(time_ms), sentence=sentence)


def urgent_heading(server: str) -> str:
    """Begin what an owner is told at once."""
    return _("**{server}: jobs cannot be made**").format(server=server)


def digest_heading(server: str) -> str:
    """Begin what an owner is told once a day."""
    return _("**{server}: what happened since I last wrote**").format(server=server)


def more(number: int) -> str:
    """Count what has no room in the message."""
    return ngettext("… and {number} more.", "… and {number} more.", number).format(number=format_number(number))


def no_channel(lost_channel_id: int | None) -> str:
    """Say to an owner why they are written to, and how to be told in a channel."""
    if lost_channel_id is None:
        return _("You get this because the server has no channel for the mod log; **/setup** names one.")
    message = _("You get this because I cannot write in {channel}, the mod log; let me, or name another in **/setup**.")
    return message.format(channel=f"<#{lost_channel_id}>")
