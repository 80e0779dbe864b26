"""A real database, a clock that is turned by hand, and jobs brought to any state."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.db.database import Database, Value
from bot.db.leases import Room
from bot.db.queue import Ticket
from bot.db.store import Defaults, Store
from bot.domain.credits import Prices
from bot.domain.job import (
    Frame,
    Job,
    Kind,
    Result,
    State,
    new_id,
)
from bot.domain.params import JobParams
from bot.domain.periods import Period
from bot.domain.showcase import Share, week_ends_ms, week_of
from bot.domain.storyboard import Shot, Storyboard, StoryboardState
from bot.errors import JobFailed
from tests.support.db_tables import TABLES
from tests.support.sqlite_files import open_migrated

NOON = 1_795_003_200_000
"""18 November 2026, 12:00 UTC, in milliseconds since 1970."""

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LEASE_MS = 90_000

GUILD, MIRA, OTTO, PAINTERS, SAILORS = 1, 11, 12, 21, 22
"""A server, two members and two roles."""

DEFAULTS = Defaults(credits=1000, period=Period.DAY)

RESULT = Result(("upsample1", "reroll"), ("a prompt",), "42", 1024, 768)


def room(most: int) -> Room:
    """Let as many steps of each kind begin, whoever they are for."""
    return Room(preparing=most, delivering=most, others=most, per_user=1000)


# Most tables have no rows: to ask for these first takes a sixth of the time.
_FILLED = " union all ".join(f"select '{table}' as name where exists (select 1 from {table})" for table in TABLES)  # noqa: S608  # our own table names


@dataclass
class DbFixture:
    """Hold a store and the time, and play the parts of cogs and workers."""

    database: Database
    store: Store
    now: int = NOON
    requests: int = 0

    def new_job(
        self,
        *,
        user: int = MIRA,
        guild: int = GUILD,
        clips: int = 4,
        provider: str = "ttapi",
        **fields: Any,
    ) -> Job:
        """Make a job as a cog would, with a request of its own, now."""
        self.requests += 1
        job = Job(
            id=new_id(self.now),
            request_id=f"request {self.requests}",
            kind=Kind.VIDEO,
            state=State.RECEIVED,
            guild_id=guild,
            channel_id=5,
            user_id=user,
            params=JobParams(prompt="a paper boat", clips=clips),
            provider=provider,
            created_ms=self.now,
            token="interaction token",
            token_until_ms=self.now + 900_000,
        )
        return replace(job, **fields)

    async def receive(self, **fields: Any) -> Job:
        """Write a new job down (T0)."""
        return await self.store.jobs.receive(self.new_job(**fields))

    async def claim(self, job: Job, lease: str = "one") -> Job:
        """Wait until a job is due, take it (T2), and hand back whatever else was due in its state."""
        job = await self.get(job.id)
        assert job.due_ms is not None
        self.now = max(self.now, job.due_ms)
        claimed = await self.store.leases.claim(lease, self.now, self.now + LEASE_MS, room(1000), {job.state})
        for other in claimed:
            if other.id != job.id:
                await self.store.leases.reschedule(other, self.now, tries=other.tries)
        return next(found for found in claimed if found.id == job.id)

    async def charge(self, job: Job, frames: tuple[Frame, ...] = ()) -> Job:
        """Reserve what a claimed job costs, of a storyboard what all its shots do (T1)."""
        if job.storyboard_id is not None:
            shots = [job, *await self.store.storyboards.later_received(job)]
            costs = [Prices().job(shot.kind, shot.params) for shot in shots]
            return (await self.store.storyboards.charge(shots, costs, frames, self.now))[0]
        return await self.store.jobs.charge(job, Prices().job(job.kind, job.params), frames, self.now)

    async def storyboard(self, shots: int = 3, **fields: Any) -> Storyboard:
        """Write a storyboard down that was previewed, and is not made."""
        storyboard = Storyboard(
            new_id(self.now),
            StoryboardState.ASKED,
            fields.get("guild", GUILD),
            fields.get("user", MIRA),
            "ttapi",
            JobParams(prompt="", clips=1, explicit_options=("clips",)),
            tuple(Shot(f"shot {number}") for number in range(1, shots + 1)),
            self.now,
        )
        await self.store.storyboards.add(storyboard)
        previewed = await self.store.storyboards.preview(storyboard, self.now)
        assert previewed is not None
        return previewed

    async def make(self, storyboard: Storyboard, first: int = 0, parent: Job | None = None) -> list[Job]:
        """Write the shots of a storyboard down from one on (T0)."""
        ids = sorted(new_id(self.now) for _ in storyboard.shots[first:])
        jobs: list[Job] = []
        for number, job_id in enumerate(ids, first):
            former = jobs[-1] if jobs else parent
            jobs.append(
                self.new_job(
                    id=job_id,
                    clips=1,
                    user=storyboard.user_id,
                    guild=storyboard.guild_id,
                    kind=Kind.EXTEND if number else Kind.VIDEO,
                    storyboard_id=storyboard.id,
                    shot=number,
                    dedupe_key=f"shot:{storyboard.id}:{number}",
                    parent_job_id=former.id if former is not None else None,
                    parent_slot=0 if former is not None else None,
                )
            )
        return await self.store.storyboards.make(jobs, self.now)

    async def queued_shots(self, shots: int = 3, **fields: Any) -> list[Job]:
        """Bring the shots of a new storyboard into the queue."""
        first, *_ = await self.make(await self.storyboard(shots, **fields))
        await self.charge(await self.claim(first))
        return await self.store.storyboards.jobs(first.storyboard_id or "")

    async def finish_shot(self, job: Job) -> Job:
        """Bring a shot that waits, and is admitted next, to its good end."""
        (submitting,) = await self.admit(job)
        ready = await self.succeed(await self.claim(await self.accept(submitting)))
        return await self.store.jobs.finish(await self.claim(ready))

    async def queued(self, **fields: Any) -> Job:
        """Bring a new job into the queue."""
        return await self.charge(await self.claim(await self.receive(**fields)))

    async def admit(
        self, *jobs: Job, lease: str = "one", running: int = 1000, per_user: int = 1000, alone: bool = False
    ) -> list[Job]:
        """Admit what the bounds allow of some waiting jobs of one provider (T3)."""
        return await self.store.queue.admit(
            jobs[0].provider,
            [Ticket(job.id, f"token {job.id} {job.epoch}", f"hash {job.id} {job.epoch}") for job in jobs],
            running=running,
            per_user=per_user,
            lease=lease,
            now_ms=self.now,
            lease_until_ms=self.now + LEASE_MS,
            alone=alone,
            deadline_ms=self.now + HOUR_MS,
        )

    async def submitting(self, **fields: Any) -> Job:
        """Bring a new job to its submit, in the hands of "one"."""
        (job,) = await self.admit(await self.queued(**fields))
        return job

    async def accept(self, job: Job) -> Job:
        """Write down that the provider took a job (T4 or T8)."""
        accepted = await self.store.jobs.mark_running(job.client_token or "", f"remote {job.id}", self.now + 5000)
        assert accepted is not None
        return accepted

    async def running(self, **fields: Any) -> Job:
        """Bring a new job to the provider; nobody holds it."""
        return await self.accept(await self.submitting(**fields))

    async def succeed(self, job: Job, clips: int | None = None) -> Job:
        """Write a claimed job's result down, fewer clips than asked if told so (T5); pictures are paid together."""
        clips = job.params.clips if clips is None else clips
        pictures = not job.kind.makes_video
        return await self.store.jobs.succeed(
            job,
            [f"https://cdn.example/{job.id}/{slot}.mp4" for slot in range(clips)],
            job.cost if pictures else Prices().clips(clips, job.params.resolution),
            self.now,
            extend_ref=f"remote {job.id}",
            provider_cost="40",
            result=RESULT if pictures else None,
        )

    async def ready(self, **fields: Any) -> Job:
        """Bring a new job to its result; nobody holds it."""
        return await self.succeed(await self.claim(await self.running(**fields)))

    async def fail(self, job: Job) -> Job:
        """End a job in hand (T6)."""
        return await self.store.jobs.fail(job, JobFailed("upstream", "TTAPI"), self.now)

    async def failing(self, **fields: Any) -> Job:
        """Let a new job fail at its submit; nobody holds it."""
        return await self.fail(await self.submitting(**fields))

    async def done(self, **fields: Any) -> Job:
        """Bring a new job to its good end."""
        return await self.store.jobs.finish(await self.claim(await self.ready(**fields)))

    async def failed(self, **fields: Any) -> Job:
        """Bring a new job to its bad end."""
        return await self.store.jobs.finish(await self.claim(await self.failing(**fields)))

    async def show_again(self, job: Job) -> Job:
        """Bring a finished job to a new card (T9)."""
        ready = await self.store.history.show_again(
            job.id,
            channel_id=6,
            message_id=70,
            token="another token",
            until_ms=self.now + 900_000,
            file_limit=job.file_limit,
            now=self.now,
        )
        assert ready is not None
        return ready

    async def share(self, job: Job, slot: int = 0) -> None:
        """Post a result in the showcase."""
        wish = Share(job.id, slot, job.guild_id, job.user_id, 77, week_of(self.now), self.now, due_ms=self.now)
        asked = await self.store.shares.ask(wish, week_ends_ms(self.now))
        assert asked is not None
        await self.store.shares.settle(asked, 9)

    async def in_state(self, state: State) -> Job:
        """Bring a new job to any state, in the hands of "one" where a job of that state can be held."""
        bring: dict[State, Callable[[], Awaitable[Job]]] = {
            State.RECEIVED: self.receive,
            State.QUEUED: self.queued,
            State.SUBMITTING: self.submitting,
            State.RUNNING: self.running,
            State.READY: self.ready,
            State.DONE: self.done,
            State.FAILING: self.failing,
            State.FAILED: self.failed,
        }
        job = await bring[state]()
        assert job.state is state
        return job if job.lease or job.due_ms is None else await self.claim(job)

    async def get(self, job_id: str) -> Job:
        """Read a job that exists."""
        job = await self.store.jobs.get_even_removed(job_id)
        assert job is not None
        return job

    async def db_write(self, sql: str, *values: Value) -> None:
        """Change the tables behind the store's back."""
        async with self.database.transaction() as tx:
            await tx.fetch(sql, *values)

    async def used(self, user: int = MIRA, guild: int = GUILD) -> int:
        """Tell what the accounts say a member, or SERVER, has used in all periods."""
        rows = await self.database.fetch(
            "select coalesce(sum(used), 0) as used from account where guild_id = $1 and user_id = $2", guild, user
        )
        return rows[0]["used"]

    async def ledger(self, job: Job) -> list[tuple[str, int]]:
        """Give a job's lines in the ledger as kinds and amounts."""
        rows = await self.database.fetch(
            """select kind, amount from ledger where job_id = $1
               order by at_ms, case kind when 'reserve' then 0 else 1 end""",
            job.id,
        )
        return [(row["kind"], row["amount"]) for row in rows]

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of every table, to tell whether anything was written.

        The languages of members and servers are left out, which the bot writes beside by itself.
        """
        found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        for table in [row["name"] for row in await self.database.fetch(_FILLED)]:
            rows = [dict(row) for row in await self.database.fetch(f"select * from {table}")]  # noqa: S608  # our own table names
            if table == "member_settings":
                rows = [row for row in rows if row.pop("locale") is None or any(list(row.values())[2:])]
            if table == "guild":
                nothing = {"guild_id", "updated_ms"}
                rows = [
                    row
                    for row in rows
                    if row.pop("preferred_locale") is None or any(row[name] for name in row.keys() - nothing)
                ]
            found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
        return found


@asynccontextmanager
async def open_db_fixture(path: Path, defaults: Defaults = DEFAULTS) -> AsyncGenerator[DbFixture]:
    """Open a store in a file, new or not."""
    async with open_migrated(path) as db:
        yield DbFixture(db, Store(db, defaults))
