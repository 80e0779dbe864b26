"""Members who asked to be forgotten are: their jobs under way first, then what they chose, then their name.

Each part may be repeated, and what dies in the middle goes on: the row stays due until nothing is left to do.
"""

import logging

from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS, Clock
from bot.domain.forgetting import Forgetting
from bot.domain.pacing import back_off_ms
from bot.errors import DatabaseError
from bot.log import name_in_lines
from bot.media import MediaStore
from bot.services.privacy import Privacy
from bot.services.removals import AT_ONCE, Removals

log = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
"""How often it is looked for what another process has left undone."""

TAKEN_MS = 120_000
"""How long a process has one: after that, it is taken for dead."""

LOOK_AGAIN_MS = 20_000
"""How soon it is looked whether all cards are gone."""

LONGEST_BACK_OFF_MS = 10 * 60_000

LET_GO_AT_ONCE = 200


class Forgetter:
    """Forget members until cancelled."""

    def __init__(self, store: Store, privacy: Privacy, removals: Removals, media: MediaStore, *, clock: Clock) -> None:
        self._work = store.forgettings
        self._privacy = privacy
        self._removals = removals
        self._media = media
        self._clock = clock

    async def run(self) -> None:
        """Do what is due, now and whenever something is."""
        while True:
            await self._privacy.asked.wait(await self.work_off())

    async def work_off(self) -> float:
        """Do what is due, and give the seconds until something else may be."""
        try:
            now = self._clock()
            while taken := await self._work.take(1, now, now + TAKEN_MS):
                await self._carry_out(taken[0])
                now = self._clock()
            due_ms = await self._work.next_due_ms()
        except DatabaseError as error:
            log.warning("it cannot be looked for who is to be forgotten: %s", error)
            return IDLE_SECONDS
        if due_ms is None or due_ms > now + FARTHEST_MS:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.05, (due_ms - now) / 1000))

    async def _carry_out(self, forgetting: Forgetting) -> None:
        name_in_lines(guild=forgetting.guild_id)
        try:
            if await self._forget(forgetting):
                log.info("a member is forgotten")
                return
        except Exception:
            log.exception("a member could not be forgotten yet")
        wait_ms = max(LOOK_AGAIN_MS, back_off_ms(forgetting.tries, longest_ms=LONGEST_BACK_OFF_MS))
        await self._work.put_off(forgetting, self._clock() + wait_ms)

    async def _forget(self, forgetting: Forgetting) -> bool:
        """Do what can be done now; tells whether nothing is left."""
        hashed = await self._work.hashed(forgetting)
        while job_ids := await self._work.to_remove(forgetting, AT_ONCE):
            await self._removals.remove_unlogged(forgetting.guild_id, job_ids, hashed)
        if not forgetting.renamed:
            for preview_id in await self._work.previews(forgetting):
                await self._media.discard(preview_id)
            await self._work.rename(forgetting)
        while await self._work.let_go(forgetting, LET_GO_AT_ONCE):
            pass
        return await self._work.end(forgetting)
