"""Films that somebody wants: joined, posted and told; what a process leaves undone is due for the next one."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Protocol

from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS, Clock
from bot.domain.film import Film, Part
from bot.domain.pacing import back_off_ms
from bot.errors import DatabaseError, FilmPartGone, Refused
from bot.locks import InstanceNames, NamedLocks
from bot.log import name_in_lines
from bot.media import MediaStore
from bot.services.film_joiner import FilmJoiner, film_file
from bot.services.films import Films

log = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
"""How often it is looked for what another process has left undone."""

AT_ONCE = 2
"""How many films are in hand at a time: one is joined while another one is fetched or sent."""

LOOKED_AT = 20
"""How many of those that wait are looked at together."""

TURN_SECONDS, BUSY_SECONDS = 0.2, 2.0
"""How long another process's turn is waited for, and when it is looked again whether that has ended."""

TRIES = 5
"""How often in a row a film may fail for what may pass."""


class FilmPublisher(Protocol):
    """Show films to people."""

    async def find(self, film: Film, parts: Sequence[Part]) -> int | None:
        """Give the message that shows a film already; None when none does. Raises what may pass."""
        ...

    async def post(self, film: Film, parts: Sequence[Part]) -> int:
        """Reply with a film to its card, and give the message.

        Raises `FilmTooLarge`, `FilmNotPosted`, and what may pass.
        """
        ...

    async def tell_posted(self, film: Film, parts: Sequence[Part]) -> None:
        """Tell who wants it where it is, if their answer can still be filled."""
        ...

    async def tell_failure(self, film: Film, error: Exception) -> None:
        """Tell them why there is none."""
        ...


class FilmRequests:
    """Carry out wishes for films until cancelled; whoever works on one has its turn among all processes."""

    def __init__(
        self,
        store: Store,
        films: Films,
        joiner: FilmJoiner,
        media: MediaStore,
        publisher: FilmPublisher,
        locks: NamedLocks,
        instance_names: InstanceNames,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._films = films
        self._joiner = joiner
        self._media = media
        self._publisher = publisher
        self._locks = locks
        self._instance_names = instance_names
        self._clock = clock
        self._in_hand: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Join and post what is due, now and whenever something is."""
        try:
            while True:
                await self._films.asked.wait(await self._begin_due())
        finally:
            tasks = list(self._in_hand.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin_due(self) -> float:
        """Take up what is due, as far as there is room, and give the seconds until something else may be."""
        if self._instance_names.own() is None:
            return BUSY_SECONDS
        try:
            waiting = await self._store.films.waiting(LOOKED_AT)
        except DatabaseError as error:
            log.warning("it cannot be looked for films to be joined: %s", error)
            return IDLE_SECONDS
        now, seconds = self._clock(), IDLE_SECONDS
        for film in waiting:
            key, later_ms = (film.job_id, film.slot), (film.due_ms or 0) - now
            if key in self._in_hand:
                continue
            if 0 < later_ms <= FARTHEST_MS:
                seconds = min(seconds, later_ms / 1000)
            elif len(self._in_hand) < AT_ONCE:
                self._in_hand[key] = asyncio.create_task(self._carry_out(film), name=f"film {film.job_id}")
                self._in_hand[key].add_done_callback(lambda _, key=key: self._done(key))
        return seconds

    def _done(self, key: tuple[str, int]) -> None:
        del self._in_hand[key]
        self._films.asked.set()

    async def _carry_out(self, film: Film) -> None:
        name_in_lines(job=film.job_id, member=film.user_id)
        try:
            async with AsyncExitStack() as stack:
                try:
                    async with asyncio.timeout(TURN_SECONDS):
                        await stack.enter_async_context(self._locks.acquire(f"film {film.job_id} {film.slot}"))
                except TimeoutError:
                    await asyncio.sleep(BUSY_SECONDS)
                    return
                wanted = await self._store.films.get(film.job_id, film.slot)
                if wanted is not None and wanted.due_ms is not None:
                    await self._fulfil(wanted)
        except Exception:
            # It stays due.
            log.exception("the film of job %s, clip %d could not be seen to", film.job_id, film.slot + 1)
            await asyncio.sleep(BUSY_SECONDS)

    async def _fulfil(self, film: Film) -> None:
        try:
            await self._post(film, await self._store.lineage.parts(film.job_id, film.slot))
        except FilmPartGone as error:
            await (self._give_up(film, error) if error.final else self._try_again(film, error))
        except Refused as error:
            await self._give_up(film, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again and told in the end
            await self._try_again(film, error)

    async def _post(self, film: Film, parts: Sequence[Part]) -> None:
        """Join what is not joined, post what is not posted, and tell where it is."""
        message_id = await self._publisher.find(film, parts) if film.media_file is not None else None
        if message_id is None:
            film = film if await self._is_kept(film) else await self._join(film, parts)
            message_id = await self._publisher.post(film, await self._as_hidden(parts))
            film = replace(film, channel_id=None)
        film = replace(film, message_id=message_id, channel_id=film.channel_id or parts[-1].job.channel_id)
        await self._store.films.posted(film)
        await self._publisher.tell_posted(film, parts)

    async def _as_hidden(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Let what was made before its server began to hide everything be hidden too."""
        if not await self._store.guild_settings.hides_all(parts[-1].job.guild_id):
            return parts
        return [replace(part, job=replace(part.job, spoiler=1)) for part in parts]

    async def _is_kept(self, film: Film) -> bool:
        return film.media_file is not None and await self._media.has(film.media_file)

    async def _join(self, film: Film, parts: Sequence[Part]) -> Film:
        clips = [(part.job.id, part.slot) for part in parts]
        made = await self._joiner.join(clips, film_file(film.job_id, film.slot))
        joined = replace(film, media_file=made.media_file, parts=made.parts, seconds=made.seconds, bytes=made.bytes)
        await self._store.films.joined(joined)
        log.info("job %s: a film of %d parts is joined, %.1f s", film.job_id, made.parts, made.seconds)
        return joined

    async def _give_up(self, film: Film, error: Exception) -> None:
        log.info("job %s: there is no film up to clip %d: %s", film.job_id, film.slot + 1, error)
        await self._store.films.give_up(film)
        await self._publisher.tell_failure(film, error)

    async def _try_again(self, film: Film, error: Exception) -> None:
        tries = film.tries + 1
        if tries >= TRIES:
            await self._give_up(film, error)
            return
        log.warning("job %s: the film up to clip %d is tried again: %r", film.job_id, film.slot + 1, error)
        await self._store.films.put_off(film, self._clock() + back_off_ms(tries), tries)
