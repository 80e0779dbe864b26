"""What APIMart answers: how it says no (providers.md, section 3.5), and what its status pages say (section 3.3)."""

import re

from bot.errors import TRANSIENT, ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.http_client import ErrorMapping, error_code, error_message
from bot.providers.json_fields import Json
from bot.providers.snapshots import failed, finished, read_state
from bot.providers.types import RemoteState, Snapshot

_MESSAGES = {
    ErrorKind.MODERATED_PROMPT: ("banned prompt", "敏感词"),
    ErrorKind.MODERATED_IMAGE: ("image denied", "图片未通过"),
    ErrorKind.BAD_IMAGE_LINK: ("invalid link",),
    ErrorKind.INSUFFICIENT_BALANCE: ("insufficient balance", "余额不足"),
    ErrorKind.AUTH: ("invalid api key", "token info", "获取令牌信息"),
    ErrorKind.NOT_FOUND: ("task not found", "任务不存在"),
    ErrorKind.JOB_TIMEOUT: ("task timeout",),
    ErrorKind.QUEUE_FULL: ("no available", "无可用"),
}

ERROR_MAPPING = ErrorMapping(
    statuses={422: ErrorKind.MODERATED_PROMPT},
    codes={"24": ErrorKind.MODERATED_PROMPT},
    substrings=tuple((part, kind) for kind, parts in _MESSAGES.items() for part in parts),
    open_kinds=frozenset(
        {ErrorKind.INVALID_REQUEST, ErrorKind.FORBIDDEN, ErrorKind.MODERATED_PROMPT, ErrorKind.NOT_FOUND}
    ),
)

_CODES = {"4": ErrorKind.INVALID_REQUEST, "9": ErrorKind.UPSTREAM, "24": ErrorKind.MODERATED_PROMPT}

_TYPES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "payment_required": 402,
    "permission_error": 403,
    "not_found": 404,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "internal_error": 500,
    "server_error": 500,
    "bad_gateway": 502,
}

_STATUS = re.compile(r"[45][0-9]{2}")

# MODAL waits for parameters that nobody will give: APIMart itself cancels it after 30 minutes.
_STATES = {
    **dict.fromkeys(("NOT_START", "SUBMITTED", "PENDING"), RemoteState.WAITING),
    **dict.fromkeys(("IN_PROGRESS", "PROCESSING", "MODAL"), RemoteState.RUNNING),
    **dict.fromkeys(("SUCCESS", "COMPLETED"), RemoteState.SUCCEEDED),
    **dict.fromkeys(("FAILURE", "FAILED", "CANCELLED"), RemoteState.FAILED),
}

UNCLEAR = frozenset({ErrorKind.BAD_RESPONSE, ErrorKind.OUTCOME_UNKNOWN})
"""What a body that does not surely refuse is classified as."""


def failure(answer: Json, code_3: ErrorKind = ErrorKind.NOT_FOUND) -> tuple[ErrorKind, str]:
    """Classify the error in a body by its code, else its type, else its words, and give these.

    Code 3 says that a task is unknown or that nobody is free to take one: `code_3` is which of these can be meant.
    """
    message = json_fields.words(answer.get("fail_reason")) or error_message(answer)
    code = error_code(answer)
    refused = {**_CODES, "3": code_3}.get(code)
    if refused is not None:
        return ERROR_MAPPING.classify(message, refused), message
    type_ = json_fields.text((json_fields.section(answer.get("error")) or {}).get("type"), 40)
    status = int(code) if _STATUS.fullmatch(code) else _TYPES.get(type_, 0)
    if status >= 500:
        return ErrorKind.OUTCOME_UNKNOWN, message
    refusal = ERROR_MAPPING.classify_refusal(status, code, message)
    return refusal or ERROR_MAPPING.classify(message, ErrorKind.BAD_RESPONSE), message


def unexpected_answer(answer: Json, otherwise: str) -> ProviderError:
    """Give the error of an answer to a question that came with 200 and does not answer it."""
    kind, message = failure(answer)
    return ProviderError(
        ErrorKind.UPSTREAM if kind is ErrorKind.OUTCOME_UNKNOWN else kind, "yes", message or otherwise, 200
    )


def read_task_id(answer: Json) -> str | None:
    """Find the task's id: in the first item of `data`, in `data` itself, or beside it."""
    data = answer.get("data")
    places = [item for item in map(json_fields.section, (*json_fields.entries(data), data, answer)) if item is not None]
    named = [json_fields.name(item.get("task_id")) for item in places]
    called = [name for item in places if (name := json_fields.name(item.get("id"))) and name.startswith("task")]
    return next(filter(None, (*named, *called)), None)


def read_snapshot(answer: Json, remote_id: str) -> Snapshot:
    """Read a job from either status page: under `data`, or unwrapped."""
    data = answer.get("data")
    places = filter(None, map(json_fields.section, (data, *json_fields.entries(data), answer)))
    job = next((place for place in places if json_fields.text(place.get("status"), 40)), answer)
    word = json_fields.text(job.get("status"), 40)
    answered_id = json_fields.name(job.get("id")) or json_fields.name(job.get("task_id"))
    if answered_id not in (None, remote_id):
        raise ProviderError(ErrorKind.BAD_RESPONSE, "yes", f"asked for {remote_id}, answered about {answered_id}", 200)
    state = read_state(word, _STATES, "APIMart") if word else None
    if state is None or (state is RemoteState.FAILED and answered_id is None):
        raise unexpected_answer(answer, "an answer that names no task")
    progress = json_fields.percent(job.get("progress"))
    if state is RemoteState.FAILED:
        kind, message = failure(job, ErrorKind.UPSTREAM)
        reason = ERROR_MAPPING.classify(message, ErrorKind.UPSTREAM) if kind in UNCLEAR else kind
        return failed(ErrorKind.UPSTREAM if reason in TRANSIENT else reason, message or word, progress)
    if state is not RemoteState.SUCCEEDED:
        return Snapshot(state, progress)
    return finished(_videos(job), progress=progress, cost=_cost(job))


def _cost(job: Json) -> str | None:
    """Read what was charged, in US dollars; a task that is not paid for yet says 0."""
    charged = json_fields.number(job.get("cost"))
    return f"{charged:.10g}" if charged is not None and charged > 0 else None


def _videos(job: Json) -> list[object]:
    """Find the videos; which of these places the page for tasks of all kinds uses is not documented (section 3.3)."""
    result = json_fields.section(job.get("result")) or {}
    lists = (job.get("video_urls"), result.get("video_urls"), result.get("videos"))
    clips = [link for link in _links(result.get("images")) if _is_clip(link)]
    places = (*map(_links, (*lists, job.get("video_url"), result.get("video_url"))), clips)
    return next((links for links in places if links), list[object]())


def _links(value: object) -> list[object]:
    """Read links that stand alone, in a list, or as `url` of a list's objects, where each may be a list again."""
    unpacked = json_fields.unpacked(value)
    if isinstance(unpacked, str):
        return [unpacked] if unpacked else []
    found: list[object] = []
    for entry in json_fields.entries(unpacked):
        item = json_fields.section(entry)
        url: object = entry if item is None else item.get("url")
        found += json_fields.entries(url) or [url]
    return found


def _is_clip(link: object) -> bool:
    """Tell a clip's link from an image's, where both may stand."""
    return (json_fields.link(link) or "").partition("?")[0].lower().endswith(".mp4")
