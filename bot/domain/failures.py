"""Why a job failed, as far as it matters to who would ask for the same again."""

from bot.domain.job import Job, State
from bot.errors import ErrorKind, ImageProblem

_OWN_FAULTS = frozenset(
    {
        ErrorKind.INVALID_REQUEST,
        ErrorKind.FORBIDDEN,
        ErrorKind.MODERATED_PROMPT,
        ErrorKind.MODERATED_IMAGE,
        "no_such_source",
    }
)
"""The reasons of a `JobFailed` for which the same request would fail again, or might: words, picture or options."""

_PASSING = frozenset(
    {
        "internal",
        "unknown_charge",
        "server_left",
        "media_unavailable",
        "media_full",
        "too_few_credits",
        "server_out_of_credits",
    }
)
"""The codes of other ends that have nothing to do with what was asked for."""


def may_pass(job: Job) -> bool:
    """Tell whether a job failed for a reason that is not the request's, so that the same may succeed another time."""
    if job.state not in (State.FAILING, State.FAILED):
        return False
    data = job.error_data or {}
    match job.error_code:
        case "job_failed":
            return data.get("reason") not in _OWN_FAULTS
        case "clip_gone":
            return not data.get("final", True)
        case "bad_picture":
            return data.get("problem") == ImageProblem.UNREACHABLE
        case code:
            return code in _PASSING
