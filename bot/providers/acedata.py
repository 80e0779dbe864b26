"""AceData's wire format (https://docs.acedata.cloud, Midjourney videos and tasks; providers.md, section 2)."""

from dataclasses import replace

import httpx

from bot.domain.params import Resolution, Speed
from bot.errors import Accepted, ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.capabilities import Capabilities, refuse_unsupported
from bot.providers.forbidden import forbidden_is, told_apart
from bot.providers.http_client import ApiClient, CallWatcher, ErrorMapping, error_code, error_message, unwatched
from bot.providers.json_fields import Json
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

ACEDATA = Capabilities(
    end_image=True,
    loop=True,
    motions=(),
    resolutions=(Resolution.SD, Resolution.HD),
    clip_counts=(4,),
    speeds=(Speed.FAST, Speed.TURBO),
    extend=True,
    extend_motions=(),
    progress=True,
    callbacks=True,
    echoes_callback=True,
    can_list_jobs=True,
    extend_prompt=True,
)

_VIDEOS = "/midjourney/videos"
_TASKS = "/midjourney/tasks"

LISTED = 100
"""How many of the newest tasks are looked through for a lost one."""

PAGE = 50
"""How many tasks are asked for at once; the vendor's own tools recommend no more."""

PAGES = 10
"""How many pages are asked for at most, for a page may hold fewer tasks than asked for."""

_RESOLUTIONS = {Resolution.SD: "480p", Resolution.HD: "720p"}

# A 403 is a forbidden prompt, an empty account or a key without rights; only its words tell. Words for an empty account
# go first, but not before those that repeat the prompt. The moderators' sentence is documented, the rest assumed.
_ERROR_MAPPING = ErrorMapping(
    codes={
        "invalid_token": ErrorKind.AUTH,
        "token_mismatched": ErrorKind.AUTH,
        "token_expired": ErrorKind.AUTH,
        "disabled": ErrorKind.ACCOUNT_BLOCKED,
        "used_up": ErrorKind.INSUFFICIENT_BALANCE,
        "too_many_requests": ErrorKind.RATE_LIMITED,
        "api_not_implemented": ErrorKind.INVALID_REQUEST,
    },
    prefixes=[(words, ErrorKind.MODERATED_PROMPT) for words in ("banned prompt", "[banned prompt")],
    substrings=[
        ("insufficient perm", ErrorKind.AUTH),
        *((w, ErrorKind.INSUFFICIENT_BALANCE) for w in ("balance", "insufficient", "quota", "used_up", "used up")),
        *((w, ErrorKind.ACCOUNT_BLOCKED) for w in ("account has been", "account is", "suspended")),
        *((w, ErrorKind.MODERATED_IMAGE) for w in ("moderators feel your image", "image denied")),
        ("invalid link", ErrorKind.BAD_IMAGE_LINK),
        *((w, ErrorKind.MODERATED_PROMPT) for w in ("moderat", "community standards", "banned")),
    ],
    open_kinds=frozenset({ErrorKind.INVALID_REQUEST, ErrorKind.AUTH, ErrorKind.FORBIDDEN}),
)

# A 200 that hides one of the codes that surely refuse is read as if it had come with the status of that code.
_REFUSALS = {"bad_request": 400, "forbidden": 403, **dict.fromkeys(_ERROR_MAPPING.codes, 400)}

# What the other codes mean once a task is running, where the words do not say more.
_FAILURES = {
    "forbidden": ErrorKind.MODERATED_PROMPT,
    "bad_request": ErrorKind.INVALID_REQUEST,
    "api_error": ErrorKind.UPSTREAM,
    "timeout": ErrorKind.JOB_TIMEOUT,
}

# Not documented: tasks have no state of their own, but the vendor's own tools understand some of these words, and the
# others can mean nothing else.
_STATES = {
    **dict.fromkeys(("PENDING", "QUEUED", "WAITING", "CREATED", "SUBMITTED", "NOT_START"), RemoteState.WAITING),
    **dict.fromkeys(("RUNNING", "STARTED", "PROCESSING", "IN_PROGRESS", "GENERATING"), RemoteState.RUNNING),
    **dict.fromkeys(
        ("SUCCEEDED", "SUCCEED", "SUCCESS", "SUCCESSFUL", "COMPLETED", "COMPLETE", "FINISHED", "DONE"),
        RemoteState.SUCCEEDED,
    ),
    **dict.fromkeys(
        ("FAILED", "FAILURE", "FAIL", "ERROR", "CANCELLED", "CANCELED", "REJECTED", "TIMEOUT"), RemoteState.FAILED
    ),
}


