"""A long past, written straight into the bot's tables: 100,000 finished jobs with all that belongs to them."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.domain.params import ImageUpload, JobParams, Speed

JOBS = 100_000
DAYS = 347
"""One job every five minutes: about 290 a day."""

PAST = """create temp table past as
    with recursive numbers (n) as (values (1) union all select n + 1 from numbers where n < $jobs)
    select n, printf('%014d', n) as id, $now - ($jobs - n + 1) * $between as at_ms,
        strftime('%Y-%m-%d', ($now - ($jobs - n + 1) * $between) / 1000, 'unixepoch') as period,
        (select id from people where place = n % (select count(*) from people)) as user_id,
        n % 3 <> 0 and n >= 3 as extends, $failing and n % 12 = 5 as failed, lower(hex(randomblob(16))) as remote_id
    from numbers"""
"""A third are videos, each followed by two extends of its clips; every twelfth job failed, if any does."""

_JOBS = """insert into job (id, request_id, dedupe_key, kind, state, guild_id, channel_id, user_id, roles, file_limit,
        period, message_id, parent_job_id, parent_slot, provider, remote_id, extend_ref, client_token, callback_hash,
        params, cost, provider_cost, progress, card_hash, error_code, error_data, epoch, created_ms, submitted_ms,
        finished_ms, deadline_ms)
    select id, id, case when extends then 'extend:' || user_id || ':' || id end,
        case when extends then 'extend' else 'video' end, case when failed then 'failed' else 'done' end,
        $guild, $channel, user_id, '[]', 10485760, period, $channel + n,
        case when extends then printf('%014d', n - n % 3) end, case when extends then n % 4 end, 'ttapi',
        remote_id, case when not failed then remote_id end,
        lower(hex(randomblob(16))), lower(hex(randomblob(32))), $params, 8,
        case when not failed then '30' end, case when not failed then 100 end, lower(hex(randomblob(8))),
        case when failed then 'job_failed' end, case when failed then '{"reason":"upstream","provider":"TTAPI"}' end,
        9, at_ms, at_ms + 2000, at_ms + 90000 + n % 60000, at_ms + 2102000
    from past"""

_CLIPS = """insert into clip (job_id, slot, remote_url, media_file, message_id, attachment_id, seconds, bytes)
    select id, slot, 'https://cdn.example/video/' || remote_id || '/' || slot || '.mp4',
        id || '/' || (slot + 1) || '.mp4', $channel + n, $channel + n * 4 + slot, 5.0, 2400000
    from past, (select 0 as slot union all select 1 union all select 2 union all select 3) where not failed"""

_FRAMES = """insert into frame (job_id, role, media_file, attachment_id)
    select id, 'start', printf('%014d', n - n % 3) || '/start.png', $channel - n from past"""

_RESERVED = """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
    select id || 'r', $guild, user_id, period, id, id || ':reserve', 'reserve', 8, at_ms from past"""

_ENDED = """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
    select id || 'e', $guild, user_id, period, id, id || case when failed then ':refund' else ':settle' end,
        case when failed then 'refund' else 'settle' end, case when failed then -8 else 0 end, at_ms + 90000
    from past"""

_ACCOUNTS = """insert into account (guild_id, user_id, period, cap, used)
    select $guild, user_id, period, 24, sum(case when failed then 0 else 8 end) from past group by user_id, period
    union all
    select $guild, 0, period, 1000000000000, sum(case when failed then 0 else 8 end) from past group by period
    on conflict (guild_id, period, user_id) do update set used = used + excluded.used"""

ROWS = (_JOBS, _CLIPS, _FRAMES, _RESERVED, _ENDED, _ACCOUNTS)
"""What a past leaves behind, as statements; they read `PAST`."""

_LINK = (
    "https://cdn.example/ephemeral-attachments/1180000000000000000/1180000000000000001/boat.png"
    "?ex=6920f3f0&is=691fa270&hm=0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)
_PARAMS = JobParams(
    "a paper boat drifting down a rainy street while the lamps come on one after another",
    speed=Speed.FAST,
    image=ImageUpload(_LINK, "boat.png", 2_400_000, "image/png"),
)


def write_past(
    path: Path, guild_id: int, channel_id: int, user_ids: list[int], *, jobs: int = JOBS, failing: bool = True
) -> None:
    """Fill the tables of a bot that does not run; `user_ids` shared the jobs evenly, the last job is minutes ago."""
    values = {
        "jobs": jobs,
        "failing": failing,
        "now": int(time.time() * 1000),
        "between": DAYS * 86_400_000 // jobs,
        "guild": guild_id,
        "channel": channel_id,
        "params": json.dumps(_PARAMS.to_json()),
    }
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma synchronous = off")
        with connection:
            connection.execute("create temp table people (place integer primary key, id bigint)")
            connection.executemany("insert into people values (?, ?)", enumerate(user_ids))
            for statement in (PAST, *ROWS):
                connection.execute(statement, values)
        connection.execute("pragma wal_checkpoint(truncate)")
