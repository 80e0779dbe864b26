"""A job as it stands in its row, for what only reads it."""

from dataclasses import replace
from typing import Any

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from tests.support.db_fixture import GUILD, MIRA, NOON

JOB_ID = "1jd8x3k2m9f4qz"


def sample_job(**changes: Any) -> Job:
    """Give a film of a paper boat that was just asked for, changed as told."""
    job = Job(
        id=JOB_ID,
        request_id="request",
        kind=Kind.VIDEO,
        state=State.RECEIVED,
        guild_id=GUILD,
        channel_id=5,
        user_id=MIRA,
        params=JobParams("a paper boat"),
        provider="ttapi",
        created_ms=NOON,
    )
    return replace(job, **changes)
