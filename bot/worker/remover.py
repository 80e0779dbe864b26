"""What is left to do about removed jobs, carried out beside the steps: what one leaves undone another does.

Each part may be repeated: a message that is gone, a file that is not there and a job that lost its source before are
no errors. Whoever was sending to a card when its job was removed has their turn first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.db.removal_work import Message
from bot.db.store import RemovalWork, Store
from bot.domain.clock import FARTHEST_MS, Clock
from bot.domain.film import Film
from bot.domain.job import Job, State
from bot.domain.pacing import back_off_ms
from bot.domain.removal import Removal
from bot.errors import DatabaseError
from bot.locks import NamedLocks
from bot.log import name_in_lines
from bot.media import MediaStore
from bot.media.store import thumbnail_path
from bot.services.film_joiner import film_file
from bot.services.removals import Removals

log = logging.getLogger(__name__)

IDLE_SECONDS = 30.0
"""How often it is looked for what another process has left undone."""

AT_ONCE = 4
"""How many removals are in hand at a time."""

FOR_ASKED = 1
"""How many of them are kept for what somebody waits for: who is forgotten may have thousands of jobs."""

TAKEN_MS = 15_000
"""How long a process has one before another may do the same beside it, which does no harm."""

UNDER_WAY_MS = 5 * 60_000
"""How often it is looked whether a removed job has ended that goes on at its provider."""

LONGEST_BACK_OFF_MS = 3_600_000
"""Nearer than `FARTHEST_MS`: what is due farther ahead is taken for a wrong clock's, and tried at once."""

TRIES = 1_200
"""How often Discord and the media store are asked before what stays is left: seven weeks."""


class MessageRemover(Protocol):
    """Delete what was sent about a job."""

    async def delete(self, job: Job, channel_id: int, message_id: int) -> None:
        """Delete one message; that it is gone already is no error. Raises what may pass."""
        ...

    async def find(self, job: Job, card_ids: Sequence[int]) -> Sequence[int]:
        """Name the messages in its channel that show a job or lead to its cards there. Raises what may pass."""
        ...

    async def find_direct(self, job: Job, card_id: int | None) -> tuple[int, Sequence[int]]:
        """Name the direct messages that lead to its card, and their channel. Raises what may pass."""
        ...


