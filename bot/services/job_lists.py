"""Lists of jobs, a page at a time: a member's own, and those that they starred."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, by_wall_clock
from bot.domain.job_lists import NEWEST, JobQuery, Only, Place
from bot.domain.search_words import LONGEST_SEARCH, search_text
from bot.errors import NoSearchWords, SearchTooLong
from bot.media import MediaStore
from bot.media.store import thumbnail_path

log = logging.getLogger(__name__)

PAGE = 5
"""How many jobs a page shows."""

THUMBNAIL_SECONDS = 2.0
"""How long a page waits for its thumbnails; those that come later are left out."""


@dataclass(frozen=True)
class Page:
    """Hold a page of a list; `newer` and `older` are where those before and after it begin, None where none are.

    The jobs' times are as the wall clock shows them.
    """

    query: JobQuery
    jobs: tuple[Job, ...]
    newer: Place | None = None
    older: Place | None = None


class JobLists:
    """Read pages of lists, and the small pictures on them."""

    def __init__(
        self, store: Store, media: MediaStore, clock: Clock, *, thumbnail_seconds: float = THUMBNAIL_SECONDS
    ) -> None:
        self._store = store
        self._media = media
        self._clock = clock
        self._thumbnail_seconds = thumbnail_seconds

    async def page(self, guild_id: int, query: JobQuery, place: Place | None = None) -> Page:
        """Give a page of a list: the first one, or the one that begins at a place.

        On the first of a member's own list stands before all else what was paid and not delivered, however old.
        """
        if place is not None and place.newer:
            found = await self._store.lists.find(guild_id, query, place, PAGE + 1)
            if len(found.entries) <= PAGE and found.reached is None:
                return await self.page(guild_id, query)
            return self._newer(query, place, found.entries, found.reached)
        first = [] if place is not None else await self._undelivered(guild_id, query)
        known = {job.id for job in first}
        room = PAGE - len(first)
        # Those that stand first may come again, and are left out then.
        found = await self._store.lists.find(guild_id, query, place or NEWEST, room + 1 + len(first))
        entries = [(job, at) for job, at in found.entries if job.id not in known]
        shown, beyond = entries[:room], entries[room:]
        older = (shown[-1][1] if shown else NEWEST) if beyond else found.reached
        newer = None if place is None else _begin(shown, place)
        return self._page(query, [*first, *(job for job, _ in shown)], newer, older)

    async def thumbnails(self, jobs: Sequence[Job]) -> dict[str, bytes]:
        """Give the small pictures of jobs, by their ids; those that are not kept are left out."""
        pictures = await asyncio.gather(*(self._thumbnail(job) for job in jobs))
        return {job.id: picture for job, picture in zip(jobs, pictures, strict=True) if picture is not None}

    def _newer(self, query: JobQuery, place: Place, nearest: list[tuple[Job, Place]], reached: Place | None) -> Page:
        shown, beyond = nearest[:PAGE], nearest[PAGE:]
        newer = shown[-1][1] if beyond else reached
        return self._page(query, [job for job, _ in reversed(shown)], newer, _turned(shown[0][1] if shown else place))

    async def _undelivered(self, guild_id: int, query: JobQuery) -> list[Job]:
        if query.starred or query.words or query.only is Only.FAILED:
            return []
        jobs = await self._store.undelivered.of_member(guild_id, query.user_id, PAGE)
        return [job for job in jobs if query.only is None or job.kind.makes_video == (query.only is Only.FILMS)]

    def _page(self, query: JobQuery, jobs: Sequence[Job], newer: Place | None, older: Place | None) -> Page:
        return Page(query, tuple(by_wall_clock(job, self._clock) for job in jobs), newer, older)

    async def _thumbnail(self, job: Job) -> bytes | None:
        try:
            async with asyncio.timeout(self._thumbnail_seconds):
                return await self._media.read(thumbnail_path(job.id))
        except FileNotFoundError:
            return None
        except (OSError, TimeoutError) as error:
            log.warning("job %s: its thumbnail could not be read: %r", job.id, error)
            return None


def _begin(shown: Sequence[tuple[Job, Place]], place: Place) -> Place:
    """Give where those before a page begin."""
    return _turned(shown[0][1] if shown else place)


def _turned(place: Place) -> Place:
    """Look from a place into the other direction."""
    return Place(place.at_ms, place.job_id, newer=not place.newer)


def read_search(typed: str | None) -> str:
    """Give the words that are looked for; raises `NoSearchWords` and `SearchTooLong`."""
    if typed is None:
        return ""
    words = search_text(typed)
    if not words:
        raise NoSearchWords(typed[:60])
    if (length := _units(words)) > LONGEST_SEARCH:
        raise SearchTooLong(length, LONGEST_SEARCH)
    return words


def _units(text: str) -> int:
    """Count as Discord does what stands in a button: rare signs are two."""
    return len(text.encode("utf-16-le")) // 2
