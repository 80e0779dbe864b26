"""APIMart's wire format (https://docs.apimart.ai, Midjourney; providers.md, section 3)."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from bot.domain.params import Motion, PromptMode, Resolution
from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.apimart.responses import (
    ERROR_MAPPING,
    UNCLEAR,
    failure,
    read_snapshot,
    read_task_id,
    unexpected_answer,
)
from bot.providers.capabilities import Capabilities, refuse_unsupported
from bot.providers.forbidden import forbidden_is, told_apart
from bot.providers.http_client import ApiClient, CallWatcher, unwatched
from bot.providers.json_fields import Json
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

APIMART = Capabilities(
    end_image=True,
    loop=False,
    motions=(Motion.LOW, Motion.HIGH),
    resolutions=(Resolution.SD, Resolution.HD),
    clip_counts=(1, 2, 4),
    speeds=(),
    extend=False,
    extend_motions=(),
    progress=True,
    callbacks=False,
    echoes_callback=False,
    prompt_modes=(PromptMode.MANUAL, PromptMode.AUTO),
    provider_images=True,
)

IMAGES_PER_TASK = 4
"""How many pictures an imagine task has; for videos they are counted from 0."""

_VIDEO = "/v1/midjourney/generations/video"
_BALANCES = ("/v1/balance", "/v1/user/balance")

# The first is known to name the videos; the second is the one that the video page speaks of.
_STATUS_PAGES = ("/v1/midjourney/{}", "/v1/tasks/{}?language=en")
_NO_TASK = "/v1/tasks/task_00000000000000000000000000"

_LINES = {Resolution.SD: "480", Resolution.HD: "720"}

# What the other status page may cure.
_ASK_ELSEWHERE = frozenset({ErrorKind.NOT_FOUND, ErrorKind.BAD_RESPONSE, ErrorKind.INVALID_REQUEST})


class ApiMart:
    """Make clips with APIMart."""

    name = "apimart"
    title = "APIMart"
    default_base_url = "https://api.apimart.ai"
    capabilities = APIMART
    images = None

    def __init__(
        self,
        api_key: str,
        base_url: str = default_base_url,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        watch: CallWatcher = unwatched,
    ) -> None:
        self._api = ApiClient(base_url, {"Authorization": f"Bearer {api_key}"}, ERROR_MAPPING, transport, watch)
        self._page: str | None = None

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.aclose()

    async def submit(self, request: VideoRequest) -> Submitted:
        """Start a job; every option is sent, for defaults cost money."""
        refuse_unsupported(APIMART, request)
        body: Json = {
            **_start_frame(request),
            "prompt": request.prompt,
            "video_type": f"vid_1.1_i2v_{'start_end_' if request.end_url else ''}{_LINES[request.resolution]}",
            "animate_mode": (request.prompt_mode or PromptMode.MANUAL).value,
            "motion": (request.motion or Motion.LOW).value,
            "batch_size": request.clips,
        }
        if request.end_url:
            body["end_url"] = request.end_url
        try:
            return await self._start(request, body)
        except ProviderError as error:
            raise await told_apart(error, self.account) from None

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Refuse: APIMart cannot continue a clip."""
        raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "an extend is not on offer")

    async def poll(self, remote_id: str) -> Snapshot:
        """Ask the status page that worked before, and the other one where that does not help."""
        if json_fields.name(remote_id) is None:
            raise ProviderError(ErrorKind.NOT_FOUND, "yes", "that is no task id")
        found: dict[str, Snapshot] = {}
        errors: list[ProviderError] = []
        for page in sorted(_STATUS_PAGES, key=lambda page: page != self._page):
            try:
                found[page] = await self._poll_page(page, remote_id)
            except ProviderError as error:
                if error.kind not in _ASK_ELSEWHERE and not found:
                    raise
                errors.append(error)
                continue
            if found[page].error is None or found[page].state is RemoteState.FAILED:
                break
        if found:
            self._page = max(found, key=lambda page: found[page].state is RemoteState.SUCCEEDED)
            return found[self._page]
        # A page that never worked may simply not be there: that alone does not make a task unknown.
        others = [error for error in errors if error.kind is not ErrorKind.NOT_FOUND]
        raise errors[0] if self._page or not others else others[0]

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        """Find nothing: APIMart does not list jobs."""
        return None

    def parse_callback(self, body: bytes) -> str | None:
        """Read nothing: APIMart calls nobody back."""
        return None

    async def account(self) -> Account:
        """Read the key's balance, or the whole account's where the key has no limit of its own (section 3.4).

        Where these pages are missing, asking for a task that cannot exist tries the key.
        """
        with forbidden_is(ErrorKind.ACCOUNT_BLOCKED):
            try:
                for path in _BALANCES:
                    answer = await self._ask(path)
                    left = json_fields.number(answer.get("remain_balance"))
                    if left is not None and answer.get("unlimited_quota") is not True:
                        return Account(f"{left:.10g} left")
            except ProviderError as error:
                if error.kind is not ErrorKind.NOT_FOUND:
                    raise
                await self._try_key()
            return Account()

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        """Tell nothing: APIMart does not say how it is doing."""
        return ()

    async def _start(self, request: VideoRequest, body: Json) -> Submitted:
        with _forbidden_as_not_found(about_a_task=request.provider_image is not None):
            # The key is harmless and not relied upon: only other paths are documented to heed it (section 3.6).
            answer = await self._api.submit(_VIDEO, body, {"Idempotency-Key": request.client_token})
            task_id = read_task_id(answer)
            if task_id is not None:
                return Submitted(task_id)
            kind, message = failure(answer, ErrorKind.NOT_FOUND if request.provider_image else ErrorKind.QUEUE_FULL)
            accepted = "maybe" if kind in UNCLEAR else "no"
            raise ProviderError(kind, accepted, message or "an answer without a task id", 200)

    async def _ask(self, path: str) -> Json:
        answer = await self._api.ask("GET", path)
        if answer.get("success") is False or answer.get("error"):
            raise unexpected_answer(answer, "it did not succeed")
        return answer

    async def _try_key(self) -> None:
        try:
            await self._ask(_NO_TASK)
        except ProviderError as error:
            if error.kind not in (ErrorKind.NOT_FOUND, ErrorKind.INVALID_REQUEST):
                raise

    async def _poll_page(self, page: str, remote_id: str) -> Snapshot:
        with _forbidden_as_not_found(about_a_task=True):
            return read_snapshot(await self._api.ask("GET", page.format(remote_id)), remote_id)


@contextmanager
def _forbidden_as_not_found(*, about_a_task: bool) -> Generator[None]:
    """Read 403 as APIMart means it where a task is named: the task is somebody else's, our account is not blocked."""
    try:
        yield
    except ProviderError as error:
        if not about_a_task or error.kind is not ErrorKind.FORBIDDEN:
            raise
        raise replace(error, kind=ErrorKind.NOT_FOUND) from error


def _start_frame(request: VideoRequest) -> Json:
    """Name the picture to start at: by a link or as part of an imagine task, never both (section 3.2)."""
    image = request.provider_image
    wrong = [
        ("either a link or a task's picture is needed", bool(request.image_url) is (image is not None)),
        ("a prompt is needed", image is None and not request.prompt.strip()),
        ("animate auto needs a task's picture", image is None and request.prompt_mode is PromptMode.AUTO),
        ("there is no such picture", image is not None and image.index not in range(IMAGES_PER_TASK)),
    ]
    for message, is_wrong in wrong:
        if is_wrong:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", message)
    if image is None:
        return {"image_urls": [request.image_url]}
    return {"task_id": image.remote_id, "index": image.index}
