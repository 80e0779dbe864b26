"""An ended job asked for once more: the same without a form, or with what was changed in one.

The new job is its requester's own: their credits, their roles. It takes over the pictures of the old one
(`JobParams.again_of`); where those are not kept any more, the links from the card, which whoever asks is looking at.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State
from bot.domain.params import ImageUpload, JobImageRef, JobParams, Motion, Resolution, Shape, Speed
from bot.errors import DatabaseBusy, NoSuchImage, NoSuchJob, NotOffered, PriceChanged
from bot.providers.base import Provider
from bot.providers.registry import provider_of
from bot.services.extends import Extends
from bot.services.job_results import PROMPT_SECONDS, JobResults
from bot.services.jobs import JobService, new_job
from bot.services.requests import DeferredReply, ExtendOptions, JobRequest, Preferred, Requester, VideoOptions
from bot.services.rerun_forms import RerunForm, rerun_form
from bot.services.rerun_prices import rerun_price
from bot.services.validation import NO_PROMPT, RequestValidator

Value = TypeVar("Value")

Links = Mapping[str, str]
"""Links to the start and end image that a card shows, by their role."""

_ENDED = (State.READY, State.DONE, State.FAILING, State.FAILED)
"""The states in which a card may tell a job's end: what is made is on it a moment before that is written down."""


@dataclass(frozen=True)
class RerunChanges:
    """Hold what somebody sent with the form; a None had no field, or says what the provider chooses."""

    prompt: str = ""
    motion: Motion | None = None
    resolution: Resolution | None = None
    clips: int | None = None
    speed: Speed | None = None
    shape: Shape | None = None


class Reruns:
    """Ask for what was asked for before."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        jobs: JobService,
        extends: Extends,
        results: JobResults,
        validator: RequestValidator,
        *,
        prices: PriceList,
        clock: Clock,
    ) -> None:
        self._store = store
        self._providers = providers
        self._jobs = jobs
        self._extends = extends
        self._results = results
        self._validator = validator
        self._prices = prices
        self._clock = clock

    async def find(self, requester: Requester, job_id: str) -> Job:
        """Give an ended job of this server; raises `NoSuchJob` for any other."""
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id or job.state not in _ENDED:
            raise NoSuchJob(job_id)
        return job

    async def form(self, requester: Requester, job_id: str) -> RerunForm:
        """Tell what the form for an ended job offers, within `PROMPT_SECONDS`: it is the first answer itself.

        Raises `NoSuchJob`, `NotOffered` for a job without anything to change, `NoProvider`, or `DatabaseBusy`.
        """
        try:
            async with asyncio.timeout(PROMPT_SECONDS):
                job = await self.find(requester, job_id)
        except TimeoutError as error:
            raise DatabaseBusy(f"job {job_id} could not be read in time") from error
        return rerun_form(job, self._providers, self._prices)

    def check_words(self, requester: Requester, kind: Kind, prompt: str) -> None:
        """Refuse at once what the words alone show to be wrong, and a channel where no card can appear."""
        self._validator.check_channel(requester)
        if kind in (Kind.IMAGINE, Kind.ACTION) or (kind is Kind.REGION and prompt.strip()):
            self._validator.imagine(requester, prompt, None, translate=False)

    async def again(
        self,
        requester: Requester,
        job_id: str,
        answer: DeferredReply,
        links: Links,
        told: tuple[int, int] | None = None,
    ) -> Job:
        """Ask for the same as an ended job (T0), for the least and the most credits that were `told`.

        Raises `PriceChanged` where they are others, `NoSuchJob`, `NoProvider`, `NoSuchImage`, or `AlreadyRunning` while
        the same is being made.
        """
        job = await self.find(requester, job_id)
        if told is not None and told != (price := rerun_price(job, self._providers, self._prices)):
            raise PriceChanged(*price)
        params = job.params
        match job.kind:
            case Kind.ACTION | Kind.SEED:
                parent = job.parent_job_id or ""
                return await self._jobs.create_action(requester, parent, job.kind, answer, action=params.action)
            case Kind.EXTEND:
                chosen = {
                    name: getattr(params, name)
                    for name in ("motion", "prompt", "clips", "prompt_mode")
                    if name in params.explicit_options
                }
                options = ExtendOptions(**chosen, removed=params.removed, read=params.read)
                return await self._extend(requester, job, _ended_as_before(options, job, links), answer)
            case _:
                request = JobRequest(job.provider, params, job.kind)
                return await self._repeat(requester, job, request, answer, links)

    async def edited(
        self, requester: Requester, job_id: str, changes: RerunChanges, answer: DeferredReply, links: Links
    ) -> Job:
        """Ask for what an ended job asked for, changed as the form says (T0).

        Raises what the command for it would, and as `again` does.
        """
        job = await self.find(requester, job_id)
        params = job.params
        match job.kind:
            case Kind.VIDEO:
                preferred = Preferred(replace(params.preferred.only("speed", "provider"), from_preset=()))
                request = self._validator.video(requester, _video_options(job, changes, links), preferred)
            case Kind.EXTEND:
                options = _ended_as_before(self._extend_options(requester, job, changes), job, links)
                return await self._extend(requester, job, options, answer)
            case Kind.IMAGINE | Kind.ACTION:
                # An action takes no words: with other words it is a new picture.
                request = self._draw_again(requester, params, changes)
            case Kind.BLEND:
                request = self._validator.blend(requester, params.images, changes.shape, changes.speed)
            case Kind.REGION:
                request = await self._region(requester, job, changes.prompt)
            case _:
                raise NotOffered(job.id)
        return await self._repeat(requester, job, request, answer, links)

    def _draw_again(self, requester: Requester, params: JobParams, changes: RerunChanges) -> JobRequest:
        """Draw a prompt whose words are translated as those before were: asked for if somebody had, else preferred."""
        wanted = replace(params.preferred.only("translate"), from_preset=())
        asked = None if wanted.translate == params.translate else params.translate
        return self._validator.imagine(
            requester, changes.prompt, changes.speed, translate=asked, preferred=Preferred(wanted)
        )

    async def _region(self, requester: Requester, job: Job, prompt: str) -> JobRequest:
        """Redraw the same part; without words, by those of the picture itself."""
        parent = await self._jobs.find_finished(requester, job.parent_job_id or "")
        params = replace(job.params, prompt=parent.params.prompt, explicit_options=(), removed=())
        if prompt.strip():
            words = self._validator.imagine(requester, prompt, None, translate=False).params
            params = replace(params, prompt=words.prompt, explicit_options=("prompt",), removed=words.removed)
        return JobRequest(job.provider, params, Kind.REGION)

    async def _extend(self, requester: Requester, job: Job, options: ExtendOptions, answer: DeferredReply) -> Job:
        options = replace(options, spoiler=True if job.spoiler else None)
        return await self._extends.create(requester, job.parent_job_id or "", job.parent_slot or 0, options, answer)

    def _extend_options(self, requester: Requester, job: Job, changes: RerunChanges) -> ExtendOptions:
        """Ask of an extend what was typed before, and what was changed; the rest follows from its parent."""
        params = job.params
        typed = changes.prompt.strip()
        keeps_words = not typed or (typed == params.prompt and "prompt" not in params.explicit_options)
        return self._validator.extend(
            requester,
            ExtendOptions(
                motion=_chosen(changes.motion, params.motion, "motion", params),
                prompt=None if keeps_words else changes.prompt,
                clips=changes.clips,
                prompt_mode=params.prompt_mode,
            ),
        )

    async def _repeat(
        self, requester: Requester, job: Job, request: JobRequest, answer: DeferredReply, links: Links
    ) -> Job:
        """Write a job down that takes over another one's pictures."""
        params = replace(_with_links(request.params, links), again_of=job.id)
        if request.kind is not Kind.VIDEO:
            provider_of(self._providers, request.provider)
        if params.job_image is not None:
            params = await self._with_source(requester, params, params.job_image, links.get("start"))
        return await self._jobs.create_unique(
            new_job(
                requester,
                answer,
                self._clock(),
                kind=request.kind,
                provider=request.provider,
                params=params,
                dedupe_key=f"again:{requester.user_id}:{job.id}:{_fingerprint(request)}",
                parent_job_id=job.parent_job_id if request.kind.continues_job else None,
                spoiler=bool(job.spoiler),
            )
        )

    async def _with_source(
        self, requester: Requester, params: JobParams, source: JobImageRef, link: str | None
    ) -> JobParams:
        """Start from another card's picture as before, or, where that is gone, from what this card shows of it.

        Raises `NoSuchImage` where it shows nothing.
        """
        try:
            await self._results.check_image(requester, source)
        except NoSuchImage:
            if link is None:
                raise
            return replace(params, job_image=None, image=ImageUpload(link, "start.jpg", 1, "image/jpeg"))
        return params


