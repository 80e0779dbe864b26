"""How a new job is written down, alone or with the other shots of its storyboard (T0)."""

from bot.db.database import Transaction
from bot.db.rows import dump, to_job
from bot.domain.job import Job


async def insert_job(tx: Transaction, job: Job, due_ms: int | None) -> Job | None:
    """Write a new job down; None when another one stands in its way."""
    rows = await tx.fetch(
        """insert into job (id, request_id, dedupe_key, kind, state, guild_id, channel_id, user_id, roles,
               file_limit, message_id, token, token_until_ms, parent_job_id, parent_slot, provider, params,
               due_ms, created_ms, asked_channel_id, storyboard_id, shot, parent_channel_id, spoiler,
               locale)
           values ($1, $2, $3, $4, 'received', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $18,
               $17, $6, $19, $20, $23, case when cast($21 as bigint) = 1 then 1
                   when (select spoiler from guild where guild_id = $5) = 1 then 1 when cast($22 as bigint) = 1 then 0
                   else coalesce((select spoiler from member_settings where guild_id = $5 and user_id = $7), 0) end,
               $24)
           on conflict do nothing returning *""",
        job.id,
        job.request_id,
        job.dedupe_key,
        job.kind,
        job.guild_id,
        job.channel_id,
        job.user_id,
        dump(job.roles),
        job.file_limit,
        job.message_id,
        job.token,
        job.token_until_ms,
        job.parent_job_id,
        job.parent_slot,
        job.provider,
        dump(job.params.to_json()),
        job.created_ms,
        due_ms,
        job.storyboard_id,
        job.shot,
        job.spoiler,
        int("spoiler" in job.params.explicit_options),
        job.parent_channel_id,
        job.locale,
    )
    return to_job(rows[0]) if rows else None
