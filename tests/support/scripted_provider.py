"""A provider and a publisher that do as they are told, call by call."""

import asyncio
from typing import Generic, TypeVar, cast

from bot.domain.job import Job
from bot.domain.log_turns import Batch
from bot.domain.params import Motion, Resolution, Speed
from bot.domain.pings import Ping
from bot.providers.capabilities import Capabilities
from bot.providers.images import ImageProvider
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

T = TypeVar("T")


class Gate(Generic[T]):
    """Keep a call waiting until it is let through, and tell whether it was cancelled meanwhile."""

    def __init__(self, answer: T) -> None:
        self._answer = answer
        self._open = asyncio.Event()
        self.reached = asyncio.Event()
        self.cancelled = asyncio.Event()

    def open(self) -> None:
        """Let it through."""
        self._open.set()

    async def __call__(self) -> T:
        self.reached.set()
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return self._answer


class Script(Generic[T]):
    """Answer calls one after the other, the last answer for ever; an answer may be an exception or a gate."""

    def __init__(self, *answers: T | Exception | Gate[T]) -> None:
        self._answers = list(answers)
        self.calls = 0

    async def next(self) -> T:
        """Give, raise or wait for what is next."""
        self.calls += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return await cast("Gate[T]", answer)() if isinstance(answer, Gate) else cast("T", answer)


class ScriptedProvider:
    """Answer submits and polls as scripted."""

    name = "ttapi"
    title = "TTAPI"
    capabilities = Capabilities(
        end_image=True,
        loop=True,
        motions=(Motion.LOW, Motion.HIGH),
        resolutions=(Resolution.SD, Resolution.HD),
        clip_counts=(1, 2, 4),
        speeds=(Speed.FAST,),
        extend=True,
        extend_motions=(Motion.LOW, Motion.HIGH),
        progress=True,
        callbacks=False,
        echoes_callback=False,
        translate=True,
    )
    images: ImageProvider | None = None

    def __init__(self, clips: tuple[str, ...]) -> None:
        self.submits: Script[Submitted] = Script(Submitted("remote 1"))
        self.polls: Script[Snapshot] = Script(Snapshot(RemoteState.SUCCEEDED, 100, clips, "remote 1", "40"))
        self.tokens: list[str] = []
        self.requests: list[VideoRequest] = []
        self.extends: list[ExtendRequest] = []

    async def submit(self, request: VideoRequest) -> Submitted:
        self.requests.append(request)
        self.tokens.append(request.client_token)
        return await self.submits.next()

    async def extend(self, request: ExtendRequest) -> Submitted:
        self.extends.append(request)
        self.tokens.append(request.client_token)
        return await self.submits.next()

    async def poll(self, remote_id: str) -> Snapshot:
        assert remote_id
        return await self.polls.next()

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        raise AssertionError("it cannot be asked")

    def parse_callback(self, body: bytes) -> str | None:
        return None

    async def account(self) -> Account:
        raise AssertionError("it cannot be asked")

    async def speed_status(self) -> tuple[SpeedStatus, ...]:
        raise AssertionError("it cannot be asked")

    async def aclose(self) -> None:
        raise AssertionError("it holds nothing open")


class ScriptedPublisher:
    """Deliver and tell as scripted, and remember what was shown."""

    def __init__(self) -> None:
        self.deliveries: Script[bool] = Script(True)
        self.failures: Script[bool] = Script(True)
        self.shown = asyncio.Event()
        self.delivered: list[str] = []
        self.told: list[tuple[str | None, object]] = []
        self.link: str | None = None
        self.pings: list[Ping] = []
        self.answers_to_pings: Script[None] = Script(None)
        self.logged: list[Batch] = []
        self.answers_to_logs: Script[None] = Script(None)

    async def show(self, job_id: str) -> None:
        self.shown.set()

    async def deliver(self, job: Job, *, whole: bool = True) -> bool:
        reached = await self.deliveries.next()
        self.delivered.append(job.id)
        return reached

    async def tell_failure(self, job: Job) -> bool:
        reached = await self.failures.next()
        self.told.append((job.error_code, job.error_data))
        return reached

    async def image_link(self, job: Job, role: str) -> str | None:
        return self.link

    async def write_log(self, batch: Batch) -> bool:
        self.logged.append(batch)
        await self.answers_to_logs.next()
        return True

    async def ping(self, ping: Ping) -> None:
        self.pings.append(ping)
        await self.answers_to_pings.next()
