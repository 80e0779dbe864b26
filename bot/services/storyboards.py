"""Storyboards as use cases: all shots made, stopped, and taken up again.

Nothing is spent before a press of *Make it* or *Go on*. Either writes the jobs of all shots in one transaction (T0);
the step that prepares the first of them charges all or none (T1), as it does for every job.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.db.open_requests import PREVIEW_MS
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State, card_link, new_id
from bot.domain.params import ImageUpload, JobImageRef, JobParams
from bot.domain.storyboard import LIVE, Storyboard, StoryboardState, first_missing, latest, was_refused
from bot.errors import (
    AlreadyRunning,
    Blocked,
    NoSuchImage,
    NotYourStoryboard,
    PriceChanged,
    StoryboardGone,
    StoryboardMade,
    TooLateToCancel,
)
from bot.providers.base import Provider
from bot.providers.registry import provider_of
from bot.services.job_results import JobResults
from bot.services.jobs import JobService, new_job
from bot.services.requests import DeferredReply, Requester
from bot.services.server_rules import check_rules
from bot.services.storyboard_lines import shot_params
from bot.services.storyboard_shots import shot_requests


class Storyboards:
    """Have storyboards made, stop them and go on with them."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        jobs: JobService,
        results: JobResults,
        *,
        prices: PriceList,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._providers = providers
        self._jobs = jobs
        self._results = results
        self._prices = prices
        self._clock = clock
        self._wake = wake

    async def make(
        self, requester: Requester, storyboard_id: str, answer: DeferredReply, told: int | None = None
    ) -> Job:
        """Write the shots of a previewed storyboard down, all or none (T0); the worker does the rest.

        `told` is the price that the button named. Raises `PriceChanged` where it is another by now, `StoryboardGone`,
        `AlreadyRunning`, `StoryboardMade`, `NotYourStoryboard`, `TooManyOpen`, `NoSuchImage`, `Blocked`, or what is
        missing of the price.
        """
        storyboard = await self.find(requester, storyboard_id)
        await self.refuse_made(storyboard)
        if storyboard.state is StoryboardState.ASKED:
            raise StoryboardGone
        _compare(told, self.price(storyboard, 0))
        source = await self.check_image(requester, storyboard.params)
        hidden = source is not None and bool(source.spoiler)
        hidden = hidden if storyboard.spoiler is None else bool(storyboard.spoiler)
        return await self._write_shots(requester, storyboard, 0, None, answer, hidden=hidden)

    async def go_on(
        self,
        requester: Requester,
        storyboard_id: str,
        shot: int,
        answer: DeferredReply,
        shown: str | None = None,
        told: int | None = None,
    ) -> Job:
        """Write the rest of a storyboard down that was stopped, from a shot on (T0), for the price that was `told`.

        `shown` is the link to the image that the card shows as what all began with. `answer` names the message that was
        clicked: its token reaches no other, wherever the card is shown by now.

        Raises as `make` does; `StoryboardMade` also where another shot is the next, for that costs something else.
        """
        storyboard = await self.find(requester, storyboard_id)
        jobs = await self._store.storyboards.jobs(storyboard.id)
        if not jobs:
            raise StoryboardGone
        await self._refuse_running(jobs)
        if first_missing(storyboard, jobs) != shot:
            raise StoryboardMade(card_link(jobs[0]))
        _compare(told, self.price(storyboard, shot))
        parent = latest(jobs)[shot - 1] if shot else None
        if answer.message_id != jobs[0].message_id:
            answer = DeferredReply(jobs[0].message_id, "", 0)
        requester = replace(requester, channel_id=jobs[0].channel_id)
        if shot == 0:
            storyboard = await self._from_kept_image(requester, storyboard, latest(jobs)[0], shown)
        hidden = bool(jobs[0].spoiler)
        return await self._write_shots(requester, _as_hidden(storyboard), shot, parent, answer, hidden=hidden)

    async def first_job(self, storyboard_id: str) -> str:
        """Name the first job of a storyboard, where all were asked for; empty where there is none."""
        return next((job.id for job in await self._store.storyboards.jobs(storyboard_id)), "")

    async def shots(self, job: Job) -> int:
        """Count the shots that share a job's card; 0 for a job that is none."""
        if job.storyboard_id is None:
            return 0
        return len({shot.shot for shot in await self._store.storyboards.jobs(job.storyboard_id)})

    async def stop(self, requester: Requester, storyboard_id: str, *, moderates: bool) -> list[Job]:
        """Take back the shots that wait, return their credits, and give them; the one that is being made goes on.

        Raises `Blocked`, `NotYours`, or `TooLateToCancel` when none waits any more.
        """
        jobs = await self._store.storyboards.jobs(storyboard_id)
        waiting = [job for job in jobs if job.state is State.QUEUED]
        if not waiting:
            raise TooLateToCancel(ended=not any(job.state in LIVE for job in jobs))
        waiting.sort(key=lambda job: job.shot or 0)
        await self._jobs.cancel(requester, waiting[0].id, moderates=moderates)
        return waiting

    async def _write_shots(
        self,
        requester: Requester,
        storyboard: Storyboard,
        shot: int,
        parent: Job | None,
        answer: DeferredReply,
        *,
        hidden: bool,
    ) -> Job:
        """Write the jobs of all shots from one on down, if nobody was faster."""
        await self.require(requester, storyboard, shot)
        now = self._clock()
        jobs: list[Job] = []
        capabilities = provider_of(self._providers, storyboard.provider).capabilities
        requests = shot_requests(storyboard, capabilities, shot)
        # Ids sort by time: so do the shots, by which their rows are locked.
        ids = sorted(new_id(now) for _ in requests)
        for number, (job_id, request) in enumerate(zip(ids, requests, strict=True), shot):
            former = jobs[-1] if jobs else parent
            job = new_job(
                requester,
                answer,
                now,
                kind=request.kind,
                provider=request.provider,
                params=request.params,
                dedupe_key=f"shot:{storyboard.id}:{number}",
                parent_job_id=former.id if former is not None else None,
                parent_slot=0 if former is not None else None,
                spoiler=hidden,
            )
            request_id = requester.request_id if not jobs else f"{requester.request_id}:{number}"
            jobs.append(replace(job, id=job_id, request_id=request_id, storyboard_id=storyboard.id, shot=number))
        written = await self._store.storyboards.make(jobs, now)
        if not written:
            written = [await self._written_before(requester, storyboard)]
        self._wake()
        return written[0]

    async def _written_before(self, requester: Requester, storyboard: Storyboard) -> Job:
        """Give what the same request has written already; raise what stands in its way."""
        jobs = await self._store.storyboards.jobs(storyboard.id)
        for job in jobs:
            if job.request_id == requester.request_id:
                return job
        if not jobs:
            raise StoryboardGone
        await self._refuse_running(jobs)
        raise StoryboardMade(card_link(jobs[0]))

    async def _from_kept_image(
        self, requester: Requester, storyboard: Storyboard, first: Job, shown: str | None
    ) -> Storyboard:
        """Let the first shot begin with the image that is kept of it, else with what its card shows, if there is any.

        An option's link ends in a day.
        """
        image = JobImageRef(first.id, "start")
        try:
            await self._results.check_image(requester, image)
        except NoSuchImage:
            if shown is None:
                return storyboard
            upload = ImageUpload(shown, "start.jpg", 1, "image/jpeg")
            return replace(storyboard, params=replace(storyboard.params, image=upload, job_image=None))
        return replace(storyboard, params=replace(storyboard.params, image=None, job_image=image))

    async def find(self, requester: Requester, storyboard_id: str) -> Storyboard:
        """Give a storyboard that its own member may still use; raises `StoryboardGone` or `NotYourStoryboard`."""
        storyboard = await self._store.storyboards.get(storyboard_id)
        if storyboard is None or storyboard.guild_id != requester.guild_id:
            raise StoryboardGone
        if storyboard.user_id != requester.user_id:
            raise NotYourStoryboard
        too_old = self._clock() - storyboard.created_ms >= PREVIEW_MS
        if storyboard.state is not StoryboardState.MADE and too_old:
            raise StoryboardGone
        return storyboard

    async def refuse_made(self, storyboard: Storyboard) -> None:
        """Lead the member to the card of a storyboard that they had made already; one that was refused can be again."""
        if storyboard.state is StoryboardState.MADE:
            jobs = await self._store.storyboards.jobs(storyboard.id)
            await self._refuse_running(jobs)
            if not was_refused(jobs):
                raise StoryboardMade(card_link(jobs[0]))

    async def _refuse_running(self, jobs: Sequence[Job]) -> None:
        if any(job.state in LIVE for job in jobs):
            raise AlreadyRunning(card_link(jobs[0]))

    async def check_image(self, requester: Requester, params: JobParams) -> Job | None:
        """Give the job whose card shows the image that it begins with, if one does.

        Raises `NoSuchImage` where that is not there.
        """
        if params.job_image is None:
            return None
        return await self._results.check_image(requester, params.job_image)

    async def require(self, requester: Requester, storyboard: Storyboard, shot: int) -> None:
        """Raise what stands in the way of paying for the shots from one on: nothing is fetched for who cannot."""
        wanted = probe(requester, storyboard, self._clock())
        standing = await self._store.accounts.standing(wanted, self._clock.wall_ms())
        if standing.block is not None:
            raise Blocked(standing.block.source, standing.block.until_ms, standing.block.reason)
        here = replace(wanted, asked_channel_id=requester.channel_id)
        for one in storyboard.shots[shot:]:
            check_rules(replace(here, params=shot_params(storyboard.params, one)), standing.rules)
        standing.require(self.price(storyboard, shot))

    def price(self, storyboard: Storyboard, shot: int) -> int:
        """Tell what the shots from one on cost together, in credits."""
        return storyboard_price(self._prices, storyboard, shot)


