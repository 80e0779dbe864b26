"""How much one member may have open at once, in all servers together: requests on their way, and previews."""

from bot.db.database import Transaction, WriteTransaction
from bot.db.lock_names import open_requests
from bot.domain.job import ACTIVE_STATES
from bot.errors import TooManyOpen

PREVIEW_MS = 24 * 3_600_000
"""How long a preview can be confirmed, and so is open."""

_IN_ACTIVE_STATES = ", ".join(f"'{state}'" for state in ACTIVE_STATES)


async def lock_open(tx: WriteTransaction, most: int | None, user_id: int) -> None:
    """Let a member's requests and previews be opened one after the other, where they are counted."""
    if most is not None:
        await tx.lock(open_requests(user_id))


async def refuse_beyond(tx: Transaction, most: int | None, user_id: int, now_ms: int) -> None:
    """Raise `TooManyOpen` when a member has more than `most` open; inside the transaction that opened the last one.

    A preview that was confirmed counts as its job alone, which has its id. A storyboard counts once, however many shots
    it has.
    """
    if most is None:
        return
    rows = await tx.fetch(
        # What has not ended is looked for by its index.
        f"""select (select count(distinct coalesce(storyboard_id, id)) from job
                       where state not in ('done', 'failed') and user_id = $1 and state in ({_IN_ACTIVE_STATES}))
                 + (select count(*) from region_preview where created_ms > $2 and user_id = $1
                       and not exists (select 1 from job where job.id = region_preview.id))
                 + (select count(*) from storyboard where state <> 'made' and state = 'previewed'
                       and user_id = $1 and created_ms > $2)
                 as open""",
        user_id,
        now_ms - PREVIEW_MS,
    )
    if rows[0]["open"] > most:
        raise TooManyOpen(most)
