"""TTAPI's wire format (https://docs.ttapi.io, Midjourney Video API); where its pages disagree, both are understood."""

from dataclasses import replace

import httpx

from bot.domain import Animate, Motion, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers import fields
from bot.providers.base import (
    Account,
    Capabilities,
    ExtendRequest,
    IsOurs,
    RemoteState,
    Service,
    Snapshot,
    Submitted,
    VideoRequest,
    refuse_unsupported,
)
from bot.providers.client import ApiClient, Vocabulary
from bot.providers.fields import Json
from bot.providers.snapshots import failed, finished, read_state

TTAPI = Capabilities(
    end_image=True,
    loop=False,
    motions=(Motion.LOW, Motion.HIGH),
    resolutions=(Resolution.SD, Resolution.HD),
    batches=(1, 2, 4),
    speeds=(Speed.FAST,),
    extend=True,
    extend_motions=(Motion.LOW, Motion.HIGH),
    progress=True,
    callbacks=True,
    echo=True,
    find=True,
    extend_animates=(Animate.AUTO, Animate.MANUAL),
)

_FETCH = "/midjourney/video/fetch"
_LIST = "/midjourney/v1/fetch-list"
_ACCOUNT = "/midjourney/v1/info"
_STATUS = "/midjourney/status"

LISTED = 50
"""How many of the newest jobs of each state are looked through for a lost one; the list gives 100 at most."""

FETCHED = 10
"""How many of them are fetched, where the list does not repeat the hookUrl."""

_VOCABULARY = Vocabulary(
    statuses={499: ErrorKind.QUEUE_FULL},
    beginnings=(
        ("job timeout", ErrorKind.JOB_TIMEOUT),
        ("[banned prompt", ErrorKind.MODERATED_PROMPT),
        ("banned prompt", ErrorKind.MODERATED_PROMPT),
        ("[image denied", ErrorKind.MODERATED_IMAGE),
        ("[invalid link", ErrorKind.BAD_IMAGE_LINK),
        ("[invalid parameter", ErrorKind.INVALID_REQUEST),
        ("[internal error", ErrorKind.UPSTREAM),
        ("[internal server error", ErrorKind.UPSTREAM),
        ("failed to process your command", ErrorKind.UPSTREAM),
        ("unknown integration", ErrorKind.UPSTREAM),
        ("unknown message", ErrorKind.UPSTREAM),
    ),
)

# ON_QUEUE is the state of a job that is being made, whatever its name says.
_STATES = {
    "PENDING_QUEUE": RemoteState.WAITING,
    "ON_QUEUE": RemoteState.RUNNING,
    "SUCCESS": RemoteState.SUCCEEDED,
    "FAILED": RemoteState.FAILED,
}

# What the other verb may cure: the page says GET with a query, its samples POST JSON.
_WRONG_VERB = frozenset({400, 404, 405, 415, 422})


