"""The transitions of a job, T0 to T9, each one transaction; all but T0, T4 and T8 are fenced by lease, epoch and state.

received -> queued      T1  Jobs.charge        received, queued, submitting, running -> failing   T6  Jobs.fail
queued -> submitting    T3  Queue.admit        ready -> done, failing -> failed                   T7  Jobs.finish
submitting -> queued    T3b Jobs.requeue       failing, failed -> running                         T8  Jobs.mark_running
submitting -> running   T4  Jobs.mark_running  any due row -> leased, same state                  T2  Leases.claim
running -> ready        T5  Jobs.succeed       done -> ready                                      T9  job_history

What was not delivered takes T8 and T9 in undelivered_jobs too.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Unpack

from bot.db import ledger, lock_names, open_requests
from bot.db.allowances import Defaults, read_allowance
from bot.db.card_edits import DELETED, UPLOADING, CardEdits, counted_edit, look_again
from bot.db.clips import insert_clips, insert_frames
from bot.db.database import Database
from bot.db.erased import STANDING
from bot.db.failure_events import tell_of_failure
from bot.db.job_moves import Ending, finish, move
from bot.db.job_words import insert_words
from bot.db.new_jobs import insert_job
from bot.db.pings import expect_ping
from bot.db.rows import dump, to_job
from bot.db.shot_moves import end_later_shots, finish_shot
from bot.domain.job import ACTIVE_STATES, Frame, Job, Result, State
from bot.errors import AnimaticError, JobRemoved

_IN_ACTIVE_STATES = ", ".join(f"'{state}'" for state in ACTIVE_STATES)
_SELECT_DUPLICATE = f"""select * from job
    where request_id = $1 or id = $3 or (dedupe_key = $2 and state in ({_IN_ACTIVE_STATES}))
    order by case when request_id = $1 then 0 else 1 end limit 1"""

_ANEW = {"dedupe_key": None, "error_code": None, "error_data": None, "finished_ms": None, "undelivered": 0}


class Jobs:
    """Read jobs and move them through their states."""

    def __init__(self, db: Database, defaults: Defaults, card_edits: CardEdits) -> None:
        self._db = db
        self._defaults = defaults
        self._card_edits = card_edits

    async def get(self, job_id: str) -> Job | None:
        """Read one job; None where there is none, or it was removed."""
        job = await self.get_even_removed(job_id)
        return job if job is not None and job.removed_ms is None else None

    async def get_even_erased(self, job_id: str) -> Job | None:
        """Read one job that nobody removed, also when its content was erased for its age: its card may stand."""
        rows = await self._db.fetch(f"select * from job where id = $1 and {STANDING}", job_id)
        return to_job(rows[0]) if rows else None

    async def get_even_removed(self, job_id: str) -> Job | None:
        """Read one job; what comes of it is shown to nobody."""
        rows = await self._db.fetch("select * from job where id = $1", job_id)
        return to_job(rows[0]) if rows else None

    async def receive(self, job: Job) -> Job:
        """T0: write a new job down, and the words that it is found by; nothing is charged.

        Its server hides its media, or its member's settings do unless they typed otherwise.

        Gives the job back, or the one that stands in its way: the same interaction's, the same click's that is still
        being made, or the one that has its id. Raises `TooManyOpen`, and then nothing is written.
        """
        async with self._db.transaction() as tx:
            await open_requests.lock_open(tx, self._defaults.most_open, job.user_id)
            inserted = await insert_job(tx, job, job.created_ms)
            if inserted is not None:
                await open_requests.refuse_beyond(tx, self._defaults.most_open, job.user_id, job.created_ms)
                await insert_words(tx, job)
                await tx.wake()
                return inserted
            standing = await tx.fetch(_SELECT_DUPLICATE, job.request_id, job.dedupe_key, job.id)
        # The same click's job may have been made between the two statements: then this one stands in nobody's way.
        return to_job(standing[0]) if standing else await self.receive(job)

    async def charge(self, job: Job, cost: int, frames: Sequence[Frame], now_ms: int) -> Job:
        """T1, received -> queued: reserve the credits, fix the provider, and keep the pictures' places.

        The edit that puts the pictures on the card is to follow, and is counted.
        Raises `Blocked`, `TooFewCredits` or `ServerOutOfCredits`, and then nothing is written.
        """
        if job.state is not State.RECEIVED:
            raise ValueError(f"a {job.state} job is not charged")
        shown = frames and job.message_id is not None and job.card_hash is None
        count = {"card_hash": UPLOADING, "unanswered_edits": job.unanswered_edits + 1} if shown else {}
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.member(job.guild_id, job.user_id))
            policy = await read_allowance(tx, self._defaults, job.guild_id, job.user_id, job.roles, now_ms)
            moved = await move(
                tx,
                job,
                State.QUEUED,
                provider=job.provider,
                params=dump(job.params.to_json()),
                period=policy.key,
                cost=cost,
                due_ms=None,
                lease=None,
                tries=0,
                wake_ms=None,
                **count,
            )
            await ledger.reserve(tx, moved, cost, policy, now_ms)
            await insert_frames(tx, job.id, frames)
        if shown:
            self._card_edits.upload_counted(job)
        return moved

    async def requeue(self, job: Job, due_ms: int | None) -> Job:
        """T3b, submitting -> queued: surely not accepted; it may be submitted again, from `due_ms` on if that is given.

        The provider may be another than the one that turned it away. Raises `JobRemoved`, and then nothing is written.
        """
        if job.state is not State.SUBMITTING:
            raise ValueError(f"a {job.state} job is not turned away")
        async with self._db.transaction() as tx:
            moved = await move(
                tx,
                job,
                State.QUEUED,
                provider=job.provider,
                params=dump(job.params.to_json()),
                due_ms=due_ms,
                lease=None,
                client_token=None,
                callback_hash=None,
                submitted_ms=None,
                deadline_ms=None,
                tries=job.tries + 1,
            )
            if moved.removed_ms is not None:
                raise JobRemoved(job.id)
        return moved

    async def mark_running(
        self, client_token: str, remote_id: str, due_ms: int, deadline_ms: int | None = None
    ) -> Job | None:
        """T4 and T8: write the provider's id, fenced by the client token alone; an edit of the card is to follow.

        Whoever holds an accepted id writes it, even after a refund. None when the job has one already. A revived job
        leaves its click's key to one made anew.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.remote_job(remote_id))
            rows = await tx.fetch(
                f"""update job set state = 'running', remote_id = $2, lease = null, tries = 0, error_code = null,
                       error_data = null, finished_ms = null, due_ms = coalesce(wake_ms, $3), wake_ms = null,
                       deadline_ms = coalesce($4, deadline_ms),
                       {counted_edit("$5")},
                       dedupe_key = case when state = 'submitting' then dedupe_key end
                   where client_token = $1 and remote_id is null and state in ('submitting', 'failing', 'failed')
                       and not exists (select 1 from job as other
                           where other.provider = job.provider and other.remote_id = $2)
                   returning *""",
                client_token,
                remote_id,
                due_ms,
                deadline_ms,
                self._card_edits.marker,
            )
        if not rows:
            return None
        moved = to_job(rows[0])
        if moved.storyboard_id is None:
            self._card_edits.counted(moved.id)
        return moved

    async def succeed(
        self,
        job: Job,
        links: Sequence[str],
        final_cost: int,
        now_ms: int,
        *,
        extend_ref: str | None,
        provider_cost: str | None,
        result: Result | None = None,
    ) -> Job:
        """T5, running -> ready: keep the clips' links, of a removed job none, and settle what was reserved."""
        async with self._db.transaction() as tx:
            moved = await move(
                tx,
                job,
                State.READY,
                extend_ref=extend_ref,
                provider_cost=provider_cost,
                result=dump(asdict(result)) if result is not None else None,
                progress=100,
                finished_ms=now_ms,
                due_ms=now_ms,
                lease=None,
                tries=0,
            )
            if moved.removed_ms is None:
                await insert_clips(tx, job.id, links)
            else:
                await tx.fetch("update job set result = null, extend_ref = null where id = $1", job.id)
            await ledger.settle(tx, job, final_cost, now_ms)
        return moved

    async def fail(self, job: Job, reason: AnimaticError, now_ms: int) -> Job:
        """T6, to failing: give all credits back and keep the reason; the card is told in the next step.

        What moderators and admins are to know is written down for the mod log.

        The shots that were to go on from it end with it.
        """
        moved, *_ = await self.fail_all(job, reason, now_ms)
        return moved

    async def fail_all(self, job: Job, reason: AnimaticError, now_ms: int) -> list[Job]:
        """T6 as in `fail`; gives the later shots too, behind it."""
        async with self._db.transaction() as tx:
            moved = await move(
                tx,
                job,
                State.FAILING,
                error_code=reason.code,
                error_data=dump(reason.data),
                finished_ms=now_ms,
                due_ms=now_ms,
                lease=None,
                tries=0,
                undelivered=int(job.remote_id is not None and reason.may_be_made),
            )
            later = await end_later_shots(tx, job, reason, now_ms) if job.storyboard_id is not None else []
            for ended in (job, *later):
                await ledger.refund(tx, ended, now_ms)
            await tell_of_failure(tx, self._defaults, moved, reason, now_ms)
        return [moved, *later]

    async def finish(self, job: Job, **ending: Unpack[Ending]) -> Job:
        """T7, ready -> done or failing -> failed: the card is right, or no way to the member is left."""
        async with self._db.transaction() as tx:
            return await finish(tx, job, ending)

    async def finish_shown(self, job: Job, now_ms: int, **ending: Unpack[Ending]) -> Job | None:
        """T7 as in `finish`, and who has waited is to be pinged, of a storyboard once, when the last shot ends.

        None if any edit of the card was never answered, and it is looked at once more.
        """
        async with self._db.transaction() as tx:
            if job.storyboard_id is not None:
                return await finish_shot(tx, job, self._card_edits, now_ms, ending)
            in_doubt = await look_again(tx, job, self._card_edits, now_ms)
            moved = None if in_doubt else await finish(tx, job, ending, unanswered_edits=0)
            if moved is not None:
                await expect_ping(tx, job, now_ms, unseen=moved.card_hash == DELETED)
        self._card_edits.forget(job.id)
        return moved

    async def resume(self, job: Job, now_ms: int) -> Job:
        """T8, failed -> running: a job that we gave up was finished after all; the refund stands."""
        async with self._db.transaction() as tx:
            return await move(tx, job, State.RUNNING, due_ms=now_ms, lease=None, tries=0, **_ANEW)

    async def wake(self, job_id: str, now_ms: int, callback_remote_id: str | None = None) -> None:
        """Make a job due now; one that is leased is due again as soon as its lease is given back.

        A provider may call before it has answered the submit: then the first poll comes at once.
        `callback_remote_id` is the id that the caller names; a job whose id we never learned is looked up by it, even
        after its refund.
        """
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update job set wake_ms = $2, due_ms = case when lease is null then $2 else due_ms end,
                       callback_remote_id = coalesce($3, callback_remote_id)
                   where id = $1 and (state in ('submitting', 'running')
                       or (state in ('failing', 'failed') and remote_id is null and cast($3 as text) is not null)
                       or (state = 'failed' and remote_id is not null and due_ms is not null))""",
                job_id,
                now_ms,
                callback_remote_id,
            )
            await tx.wake()