class AceData:
    """Make clips with AceData."""

    name = "acedata"
    title = "AceData"
    default_base_url = "https://api.acedata.cloud"
    capabilities = ACEDATA
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
        """Start a job; every option is sent, for defaults cost money."""
        refuse_unsupported(ACEDATA, request)
        body: Json = {
            "action": "generate",
            "prompt": request.prompt,
            "image_url": request.image_url or "",
            "mode": (request.speed or Speed.FAST).value,
            "resolution": _RESOLUTIONS[request.resolution],
            "loop": request.loop,
        }
        if request.end_url:
            body["end_image_url"] = request.end_url
        return await self._start(body, request.callback_url)

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Continue a clip; the parent is named by its video id."""
        refuse_unsupported(ACEDATA, request)
        body: Json = {
            "action": "extend",
            "prompt": request.prompt,
            "video_id": request.parent_ref,
            "video_index": request.index,
            "mode": Speed.FAST.value,
            "resolution": _RESOLUTIONS[request.resolution],
            "loop": False,
        }
        return await self._start(body, request.callback_url)

    async def poll(self, remote_id: str) -> Snapshot:
        """Fetch a task; one that AceData does not know is an empty object."""
        task = await self._api.ask("POST", _TASKS, body={"action": "retrieve", "id": remote_id})
        if not task:
            raise ProviderError(ErrorKind.NOT_FOUND, "yes", f"{remote_id} is unknown", 200)
        named = _task_id(task)
        if named not in (None, remote_id):
            raise ProviderError(ErrorKind.BAD_RESPONSE, "yes", f"asked for {remote_id}, answered about {named}", 200)
        result = _result(task)
        if named is None and result.get("success") is not True:
            raise _hidden_error(task, "yes", "an answer that names no task")
        return replace(_snapshot(task, result), echo=_echo(task))

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        """Look through the newest tasks, which repeat what they were asked with (providers.md, section 8)."""
        listed = 0
        for _ in range(PAGES):
            found = await self._list(listed, PAGE)
            for task in filter(None, map(json_fields.section, found)):
                echo, task_id = _echo(task), _task_id(task)
                if echo is not None and task_id is not None and is_ours(echo):
                    return task_id
            listed += len(found)
            if not found or listed >= LISTED:
                break
        return None

    def parse_callback(self, body: bytes) -> str | None:
        """Read which task a callback speaks of; its body is the task's result."""
        parsed = json_fields.parse(body)
        return _task_id(parsed) if parsed is not None else None

    async def account(self) -> Account:
        """Try the key by listing one task; AceData tells no balance."""
        with forbidden_is(ErrorKind.AUTH):
            await self._list(0, 1)
        return Account()

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        """Give nothing: AceData does not tell how it is doing."""
        return ()

    async def _start(self, body: Json, callback_url: str | None) -> Submitted:
        """Send a job, and keep AceData from answering only when it is done: either field does (section 0.5)."""
        body |= {"callback_url": callback_url} if callback_url else {"async": True}
        try:
            answer = await self._api.submit(_VIDEOS, body)
            task_id = _task_id(answer)
            if task_id is None:
                raise _hidden_error(answer, "maybe", "accepted, but no task id")
        except ProviderError as error:
            # The vendor's own client takes such a refusal for moderation.
            raise await told_apart(error, self.account, ErrorKind.MODERATED_PROMPT) from None
        return Submitted(task_id)

    async def _list(self, offset: int, limit: int) -> list[object]:
        body: Json = {"action": "retrieve_batch", "offset": offset, "limit": limit}
        answer = await self._api.ask("POST", _TASKS, body=body)
        if answer and not isinstance(answer.get("items"), list):
            raise _hidden_error(answer, "yes", "a list without items")
        return json_fields.entries(answer.get("items"))


def _task_id(body: Json) -> str | None:
    """Find a task's id: records call it id, results and callbacks task_id."""
    places = (body.get("id"), body.get("task_id"), (json_fields.section(body.get("response")) or {}).get("task_id"))
    return next(filter(None, map(json_fields.name, places)), None)


def _result(task: Json) -> Json:
    """Find a task's result: records keep it under response, a callback's body is nothing else."""
    return json_fields.section(task.get("response")) or task


def _echo(task: Json) -> str | None:
    return json_fields.link((json_fields.section(task.get("request")) or {}).get("callback_url"))


def _state(task: Json, result: Json) -> RemoteState:
    """Tell a task's state, for which there is no word: `success` says how it ended, `started_at` that it runs.

    Before the end `success` may be false without a reason; at the end it may be missing beside the clips.
    """
    success, over = result.get("success"), bool(task.get("finished_at") or result.get("finished_at"))
    word = json_fields.text(task.get("state"), 40) or json_fields.text(result.get("state"), 40)
    if success is True or (success is not False and over and _videos(result)):
        return RemoteState.SUCCEEDED
    if success is False and (over or error_code(result) or _names_a_failure(error_message(result))):
        return RemoteState.FAILED
    if word:
        return read_state(word, _STATES, "AceData")
    return RemoteState.WAITING if json_fields.number(task.get("started_at")) is None else RemoteState.RUNNING


def _names_a_failure(message: str) -> bool:
    return _ERROR_MAPPING.classify(message, ErrorKind.BAD_RESPONSE) is not ErrorKind.BAD_RESPONSE


def _videos(result: Json) -> list[object]:
    return json_fields.entries(json_fields.unpacked(result.get("video_urls")))


def _snapshot(task: Json, result: Json) -> Snapshot:
    progress, state = json_fields.percent(result.get("progress")), _state(task, result)
    if state is RemoteState.FAILED:
        message, code = error_message(result), error_code(result)
        kind = _ERROR_MAPPING.codes.get(code) or _ERROR_MAPPING.classify(
            message, _FAILURES.get(code, ErrorKind.UPSTREAM)
        )
        return failed(kind, message or code, progress)
    if state is not RemoteState.SUCCEEDED:
        return Snapshot(state, progress)
    videos = _videos(result)
    if not videos and progress is not None and progress < 100:
        return Snapshot(RemoteState.RUNNING, progress)
    # What an extend needs is digits in a string, and so easily a number.
    return finished(videos, progress=progress, extend_ref=json_fields.identifier(result.get("video_id")))


def _hidden_error(body: Json, unsure: Accepted, otherwise: str) -> ProviderError:
    """Classify a 200 that does not hold what was asked for; "no" only where it has a code that surely refuses."""
    message, code = error_message(body), error_code(body)
    refusal = _ERROR_MAPPING.classify_refusal(_REFUSALS.get(code, 200), code, message)
    kind = refusal or _ERROR_MAPPING.classify(message, _FAILURES.get(code, ErrorKind.BAD_RESPONSE))
    accepted = "no" if refusal is not None and unsure == "maybe" else unsure
    return ProviderError(kind, accepted, message or code or otherwise, 200)
