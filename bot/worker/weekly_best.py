"""What members starred most in a week is shown in the showcase once it is over, each result once for ever.

Stars are read from Discord then, so that none is missed that was given while nobody listened, and none is counted that
was taken back. The choice is written down before it is shown: what dies in between is found, and not chosen anew.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.pacing import back_off_ms
from bot.domain.showcase import Share, ShowcaseWeek, choose_best
from bot.log import name_in_lines

log = logging.getLogger(__name__)

TRIES, LONGEST_MS = 50, 3_600_000
"""How often in a row a week may fail, and how long it waits in between at last: two days in all."""


class BestPublisher(Protocol):
    """Count stars and show a week's best; each method raises what may pass."""

    async def stars(self, share: Share) -> int | None:
        """Count the members who starred a result; None where its message is gone."""
        ...

    async def find_best(self, week: ShowcaseWeek, channel_id: int) -> int | None:
        """Give the message of a week's best that was posted; None when there is none."""
        ...

    async def post_best(self, week: ShowcaseWeek, channel_id: int, best: Sequence[tuple[Share, Job]]) -> int | None:
        """Post a week's best, and give the message; None where that cannot be."""
        ...

    async def redraw_best(self, week: ShowcaseWeek, best: Sequence[tuple[Share, Job]]) -> bool:
        """Leave out of a week's best what was taken down; False once there is no message."""
        ...


class WeeklyBest:
    """See to one server's week at a time; the same again does no harm."""

    def __init__(self, store: Store, publisher: BestPublisher, clock: Clock) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock

    async def see_to(self, listed: ShowcaseWeek) -> None:
        """Choose and show a week's best, or leave out of them what was removed."""
        week = await self._store.shares.week(listed.guild_id, listed.week)
        if week is None or week.due_ms is None or week.due_ms > self._clock.wall_ms():
            return
        name_in_lines(guild=week.guild_id)
        try:
            await self._show_best(week)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again
            if week.tries + 1 >= TRIES:
                log.warning("the best of week %s are not shown: %r", week.week, error)
                await self._store.shares.settle_week(week, week.channel_id, week.message_id)
                return
            log.warning("the best of week %s are shown later: %r", week.week, error)
            tries = week.tries + 1
            due_ms = self._clock.wall_ms() + back_off_ms(tries, longest_ms=LONGEST_MS)
            await self._store.shares.put_off_week(week, due_ms, tries)

    async def _show_best(self, week: ShowcaseWeek) -> None:
        channel_id = (await self._store.guild_settings.get(week.guild_id)).showcase_channel_id
        may_be_in = week.channel_id if week.chosen else None
        if not week.chosen:
            await self._choose(week, channel_id)
        best = await self._best(week)
        if week.message_id is not None:
            stands = await self._publisher.redraw_best(week, best)
            await self._store.shares.settle_week(week, week.channel_id, week.message_id if stands else None)
            return
        if may_be_in is not None and (found := await self._publisher.find_best(week, may_be_in)) is not None:
            # One of them may have been removed since.
            await self._publisher.redraw_best(replace(week, channel_id=may_be_in, message_id=found), best)
            await self._store.shares.settle_week(week, may_be_in, found)
            return
        if channel_id is None or not best:
            await self._store.shares.settle_week(week, None, None)
            return
        if may_be_in not in (None, channel_id):
            # Before it is posted there, so that it is looked for there.
            await self._store.shares.move_week(week, channel_id)
        await self._store.shares.settle_week(week, channel_id, await self._publisher.post_best(week, channel_id, best))

    async def _choose(self, week: ShowcaseWeek, channel_id: int | None) -> None:
        starred: list[tuple[Share, int]] = []
        for share in await self._store.shares.of_week(week):
            stars = await self._publisher.stars(share)
            if stars is not None:
                starred.append((share, stars))
        best, counts = choose_best(starred), dict(starred)
        await self._store.shares.choose(week, [(share, counts[share]) for share in best], channel_id)

    async def _best(self, week: ShowcaseWeek) -> list[tuple[Share, Job]]:
        shares = await self._store.shares.best(week)
        jobs = [(share, await self._store.jobs.get(share.job_id)) for share in shares]
        return [(share, job) for share, job in jobs if job is not None]