def _compare(told: int | None, price: int) -> None:
    """Raise `PriceChanged` for a button that named another price; an old one named none that is known."""
    if told is not None and told != price:
        raise PriceChanged(price, price)


def _as_hidden(storyboard: Storyboard) -> Storyboard:
    """Let what the card is now count for its further shots, whatever the member's settings say."""
    explicit = dict.fromkeys((*storyboard.params.explicit_options, "spoiler"))
    return replace(storyboard, params=replace(storyboard.params, explicit_options=tuple(explicit)))


def probe(requester: Requester, storyboard: Storyboard, now_ms: int) -> Job:
    """Make a job that is never written down, to ask by what its member may have and who would make it."""
    shots = [shot_params(storyboard.params, shot) for shot in storyboard.shots] or [storyboard.params]
    return new_job(
        requester,
        DeferredReply(None, "", 0),
        now_ms,
        kind=Kind.VIDEO,
        provider=storyboard.provider,
        params=max(shots, key=lambda params: len(params.explicit_options)),
    )


def storyboard_price(prices: PriceList, storyboard: Storyboard, shot: int) -> int:
    """Tell what the shots of a storyboard cost together from one on, counted from 0, in credits."""
    each = prices.at(storyboard.provider).job(Kind.VIDEO, storyboard.params)
    return each * (len(storyboard.shots) - shot)
