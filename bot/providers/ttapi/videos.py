"""TTAPI's wire format (https://docs.ttapi.io, Midjourney Video API); where its pages disagree, both are understood."""

from dataclasses import replace

import httpx

from bot.domain.params import Motion, PromptMode, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.capabilities import Capabilities, refuse_unsupported
from bot.providers.http_client import ApiClient, CallWatcher, unwatched
from bot.providers.json_fields import Json
from bot.providers.snapshots import failed, finished
from bot.providers.ttapi.image_responses import IMAGE_JOBS
from bot.providers.ttapi.images import TtapiImages
from bot.providers.ttapi.wire import (
    ERROR_MAPPING,
    STATES,
    Job,
    TtapiWire,
    cost,
    job_id,
)
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

TTAPI = Capabilities(
    end_image=True,
    loop=False,
    motions=(Motion.LOW, Motion.HIGH),
    resolutions=(Resolution.SD, Resolution.HD),
    clip_counts=(1, 2, 4),
    speeds=(Speed.FAST,),
    extend=True,
    extend_motions=(Motion.LOW, Motion.HIGH),
    progress=True,
    callbacks=True,
    echoes_callback=True,
    can_list_jobs=True,
    extend_prompt_modes=(PromptMode.AUTO, PromptMode.MANUAL),
    translate=True,
)

_FETCH = "/midjourney/video/fetch"
_LIST = "/midjourney/v1/fetch-list"
_ACCOUNT = "/midjourney/v1/info"
_STATUS = "/midjourney/status"

LISTED = 50
"""How many of the newest jobs of each state are looked through for a lost one; the list gives 100 at most."""

FETCHED = 10
"""How many of them are fetched, where the list does not repeat the hookUrl."""


class Ttapi:
    """Make clips with TTAPI, and with its `images` images."""

    name = "ttapi"
    title = "TTAPI"
    default_base_url = "https://api.ttapi.io"
    capabilities = TTAPI

    def __init__(
        self,
        api_key: str,
        base_url: str = default_base_url,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        watch: CallWatcher = unwatched,
    ) -> None:
        self._api = ApiClient(base_url, {"TT-API-KEY": api_key}, ERROR_MAPPING, transport, watch)
        self._wire = TtapiWire(self._api)
        self.images = TtapiImages(self._wire)

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
        return await self._wire.start("/midjourney/video/submit", body, request.callback_url)

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Continue a clip; TTAPI takes no prompt here, and the resolution is the parent's."""
        refuse_unsupported(TTAPI, request)
        body: Json = {
            "jobId": request.parent_ref,
            "index": request.index,
            "manual": _motion(request.motion),
            "animateMode": (request.prompt_mode or PromptMode.AUTO).value,
            "bs": request.clips,
        }
        return await self._wire.start("/midjourney/video/extend", body, request.callback_url)

    async def poll(self, remote_id: str) -> Snapshot:
        """Fetch a job."""
        job = await self._wire.fetch(_FETCH, remote_id)
        return replace(_snapshot(job, remote_id), echo=json_fields.link(job.data.get("hookUrl")))

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        """Look through the newest jobs of each state (providers.md, section 8).

        An item that does not repeat its hookUrl is fetched, which is free, if its prompt fits.
        """
        for status in STATES:
            listed = {"page": "1", "limit": str(LISTED), "status": status, "order": "desc"}
            body = await self._wire.ask(_LIST, listed)
            fetches = 0
            for item in filter(None, map(json_fields.section, _items(body))):
                remote_id = job_id({"data": item})
                echo = json_fields.link(item.get("hookUrl"))
                if remote_id is None or (echo is None and not _fits(item, prompt)):
                    continue
                if echo is None and fetches < FETCHED:
                    fetches += 1
                    echo = await self._echo(item, remote_id)
                if echo is not None and is_ours(echo):
                    return remote_id
        return None

    def parse_callback(self, body: bytes) -> str | None:
        """Read which job a callback speaks of; its body has the shape of a fetch."""
        parsed = json_fields.parse(body)
        return job_id(parsed) if parsed is not None else None

    async def account(self) -> Account:
        """Read balance and queue size (account page)."""
        parsed = json_fields.section((await self._wire.ask(_ACCOUNT, {})).get("data")) or {}
        left, queue = json_fields.number(parsed.get("balance")), json_fields.number(parsed.get("max_queue"))
        return Account(None if left is None else f"{left:.10g} quota", None if queue is None else int(queue))

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        """Read how each speed is doing (status page)."""
        parsed = json_fields.section((await self._api.ask("GET", _STATUS)).get("data")) or {}
        found = {speed: json_fields.section(parsed.get(speed.value)) for speed in Speed}
        return tuple(
            SpeedStatus(
                speed, json_fields.number(one.get("status")) == 200, json_fields.number(one.get("averageExecute"))
            )
            for speed, one in found.items()
            if one is not None
        )

    async def _echo(self, item: Json, remote_id: str) -> str | None:
        """Fetch a listed job for its callback URL, from the page that its action belongs to."""
        action = json_fields.text(item.get("action"), 40).lower()
        fetch = self.images.poll if action in IMAGE_JOBS else self.poll
        try:
            return (await fetch(remote_id)).echo
        except ProviderError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
            return None


def _motion(motion: Motion | None) -> str:
    return (motion or Motion.LOW).value


def _items(body: Json) -> list[object]:
    """Find the list's items: what wraps them is not documented, so a list under data is taken, or one a level down."""
    places = [body.get("data"), *(json_fields.section(body.get("data")) or {}).values()]
    lists = [json_fields.entries(place) for place in places]
    return next((items for items in lists if items), list[object]())


def _fits(item: Json, prompt: str) -> bool:
    parsed = item.get("prompt")
    return not isinstance(parsed, str) or prompt in " ".join(parsed.split())


def _snapshot(job: Job, remote_id: str) -> Snapshot:
    progress = json_fields.percent(job.data.get("progress"))
    if job.state is RemoteState.FAILED:
        return failed(ERROR_MAPPING.classify(job.message, ErrorKind.UPSTREAM), job.message, progress)
    if job.state is not RemoteState.SUCCEEDED:
        return Snapshot(job.state, progress)
    videos = json_fields.entries(json_fields.unpacked(job.data.get("videos")))
    return finished(videos, progress=progress, extend_ref=remote_id, cost=cost(job.data.get("quota")))