def _ended_as_before(options: ExtendOptions, job: Job, links: Links) -> ExtendOptions:
    """Let an extend loop, or end with the same image, as it did, unless new words say how it ends."""
    if options.loop or options.end_image is not None:
        return options
    params = job.params
    end = _at(params.end_image, links.get("end"))
    return replace(options, loop=params.loop, end_image=end, again_of=job.id if end is not None else None)


def _video_options(job: Job, changes: RerunChanges, links: Links) -> VideoOptions:
    """Ask of a video what was typed before, and what was changed: all else follows from its provider."""
    params = _with_links(job.params, links)
    explicit = params.explicit_options
    return VideoOptions(
        prompt=changes.prompt.strip() or NO_PROMPT,
        image=params.image,
        source=_source(params),
        end_image=params.end_image,
        motion=_chosen(changes.motion, params.motion, "motion", params),
        resolution=_chosen(changes.resolution, params.resolution, "resolution", params),
        # Its price was told for so many.
        clips=changes.clips,
        loop=params.loop or None,
        speed=params.speed if "speed" in explicit else None,
        prompt_mode=params.prompt_mode,
        provider=job.provider if "provider" in explicit else None,
    )


def _chosen(sent: Value | None, before: Value | None, name: str, params: JobParams) -> Value | None:
    """Give a choice that must be had: one that was chosen before, or was changed; None leaves it to the provider."""
    return sent if name in (*params.explicit_options, *params.preferred.chosen) or sent != before else None


def _source(params: JobParams) -> str | None:
    """Name the picture that a video starts from as /video's source does."""
    if params.job_image is not None:
        return f"{params.job_image.job_id}#{params.job_image.position}"
    if params.provider_image is not None:
        return f"{params.provider_image.remote_id}#{params.provider_image.index + 1}"
    return None


def _with_links(params: JobParams, links: Links) -> JobParams:
    """Name pictures by where the card shows them now: what was typed long ago leads nowhere."""
    return replace(
        params,
        image=_at(params.image, links.get("start")),
        end_image=_at(params.end_image, links.get("end")),
    )


def _at(image: ImageUpload | None, link: str | None) -> ImageUpload | None:
    return replace(image, url=link) if image is not None and link is not None else image


def _fingerprint(request: JobRequest) -> str:
    """Tell repetitions of a job apart that ask for different things; where its pictures lie does not count."""
    params = replace(request.params, image=None, end_image=None, images=(), again_of=None)
    return hashlib.sha256(repr((request.kind, params)).encode()).hexdigest()[:16]
