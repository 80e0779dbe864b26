"""The showcase: results that members share in the channel that their server names for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, State, card_address
from bot.domain.showcase import FILM, Share, week_ends_ms, week_of
from bot.domain.storyboard import latest
from bot.errors import CannotShare
from bot.services.requests import DeferredReply
from bot.services.timed_event import TimedEvent

MADE = (State.READY, State.DONE)
"""The states of a job whose results are there; hiding or showing them is a moment in the first."""


@dataclass(frozen=True)
class Result:
    """Name one thing that can be shared: a clip or an image of a job, or a storyboard's film, whose slot is `FILM`.

    `number` is what people count it by, on its card from 1.
    """

    job_id: str
    slot: int
    number: int


class Showcase:
    """Say what can be shared, and write down what is; the worker posts it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.asked = TimedEvent()

    async def channel_id(self, guild_id: int) -> int:
        """Give the channel that a server shares results in; raises `CannotShare` where it has none."""
        settings = await self._store.guild_settings.get(guild_id)
        if settings.showcase_channel_id is None:
            raise CannotShare("no_showcase")
        return settings.showcase_channel_id

    async def results(self, job: Job) -> Sequence[Result]:
        """List what there is to be shared on a job's card, in the order in which people count it.

        Raises `CannotShare` where there is nothing, or nothing yet.
        """
        if job.storyboard_id is not None:
            found = await self._results_of_storyboard(job.storyboard_id)
        elif job.state in MADE and (job.kind.makes_video or job.kind.makes_images):
            found = [Result(job.id, clip.slot, clip.slot + 1) for clip in await self._store.clips.clips(job.id)]
        else:
            found = []
        if not found:
            raise CannotShare("nothing_there", job.id)
        return found

    async def share(
        self, job: Job, slot: int, channel_id: int, answer: DeferredReply, *, moderates: bool
    ) -> Share | None:
        """Write down that a result is shared, to be told in who asks' answer; None while it is being shared already.

        Who moderates may have it posted again where somebody deleted its message.
        """
        wall_ms = self._clock.wall_ms()
        share = Share(
            job.id,
            slot,
            job.guild_id,
            job.user_id,
            channel_id,
            week_of(wall_ms),
            wall_ms,
            due_ms=self._clock(),
            answer_id=answer.message_id,
            token=answer.token,
            token_until_ms=answer.until_ms,
            again=int(moderates),
            locale=answer.locale,
        )
        asked = await self._store.shares.ask(share, week_ends_ms(wall_ms))
        self.asked.set()
        return asked

    async def _results_of_storyboard(self, storyboard_id: str) -> list[Result]:
        """List the joined film, then the clip of each shot that is made."""
        shots = latest(await self._store.storyboards.jobs(storyboard_id))
        storyboard = await self._store.storyboards.get(storyboard_id)
        found = [Result(job.id, 0, shot + 1) for shot, job in sorted(shots.items()) if job.state in MADE]
        film_job_id = storyboard.film_job_id if storyboard is not None else None
        film = await self._store.films.get(film_job_id, 0) if film_job_id is not None else None
        if film is not None and film.media_file is not None:
            found.insert(0, Result(film.job_id, FILM, 0))
        return found


def share_link(share: Share) -> str:
    """Give the address of a shared result."""
    return card_address(share.guild_id, share.channel_id, share.message_id)
