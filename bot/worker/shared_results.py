"""What is shared is posted once, drawn anew where its card is, and taken down with its job."""

import logging
from dataclasses import replace
from typing import Protocol

from bot.db.store import Store
from bot.domain.clock import Clock, is_ahead
from bot.domain.job import Clip, Job
from bot.domain.pacing import back_off_ms
from bot.domain.showcase import FILM, Redrawn, Share, week_ends_ms, week_of
from bot.errors import CannotShare, ClipGone, Refused
from bot.log import name_in_lines
from bot.media import MediaStore
from bot.services.clip_files import ClipFiles

log = logging.getLogger(__name__)

TRIES = 5
"""How often in a row a result may fail for what may pass, while somebody waits for it."""

FOLLOW_TRIES, LONGEST_MS = 50, 3_600_000
"""The same for what is posted and has to follow its job, and how long it waits in between at last: two days in all."""

SOON_MS = 120_000
"""How long what somebody waits for waits in between at most."""

SURE_MS = 30_000
"""For how long after it was asked for a result is surely not posted yet, or Discord knows its nonce still."""


class SharePublisher(Protocol):
    """Show results in showcases; each method raises what may pass."""

    async def find(self, share: Share) -> int | None:
        """Give the message of a result that was posted; None when there is none."""
        ...

    async def post(self, share: Share, job: Job, clip: Clip) -> int:
        """Post a result, and give the message; raises `CannotShare`."""
        ...

    async def draw_anew(self, share: Share, job: Job) -> Redrawn:
        """Show a posted result as its job is now, where its message is not gone."""
        ...

    async def begin_stars(self, share: Share) -> None:
        """Give a posted result its first star, if it has none yet; never raises."""
        ...

    async def take_down(self, share: Share) -> None:
        """Delete the message of a result."""
        ...

    async def tell_shared(self, share: Share) -> None:
        """Tell who shares a result where it is."""
        ...

    async def tell_failure(self, share: Share, error: Exception) -> None:
        """Tell them why it is not shared."""
        ...


