"""A worker in its harness: store, media, downloads and locks are real; provider and publisher do as they are told."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.db.database import Database, Row, Value, WriteTransaction
from bot.db.store import Defaults, Store
from bot.domain import clock as domain_clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State, new_id
from bot.domain.params import ImageUpload, JobParams
from bot.domain.periods import Period
from bot.locks import FileInstanceNames, InstanceNames
from bot.media import Downloader, FileStore, Transcoder
from bot.services.blocks import Blocks
from bot.services.callbacks import ProviderCallbacks
from bot.services.clip_files import ClipFiles
from bot.services.film_joiner import FilmJoiner
from bot.services.job_recovery import JobRecovery
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.worker.card_refresher import CardRefresher
from bot.worker.log_writer import LogWriter
from bot.worker.next_frames import NextFrames
from bot.worker.outboxes import Outboxes
from bot.worker.pinger import Pinger
from bot.worker.provider_requests import ProviderRequests
from bot.worker.result_files import ResultFiles
from bot.worker.steps import JobSteps
from bot.worker.storyboard_film import StoryboardFilm
from bot.worker.submission import Submission
from bot.worker.thumbnails import Thumbnails
from bot.worker.worker import ROUND_SECONDS as USUAL_ROUND_SECONDS
from bot.worker.worker import Limits, Worker
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.sample_images import draw_png
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import ScriptedProvider, ScriptedPublisher
from tests.support.sqlite_files import open_migrated

NOON = 1_795_003_200_000
"""18 November 2026, 12:00 UTC, in milliseconds since 1970."""

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck."""

ROUND_SECONDS = 0.005
"""How far apart rounds begin here: a tenth of what it is elsewhere, for tests wait for them."""

POLL_MS = 5000

GRACE_MS = 10 * 60_000


COLOURS = ("red", "lime", "blue", "yellow")
"""What the four pictures show."""

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"clip" * 100


class Clock(domain_clock.Clock):
    """Stand still until it is turned; `wall_shift_ms` is how far somebody has set the wall clock meanwhile."""

    def __init__(self, now: int = NOON, wall_shift_ms: int = 0) -> None:
        self.now = now
        self.wall_shift_ms = wall_shift_ms
        super().__init__(lambda: self.now, lambda: self.now + self.wall_shift_ms)


