"""Going on where a clip ends: at the provider, or by a video of its own that starts at the clip's last frame.

Which of the two it is follows from what the provider can do (`needs_last_frame`); to the member, to quotas and to the
lineage it is an extend either way.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind
from bot.domain.params import JobParams, Motion, PromptMode
from bot.errors import AutoModeNeedsProviderImage, EmptyPrompt, NoLastFrame, NoSuchClip, NotReadInTime, Unsupported
from bot.providers.base import Provider
from bot.providers.capabilities import (
    Capabilities,
    FilmOffer,
    apply_defaults,
    needs_last_frame,
    unsupported_options,
)
from bot.providers.registry import provider_of
from bot.services.job_results import JobResults
from bot.services.jobs import JobService, new_job
from bot.services.requests import DeferredReply, ExtendOptions, Requester

FORM_SECONDS = 1.0
"""How long a form waits for what it is about: it must open within 3 s (discord.md, section 1)."""


@dataclass(frozen=True)
class ExtendForm:
    """Hold what an extend with words may ask for.

    `slots` are the clips that there are, `motions` is empty where there is no choice; `films` are the numbers of clips
    with what they cost together, as many as the parent has first.
    """

    parent_id: str
    slots: tuple[int, ...]
    motions: tuple[Motion, ...]
    films: tuple[FilmOffer, ...]
    from_last_frame: bool


class Extends:
    """Write extends down, and tell what one may ask for."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        results: JobResults,
        jobs: JobService,
        *,
        prices: PriceList,
        clock: Clock,
    ) -> None:
        self._store = store
        self._providers = providers
        self._results = results
        self._jobs = jobs
        self._prices = prices
        self._clock = clock

    async def create(
        self, requester: Requester, parent_id: str, slot: int, options: ExtendOptions, answer: DeferredReply
    ) -> Job:
        """Write a click on an extend button, a form, or an /extend, down (T0); `slot` counts from 0.

        Raises `NoSuchClip`, `NoProvider`, `Unsupported`, `NoLastFrame`, `EmptyPrompt`, `AutoModeNeedsProviderImage`,
        or `AlreadyRunning` while the same is being made.
        """
        parent, slots = await self._find(requester, parent_id)
        if slot not in slots:
            raise NoSuchClip(parent_id, slot + 1)
        provider = provider_of(self._providers, parent.provider)
        params = extend_params(parent, options, provider.capabilities)
        if params.from_last_frame and not self._results.can_read_films:
            raise NoLastFrame(parent_id, slot + 1, read=False)
        if missing := unsupported_options(provider.capabilities, params, Kind.EXTEND):
            others = [one.title for one in self._providers.values() if missing[0].supported_by(one.capabilities)]
            raise Unsupported(missing[0].code, provider.title, tuple(others), stays=True)
        params = apply_defaults(provider.capabilities, params, Kind.EXTEND)
        return await self._jobs.create_unique(
            new_job(
                requester,
                answer,
                self._clock(),
                kind=Kind.EXTEND,
                provider=parent.provider,
                params=params,
                dedupe_key=f"extend:{requester.user_id}:{parent_id}:{slot}:{_fingerprint(params)}",
                parent_job_id=parent_id,
                parent_slot=slot,
                spoiler=bool(parent.spoiler if options.spoiler is None else options.spoiler),
            )
        )

    async def form(self, requester: Requester, parent_id: str) -> ExtendForm:
        """Tell what an extend with words of a job may ask for, within `FORM_SECONDS`.

        Raises `NoSuchClip`, `NoProvider`, `NoLastFrame`, or `NotReadInTime`.
        """
        try:
            async with asyncio.timeout(FORM_SECONDS):
                parent, slots = await self._find(requester, parent_id)
        except TimeoutError:
            raise NotReadInTime from None
        if not slots:
            raise NoSuchClip(parent_id, 1)
        capabilities = provider_of(self._providers, parent.provider).capabilities
        from_last_frame = needs_last_frame(capabilities, with_words=True, extendable=parent.extend_ref is not None)
        if from_last_frame and not self._results.can_read_films:
            raise NoLastFrame(parent_id, slots[0] + 1, read=False)
        return ExtendForm(
            parent_id,
            slots,
            capabilities.motions if from_last_frame else capabilities.extend_motions,
            self._films(parent, capabilities),
            from_last_frame,
        )

    def _films(self, parent: Job, capabilities: Capabilities) -> tuple[FilmOffer, ...]:
        prices, resolution = self._prices.at(parent.provider), parent.params.resolution
        counts = sorted(capabilities.clip_counts, key=lambda count: (count != parent.params.clips, -count))
        costs = [(count, prices.clips(count, resolution)) for count in counts]
        return tuple(FilmOffer(count, resolution, cost, cost) for count, cost in costs)

    async def _find(self, requester: Requester, parent_id: str) -> tuple[Job, tuple[int, ...]]:
        parent = await self._store.jobs.get(parent_id)
        if parent is None or parent.guild_id != requester.guild_id or not parent.kind.makes_video:
            raise NoSuchClip(parent_id, 1)
        return parent, tuple(clip.slot for clip in await self._store.clips.clips(parent_id))


def extend_params(parent: Job, options: ExtendOptions, capabilities: Capabilities) -> JobParams:
    """Derive an extend's parameters: what was asked for, and all else as the parent had it.

    Raises `EmptyPrompt` or `AutoModeNeedsProviderImage` where a video of its own lacks words.
    """
    asked = {name: getattr(options, name) for name in ("motion", "prompt", "clips", "prompt_mode")}
    chosen = {name: value for name, value in asked.items() if value is not None}
    explicit = (*chosen, *(("spoiler",) if options.spoiler is not None else ()))
    params = replace(
        parent.params.extended(),
        **chosen,
        loop=options.loop,
        end_image=options.end_image,
        again_of=options.again_of,
        explicit_options=explicit,
        removed=options.removed,
        read=options.read,
    )
    if not needs_last_frame(capabilities, with_words="prompt" in chosen, extendable=parent.extend_ref is not None):
        return params
    if options.prompt_mode is PromptMode.AUTO:
        raise AutoModeNeedsProviderImage
    if not params.prompt:
        raise EmptyPrompt
    # Its prompt always says what happens.
    explicit = tuple(name for name in explicit if name != "prompt_mode")
    return replace(params, from_last_frame=True, prompt_mode=None, explicit_options=explicit)


def _fingerprint(params: JobParams) -> str:
    """Tell extends of the same clip apart that ask for different things."""
    # Where an image lies that is taken over does not count.
    end = params.again_of or params.end_image
    asked = (params.motion, params.prompt, params.clips, params.prompt_mode, params.loop, end)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
