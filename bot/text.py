"""Every sentence that a person is shown; `explain` turns what went wrong into one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain import Allowance, Balance, Job, Usage
from bot.errors import AnimaticError

Data = Mapping[str, Any]

NOT_CHARGED = "Nothing was charged."

_NEVER_CHARGES = frozenset({"not_allowed", "not_a_member", "not_yours", "too_late_to_cancel"})
"""What happens only where no credits are spent, so that nothing needs to be said of them."""


def explain(code: str, data: Data | None = None, *, returned: int = 0) -> str:
    """Say what happened, what happened to the credits, and what to do now.

    `returned` counts the credits that were given back.
    """
    what, then = _SENTENCES.get(code, _SENTENCES["internal"])(data or {})
    credits = "" if code in _NEVER_CHARGES else NOT_CHARGED
    if returned:
        credits = f"All {count(returned, 'credit')} came back."
    return " ".join(part for part in (what, credits, then) if part)


def explain_error(error: BaseException, *, returned: int = 0) -> str:
    """Explain an exception; what is not one of ours is told as our own mistake."""
    if isinstance(error, AnimaticError):
        return explain(error.code, error.data, returned=returned)
    return explain("internal", returned=returned)


def count(number: int, noun: str) -> str:
    """Write a number with its noun: '1 credit', '8 credits'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def minutes(milliseconds: int) -> str:
    """Write a duration as people say it."""
    seconds = max(0, milliseconds // 1000)
    if seconds < 50:
        return f"{max(5, (seconds + 4) // 5 * 5)} s"
    return f"{(seconds + 30) // 60} min"


def renews(renews_ms: int | None) -> str:
    """Say when credits renew, in the reader's own time zone (Discord renders the time stamp)."""
    if renews_ms is None:
        return "They do not renew by themselves; ask an admin for more."
    return f"They renew <t:{renews_ms // 1000}:R>, <t:{renews_ms // 1000}:f>."


Sentence = Callable[[Data], tuple[str, str]]
"""Give what happened, and what to do now."""


def _picture(data: Data) -> tuple[str, str]:
    name = "end image" if data["place"] == "end" else "image"
    limit = data.get("limit") or 0
    match data["problem"]:
        case "not_a_picture":
            return f"The {name} is not a picture that I can read.", "Attach a PNG, JPEG, WebP or GIF."
        case "broken":
            return f"The {name} is broken or incomplete.", "Save it again and attach the new file."
        case "too_large":
            return f"The {name} is larger than {limit // 2**20} MiB.", "Attach a smaller file."
        case "too_many_pixels":
            return (
                f"The {name} has more than {limit // 10**6} million pixels.",
                "Scale it down and attach it again.",
            )
        case "forbidden_address":
            return f"The {name} lies at an address that I do not open.", "Attach it as a file."
        case "unreachable":
            return f"The {name} could not be fetched from Discord.", "Try again in a while."
        case _:
            return f"Discord no longer has the {name}.", "Run the command again with the picture attached."


def _unsupported(data: Data) -> tuple[str, str]:
    others = data.get("offered_by") or ()
    then = f"Choose {' or '.join(others)} as provider, or leave it out." if others else "Leave that option out."
    return f"{data['provider']} has no {data['option']}.", then


def _too_few(data: Data) -> tuple[str, str]:
    what = f"This takes {count(data['needed'], 'credit')}, and you have {data['left']} left."
    return what, renews(data["renews_ms"])


def _server_too_few(data: Data) -> tuple[str, str]:
    what = f"This takes {count(data['needed'], 'credit')}, and the whole server has {data['left']} left."
    return what, renews(data["renews_ms"])


def _cannot_post(data: Data) -> tuple[str, str]:
    missing = " and ".join(data["missing"])
    return f"I lack {missing} in this channel.", "Ask an admin to allow it, or use another channel."


def _job_failed(data: Data) -> tuple[str, str]:
    what, then = _REASONS.get(data["reason"], _REASONS["internal"])
    return what.format(provider=data["provider"]), then


def _fixed(what: str, then: str = "") -> Sentence:
    return lambda _: (what, then)


_SENTENCES: Mapping[str, Sentence] = {
    "internal": _fixed("Something went wrong on my side.", "Please try again, and tell an admin if it happens again."),
    "empty_prompt": _fixed("The prompt is empty.", "Say in a few words what should happen in the film."),
    "prompt_too_long": lambda data: (
        f"The prompt has {data['length']:,} characters, and {data['limit']:,} are allowed.",
        "Shorten it and try again.",
    ),
    "bad_picture": _picture,
    "end_image_with_loop": _fixed(
        "A loop ends where it begins, so it cannot have an end image.", "Choose one of them."
    ),
    "unsupported": _unsupported,
    "no_provider": lambda data: (f"{data['provider']} is switched off here.", "Ask an admin, or start a new video."),
    "too_few_credits": _too_few,
    "server_out_of_credits": _server_too_few,
    "cannot_post": _cannot_post,
    "not_in_server": _fixed(
        "I only work in servers, where an admin shares the credits.", "Use me in a server's channel."
    ),
    "server_not_allowed": _fixed("I am not set up for this server.", "Whoever runs me can add it to ALLOWED_GUILDS."),
    "not_allowed": lambda data: (f"Only members with the permission {data['permission']} may do that.", ""),
    "no_such_clip": lambda data: (
        f"Clip {data['clip']} of job {data['parent']} cannot be extended any more.",
        "Start a new video with /video.",
    ),
    "already_making": lambda data: (
        "You have asked for this already, and it is being made.",
        f"Watch it: {data['link']}",
    ),
    "not_a_member": _fixed("That person is not a member of this server.", "Choose somebody who is."),
    "not_yours": _fixed("Only the member who asked for it, or a moderator, may cancel this."),
    "too_late_to_cancel": _fixed("It is being made already, so it can no longer be cancelled.", "It will appear here."),
    "cancelled": lambda data: (f"Cancelled by <@{data['by']}>.", ""),
    "job_failed": _job_failed,
}

_TRY_AGAIN = "Try again in a while."
_TELL_ADMIN = "Please tell an admin."

_REASONS: Mapping[str, tuple[str, str]] = {
    "invalid_request": ("{provider} did not accept the request.", "Change the prompt or the picture and try again."),
    "auth": ("{provider} does not accept our key.", _TELL_ADMIN),
    "insufficient_balance": ("Our account at {provider} is empty.", _TELL_ADMIN),
    "account_blocked": ("Our account at {provider} is blocked.", _TELL_ADMIN),
    "moderated_prompt": ("{provider} refused the prompt because of its words.", "Say it in other words."),
    "moderated_image": ("{provider} refused the picture because of what it shows.", "Use another picture."),
    "bad_image_link": ("{provider} could not open the picture.", "Attach it again."),
    "not_found": ("{provider} does not know the job any more.", "Start it again."),
    "upstream": ("{provider} failed while making it.", _TRY_AGAIN),
    "bad_response": ("{provider} gave an answer that makes no sense.", _TRY_AGAIN),
    "job_timeout": ("{provider} did not finish in time.", _TRY_AGAIN),
    "result_missing": ("{provider} says it is done but gave no clips.", _TRY_AGAIN),
    "unknown_charge": (
        "{provider} never answered, so I do not know whether it was made.",
        "If the clips still come, they are yours for free.",
    ),
    "internal": ("Something went wrong on my side.", "Please try again, and tell an admin if it happens again."),
}


def balance(balance: Balance, whose: int | None = None) -> str:
    """Say what somebody has left; `whose` is None for the asker."""
    subject = "You have" if whose is None else f"<@{whose}> has"
    extra = f", {balance.granted} of them granted on top" if balance.granted else ""
    line = f"{subject} {balance.left} of {balance.cap + balance.granted} credits left{extra}."
    if balance.cap == 0 and balance.granted == 0:
        line = f"{subject} no credits: an admin set that to 0."
    server = "" if balance.server_left is None else f" The whole server has {balance.server_left} left."
    return f"{line} {renews(balance.renews_ms)}{server}"


def allowed(target: str, credits: int) -> str:
    """Confirm /quota set."""
    if credits == 0:
        return f"{target} cannot spend any credits now."
    return f"{target} may spend {count(credits, 'credit')} in each period now."


def cleared(target: str, *, was_set: bool) -> str:
    """Confirm /quota clear."""
    if not was_set:
        return f"Nothing was set for {target}."
    return f"What was set for {target} is forgotten; the server's default applies."


def default_set(credits: int, period: str | None) -> str:
    """Confirm /quota default."""
    every = f" each {period}" if period in ("day", "week", "month") else ", once and for all" if period else ""
    return f"Every member gets {count(credits, 'credit')}{every}, unless you set something else for them or a role."


def granted(target: str, credits: int, left: int) -> str:
    """Confirm /quota grant."""
    return f"{target} got {count(credits, 'credit')} on top for this period and has {left} left."


MAX_MESSAGE = 2000
"""Characters of one plain message on Discord."""


def usage(rows: Sequence[Usage], total: int, said: Sequence[Allowance]) -> str:
    """List who spent most in this period, and what admins have set."""
    lines = [f"The server has spent {count(total, 'credit')} in this period."]
    if not total:
        lines = ["Nobody has spent any credits in this period."]
    for row in rows:
        grant = f", {row.granted} granted" if row.granted else ""
        vendor = f", the provider charged {row.vendor:g}" if row.vendor else ""
        lines.append(f"<@{row.user_id}>: {count(row.used, 'credit')} in {count(row.jobs, 'job')}{grant}{vendor}")
    if said:
        lines.append("Set by admins, for each period:")
        lines += [f"{_subject(allowance)}: {count(allowance.credits, 'credit')}" for allowance in said]
    return _fitting(lines)


def cancelled(returned: int) -> str:
    """Confirm a cancel to whoever pressed the button."""
    return f"Cancelled. All {count(returned, 'credit')} came back."


def synced(number: int, *, here: bool) -> str:
    """Confirm the owner's sync."""
    where = "in this server" if here else "everywhere; Discord may take a while to show them"
    return f"{count(number, 'command')} registered {where}."


def unfinished(jobs: Sequence[Job]) -> str:
    """List the jobs that have not ended, for the owner."""
    if not jobs:
        return "No job is under way."
    return _fitting([f"`{job.id}` {job.state}, {job.kind} by <@{job.user_id}> at {job.provider}" for job in jobs])


def _subject(allowance: Allowance) -> str:
    return f"<@&{allowance.subject_id}>" if allowance.subject == "role" else f"<@{allowance.subject_id}>"


def _fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > MAX_MESSAGE - 10:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def welcome(name: str) -> str:
    """Tell a new server how to begin, in two lines."""
    return (
        f"Hello, I am {name}: attach a picture to **/video** and I turn it into short films.\n"
        "Admins: **/quota default** sets what every member may spend; **/credits** shows what is left."
    )


def not_welcome() -> str:
    """Tell a server that is not allowed so."""
    return " ".join(_SENTENCES["server_not_allowed"]({}))
