"""Requests as use cases: written down, taken back, prepared for the queue. No Discord, no HTTP, no SQL."""

from collections.abc import Callable, Mapping

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Frame, Job, Kind, State, card_link, new_id
from bot.domain.params import JobImageRef, JobParams
from bot.errors import (
    AlreadyRunning,
    Blocked,
    Cancelled,
    LostLease,
    NoPictures,
    NoSuchImage,
    NoSuchJob,
    NotInServer,
    NotOffered,
    NotYours,
    PreviewGone,
    TooLateToCancel,
)
from bot.media import Downloader, MediaStore
from bot.media.store import input_image_path
from bot.providers.base import Provider
from bot.providers.registry import provider_of
from bot.services.blocks import Blocks
from bot.services.job_pictures import JobPictures
from bot.services.job_results import JobResults
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.services.requests import DeferredReply, JobRequest, Requester
from bot.services.server_rules import check_rules


class JobService:
    """Write requests down, take them back, and prepare them for the queue."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        downloader: Downloader,
        media: MediaStore,
        results: JobResults,
        router: ProviderRouter,
        moderation: PromptModeration,
        blocks: Blocks,
        *,
        prices: PriceList,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._media = media
        self._pictures = JobPictures(store, downloader, media)
        self._results = results
        self._router = router
        self._moderation = moderation
        self._blocks = blocks
        self._prices = prices
        self._clock = clock
        self._wake = wake

    async def create_video(self, requester: Requester, request: JobRequest, answer: DeferredReply) -> Job:
        """Write a checked /video, /imagine, /blend or /describe down (T0); the worker does the rest.

        Raises `NoSuchImage` when it is to start from a card that has none.
        """
        hidden = bool(request.spoiler)
        if request.params.job_image is not None:
            source = await self._results.check_image(requester, request.params.job_image)
            hidden = bool(source.spoiler) if request.spoiler is None else hidden
        now = self._clock()
        job = await self._store.jobs.receive(
            new_job(
                requester,
                answer,
                now,
                kind=request.kind,
                provider=request.provider,
                params=request.params,
                spoiler=hidden,
            )
        )
        self._wake()
        return job

    async def create_first(self, requester: Requester, request: JobRequest, answer: DeferredReply) -> Job:
        """Write down the picture that /help offers (T0); raise `AlreadyRunning` while a member has one being made."""
        return await self.create_unique(
            new_job(
                requester,
                answer,
                self._clock(),
                kind=request.kind,
                provider=request.provider,
                params=request.params,
                dedupe_key=f"first:{requester.guild_id}:{requester.user_id}",
            )
        )

    async def create_action(
        self, requester: Requester, parent_id: str, kind: Kind, answer: DeferredReply, *, action: str | None = None
    ) -> Job:
        """Write down what is to be done with a made picture (T0): a button's `action`, or its seed.

        Raises `NotOffered` when the picture does not offer it, or `AlreadyRunning`.
        """
        parent = await self.find_finished(requester, parent_id)
        offered = parent.result.actions if parent.result is not None else ()
        if action is not None and (action not in offered or action not in ACTIONS):
            raise NotOffered(parent_id)
        params = JobParams(
            prompt=parent.params.prompt,
            clips=ACTIONS[action].images if action else 1,
            motion=None,
            action=action,
            translate=parent.params.translate,
        )
        return await self.create_unique(
            new_job(
                requester,
                answer,
                self._clock(),
                kind=kind,
                provider=parent.provider,
                params=params,
                dedupe_key=f"{kind}:{requester.user_id}:{parent_id}:{action}",
                parent_job_id=parent_id,
                spoiler=bool(parent.spoiler),
            )
        )

    async def find_finished(self, requester: Requester, job_id: str) -> Job:
        """Give a picture job of this server that is made.

        Raises `NoSuchJob` for one that is unknown, `NoPictures` for any other, or `NoProvider` of one switched off.
        """
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id:
            raise NoSuchJob(job_id)
        if job.result is None or not job.kind.makes_images:
            raise NoPictures(job_id)
        provider_of(self._providers, job.provider)
        return job

    async def create_unique(self, job: Job) -> Job:
        """Write a job down; raise `AlreadyRunning` while the same is being made for the same member."""
        standing = await self._store.jobs.receive(job)
        if standing.request_id != job.request_id:
            raise AlreadyRunning(card_link(standing))
        self._wake()
        return standing

    async def cancel(self, requester: Requester, job_id: str, *, moderates: bool) -> list[Job]:
        """Take a waiting job back and return all its credits; the blocked may do so with their own.

        Gives it, and behind it the shots that were to go on from it, whose credits came back too.

        Raises `Blocked`, `NotYours`, or `TooLateToCancel` when it waits no longer.
        """
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id:
            raise TooLateToCancel(ended=True)
        if job.user_id != requester.user_id:
            await self._blocks.check(job.guild_id, requester.user_id, requester.roles)
            if not moderates:
                raise NotYours
        if job.state is not State.QUEUED:
            raise TooLateToCancel(ended=job.state in (State.DONE, State.FAILING, State.FAILED))
        try:
            cancelled = await self._store.jobs.fail_all(job, Cancelled(requester.user_id), self._clock())
        except LostLease:
            raise TooLateToCancel from None
        self._wake()
        return cancelled

    async def prepare_and_charge(self, job: Job) -> Job:
        """Fetch, check and keep the pictures, then reserve the credits (T1), of a storyboard those of all its shots.

        Raises a `Refused`, and then nothing is reserved; for the blocked, for who cannot pay, and for what the server's
        rules forbid, nothing is fetched.
        What was kept is deleted before the refusal is told (`discard_unsent`).
        """
        standing = await self._store.accounts.standing(job, self._clock.wall_ms())
        if standing.block is not None:
            raise Blocked(standing.block.source, standing.block.until_ms, standing.block.reason)
        job = await self._router.choose(job)
        shots = [job, *await self._store.storyboards.later_received(job)] if job.storyboard_id is not None else [job]
        costs = [self._prices.at(shot.provider).job(shot.kind, shot.params) for shot in shots]
        for shot in shots:
            check_rules(shot, standing.rules)
        standing.require(sum(costs))
        if job.params.uploads:
            await self._media.require_room()
        frames = await self._pictures.gather(job)
        if job.kind is Kind.REGION and not await self._media.has(input_image_path(job.id, 0)):
            raise PreviewGone
        if (path := await self._borrowed_path(job)) is not None:
            frames.append(Frame(job.id, "start", path))
        for shot in shots:
            await self._moderation.check(shot)
        if job.storyboard_id is not None:
            return (await self._store.storyboards.charge(shots, costs, frames, self._clock.wall_ms()))[0]
        return await self._store.jobs.charge(job, costs[0], frames, self._clock.wall_ms())

    async def _borrowed_path(self, job: Job) -> str | None:
        """Name the file of another card's image that a job starts from.

        Raises `NoSuchImage` for a film's lost end, and for an extend from there `ClipGone` or `NoLastFrame`.
        """
        if job.params.from_last_frame:
            return await self._results.last_frame(job)
        if job.kind is Kind.EXTEND:
            return await self._results.image_path(JobImageRef(job.parent_job_id or "", "start"))
        source = job.params.job_image
        if source is None:
            return None
        path = await self._results.image_path(source)
        if path is None:
            raise NoSuchImage(source.job_id, source.position)
        return path

    async def discard(self, job: Job) -> None:
        """Delete all that is kept of a job."""
        await self._media.discard(job.id)

    async def discard_unsent(self, job: Job) -> None:
        """Delete the pictures of a job that failed before anybody was paid for it, unless another card shows them."""
        if job.client_token is None and not (job.charged and await self._store.clips.lends(job.id)):
            await self._media.discard(job.id)


def new_job(
    requester: Requester,
    answer: DeferredReply,
    now_ms: int,
    *,
    kind: Kind,
    provider: str,
    params: JobParams,
    dedupe_key: str | None = None,
    parent_job_id: str | None = None,
    parent_slot: int | None = None,
    spoiler: bool = False,
) -> Job:
    if requester.guild_id is None:
        raise NotInServer
    return Job(
        id=new_id(now_ms),
        request_id=requester.request_id,
        kind=kind,
        state=State.RECEIVED,
        guild_id=requester.guild_id,
        channel_id=requester.channel_id,
        user_id=requester.user_id,
        roles=requester.roles,
        file_limit=requester.file_limit,
        params=params,
        provider=provider,
        created_ms=now_ms,
        dedupe_key=dedupe_key,
        message_id=answer.message_id,
        token=answer.token,
        token_until_ms=answer.until_ms,
        parent_job_id=parent_job_id,
        parent_slot=parent_slot,
        spoiler=int(spoiler),
        parent_channel_id=requester.parent_channel_id,
        locale=requester.locale,
    )