class Ttapi:
    """Make clips with TTAPI."""

    name = "ttapi"
    title = "TTAPI"
    capabilities = TTAPI

    def __init__(
        self, api_key: str, base_url: str = "https://api.ttapi.io", *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._api = ApiClient(base_url, {"TT-API-KEY": api_key}, _VOCABULARY, transport)
        self._verbs: dict[str, str] = {}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def submit(self, request: VideoRequest) -> Submitted:
        """Start a job; every option is sent, for defaults cost money."""
        refuse_unsupported(TTAPI, request)
        body: Json = {
            "prompt": request.prompt,
            "imageUrl": request.image_url or "",
            "mode": "fast",
            "manual": _motion(request.motion),
            "resolution": request.resolution.value,
            "bs": request.clips,
        }
        if request.end_url:
            body["endingUrl"] = request.end_url
        return await self._start("/midjourney/video/submit", body, request.callback_url)

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Continue a clip; TTAPI takes no prompt here, and the resolution is the parent's."""
        refuse_unsupported(TTAPI, request)
        body: Json = {
            "jobId": request.parent_ref,
            "index": request.index,
            "manual": _motion(request.motion),
            "animateMode": (request.animate or Animate.AUTO).value,
            "bs": request.clips,
        }
        return await self._start("/midjourney/video/extend", body, request.callback_url)

    async def poll(self, remote_id: str) -> Snapshot:
        """Fetch a job."""
        body = await self._either_verb(_FETCH, {"jobId": remote_id})
        data = fields.section(body.get("data")) or {}
        state = _state(body)
        named = _job_id(body)
        if named is None and state is RemoteState.FAILED:
            message = fields.words(body.get("message"))
            kind = _VOCABULARY.kind(message, ErrorKind.BAD_RESPONSE)
            raise ProviderError(kind, "yes", message or "a failure that names no job", 200)
        if named not in (None, remote_id):
            raise ProviderError(ErrorKind.BAD_RESPONSE, "yes", f"asked for {remote_id}, answered about {named}", 200)
        return replace(_snapshot(state, body, data, remote_id), echo=fields.link(data.get("hookUrl")))

    async def find(self, prompt: str, is_ours: IsOurs) -> str | None:
        """Look through the newest jobs of each state (providers.md, section 8).

        An item that does not repeat its hookUrl is fetched, which is free, if its prompt fits.
        """
        for status in _STATES:
            listed = {"page": "1", "limit": str(LISTED), "status": status, "order": "desc"}
            body = await self._either_verb(_LIST, listed)
            fetches = 0
            for item in filter(None, map(fields.section, _items(body))):
                remote_id = _job_id({"data": item})
                echo = fields.link(item.get("hookUrl"))
                if remote_id is None or (echo is None and not _fits(item, prompt)):
                    continue
                if echo is None and fetches < FETCHED:
                    fetches += 1
                    echo = (await self.poll(remote_id)).echo
                if echo is not None and is_ours(echo):
                    return remote_id
        return None

    def called_back(self, body: bytes) -> str | None:
        """Read which job a callback speaks of; its body has the shape of a fetch."""
        said = fields.parse(body)
        return _job_id(said) if said is not None else None

    async def account(self) -> Account:
        """Read balance and queue size (account page)."""
        said = fields.section((await self._either_verb(_ACCOUNT, {})).get("data")) or {}
        left, queue = fields.number(said.get("balance")), fields.number(said.get("max_queue"))
        return Account(None if left is None else f"{left:.10g} quota", None if queue is None else int(queue))

    async def services(self) -> tuple[Service, ...]:
        """Read how each speed is doing (status page)."""
        said = fields.section((await self._api.ask("GET", _STATUS)).get("data")) or {}
        found = {speed: fields.section(said.get(speed.value)) for speed in Speed}
        return tuple(
            Service(speed, fields.number(one.get("status")) == 200, fields.number(one.get("averageExecute")))
            for speed, one in found.items()
            if one is not None
        )

    async def _start(self, path: str, body: Json, callback_url: str | None) -> Submitted:
        if callback_url:
            body["hookUrl"] = callback_url
        answer = await self._api.submit(path, body)
        job_id = _job_id(answer)
        if job_id is not None:
            return Submitted(job_id)
        message = fields.words(answer.get("message"))
        if answer.get("status") == "FAILED":
            raise ProviderError(_VOCABULARY.kind(message, ErrorKind.INVALID_REQUEST), "no", message, 200)
        raise ProviderError(ErrorKind.BAD_RESPONSE, "maybe", message or "accepted, but no job id", 200)

    async def _either_verb(self, path: str, asked: dict[str, str]) -> Json:
        """Ask with the verb that worked before; while none has, a refusal may only mean that it is the wrong one."""
        refusals: list[ProviderError] = []
        known = self._verbs.get(path)
        for verb in (known,) if known else ("GET", "POST"):
            try:
                body = await self._ask(verb, path, asked)
            except ProviderError as error:
                if error.http_status not in _WRONG_VERB:
                    raise
                if error.http_status == 405:
                    self._verbs.pop(path, None)
                refusals.append(error)
            else:
                self._verbs[path] = verb
                return body
        raise next((error for error in refusals if error.kind is ErrorKind.NOT_FOUND), refusals[-1])

    async def _ask(self, verb: str, path: str, asked: dict[str, str]) -> Json:
        if verb == "GET":
            return await self._api.ask(verb, path, params=asked)
        return await self._api.ask(verb, path, body=asked)


def _motion(motion: Motion | None) -> str:
    return (motion or Motion.LOW).value


def _job_id(body: Json) -> str | None:
    """Find a job's id: the older pages say data.jobId, the newer ones data.job_id, tasks repeat it at the top."""
    data = fields.section(body.get("data")) or {}
    places = (data.get("jobId"), data.get("job_id"), body.get("jobId"), body.get("job_id"))
    return next(filter(None, map(fields.name, places)), None)


def _items(body: Json) -> list[object]:
    """Find the list's items: what wraps them is not documented, so a list under data is taken, or one a level down."""
    places = [body.get("data"), *(fields.section(body.get("data")) or {}).values()]
    lists = [fields.entries(place) for place in places]
    return next((items for items in lists if items), list[object]())


def _fits(item: Json, prompt: str) -> bool:
    said = item.get("prompt")
    return not isinstance(said, str) or prompt in " ".join(said.split())


def _state(body: Json) -> RemoteState:
    """Read the state; an unknown word counts as running, for our own deadline bounds it."""
    word = fields.text(body.get("status"), 40)
    if not word:
        raise ProviderError(ErrorKind.BAD_RESPONSE, "yes", "an answer without a status", 200)
    return read_state(word, _STATES, "TTAPI")


def _snapshot(state: RemoteState, body: Json, data: Json, remote_id: str) -> Snapshot:
    progress = fields.percent(data.get("progress"))
    if state is RemoteState.FAILED:
        message = fields.words(body.get("message"))
        return failed(_VOCABULARY.kind(message, ErrorKind.UPSTREAM), message, progress)
    if state is not RemoteState.SUCCEEDED:
        return Snapshot(state, progress)
    videos = fields.entries(data.get("videos"))
    return finished(videos, progress=progress, extend_ref=remote_id, cost=_cost(data.get("quota")))


def _cost(quota: object) -> str | None:
    """Read what was charged, in TTAPI's quota (100 are one US dollar); nothing yet is "0"."""
    charged = fields.number(quota)
    return f"{charged:.10g}" if charged is not None and charged > 0 else None
