"""Gather what a card shows from the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.db.provider_health import BreakerState
from bot.db.store import CardFacts, Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.failures import may_pass
from bot.domain.film import Ancestor, Part
from bot.domain.job import Clip, Job, Kind, State, by_wall_clock, card_link
from bot.domain.params import Motion
from bot.domain.storyboard import FILM_PLACE
from bot.providers.base import Provider
from bot.providers.capabilities import needs_last_frame
from bot.providers.registry import title_of
from bot.services.clip_links import ClipLinks
from bot.services.films import is_continued
from bot.services.rerun_prices import rerun_price
from bot.ui.attachments import clip_name, frame_name
from bot.ui.cards import Card, ShownClip
from bot.ui.more_menu import withheld_entries
from bot.ui.storyboard_data import build_storyboard
from bot.ui.text import captions, films, storyboards
from bot.ui.text.progress import describe_progress
from bot.ui.text.translate import speaking

KNOWN_LINEAGES = 200
"""Of how many cards it is remembered where they come from."""

KNOWN_MS = 30_000
"""How long it is not asked again how long jobs take."""


class CardBuilder:
    """Turn a job into a card's facts; `reads_films` says whether films can be joined, and what clips end on be had."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        clip_links: ClipLinks,
        *,
        prices: PriceList,
        max_running: int,
        max_running_per_user: int,
        clock: Clock,
        reads_films: bool = False,
    ) -> None:
        self._store = store
        self._providers = providers
        self._clip_links = clip_links
        self._prices = prices
        self._max_running = max_running
        self._max_running_per_user = max_running_per_user
        self._clock = clock
        self._lineages: dict[str, Sequence[Ancestor]] = {}
        self._reads_films = reads_films
        self._usual: dict[tuple[str, Kind], tuple[int, int | None]] = {}
        self._image_motions = next((one.capabilities.motions for one in providers.values()), ())

    async def build(self, job: Job, facts: CardFacts) -> Card:
        """Tell all that a job's card shows now, in its server's language; `facts` may be of an older state."""
        with speaking(facts.locale):
            if facts.board is None:
                card = await self._build(job, facts)
            else:
                card = await build_storyboard(
                    job, facts, facts.board, self._prices, self._shot_progress, self._shot_note
                )
        return replace(card, locale=facts.locale)

    def again(self, job: Job) -> tuple[int, int] | None:
        """Give the least and the most that the same costs once more, in credits; None where it would fail again."""
        return rerun_price(job, self._providers, self._prices) if may_pass(job) else None

    async def _build(self, job: Job, facts: CardFacts) -> Card:
        provider = self._providers.get(job.provider)
        prices, now = self._prices.at(job.provider), self._clock()
        price = prices.job(job.kind, job.params)
        position, wait = await self._waiting(job, now)
        title, health = title_of(job.provider), facts.health
        clips = self._clips(job, facts, title)
        if job.state is State.READY and clips and all(clip.filename or clip.result for clip in clips):
            # Everything is there: the card that follows in the next moment is drawn at once, and not twice.
            job = replace(job, state=State.DONE)
        paused = health.state(now) is BreakerState.OPEN
        return Card(
            job=by_wall_clock(job, self._clock),
            provider=title,
            price=job.cost if job.charged else price,
            each=price,
            prices=prices,
            queue_position=position,
            wait_ms=wait,
            own_limit=await self._own_limit(job),
            paused_until_ms=self._clock.to_wall(health.paused_until_ms) if paused else None,
            parent_link=facts.parent_link,
            lineage=await self._lineage(job, facts),
            frames={role: frame_name(role) for role, frame in facts.frames.items() if frame.attachment_id is not None},
            clips=clips,
            motions=self._motions(job, provider),
            with_words=self._takes_words(job, provider),
            joins_films=self._reads_films,
            has_key=provider is not None,
            again=self.again(job),
            withheld=withheld_entries(has_showcase=facts.has_showcase, hides_all=facts.hides_all),
        )

    async def _lineage(self, job: Job, facts: CardFacts) -> Sequence[Ancestor]:
        """Give the parts that lead to a job that goes on from a clip; those of a long chain are read once."""
        if not is_continued(job) or facts.parent_link is None:
            return ()
        if facts.parent_is_first:
            return Ancestor(None, facts.parent_link), Ancestor(job.parent_slot, None)
        if job.silent:
            # It is drawn anew: a part that it goes on from may have been removed.
            self._lineages.pop(job.id, None)
        if job.id not in self._lineages:
            while len(self._lineages) >= KNOWN_LINEAGES:
                del self._lineages[next(iter(self._lineages))]
            self._lineages[job.id] = _ancestors(await self._store.lineage.parts(job.id, 0))
        return self._lineages[job.id]

    def _clips(self, job: Job, facts: CardFacts, provider: str) -> list[ShownClip]:
        if job.state not in (State.READY, State.DONE):
            return []
        return [self._shown(job, clip, provider) for clip in facts.clips]

    def _shown(self, job: Job, clip: Clip, provider: str) -> ShownClip:
        if clip.attachment_id is not None and clip.message_id == job.message_id:
            return ShownClip(clip.slot, clip_name(clip))
        if clip.attachment_id is not None:
            return ShownClip(clip.slot, result=card_link(replace(job, message_id=clip.message_id)))
        note = "" if job.error_code == "undeliverable" else self._note(job, clip, provider)
        return ShownClip(clip.slot, note=note, kept=clip.media_file is not None)

    async def _shot_progress(self, job: Job, facts: CardFacts) -> str:
        """Say how far a shot is, as the card of a job that is alone says it."""
        now = self._clock()
        position, wait = await self._waiting(job, now)
        paused = facts.health.state(now) is BreakerState.OPEN
        fetched = any(clip.job_id == job.id and clip.media_file is not None for clip in facts.clips)
        return describe_progress(
            by_wall_clock(job, self._clock),
            title_of(job.provider),
            position=position,
            wait_ms=wait,
            own_limit=await self._own_limit(job),
            paused_until_ms=self._clock.to_wall(facts.health.paused_until_ms) if paused else None,
            awaited=[] if fetched else [1],
            has_key=job.provider in self._providers,
        )

    def _shot_note(self, job: Job, clip: Clip) -> str:
        """Say why the clip of a shot, or the film up to it, is not shown, and where it is."""
        if clip.slot == FILM_PLACE:
            link = self._clip_links.film_link(job, 0)
            return films.too_large(clip.bytes or 0, link) if link else storyboards.film_nowhere(clip.bytes or 0)
        return self._note(job, replace(clip, slot=0), title_of(job.provider))

    def _note(self, job: Job, clip: Clip, provider: str) -> str:
        """Say why a clip is not shown, and where it is; the vendor's own link is the last resort."""
        noun = captions.noun_of(job)
        if clip.media_file is None:
            return captions.not_fetched(noun, clip.slot + 1, provider, clip.remote_url, job.id)
        link = self._clip_links.link(job, clip.slot)
        if link is not None:
            return captions.too_large(noun, clip.slot + 1, clip.bytes or 0, link)
        return captions.too_large_at_vendor(noun, clip.slot + 1, clip.bytes or 0, provider, clip.remote_url)

    async def _waiting(self, job: Job, now_ms: int) -> tuple[int | None, int | None]:
        """Tell the position in the queue and the milliseconds that it will take, by the provider's recent history."""
        if job.state not in (State.QUEUED, State.RUNNING):
            return None, None
        usual = await self._usual_ms(job.provider, job.kind, now_ms)
        if usual is None and job.kind is Kind.EXTEND:
            usual = await self._usual_ms(job.provider, Kind.VIDEO, now_ms)
        if job.state is State.RUNNING:
            gone = now_ms - (job.submitted_ms or now_ms)
            return None, None if usual is None else max(0, usual - gone)
        position = await self._store.queue.position(job)
        if position is None or usual is None:
            return position, None
        return position, usual * (1 + (position - 1) // self._max_running)

    async def _usual_ms(self, provider: str, kind: Kind, now_ms: int) -> int | None:
        """Tell how long a provider's jobs of a kind take; known for a while, for each card that is drawn asks."""
        known = self._usual.get((provider, kind))
        if known is None or not known[0] <= now_ms < known[0] + KNOWN_MS:
            known = self._usual[provider, kind] = now_ms, await self._store.queue.median_duration_ms(provider, kind)
        return known[1]

    async def _own_limit(self, job: Job) -> int | None:
        """Tell how many jobs a member may have at the provider, if they have as many and another one waits."""
        if job.state is not State.QUEUED:
            return None
        running = await self._store.queue.running(job.provider, job.user_id)
        return self._max_running_per_user if running >= self._max_running_per_user else None

    def _motions(self, job: Job, provider: Provider | None) -> Sequence[Motion | None]:
        """Choose the rows of extend or animate buttons: none that cannot work, one where there is no motion."""
        if not job.kind.makes_video:
            return self._image_motions or (None,)
        if provider is None:
            return ()
        able = provider.capabilities
        if not needs_last_frame(able, with_words=False, extendable=job.extend_ref is not None):
            return able.extend_motions or (None,)
        # A video that starts there must have words, and there are no others than its parent's.
        return (able.motions or (None,)) if self._reads_films and job.params.prompt else ()

    def _takes_words(self, job: Job, provider: Provider | None) -> bool:
        """Tell whether a clip can be gone on from with new words."""
        if not job.kind.makes_video or provider is None:
            return False
        extendable = job.extend_ref is not None
        return self._reads_films or not needs_last_frame(provider.capabilities, with_words=True, extendable=extendable)


def _ancestors(parts: Sequence[Part]) -> Sequence[Ancestor]:
    """Tell of each part of a chain which clip it goes on from; the last one is the card's own."""
    return [
        Ancestor(part.job.parent_slot if place else None, card_link(part.job) if part is not parts[-1] else None)
        for place, part in enumerate(parts)
    ]
