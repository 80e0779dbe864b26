"""Who is blocked, why and until when: one function answers it, outside and inside of the transaction that spends."""

from bot.db.allowances import Allowance, Defaults, read_allowance
from bot.db.database import Database, Transaction
from bot.domain.blocks import Block, Source
from bot.domain.job import Job
from bot.errors import Blocked


class Blocks:
    """Tell who is blocked."""

    def __init__(self, db: Database, defaults: Defaults) -> None:
        self._db = db
        self._defaults = defaults

    async def find(self, guild_id: int, user_id: int, roles: tuple[int, ...], now_ms: int) -> Block | None:
        """Tell why a member is blocked now; None when they are not."""
        allowance = await read_allowance(self._db, self._defaults, guild_id, user_id, roles, now_ms)
        return await read_block(self._db, allowance, guild_id)


async def read_block(tx: Transaction, allowance: Allowance, guild_id: int) -> Block | None:
    """Tell why a member is blocked: by a moderator, by an own allowance of 0, or by that of a role or the server.

    What was granted in this period counts against the last alone.
    """
    if allowance.cap > 0 or allowance.source is Source.MEMBER:
        return allowance.block(granted=0)
    granted = await tx.fetch(
        "select granted from account where guild_id = $1 and user_id = $2 and period = $3 and granted > 0",
        guild_id,
        allowance.account,
        allowance.key,
    )
    return allowance.block(granted[0]["granted"] if granted else 0)


async def refuse_blocked(tx: Transaction, allowance: Allowance, job: Job) -> None:
    """Raise `Blocked` where a job's member is."""
    if block := await read_block(tx, allowance, job.guild_id):
        raise Blocked(block.source, block.until_ms, block.reason)
