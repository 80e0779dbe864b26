"""What a storyboard is before it costs anything: a form that outlives the process, and a private preview."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.db.open_requests import PREVIEW_MS
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, new_id
from bot.domain.params import JobImageRef, JobParams, Preferences
from bot.domain.storyboard import Shot, Storyboard, StoryboardState, latest
from bot.errors import DatabaseError, NoShots, NotInServer, NotReadInTime, StoryboardGone, Unsupported
from bot.providers.base import Provider
from bot.providers.capabilities import apply_defaults
from bot.providers.registry import provider_of
from bot.services.job_results import JobResults
from bot.services.provider_routing import ProviderRouter
from bot.services.requests import JobRequest, Requester
from bot.services.storyboard_lines import read_shots, typed_lines
from bot.services.storyboard_shots import missing_options, need_last_frames
from bot.services.storyboards import Storyboards, probe

log = logging.getLogger(__name__)

FORM_WAIT_SECONDS = 1.0
"""How long a form waits for what it is about to be written down: it must open within 3 s (discord.md, section 1)."""

TRIES = 3
"""How often the writing is tried."""

CLOSE_SECONDS = 2.0
"""How long a stop waits for what is still being written down."""

NOTHING_CHOSEN = Preferences()

SWEPT_MS = PREVIEW_MS + 3_600_000
"""When a storyboard that nobody made is forgotten: late enough that no click that was in time is under way."""


@dataclass(frozen=True)
class PricedStoryboard:
    """Hold what is shown before anything is spent; `price` and `left` are credits, `like` is a job like its shots."""

    storyboard: Storyboard
    price: int
    left: int
    like: Job


class StoryboardPreviews:
    """Remember what forms are about, and price what they say."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        storyboards: Storyboards,
        results: JobResults,
        router: ProviderRouter,
        clock: Clock,
    ) -> None:
        self._store = store
        self._providers = providers
        self._storyboards = storyboards
        self._results = results
        self._router = router
        self._clock = clock
        self._writing: dict[str, asyncio.Task[None]] = {}

    async def remember(self, requester: Requester, request: JobRequest) -> str:
        """Write down what a form is opened for; gives the name to ask for it by.

        What takes longer than `FORM_WAIT_SECONDS` goes on behind the form.
        """
        now = self._clock()
        storyboard = Storyboard(
            new_id(now),
            StoryboardState.ASKED,
            _guild(requester),
            requester.user_id,
            request.provider,
            request.params,
            (),
            now,
            spoiler=None if request.spoiler is None else int(request.spoiler),
        )
        writing = self._begin(storyboard.id, self._write(storyboard))
        await asyncio.wait({writing}, timeout=FORM_WAIT_SECONDS)
        return storyboard.id

    def keep_lines(self, requester: Requester, storyboard_id: str, typed: str) -> None:
        """Keep what a refused form said, behind the answer, so that the next one is filled in."""
        before = self._writing.get(storyboard_id)
        self._begin(storyboard_id, self._keep(before, storyboard_id, requester.user_id, typed))

    async def kept_lines(self, requester: Requester, storyboard_id: str) -> str:
        """Give what a refused form said, for another one; nothing where it could not be kept.

        Raises `StoryboardGone`, `NotYourStoryboard`, `StoryboardMade`, or `NotReadInTime` after `FORM_WAIT_SECONDS`.
        """
        try:
            async with asyncio.timeout(FORM_WAIT_SECONDS):
                await self._until_written(storyboard_id)
                storyboard = await self._storyboards.find(requester, storyboard_id)
                await self._storyboards.refuse_made(storyboard)
        except TimeoutError:
            raise NotReadInTime from None
        return typed_lines(storyboard.shots)

    async def remember_again(self, requester: Requester, job_id: str) -> tuple[str, str]:
        """Write down what a form for the same shots once more is opened for, with the picture that the card shows.

        Gives its name and the lines that stood in it. Raises `StoryboardGone`, or `NotReadInTime` after
        `FORM_WAIT_SECONDS`.
        """
        try:
            async with asyncio.timeout(FORM_WAIT_SECONDS):
                storyboard, first = await self._made_with(requester, job_id)
        except TimeoutError:
            raise NotReadInTime from None
        request = JobRequest(storyboard.provider, _asked_again(storyboard.params, first))
        return await self.remember(requester, request), typed_lines(storyboard.shots)

    async def _made_with(self, requester: Requester, job_id: str) -> tuple[Storyboard, Job]:
        """Give the storyboard that a job is of, and the job of its first shot."""
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id or job.storyboard_id is None:
            raise StoryboardGone
        storyboard = await self._store.storyboards.get(job.storyboard_id)
        if storyboard is None:
            raise StoryboardGone
        return storyboard, latest(await self._store.storyboards.jobs(storyboard.id))[0]

    async def image(self, requester: Requester, storyboard_id: str) -> JobImageRef | None:
        """Tell which card's image a storyboard begins with, if it is one of those.

        Raises `StoryboardGone` or `NotYourStoryboard`.
        """
        await self._until_written(storyboard_id)
        return (await self._storyboards.find(requester, storyboard_id)).params.job_image

    async def preview(
        self, requester: Requester, storyboard_id: str, typed: str, preferred: Preferences = NOTHING_CHOSEN
    ) -> PricedStoryboard:
        """Read a sent form and price it; nothing is reserved, nobody is called, nothing is fetched.

        What is preferred counts where it was not typed and the provider has it.

        A form that is sent twice is shown as it was sent first. Raises what is wrong with the lines, `StoryboardGone`,
        `StoryboardMade`, `NotYourStoryboard`, `TooManyOpen`, `NoSuchImage`, `Blocked`, what the server's rules forbid,
        or what is missing of the price.
        """
        storyboard = await self._storyboards.find(requester, storyboard_id)
        await self._storyboards.refuse_made(storyboard)
        if storyboard.state is StoryboardState.ASKED:
            shots = read_shots(typed, storyboard.params)
            params = replace(storyboard.params, preferred=preferred.without(storyboard.params.explicit_options))
            storyboard = await self._give_to_provider(requester, replace(storyboard, shots=shots, params=params))
            await self._storyboards.check_image(requester, storyboard.params)
            await self._storyboards.require(requester, storyboard, 0)
            found = await self._store.storyboards.preview(storyboard, self._clock())
            if found is None:
                raise StoryboardGone
            storyboard = found
        return await self._priced(requester, storyboard)

    async def discard(self, requester: Requester, storyboard_id: str) -> None:
        """Forget a preview; raises as `make` does."""
        storyboard = await self._storyboards.find(requester, storyboard_id)
        await self._storyboards.refuse_made(storyboard)
        await self._store.storyboards.discard(storyboard.id)

    async def sweep(self) -> None:
        """Forget the forms and previews that are too old."""
        await self._store.storyboards.forget(self._clock() - SWEPT_MS)

    async def aclose(self) -> None:
        """Wait for what is still being written down, within bounds."""
        if self._writing:
            _, late = await asyncio.wait(self._writing.values(), timeout=CLOSE_SECONDS)
            for writing in late:
                writing.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _give_to_provider(self, requester: Requester, storyboard: Storyboard) -> Storyboard:
        """Choose the provider that makes all shots, as for any video; it stays, for its price is told.

        Raises `Unsupported` where it lacks what a line asks for, or `NoShots`.
        """
        # As the first line asks: what the others do is no video of its own everywhere.
        wanted = probe(requester, replace(storyboard, shots=storyboard.shots[:1]), self._clock())
        made_by = await self._router.choose(wanted, lambda provider: self._can_make(provider, storyboard))
        chosen = replace(storyboard, provider=made_by.provider)
        provider = provider_of(self._providers, chosen.provider)
        if missing := missing_options(chosen, provider.capabilities):
            able = [one.title for one in self._providers.values() if not missing_options(chosen, one.capabilities)]
            raise Unsupported(missing[0].code, provider.title, tuple(able))
        if not self._can_go_on(provider):
            raise NoShots
        return replace(chosen, params=apply_defaults(provider.capabilities, chosen.params))

    def _can_make(self, provider: Provider, storyboard: Storyboard) -> bool:
        return not missing_options(storyboard, provider.capabilities) and self._can_go_on(provider)

    def _can_go_on(self, provider: Provider) -> bool:
        """Tell whether later shots can be had: by an extend, or from last frames if these can be read here."""
        return self._results.can_read_films or not need_last_frames(provider.capabilities)

    async def _priced(self, requester: Requester, storyboard: Storyboard) -> PricedStoryboard:
        balance = await self._store.accounts.balance(
            _guild(requester), requester.user_id, requester.roles, self._clock.wall_ms()
        )
        first = probe(requester, storyboard, self._clock())
        return PricedStoryboard(storyboard, self._storyboards.price(storyboard, 0), balance.spendable, first)

    def _begin(self, storyboard_id: str, write: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Write something down behind the answer; whoever reads it next waits for it."""
        writing = asyncio.create_task(write, name=f"storyboard {storyboard_id}")
        self._writing[storyboard_id] = writing
        writing.add_done_callback(lambda done: self._written(storyboard_id, done))
        return writing

    def _written(self, storyboard_id: str, done: asyncio.Task[None]) -> None:
        if self._writing.get(storyboard_id) is done:
            del self._writing[storyboard_id]

    async def _until_written(self, storyboard_id: str) -> None:
        if (writing := self._writing.get(storyboard_id)) is not None:
            await asyncio.wait({writing})

    async def _keep(self, before: asyncio.Task[None] | None, storyboard_id: str, user_id: int, typed: str) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await self._store.storyboards.keep_lines(storyboard_id, user_id, (Shot(typed),))
        except DatabaseError as error:
            log.warning("storyboard %s: the refused lines could not be kept: %s", storyboard_id, error)

    async def _write(self, storyboard: Storyboard) -> None:
        """Write down what a form is about, or say in the log that it will be of no use."""
        for tried in range(1, TRIES + 1):
            try:
                await self._store.storyboards.add(storyboard)
            except DatabaseError as error:
                log.warning("storyboard %s could not be written down (%d times): %s", storyboard.id, tried, error)
            else:
                return


def _asked_again(params: JobParams, first: Job) -> JobParams:
    """Ask for what was asked for, and what settings chose then as well; whether it is hidden follows from the card."""
    kept = params.preferred.only("motion", "resolution")
    chosen = [name for name in kept.chosen if getattr(kept, name) == getattr(params, name)]
    explicit = dict.fromkeys(name for name in (*params.explicit_options, *chosen) if name != "spoiler")
    params = replace(params, explicit_options=tuple(explicit), preferred=NOTHING_CHOSEN)
    if params.provider_image is not None:
        return params
    return replace(params, image=None, job_image=JobImageRef(first.id, "start"))


def _guild(requester: Requester) -> int:
    if requester.guild_id is None:
        raise NotInServer
    return requester.guild_id
