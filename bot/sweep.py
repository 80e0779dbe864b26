"""Remove from time to time what nobody needs any more: previews, copies of the database, old pictures and films."""

import asyncio
import logging

from bot.config import Settings
from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.resources import Resources
from bot.services.use_cases import UseCases

log = logging.getLogger(__name__)

SWEEP_SECONDS = 6 * 3600
"""How often that is done."""

DAY_MS = 24 * 3_600_000


async def keep_sweeping(use_cases: UseCases, resources: Resources, settings: Settings, clock: Clock) -> None:
    """Sweep at the start and from time to time, until cancelled."""
    while True:
        try:
            await use_cases.previews.sweep()
            await use_cases.message_images.sweep()
            await use_cases.storyboard_previews.sweep()
            if resources.backups is not None:
                await resources.backups.remove_old()
            await resources.media.sweep(clock.wall_ms() - settings.media_days * DAY_MS, resources.store.clips.known)
        except (OSError, DatabaseError) as error:
            log.warning("old files could not be removed: %s", error)
        await asyncio.sleep(SWEEP_SECONDS)