class ObservedDatabase:
    """Pass everything to a real database, and tell when something was written."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.written = asyncio.Event()
        self.before_read: Callable[[str], None] = lambda _: None

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        async with self._db.transaction(patient=patient) as tx:
            yield tx
        self.written.set()

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self.before_read(sql)
        return await self._db.fetch(sql, *values)

    async def tables(self) -> set[str]:
        return await self._db.tables()


class WorkerHarness:
    """Hold the parts, and make workers of them."""

    def __init__(self, db: ObservedDatabase, downloader: Downloader, folder: Path, host: str) -> None:
        self.db = db
        self.store = Store(db, Defaults(credits=100, period=Period.DAY))
        self.clock = Clock()
        self.round_seconds = ROUND_SECONDS
        self.locks = folder / "locks"
        self.names = FileInstanceNames(self.locks)
        self.clips = tuple(f"{host}/{slot}.mp4" for slot in range(4))
        self.grid = f"{host}/grid.png"
        self.images = tuple(f"{host}/{colour}.png" for colour in COLOURS)
        self.provider = ScriptedProvider(self.clips)
        self.image_provider = ScriptedImageProvider(*self.images)
        self.provider.images = self.image_provider
        self.providers = {self.provider.name: self.provider}
        self.publisher = ScriptedPublisher()
        self.media = FileStore(folder / "media")
        self.image = ImageUpload(f"{host}/start.png", "start.png", 100)
        self.downloader = downloader
        self.transcoder = Transcoder()
        self._wake_ups: dict[str, asyncio.Event] = {}
        self._requests = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, statements: Statements | None = None) -> AsyncGenerator[Self]:
        """Open all parts in a folder; `statements` counts what is asked of the database."""
        async with (
            open_migrated(folder / "animatic.db") as db,
            Downloader(allow_private=True) as downloader,
            TestServer(_files()) as server,
        ):
            counted = CountedDatabase(db, statements or Statements())
            harness = cls(ObservedDatabase(counted), downloader, folder, str(server.make_url("")).rstrip("/"))
            await harness.store.member_ids.read_key(db)
            if statements is not None:
                # What comes within a round is asked for together; a busy machine takes longer for it.
                harness.round_seconds = 4 * USUAL_ROUND_SECONDS
            yield harness

    @asynccontextmanager
    async def working(self, names: InstanceNames | None = None) -> AsyncGenerator[Worker]:
        """Let a worker of its own name run, and stop it at the end."""
        files = FileInstanceNames(self.locks)
        with files.hold() as name:
            self._wake_ups[name] = asyncio.Event()
            worker = self._worker(names or files, self._wake_ups[name])
            running = asyncio.create_task(worker.run())
            try:
                yield worker
            finally:
                worker.stop()
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await running
                del self._wake_ups[name]

    async def request_video(self, clips: int = 4) -> Job:
        """Write a request for films down and wake the workers."""
        return await self.request(Kind.VIDEO, JobParams(prompt="a paper boat", clips=clips, image=self.image))

    async def request(self, kind: Kind, params: JobParams, *, user_id: int = 11, **fields: Any) -> Job:
        """Write any request down and wake the workers."""
        self._requests += 1
        job = await self.store.jobs.receive(
            Job(
                id=new_id(self.clock.now),
                request_id=f"request {self._requests}",
                kind=kind,
                state=State.RECEIVED,
                guild_id=1,
                channel_id=5,
                user_id=user_id,
                params=params,
                provider="ttapi",
                created_ms=self.clock.now,
                **fields,
            )
        )
        self.wake()
        return job

    async def get(self, job: Job) -> Job:
        """Read a job anew."""
        found = await self.store.jobs.get(job.id)
        assert found is not None
        return found

    async def until(self, job: Job, is_so: Callable[[Job], bool]) -> Job:
        """Wait for a job to be as described."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while True:
                self.db.written.clear()
                if is_so(found := await self.get(job)):
                    return found
                await self.db.written.wait()

    async def until_state(self, job: Job, state: State) -> Job:
        """Wait for a job to be in a state and in nobody's hands."""
        return await self.until(job, lambda found: found.state is state and found.lease is None)

    async def until_rescheduled(self, job: Job, tries: int) -> Job:
        """Wait for a step to fail for the given time in a row."""
        return await self.until(job, lambda found: found.tries == tries and found.lease is None)

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self.clock.now += milliseconds
        self.wake()

    async def advance_idle(self, milliseconds: int) -> None:
        """Let time pass, and wait until a worker has looked at the line and showed it: a whole round."""
        self.publisher.shown.clear()
        self.advance(milliseconds)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.publisher.shown.wait()

    async def advance_until_due(self, job: Job) -> None:
        """Let time pass until a job is due."""
        due = (await self.get(job)).due_ms
        assert due is not None
        self.advance(max(0, due - self.clock.now))

    async def used(self) -> int:
        """Tell what the member has spent."""
        return (await self.store.accounts.balance(1, 11, (), self.clock.now)).used

    def wake(self) -> None:
        """Let every worker look for due jobs now."""
        for wake_up in self._wake_ups.values():
            wake_up.set()

    def job_service(self) -> JobService:
        """Make what writes requests down."""
        return JobService(
            self.store,
            self.providers,
            self.downloader,
            self.media,
            self.results(),
            self._router(),
            self._moderation(),
            Blocks(self.store, self.clock),
            prices=PriceList(),
            clock=self.clock,
            wake=self.wake,
        )

    def results(self) -> JobResults:
        """Make what looks earlier results up."""
        return JobResults(self.store, self.media, self.transcoder, self.clip_files())

    def clip_files(self) -> ClipFiles:
        """Make what has clips here again."""
        return ClipFiles(self.store, self.media, self.downloader, self.providers)

    def recovery(self) -> JobRecovery:
        """Make what finds unconfirmed jobs."""
        return JobRecovery(self.store, self.providers, poll_ms=POLL_MS, clock=self.clock, wake=self.wake)

    def provider_requests(self, names: InstanceNames | None = None) -> ProviderRequests:
        """Make what speaks to providers."""
        return ProviderRequests(self.store, self.media, self.results(), self.publisher, names or self.names, self.clock)

    def _moderation(self) -> PromptModeration:
        return PromptModeration(self.store, self.providers, 3, self.clock)

    def _router(self) -> ProviderRouter:
        return ProviderRouter(self.store, self.providers, self._moderation(), PriceList(), self.clock)

    def _worker(self, names: InstanceNames, wake_up: asyncio.Event) -> Worker:
        refresher = CardRefresher(self.publisher.show)
        callbacks = ProviderCallbacks(self.store, self.providers, None, self.clock, self.wake)
        submission = Submission(
            self.store,
            self.providers,
            self.provider_requests(names),
            self._router(),
            self._moderation(),
            self.recovery(),
            refresher,
            callbacks_enabled=callbacks.enabled,
            clock=self.clock,
            wake=self.wake,
        )
        storyboard_film = StoryboardFilm(self.store, FilmJoiner(self.media, self.transcoder, self.clip_files()))
        files = ResultFiles(
            self.store,
            self.media,
            self.downloader,
            self.publisher,
            storyboard_film,
            clock=self.clock,
            poll_ms=POLL_MS,
            grace_ms=GRACE_MS,
            served=False,
            thumbnails=Thumbnails(self.media),
            next_frames=NextFrames(self.store, self.results()),
        )
        steps = JobSteps(
            self.store,
            self.providers,
            self.job_service(),
            submission,
            files,
            self._moderation(),
            self.publisher,
            refresher,
            storyboard_film,
            clock=self.clock,
            poll_ms=POLL_MS,
        )
        return Worker(
            self.store,
            steps,
            submission,
            refresher,
            Outboxes(
                Pinger(self.store.pings, self.publisher.ping, self.clock),
                LogWriter(self.store.mod_log, self.publisher.write_log, self.clock),
            ),
            self._router(),
            callbacks,
            names,
            Limits(running=2, per_user=2),
            wake_up=wake_up,
            clock=self.clock,
            round_seconds=self.round_seconds,
        )


def _files() -> web.Application:
    """Serve the start frame, the clips, the four pictures, the grid that they are in, and a single pixel."""
    pictures = {"start": ["teal"], "grid": COLOURS, **{colour: [colour] for colour in COLOURS}}
    files = {f"{name}.png": draw_png(colours) for name, colours in pictures.items()}
    files["dot.png"] = draw_png(["teal"], 1, 1)

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=MP4 if name.endswith(".mp4") else files[name])

    app = web.Application()
    app.router.add_get("/{name}", answer)
    return app
