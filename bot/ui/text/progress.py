"""How far a job is, as its card says it, from the first look at the picture to its end."""

from collections.abc import Sequence
from typing import Any

from bot.domain.job import Job, Kind, State
from bot.ui.text.errors import describe_error_code
from bot.ui.text.format import (
    date_and_time,
    format_duration,
    format_number,
    join_and,
    progress_bar,
    relative_time,
)
from bot.ui.text.translate import _, ngettext


def describe_progress(
    job: Job,
    provider: str,
    *,
    position: int | None,
    wait_ms: int | None,
    paused_until_ms: int | None,
    own_limit: int | None = None,
    awaited: Sequence[int] = (),
    has_key: bool = True,
) -> str:
    """Say how far a job is.

    `position` counts from 1, `wait_ms` is how long it will take; `own_limit` is how many jobs a member may have at the
    provider, where they have as many and so wait for themselves; `awaited` are the numbers of clips whose links do not
    work yet, `has_key` says whether the provider can be asked.
    """
    match job.state:
        case State.RECEIVED:
            return _("Looking at the prompt…") if job.kind is Kind.IMAGINE else _("Looking at the picture…")
        case State.QUEUED if paused_until_ms is not None:
            return _("Waiting, place {place}: {provider} does not answer well, I try again {when}.").format(
                place=format_number(position or 1), provider=provider, when=relative_time(paused_until_ms)
            )
        case State.QUEUED if job.tries and job.due_ms is not None:
            return _("{provider} is busy; I am trying again.").format(provider=provider)
        case State.QUEUED:
            return _waiting(position or 1, wait_ms, own_limit)
        case State.SUBMITTING if job.lease is None:
            return _("{provider} has not answered; I am waiting to see whether it took the job.").format(
                provider=provider
            )
        case State.SUBMITTING:
            return _("Handing it to {provider}…").format(provider=provider)
        case State.RUNNING if not has_key:
            return _("{provider} is switched off here just now, so I cannot ask how far it is; I keep trying.").format(
                provider=provider
            )
        case State.RUNNING:
            return _running(job.progress, wait_ms)
        case State.READY if awaited and job.fetch_until_ms is not None:
            return _awaiting(job, provider, awaited, job.fetch_until_ms)
        case State.READY | State.DONE:
            message = (
                _("{bar} made; fetching the clips…")
                if job.kind.makes_video
                else _("{bar} made; fetching the pictures…")
            )
            return message.format(bar=progress_bar(100))
        case State.FAILING | State.FAILED:
            returned = job.cost if job.charged else 0
            return describe_error_code(job.error_code or "internal", _public(job), returned=returned)


def _awaiting(job: Job, provider: str, numbers: Sequence[int], until_ms: int) -> str:
    message = (
        ngettext(
            "{bar} made; clip {numbers} cannot be fetched from {provider} yet, and I keep trying until {when}.",
            "{bar} made; clips {numbers} cannot be fetched from {provider} yet, and I keep trying until {when}.",
            len(numbers),
        )
        if job.kind.makes_video
        else ngettext(
            "{bar} made; picture {numbers} cannot be fetched from {provider} yet, and I keep trying until {when}.",
            "{bar} made; pictures {numbers} cannot be fetched from {provider} yet, and I keep trying until {when}.",
            len(numbers),
        )
    )
    return message.format(
        bar=progress_bar(100),
        numbers=join_and([format_number(number) for number in numbers]),
        provider=provider,
        when=date_and_time(until_ms),
    )


def _public(job: Job) -> dict[str, Any]:
    """Give what is told of an error where all read along: not what a member has left, nor why they are blocked."""
    data = dict(job.error_data or {})
    if job.error_code == "too_few_credits":
        data.pop("left", None)
    if job.error_code == "blocked":
        data.pop("reason", None)
    return data


def _waiting(position: int, wait_ms: int | None, own_limit: int | None) -> str:
    if own_limit is not None:
        return ngettext(
            "Waiting, place {place}: {number} job of this member is being made, as many as one member may have at once",
            "Waiting, place {place}: {number} jobs of this member are being made, as many as one member may have at "
            "once",
            own_limit,
        ).format(place=format_number(position), number=format_number(own_limit))
    if wait_ms is None:
        return _("Waiting, place {place}").format(place=format_number(position))
    message = _("Waiting, place {place}, about {duration}")
    return message.format(place=format_number(position), duration=format_duration(wait_ms))


def _running(percent: int | None, wait_ms: int | None) -> str:
    match percent is None, wait_ms is None:
        case True, True:
            message = _("{bar} being made")
        case True, False:
            message = _("{bar} being made, about {duration} left")
        case False, True:
            message = _("{bar} {percent} %")
        case _:
            message = _("{bar} {percent} %, about {duration} left")
    return message.format(
        bar=progress_bar(percent or 0), percent=format_number(percent or 0), duration=format_duration(wait_ms or 0)
    )
