"""Remove from time to time what nobody needs any more: previews, ended blocks, old copies, pictures and films.

Beside that, older jobs get the words that they are found by.
"""

import asyncio
import logging

from bot.config import Settings
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.resources import Resources
from bot.services.use_cases import UseCases

log = logging.getLogger(__name__)

SWEEP_SECONDS = 6 * 3600
"""How often that is done."""

DAY_MS = 24 * 3_600_000

LOG_DAYS = 62
"""How long is remembered that a mod log was told of something: longer than any period lasts."""

WORDS_PAUSE_SECONDS = 0.2
"""How long others go first, between some jobs of an earlier version whose words are written and the next."""


async def keep_sweeping(use_cases: UseCases, resources: Resources, settings: Settings, clock: Clock) -> None:
    """Sweep at the start and from time to time, until cancelled."""
    while True:
        try:
            await use_cases.previews.sweep()
            await use_cases.message_images.sweep()
            await use_cases.storyboard_previews.sweep()
            await use_cases.member_blocks.sweep()
            await resources.store.mod_log.forget_old(clock() - LOG_DAYS * DAY_MS)
            if resources.backups is not None:
                await resources.backups.remove_old()
            await resources.media.sweep(clock.wall_ms() - settings.media_days * DAY_MS, resources.store.clips.known)
        except (OSError, DatabaseError) as error:
            log.warning("old files could not be removed: %s", error)
        await _fill_in_words(resources.store)
        await asyncio.sleep(SWEEP_SECONDS)


async def _fill_in_words(store: Store) -> None:
    """Let the jobs of an earlier version be found by their words."""
    try:
        while await store.words.fill_in():  # noqa: ASYNC110  # each turn does a part of the work
            await asyncio.sleep(WORDS_PAUSE_SECONDS)
    except DatabaseError as error:
        log.warning("the words of older jobs could not be written: %s", error)
