"""The same community with those who keep order in it: jobs are removed, members are blocked, and forgotten whole."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.db.database import Row
from bot.db.member_blocks import Put
from bot.domain.blocks import MemberBlock
from bot.domain.forgetting import Forgetting
from bot.domain.job import Job, Kind, State
from bot.domain.job_lists import NEWEST, JobQuery
from bot.domain.removal import WAITING, Removed
from bot.services.removals import AT_ONCE
from tests.support.db_builders import ANY, GUILDS, USERS, StoreMachine
from tests.support.db_fixture import DAY_MS, HOUR_MS, LEASE_MS

MODERATOR = 77

ALL = 1000


class OrderMachine(StoreMachine):
    """Remember what was removed, and who is blocked until when."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: dict[tuple[int, int], int | None] = {}

    # What members and moderators do.

    @rule(choice=ANY, moderator=st.booleans(), elsewhere=st.sampled_from([False, False, False, True]))
    def remove(self, choice: int, moderator: bool, elsewhere: bool) -> None:
        """Remove any job, in whatever state and by whomever it was removed before; another server's is not there."""
        rows = self.read("select id, guild_id, user_id from job order by id")
        chosen = rows[choice % len(rows)]
        guild = 3 - chosen["guild_id"] if elsewhere else chosen["guild_id"]
        self.strike(guild, [chosen["id"]], MODERATOR if moderator else chosen["user_id"])

    @rule(guild=GUILDS, user=USERS, since_ms=st.sampled_from([0, LEASE_MS, DAY_MS]))
    def remove_all(self, guild: int, user: int, since_ms: int) -> None:
        """Remove what a member has asked for lately, as much as goes at once."""
        ids = self.run(self.db.store.removals.of_member(guild, user, self.db.now - since_ms, AT_ONCE))
        assert self.removed.isdisjoint(ids)
        if ids:
            self.strike(guild, ids, MODERATOR)

    @rule(guild=GUILDS, user=USERS, for_ms=st.sampled_from([None, 5000, HOUR_MS, DAY_MS]))
    def block(self, guild: int, user: int, for_ms: int | None) -> None:
        """Block a member, who may be blocked already."""
        waits = {row["id"] for row in self.jobs_of(guild, user) if row["state"] in WAITING}
        until_ms = None if for_ms is None else self.db.now + for_ms
        put = self.put(guild, MemberBlock(user, until_ms, "spam", MODERATOR, self.db.now))
        assert (put.before is not None) == self.is_blocked(guild, user)
        assert sorted(job.id for job in put.ended) == sorted(waits)
        self.remember_refunds(put.ended)
        self.blocks[guild, user] = until_ms

    @rule(guild=GUILDS, user=USERS)
    def unblock(self, guild: int, user: int) -> None:
        now = self.db.now
        lifted = self.run(self.db.store.member_blocks.lift(guild, user, by=MODERATOR, wall_ms=now, now_ms=now))
        assert (lifted is not None) == self.is_blocked(guild, user)
        self.blocks.pop((guild, user), None)

    @rule(guild=GUILDS, user=USERS)
    def forget(self, guild: int, user: int) -> None:
        """Forget a member as far as it goes now: their jobs first, then their name, of jobs once those are gone."""
        store = self.db.store.forgettings
        self.run(store.ask(guild, user, self.db.now))
        for forgetting in self.run(store.take(9, self.db.now, self.db.now + DAY_MS)):
            hashed = self.run(store.hashed(forgetting))
            while ids := self.run(store.to_remove(forgetting, AT_ONCE)):
                self.strike(forgetting.guild_id, ids, hashed, logged=False)
            self.run(store.rename(forgetting))
            while self.run(store.let_go(forgetting, AT_ONCE)):
                pass
            self.end(forgetting)

    @precondition(lambda self: self.states)
    @rule(choice=ANY, user=USERS, goes=st.booleans())
    def go_on_from_a_film(self, choice: int, user: int, goes: bool) -> None:
        """Ask for what waits on another job's films, and ends with those while it waits."""
        done = self.read("select * from job where state = 'done' and kind = 'video' order by id")
        films = [row for row in done if row["id"] not in self.removed]
        if films:
            film = films[choice % len(films)]
            new = self.db.new_job(
                user=user, guild=film["guild_id"], clips=1, kind=Kind.EXTEND, parent_job_id=film["id"], parent_slot=0
            )
            self.seen.append(self.run(self.db.store.jobs.receive(new)))
            if goes:
                self.strike(film["guild_id"], [film["id"]], film["user_id"])

    @rule(choice=ANY, user=USERS)
    def star(self, choice: int, user: int) -> None:
        rows = self.read("select id, guild_id from job order by id")
        job_id, guild = rows[choice % len(rows)]["id"], rows[choice % len(rows)]["guild_id"]
        known = self.read("select 1 from favourite where user_id = $1 and job_id = $2", user, job_id)
        added = self.run(self.db.store.favourites.add(guild, user, job_id, self.db.now))
        assert added == (not known and job_id not in self.removed)

    @rule(guild=GUILDS, user=USERS)
    def look_back(self, guild: int, user: int) -> None:
        """Find on one's list whatever was asked for and is there, and nothing else."""
        found = self.run(self.db.store.lists.find(guild, JobQuery(user), NEWEST, ALL))
        there = {row["id"] for row in self.jobs_of(guild, user)} - self.removed
        assert {job.id for job, _ in found.entries} == there

    def look_for(self, job_id: str) -> None:
        """Look for a removed job wherever one could be found or shown again."""
        store, now = self.db.store, self.db.now
        assert self.run(store.jobs.get(job_id)) is None
        assert self.run(store.card_facts.read(job_id)) is None
        assert self.run(store.history.set_spoiler(job_id, 1, now)) is None
        shown = store.history.show_again(
            job_id, channel_id=6, message_id=70, token="a token", until_ms=now, file_limit=1, now=now
        )
        assert self.run(shown) is None

    @rule(guild=GUILDS, user=USERS)
    def remove_what_was_delivered(self, guild: int, user: int) -> None:
        done = [row["id"] for row in self.jobs_of(guild, user) if row["state"] == State.DONE]
        if done:
            self.strike(guild, done, user)

    # What the worker does about it.

    @precondition(lambda self: self.removed)
    @rule()
    def carry_out_removals(self) -> None:
        """Forget the content of what has ended: all that shows it is gone."""
        work = self.db.store.removal_work
        for removal in self.run(work.take(ALL, self.db.now, self.db.now + LEASE_MS)):
            job = self.run(work.job(removal.job_id))
            if job.state in (State.DONE, State.FAILED):
                self.run(work.forget_content(job))
                self.run(work.put_off(removal, None))

    @invariant()
    def what_is_removed_stays_so_and_nothing_leads_to_it(self) -> None:
        gone = self.read("select id, state from job where removed_ms is not null")
        assert {row["id"] for row in gone} == self.removed
        assert not [row for row in gone if row["state"] in WAITING]
        done = sorted(row["id"] for row in gone if row["state"] == State.DONE)
        for job_id in done[-1:]:
            self.look_for(job_id)
        struck = self.read("select job_id from removal")
        assert sorted(row["job_id"] for row in struck) == sorted(self.removed)
        for table in ("favourite", "job_word", "ping"):
            leads = f"select 1 from {table} where job_id in (select id from job where removed_ms is not null)"  # noqa: S608  # our own table names
            assert not self.read(leads)

    @invariant()
    def a_block_lasts_until_its_end_or_until_it_is_lifted(self) -> None:
        rows = self.read("select guild_id, user_id from block where until_ms is null or until_ms > $1", self.db.now)
        hashed = {(guild, self.ids(guild, user).hashed): user for guild, user in self.blocks}
        blocked = [(row["guild_id"], hashed.get((row["guild_id"], row["user_id"]), row["user_id"])) for row in rows]
        assert sorted(blocked) == sorted(who for who in self.blocks if self.is_blocked(*who))

    # How the rules do it.

    def charge(self, job: Job, _: int) -> None:
        """Charge nobody who is blocked, and for nothing that is gone."""
        before = dict(self.paid)
        super().charge(job, _)
        charged = self.paid.keys() - before.keys()
        assert charged.isdisjoint(self.removed)
        assert not (charged and self.is_blocked(job.guild_id, job.user_id))

    def is_blocked(self, guild: int, user: int) -> bool:
        if (guild, user) not in self.blocks:
            return False
        until_ms = self.blocks[guild, user]
        return until_ms is None or until_ms > self.db.now

    def strike(self, guild: int, ids: Sequence[str], by: int, *, logged: bool = True) -> None:
        """Remove jobs, and check which were, and that what waited came back, and nothing else did."""
        rows = self.read("select * from job order by id")
        named = {row["id"]: row["storyboard_id"] for row in rows if row["id"] in ids and row["guild_id"] == guild}
        boards = {*named.values()} - {None}
        taken = {row["id"] for row in rows if row["id"] in named or row["storyboard_id"] in boards} - self.removed
        waits = {row["id"] for row in rows if row["state"] in WAITING}
        back = waits & (taken | {row["id"] for row in rows if row["parent_job_id"] in taken})
        done = self.strike_rows(guild, ids, by, logged=logged)
        assert sorted(job.id for job in done.jobs) == sorted(taken)
        assert sorted(job.id for job in done.refunded) == sorted(back)
        self.removed |= taken
        self.remember_refunds(list(done.refunded))

    def strike_rows(self, guild: int, ids: Sequence[str], by: int, *, logged: bool) -> Removed:
        return self.run(self.db.store.removals.strike(guild, ids, by, "", self.db.now, logged=logged))

    def put(self, guild: int, block: MemberBlock) -> Put:
        return self.run(self.db.store.member_blocks.put(guild, block, self.db.now))

    def end(self, forgetting: Forgetting) -> None:
        """End a forgetting, and look for its member's id where nothing of them is left."""
        guild, user = forgetting.guild_id, forgetting.user_id
        at_ms = "select 1 from job where guild_id = $1 and user_id = $2 and created_ms <= $3"
        ended = self.run(self.db.store.forgettings.end(forgetting))
        if not ended:
            return
        assert not self.read(at_ms, guild, user, forgetting.at_ms)
        if forgetting.at_ms < self.db.now:
            # They may have come back since.
            return
        owners = {"account": "user_id", "ledger": "user_id", "block": "user_id", "removal": "by_user_id"}
        for table, column in owners.items():
            named = f"select 1 from {table} where guild_id = $1 and {column} = $2"  # noqa: S608  # our own names
            assert not self.read(named, guild, user)

    def jobs_of(self, guild: int, user: int) -> Sequence[Row]:
        return self.read("select * from job where guild_id = $1 and user_id = $2", guild, user)
