"""Which ends of jobs the mod log tells of: words that were refused, submits in doubt, a server without credits."""

from bot.db.allowances import Defaults, read_allowance
from bot.db.credit_events import tell_of_low_credits
from bot.db.database import Transaction
from bot.db.member_ids import EVERYWHERE
from bot.db.mod_log import add_event
from bot.db.schema import SERVER
from bot.domain.job import Job
from bot.domain.mod_log import EventKind
from bot.domain.periods import Period
from bot.errors import AnimaticError, ErrorKind, JobFailed, ServerOutOfCredits, UnconfirmedCharge

WORDS_REFUSED = frozenset({"banned_words", "forbidden_words"})
"""The codes of refusals for a prompt's words: the provider's and the server's own."""


async def tell_of_failure(tx: Transaction, defaults: Defaults, job: Job, reason: AnimaticError, now_ms: int) -> None:
    """Write down for the mod log why a job failed, if moderators or admins are to know; else nothing is asked.

    Nobody is sent to look for a removed job, which is on no list.
    """
    if isinstance(reason, UnconfirmedCharge):
        if job.removed_ms is not None:
            return
        data = {"job": job.id, "provider": job.provider}
        await add_event(tx, job.guild_id, EventKind.UNCONFIRMED, data, now_ms)
    elif reason.code in WORDS_REFUSED or (
        isinstance(reason, JobFailed) and reason.reason == ErrorKind.MODERATED_PROMPT
    ):
        await _tell_of_words(tx, defaults, job, reason, now_ms)
    elif isinstance(reason, ServerOutOfCredits):
        await _tell_of_empty_purse(tx, defaults, job, now_ms)


async def _tell_of_words(tx: Transaction, defaults: Defaults, job: Job, reason: AnimaticError, now_ms: int) -> None:
    """Tell it with today's strikes in this server, if it is one: what the server itself forbids is none."""
    rows = await tx.fetch(
        """select count(*) as strikes, count(case when strike.job_id = $4 then 1 end) as own
           from strike cross join job
           where strike.user_id in ($1, $2) and strike.day = $3 and job.id = strike.job_id and job.guild_id = $5""",
        *await defaults.ids.of(tx, EVERYWHERE, job.user_id),
        Period.DAY.key(now_ms),
        job.id,
        job.guild_id,
    )
    strikes = rows[0]["strikes"] if rows[0]["own"] else 0
    words = list(reason.data.get("words") or ())
    data = {"member": job.user_id, "job": job.id, "words": words, "strikes": strikes}
    await add_event(tx, job.guild_id, EventKind.WORDS_REFUSED, data, now_ms)


async def _tell_of_empty_purse(tx: Transaction, defaults: Defaults, job: Job, now_ms: int) -> None:
    """Say that the server's credits are used up, if they are: what is left may just be too little for one job."""
    policy = await read_allowance(tx, defaults, job.guild_id, job.user_id, job.roles, now_ms)
    rows = await tx.fetch(
        "select used from account where guild_id = $1 and user_id = $2 and period = $3",
        job.guild_id,
        SERVER,
        policy.key,
    )
    used = rows[0]["used"] if rows else 0
    if used >= policy.server_cap:
        await tell_of_low_credits(tx, job.guild_id, policy, 100, used, now_ms)