class Remover:
    """Carry out removals until cancelled."""

    def __init__(
        self,
        store: Store,
        removals: Removals,
        media: MediaStore,
        messages: MessageRemover,
        locks: NamedLocks,
        *,
        clock: Clock,
    ) -> None:
        self._work: RemovalWork = store.removal_work
        self._removals = removals
        self._media = media
        self._messages = messages
        self._locks = locks
        self._clock = clock

    async def run(self) -> None:
        """Do what is due, now and whenever something is."""
        while True:
            await self._removals.struck.wait(await self.work_off())

    async def work_off(self) -> float:
        """Do what is due, and give the seconds until something else may be."""
        try:
            await self._do_what_is_due()
            now, due_ms = self._clock(), await self._work.next_due_ms()
        except DatabaseError as error:
            log.warning("it cannot be looked for what is to be removed: %s", error)
            return IDLE_SECONDS
        if due_ms is None or due_ms > now + FARTHEST_MS:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.05, (due_ms - now) / 1000))

    async def _do_what_is_due(self) -> None:
        """Have some in hand until none is due: the next begins as soon as one is done, or somebody asks for one."""
        in_hand: dict[asyncio.Task[None], Removal] = {}
        try:
            while True:
                for removal in await self._take([one.job_id for one in in_hand.values()]):
                    in_hand[asyncio.create_task(self._carry_out(removal))] = removal
                if not in_hand:
                    return
                await self._until_more_may_be_done(in_hand)
                for task in [task for task in in_hand if task.done()]:
                    del in_hand[task]
                    await task
        finally:
            for task in in_hand:
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)

    async def _take(self, in_hand: Sequence[str]) -> list[Removal]:
        """Take as many as there is room for; what is in hand here is only taken for longer."""
        now, taken = self._clock(), list[Removal]()
        for of_forgotten, places in ((True, AT_ONCE - FOR_ASKED), (False, AT_ONCE)):
            while (room := places - len(in_hand) - len(taken)) > 0:
                found = await self._work.take(room, now, now + TAKEN_MS, of_forgotten=of_forgotten)
                taken += [one for one in found if one.job_id not in in_hand]
                if not found:
                    break
        return taken

    async def _until_more_may_be_done(self, in_hand: Iterable[asyncio.Task[None]]) -> None:
        struck = asyncio.create_task(self._removals.struck.wait(IDLE_SECONDS))
        try:
            await asyncio.wait({*in_hand, struck}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            struck.cancel()

    async def _carry_out(self, removal: Removal) -> None:
        name_in_lines(job=removal.job_id, guild=removal.guild_id)
        try:
            await self._put_off(removal, whole=await self._try_all(removal))
        except Exception:
            # It is due again after a while.
            log.exception("job %s: its removal could not be seen to", removal.job_id)

    async def _try_all(self, removal: Removal) -> bool:
        """Try each part, whatever becomes of the others; tells whether all is done."""
        job = await self._work.job(removal.job_id)
        parts: Sequence[Callable[[], Awaitable[bool]]] = (
            lambda: self._delete_messages(job, removal),
            lambda: self._delete_files(job),
            lambda: self._delete_films(job),
            lambda: self._disinherit(job, removal),
        )
        done = True
        for part in parts:
            try:
                done = await part() and done
            except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again
                log.warning("job %s: its removal is tried again: %r", job.id, error)
                done = False
        return done

    async def _put_off(self, removal: Removal, *, whole: bool) -> None:
        """Look again once those who had the job in hand are done, and until it has ended; then forget its content."""
        now, job = self._clock(), await self._work.job(removal.job_id)
        if not whole and removal.tries < TRIES:
            due_ms = now + back_off_ms(removal.tries, longest_ms=LONGEST_BACK_OFF_MS)
            await self._work.put_off(removal, due_ms, tries=removal.tries)
        elif now < removal.look_again_ms <= now + FARTHEST_MS:
            await self._work.put_off(removal, removal.look_again_ms)
        elif job.state not in (State.DONE, State.FAILED):
            await self._work.put_off(removal, now + UNDER_WAY_MS)
        else:
            if not whole:
                log.error("job %s: not all that shows it could be removed", job.id)
            await self._work.forget_content(job)
            await self._work.put_off(removal, None)
            log.info("job %s is removed", job.id)

    async def _delete_messages(self, job: Job, removal: Removal) -> bool:
        """Delete all that shows a job on Discord, known or found; tells whether all is gone. Raises what may pass."""
        async with self._locks.acquire(job.storyboard_id or job.id):
            await self._work.forget_seen(job.guild_id, await self._work.attachments(job.id))
            # Read anew: whoever had the card before may have sent more.
            job = await self._work.job(job.id)
            known = await self._work.messages(job)
            # Before earlier cards are forgotten, which replies to them name.
            earlier = [message for message in known if message.channel_id != job.channel_id]
            done = await self._delete_each(job, [*known, *await self._replies_to(job, earlier)])
            cards = [removal.card_id] if removal.card_id is not None else []
            found = await self._messages.find(job, cards)
            done = await self._delete_each(job, [Message(job.channel_id, one) for one in found]) and done
            if await self._work.told_directly(job):
                channel_id, direct = await self._messages.find_direct(job, removal.card_id)
                done = await self._delete_each(job, [Message(channel_id, one) for one in direct]) and done
        return done

    async def _delete_each(self, job: Job, messages: Sequence[Message]) -> bool:
        """Delete messages: one in a channel that is shut keeps no other standing."""
        done = True
        for message in messages:
            try:
                await self._messages.delete(job, message.channel_id, message.message_id)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is tried again
                log.warning("job %s: its message %s is still there: %r", job.id, message.message_id, error)
                done = False
            else:
                await self._work.message_gone(job, message)
        return done

    async def _replies_to(self, job: Job, earlier: Sequence[Message]) -> list[Message]:
        """Find what leads to cards in channels where a job is not shown any more."""
        found: list[Message] = []
        for channel_id in dict.fromkeys(message.channel_id for message in earlier):
            there = [message.message_id for message in earlier if message.channel_id == channel_id]
            replies = await self._messages.find(replace(job, channel_id=channel_id), there)
            found += [Message(channel_id, one) for one in replies if one not in there]
        return found

    async def _delete_files(self, job: Job) -> bool:
        await self._media.discard(job.id)
        return True

    async def _delete_films(self, job: Job) -> bool:
        """Delete the films that a job is part of; one that is being joined is waited for."""
        for film in await self._work.films(job.id):
            async with self._locks.acquire(f"film {film.job_id} {film.slot}"):
                now = next((one for one in await self._work.films(job.id) if _same(one, film)), None)
                if now is None:
                    continue
                if now.message_id is not None and now.channel_id is not None:
                    await self._messages.delete(job, now.channel_id, now.message_id)
                await self._media.remove(film_file(film.job_id, film.slot))
                await self._work.film_gone(film)
        return True

    async def _disinherit(self, job: Job, removal: Removal) -> bool:
        """Take the link, picture and prompt from what goes on from a job; tells whether all could be seen to."""
        now, looked = self._clock(), removal.disinherited
        # What was being prepared when it was removed may have borrowed its picture since.
        is_late = not now < removal.look_again_ms <= now + FARTHEST_MS
        if looked > 1 or (looked == 1 and not is_late):
            return True
        done = True
        async for heir in self._work.heirs(job.id):
            if heir.image:
                # It is a copy; another one is made if the job has a picture of its own.
                await self._media.remove(thumbnail_path(heir.job_id))
            done = await self._work.disinherit(heir, job.id, self._clock(), again=looked == 1) and done
        if done:
            await self._work.disinherited(job.id, 2 if is_late else 1)
        return done


def _same(one: Film, other: Film) -> bool:
    return (one.job_id, one.slot) == (other.job_id, other.slot)