class SharedResults:
    """See to one result at a time, as its row says; the same again does no harm."""

    def __init__(
        self, store: Store, media: MediaStore, clip_files: ClipFiles, publisher: SharePublisher, clock: Clock
    ) -> None:
        self._store = store
        self._media = media
        self._clip_files = clip_files
        self._publisher = publisher
        self._clock = clock

    async def see_to(self, listed: Share) -> None:
        """Do what a result is due for."""
        share = await self._store.shares.get(listed.job_id, listed.slot)
        if share is None or share.due_ms is None or is_ahead(share.due_ms, self._clock()):
            return
        name_in_lines(job=share.job_id, member=share.user_id, guild=share.guild_id)
        if share.taken_down:
            await self._take_down(share)
            return
        try:
            await (self._post(share) if share.message_id is None else self._show_anew(share))
        except Refused as error:
            await self._give_up(share, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again and told in the end
            await self._try_later(share, error)

    async def _post(self, share: Share) -> None:
        job = await self._job(share)
        clip = await self._clip(share, job)
        may_be_there = share.tries > 0 or self._clock.wall_ms() - share.shared_ms > SURE_MS
        message_id = await self._publisher.find(share) if may_be_there else None
        if message_id is None:
            message_id = await self._publisher.post(share, job, clip)
        else:
            # What it is hidden for may have happened since it was posted.
            await self._publisher.draw_anew(replace(share, message_id=message_id), job)
        # Of one that was found nobody knows whether it has its first star; a second one is none.
        await self._publisher.begin_stars(replace(share, message_id=message_id))
        await self._settle(share, message_id)

    async def _show_anew(self, share: Share) -> None:
        """Bring a posted result up to date, or post it again for who may have it so where its message is gone."""
        became = await self._publisher.draw_anew(share, await self._job(share))
        if became is Redrawn.SHOWN:
            await self._settle(share, share.message_id)
        elif share.token is not None and (share.again or became is Redrawn.NO_CHANNEL):
            await self._post_anew(share)
        else:
            # That it was there is not forgotten: else its maker could simply share it anew.
            await self._give_up(share, CannotShare("deleted", share.job_id))

    async def _post_anew(self, share: Share) -> None:
        """Post it as a new wish, in what is the server's showcase now."""
        channel_id = (await self._store.guild_settings.get(share.guild_id)).showcase_channel_id
        if channel_id is None:
            raise CannotShare("no_showcase")
        wall_ms = self._clock.wall_ms()
        wish = replace(share, channel_id=channel_id, week=week_of(wall_ms), shared_ms=wall_ms)
        begun = await self._store.shares.begin_anew(wish, share, week_ends_ms(wall_ms))
        if begun is not None:
            await self._post(begun)

    async def _settle(self, share: Share, message_id: int | None) -> None:
        await self._store.shares.settle(share, message_id)
        if share.token is not None:
            await self._publisher.tell_shared(replace(share, message_id=message_id))

    async def _take_down(self, share: Share) -> None:
        """Delete the message of what was removed; one that nobody saw posted is looked for."""
        try:
            message_id = share.message_id or await self._publisher.find(share)
            if message_id is not None:
                await self._publisher.take_down(replace(share, message_id=message_id))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again
            log.warning("job %s: what was shared of it is taken down later: %r", share.job_id, error)
            if share.tries + 1 < FOLLOW_TRIES:
                await self._put_off(share, LONGEST_MS)
                return
        await self._store.shares.settle(share, None)

    async def _try_later(self, share: Share, error: Exception) -> None:
        """Try again after a while; who waits for it is told in time, and what is posted goes on following its job."""
        log.warning("job %s: result %d is shared later: %r", share.job_id, share.slot + 1, error)
        follows = share.message_id is not None
        if share.tries + 1 >= (FOLLOW_TRIES if follows and share.token is None else TRIES):
            if not follows or share.token is None:
                await self._give_up(share, error)
                return
            await self._publisher.tell_failure(share, error)
            share = replace(share, token=None)
        await self._put_off(share, LONGEST_MS if follows else SOON_MS)

    async def _give_up(self, share: Share, error: Exception) -> None:
        log.info("job %s: result %d is not shared: %s", share.job_id, share.slot + 1, error)
        await self._store.shares.give_up(share)
        await self._publisher.tell_failure(share, error)

    async def _put_off(self, share: Share, longest_ms: int) -> None:
        tries = share.tries + 1
        await self._store.shares.put_off(share, self._clock() + back_off_ms(tries, longest_ms=longest_ms), tries)

    async def _job(self, share: Share) -> Job:
        job = await self._store.jobs.get(share.job_id)
        if job is None:
            raise CannotShare("gone", share.job_id)
        if not job.spoiler and await self._store.guild_settings.hides_all(job.guild_id):
            return replace(job, spoiler=1)
        return job

    async def _clip(self, share: Share, job: Job) -> Clip:
        """Give what is shared with its file here; a clip that is gone is fetched again."""
        if share.slot == FILM:
            film = await self._store.films.get(share.job_id, 0)
            found = None if film is None else Clip(job.id, FILM, "", film.media_file, bytes=film.bytes)
        else:
            if job.kind.makes_video:
                await self._bring_back(share)
            clips = await self._store.clips.clips(job.id)
            found = next((clip for clip in clips if clip.slot == share.slot), None)
        if found is None or found.media_file is None or not await self._media.has(found.media_file):
            raise CannotShare("gone", share.job_id)
        return found

    async def _bring_back(self, share: Share) -> None:
        try:
            await self._clip_files.bring_back(share.job_id, share.slot)
        except ClipGone as gone:
            if gone.final:
                raise CannotShare("gone", share.job_id) from gone
            raise _NotNow from gone


class _NotNow(Exception):
    """A clip may be had again in a while."""
