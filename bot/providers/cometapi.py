"""CometAPI's wire format (https://apidoc.cometapi.com, Midjourney: Submit Video, Fetch Single Task).

Codes, states and failures that its pages leave out are read as in its family, midjourney-proxy and new-api.
"""

import re
from dataclasses import replace

import httpx

from bot.domain.params import Motion, Resolution
from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.capabilities import Capabilities, refuse_unsupported
from bot.providers.forbidden import forbidden_is, told_apart
from bot.providers.http_client import ApiClient, CallWatcher, ErrorMapping, error_code, error_message, unwatched
from bot.providers.json_fields import Json
from bot.providers.midjourney import FAILURES
from bot.providers.snapshots import failed, finished, read_state
from bot.providers.types import (
    Account,
    CallbackMatcher,
    ExtendRequest,
    RemoteState,
    Snapshot,
    SpeedStatus,
    Submitted,
    VideoRequest,
)

COMETAPI = Capabilities(
    end_image=False,
    loop=False,
    motions=(Motion.LOW, Motion.HIGH),
    resolutions=(Resolution.SD, Resolution.HD),
    clip_counts=(4,),
    speeds=(),
    extend=True,
    extend_motions=(Motion.LOW, Motion.HIGH),
    progress=True,
    callbacks=False,
    echoes_callback=True,
    extend_prompt=True,
    extend_needs_image=True,
)

_VIDEO_TYPES = {Resolution.SD: "vid_1.1_i2v_480", Resolution.HD: "vid_1.1_i2v_720"}

_GATEWAY_CODES = {
    "invalid_request": ErrorKind.INVALID_REQUEST,
    "insufficient_user_quota": ErrorKind.INSUFFICIENT_BALANCE,
    "pre_consume_token_quota_failed": ErrorKind.INSUFFICIENT_BALANCE,
}

# HTTP says 200 to most of both. 21 is a task that exists already, or is to be confirmed; 22 one that waits.
_ACCEPTED = frozenset({"1", "21", "22"})
_REFUSALS = {
    **_GATEWAY_CODES,
    "3": ErrorKind.NOT_FOUND,
    "4": ErrorKind.INVALID_REQUEST,
    "9": ErrorKind.UPSTREAM,
    "23": ErrorKind.QUEUE_FULL,
    "24": ErrorKind.MODERATED_PROMPT,
    "30": ErrorKind.RATE_LIMITED,
}

_MESSAGES = {
    ErrorKind.QUEUE_FULL: ("队列已满",),
    ErrorKind.INSUFFICIENT_BALANCE: ("quota_not_enough", "额度"),
    ErrorKind.NOT_FOUND: ("task_no_found", "task_not_found"),
    ErrorKind.UPSTREAM: ("账号", "available account"),
    ErrorKind.ACCOUNT_BLOCKED: tuple(
        f"account {verb} {fate}" for verb in ("is", "was", "has been") for fate in ("blocked", "banned", "disabled")
    ),
    ErrorKind.MODERATED_PROMPT: ("敏感词",),
    ErrorKind.JOB_TIMEOUT: ("任务超时",),
}

_ERROR_MAPPING = ErrorMapping(
    codes=_GATEWAY_CODES,
    substrings=(*((part, kind) for kind, parts in _MESSAGES.items() for part in parts), *FAILURES),
    open_kinds=frozenset({ErrorKind.INVALID_REQUEST, ErrorKind.FORBIDDEN}),
    empty_answer=ErrorKind.NOT_FOUND,
)

# The gateway says 400 to these as well, yet it had handed the request on when they happened.
_FORWARDED = ("do_request_failed", "response_body", "close_request_body_failed", "insert_midjourney_task_failed")

_STATES = {
    **dict.fromkeys(("", "NOT_START", "SUBMITTED"), RemoteState.WAITING),
    **dict.fromkeys(("IN_PROGRESS", "MODAL"), RemoteState.RUNNING),
    **dict.fromkeys(("FAILURE", "CANCEL"), RemoteState.FAILED),
    "SUCCESS": RemoteState.SUCCEEDED,
}

