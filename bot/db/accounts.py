"""What members have, what admins said about it, and who spent what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.db import ledger, lock_names
from bot.db.allowances import NO_LIMIT, Defaults, read_allowance
from bot.db.blocks import read_block
from bot.db.database import Database, Row, Transaction, parameters
from bot.db.decision_events import tell_of_grant, tell_of_quota
from bot.db.schema import SERVER
from bot.db.waiting_jobs import fail_waiting
from bot.domain.blocks import Block, Source
from bot.domain.credits import Allowance, Balance, Usage, UsageReport
from bot.domain.job import Job
from bot.domain.server_settings import Rules
from bot.errors import Cancelled, GrantToBlocked, ServerOutOfCredits, TooFewCredits

NOTHING_SPENT = (0, 0, 0)


@dataclass(frozen=True)
class Standing:
    """Hold what a member may do now, as it was read: the transaction that spends looks again."""

    block: Block | None
    balance: Balance
    rules: Rules | None = None

    def require(self, cost: int) -> None:
        """Raise `TooFewCredits` or `ServerOutOfCredits`, as the reserve would."""
        balance = self.balance
        if balance.left < cost:
            # What was granted does not renew, and an allowance of 0 is as little in the next period.
            raise TooFewCredits(needed=cost, left=balance.left, renews_ms=balance.renews_ms if balance.cap else None)
        if balance.server_left is not None and balance.server_left < cost:
            raise ServerOutOfCredits(needed=cost, left=balance.server_left, renews_ms=balance.renews_ms)


class Accounts:
    """Read and change credits outside of a job's life."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self._db = db
        self._defaults = defaults

    async def balance(self, guild_id: int, user_id: int, roles: tuple[int, ...], now_ms: int) -> Balance:
        """Tell what a member may still spend now."""
        return (await self._standing(guild_id, user_id, roles, now_ms)).balance

    async def standing(self, job: Job, now_ms: int) -> Standing:
        """Look whether a job's member is blocked and what they could pay now; nothing is reserved."""
        return await self._standing(job.guild_id, job.user_id, job.roles, now_ms)

    async def _standing(self, guild_id: int, user_id: int, roles: tuple[int, ...], now_ms: int) -> Standing:
        policy = await read_allowance(self._db, self._defaults, guild_id, user_id, roles, now_ms)
        accounts = await self._spent(guild_id, (policy.account, SERVER), policy.key)
        used, granted, base = accounts.get(policy.account, NOTHING_SPENT)
        server_left = None
        if policy.server_cap < NO_LIMIT:
            server_used, server_granted, _ = accounts.get(SERVER, NOTHING_SPENT)
            server_left = max(0, policy.server_cap + server_granted - server_used)
        left = max(0, max(policy.cap, base) + granted - used)
        balance = Balance(left, used, policy.cap, granted, policy.renews_ms, policy.period, server_left, base)
        return Standing(policy.block(granted), balance, policy.rules)

    async def set_allowance(
        self, guild_id: int, subject: str, subject_id: int, credits: int, now_ms: int, by: int | None = None
    ) -> list[Job]:
        """Set the allowance of a member or a role; `by` names the admin.

        0 blocks: then what waits of that member is cancelled and refunded, and given back here.
        """
        async with self._db.transaction() as tx:
            if subject == Source.MEMBER:
                await tx.lock(lock_names.member(guild_id, subject_id))
                await self._forget_hashed(tx, guild_id, subject_id)
            await tx.fetch(
                """insert into allowance (guild_id, subject, subject_id, credits, updated_ms)
                   values ($1, $2, $3, $4, $5) on conflict (guild_id, subject, subject_id)
                   do update set credits = excluded.credits, updated_ms = excluded.updated_ms""",
                guild_id,
                subject,
                subject_id,
                credits,
                now_ms,
            )
            await tell_of_quota(tx, guild_id, by, subject, subject_id, credits, now_ms)
            if subject == Source.MEMBER and credits == 0:
                return await fail_waiting(tx, guild_id, subject_id, Cancelled(by), now_ms)
        return []

    async def clear_allowance(
        self, guild_id: int, subject: str, subject_id: int, *, by: int | None = None, now_ms: int = 0
    ) -> bool:
        """Forget the allowance of a member or a role; False when there was none. `by` names the admin, now."""
        async with self._db.transaction() as tx:
            cleared = await tx.fetch(
                "delete from allowance where guild_id = $1 and subject = $2 and subject_id = $3 returning 1",
                guild_id,
                subject,
                subject_id,
            )
            if subject == Source.MEMBER:
                cleared += await self._forget_hashed(tx, guild_id, subject_id)
            if cleared:
                await tell_of_quota(tx, guild_id, by, subject, subject_id, None, now_ms)
        return bool(cleared)

    async def grant(
        self,
        guild_id: int,
        user_id: int,
        roles: tuple[int, ...],
        amount: int,
        request_id: str,
        now_ms: int,
        by: int | None = None,
    ) -> Balance:
        """Give a member credits on top for this period; the same request twice grants once.

        Raises `GrantToBlocked` for one whom it would not help.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.member(guild_id, user_id))
            policy = await read_allowance(tx, self._defaults, guild_id, user_id, roles, now_ms)
            block = await read_block(tx, policy, guild_id)
            if block is not None and block.is_own:
                raise GrantToBlocked(user_id, block.source)
            await ledger.open_account(tx, guild_id, policy.account, policy.key, policy.cap)
            if await ledger.grant(tx, guild_id, policy.account, policy.key, amount, request_id, now_ms):
                await tell_of_grant(tx, guild_id, by, user_id, amount, now_ms)
        return await self.balance(guild_id, user_id, roles, now_ms)

    async def usage(self, guild_id: int, now_ms: int, most: int = 20) -> UsageReport:
        """Tell who spent most in this period, what the providers charged for it, and what applies to everybody."""
        policy = await read_allowance(self._db, self._defaults, guild_id, SERVER, (), now_ms)
        rows = await self._db.fetch(
            """with top as (
                   select user_id, used, granted from account
                   where guild_id = $1 and period = $2 and user_id <> $3 and (used > 0 or granted > 0)
                   order by used desc, user_id limit $4)
               select top.*, job.provider, count(job.id) as jobs,
                   coalesce(sum(cast(job.provider_cost as double precision)), 0) as charged
               from top left join ledger on ledger.guild_id = $1 and ledger.period = $2
                   and ledger.user_id = top.user_id and ledger.kind = 'reserve'
               left join job on job.id = ledger.job_id
               group by top.user_id, top.used, top.granted, job.provider
               order by top.used desc, top.user_id, job.provider""",
            guild_id,
            policy.key,
            SERVER,
            most,
        )
        used, _, _ = (await self._spent(guild_id, (SERVER,), policy.key)).get(SERVER, NOTHING_SPENT)
        return UsageReport(
            members=_usages(rows),
            used=used,
            default=policy.cap,
            period=policy.period,
            renews_ms=policy.renews_ms,
            server_cap=policy.server_cap if policy.server_cap < NO_LIMIT else None,
            key=policy.key,
            rules=tuple(await self.allowances(guild_id)),
        )

    async def allowances(self, guild_id: int, most: int = 20) -> list[Allowance]:
        """List what admins said about members and roles."""
        rows = await self._db.fetch(
            """select subject, subject_id, credits from allowance
               where guild_id = $1 order by subject, subject_id limit $2""",
            guild_id,
            most,
        )
        return [Allowance(**dict(row)) for row in rows]

    async def _forget_hashed(self, tx: Transaction, guild_id: int, user_id: int) -> list[Row]:
        """Forget what was said of a member before they were forgotten; gives a row if anything was."""
        ids = await self._defaults.ids.of(tx, guild_id, user_id)
        return await tx.fetch(
            "delete from allowance where guild_id = $1 and subject = 'member' and subject_id = $2 returning 1",
            guild_id,
            ids.hashed,
        )

    async def _spent(self, guild_id: int, users: Sequence[int], period: str) -> dict[int, tuple[int, int, int]]:
        rows = await self._db.fetch(
            f"""select user_id, used, granted, base from account
                where guild_id = $1 and period = $2 and user_id in ({parameters(users, 3)})""",
            guild_id,
            period,
            *users,
        )
        return {row["user_id"]: (row["used"], row["granted"], row["base"]) for row in rows}


def _usages(rows: Sequence[Row]) -> tuple[Usage, ...]:
    """Put a member's rows, one a provider, together."""
    members: dict[int, Usage] = {}
    for row in rows:
        before = members.get(row["user_id"], Usage(row["user_id"], row["used"], row["granted"], 0))
        charged = ((row["provider"], row["charged"]),) if row["charged"] else ()
        members[row["user_id"]] = replace(before, jobs=before.jobs + row["jobs"], charged=(*before.charged, *charged))
    return tuple(members.values())