# Some gateways write the family's names with underscores.
_LISTS = ("videoUrls", "video_urls")
_SINGLES = ("videoUrl", "video_url")
_COVERS = ("imageUrl", "image_url", "url")

_MP4 = re.compile(r"https?://[^?#]+\.mp4([?#].*)?", re.IGNORECASE)
_STATE = re.compile(r"[\x21-\x7e]{1,255}")  # the family keeps 255 characters


class CometApi:
    """Make clips with CometAPI."""

    name = "cometapi"
    title = "CometAPI"
    default_base_url = "https://api.cometapi.com"
    capabilities = COMETAPI
    images = None

    def __init__(
        self,
        api_key: str,
        base_url: str = default_base_url,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        watch: CallWatcher = unwatched,
    ) -> None:
        self._api = ApiClient(base_url, {"Authorization": f"Bearer {api_key}"}, _ERROR_MAPPING, transport, watch)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def submit(self, request: VideoRequest) -> Submitted:
        """Start a job; the page has no field for the number of clips, which is 4 in the family."""
        refuse_unsupported(COMETAPI, request)
        return await self._start(request, {"image": request.image_url or ""})

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Continue a clip; the page requires a picture here too, the family does without."""
        refuse_unsupported(COMETAPI, request)
        body: Json = {"action": "extend", "index": request.index, "taskId": request.parent_ref}
        if request.image_url:
            body["image"] = request.image_url
        return await self._start(request, body)

    async def poll(self, remote_id: str) -> Snapshot:
        """Fetch a task."""
        if json_fields.name(remote_id) is None:
            raise ProviderError(ErrorKind.NOT_FOUND, "yes", "no id that CometAPI could have given")
        body = await self._api.ask("GET", f"/mj/task/{remote_id}/fetch")
        task = _task(body)
        answered_id, status = json_fields.identifier(task.get("id")), task.get("status") or ""
        word = json_fields.text(status, 40).upper()
        # A number has lost the zeros that a name may begin with.
        if answered_id not in (None, remote_id, remote_id.lstrip("0")):
            raise ProviderError(
                ErrorKind.BAD_RESPONSE, "yes", f"asked for {remote_id}, answered about {answered_id}", 200
            )
        speaks_of_the_request = answered_id is None and _STATES.get(word) in (RemoteState.WAITING, RemoteState.FAILED)
        if not isinstance(status, str) or speaks_of_the_request:
            raise ProviderError(_refusal(body) or ErrorKind.BAD_RESPONSE, "yes", error_message(body) or "no task", 200)
        state = read_state(word, _STATES, self.title)
        return replace(_snapshot(state, task, remote_id), echo=_echo(task.get("state")))

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        """Find nothing: tasks are listed by their ids only."""
        return None

    def parse_callback(self, body: bytes) -> str | None:
        """Read which task a callback speaks of; none is asked for, for the page has no field for its URL."""
        parsed = json_fields.parse(body)
        return json_fields.identifier(_task(parsed).get("id")) if parsed is not None else None

    async def account(self) -> Account:
        """Try the key by asking for a task that nobody has; a 404 speaks of the address, and no balance is told."""
        try:
            with forbidden_is(ErrorKind.ACCOUNT_BLOCKED):
                await self.poll("0")
        except ProviderError as error:
            if error.kind is not ErrorKind.NOT_FOUND or error.http_status == 404:
                raise
        return Account()

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        """Tell nothing: there is no such page."""
        return ()

    async def _start(self, request: VideoRequest | ExtendRequest, body: Json) -> Submitted:
        """Send every option.

        `noStorage` is false: results are fetched from CometAPI's copy, at once, so it need not last; the original links
        lead to a delivery network that may refuse a server (providers.md, section 0.10).
        """
        body |= {
            "motion": (request.motion or Motion.LOW).value,
            "prompt": request.prompt,
            "videoType": _VIDEO_TYPES[request.resolution],
            "noStorage": False,
        }
        state = _echo((request.callback_url or "").rpartition("/")[2])
        if state is not None:
            body["state"] = state
        try:
            return _submitted(await self._api.submit("/mj/submit/video", body))
        except ProviderError as error:
            raise await told_apart(_reclassify(error, state), self.account) from None


def _reclassify(error: ProviderError, state: str | None) -> ProviderError:
    """Take the secret state out of an error, and doubt a refusal that came after the request was handed on."""
    reclassified = replace(error, message=_without(state, error.message))
    if error.accepted == "no" and any(words in error.message for words in _FORWARDED):
        return replace(reclassified, kind=ErrorKind.OUTCOME_UNKNOWN, accepted="maybe")
    return reclassified


def _submitted(answer: Json) -> Submitted:
    """Read whether a task was taken; a full queue may name a task all the same, so the code goes first."""
    message, refusal = error_message(answer), _refusal(answer)
    if refusal is not None:
        banned = json_fields.words((json_fields.section(answer.get("properties")) or {}).get("bannedWord"), 60)
        raise ProviderError(refusal, "no", f"{message} ({banned})" if banned else message, 200)
    task_id = json_fields.identifier(answer.get("result"))
    if task_id is None:
        raise ProviderError(ErrorKind.BAD_RESPONSE, "maybe", message or "accepted, but no task id", 200)
    return Submitted(task_id)


def _refusal(answer: Json) -> ErrorKind | None:
    """Classify an answer that refuses although HTTP says 200, by its code or else by its words; None for any other."""
    code = error_code(answer)
    kind = _ERROR_MAPPING.classify(error_message(answer), _REFUSALS.get(code, ErrorKind.BAD_RESPONSE))
    named = code in _ACCEPTED or json_fields.identifier(answer.get("result")) is not None
    may_be_accepted = named or kind in (ErrorKind.BAD_RESPONSE, ErrorKind.JOB_TIMEOUT)
    return None if may_be_accepted and code not in _REFUSALS else kind


def _task(body: Json) -> Json:
    """Find the task, which may be wrapped."""
    return json_fields.section(body.get("result")) or body


def _echo(state: object) -> str | None:
    return state if isinstance(state, str) and _STATE.fullmatch(state) else None


def _without(state: str | None, message: str) -> str:
    return message.replace(state, "<state>") if state else message


def _snapshot(state: RemoteState, task: Json, remote_id: str) -> Snapshot:
    progress = json_fields.percent(task.get("progress"))
    if state is RemoteState.FAILED:
        reason = _without(_echo(task.get("state")), _said(task, "failReason", "fail_reason"))
        return failed(_ERROR_MAPPING.classify(reason, ErrorKind.UPSTREAM), reason, progress)
    if state is not RemoteState.SUCCEEDED:
        return Snapshot(state, progress)
    return finished(_videos(task), progress=progress, extend_ref=remote_id)


def _videos(task: Json) -> list[object]:
    """Find the videos; clients of the family saw one in the places of pictures too, which else hold the cover."""
    for listed in (_listed(task.get(place)) for place in _LISTS):
        if any(map(json_fields.link, listed)):
            return listed
    covers = filter(_MP4.fullmatch, _links(task, _COVERS))
    single = next(iter([*_links(task, _SINGLES), *covers]), None)
    return [] if single is None else [single]


def _listed(value: object) -> list[object]:
    """Read the links of a list, which may stand in a string; each may be the `url` of an object."""
    found = json_fields.unpacked(value)
    entries = json_fields.entries(found) or [found]
    return [(json_fields.section(entry) or {"url": entry}).get("url") for entry in entries]


def _links(task: Json, places: tuple[str, ...]) -> list[str]:
    return [link for place in places if (link := json_fields.link(task.get(place))) is not None]


def _said(task: Json, *places: str) -> str:
    return next(filter(None, (json_fields.words(task.get(place)) for place in places)), "")
