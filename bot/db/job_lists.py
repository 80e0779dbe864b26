"""A page of a member's jobs, or of those that they starred: by index alone, however many they have.

Words are looked for in one of two ways. A rare word names its few jobs; where all words are common, the jobs are gone
through from the page's place on, some at a time, and soon there are enough that have them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.db.database import Database, Row, Value
from bot.db.rows import to_job
from bot.domain.job import Job
from bot.domain.job_lists import JobQuery, Only, Place
from bot.domain.search_words import beginnings_of

RARE = 1_000
"""Entries of a beginning up to which its jobs are looked at one by one."""

STRIDE, MOST_STRIDES = 1_000, 8
"""How many jobs are gone through at once for common words, and how often for one page."""

_LAST = chr(0x10FFFF)
"""Comes after every sign that a word can have."""

# As the partial indexes have it, each term for term.
_ONLY: dict[Only | None, str] = {
    None: "",
    Only.FILMS: " and job.kind in ('video', 'extend')",
    Only.PICTURES: " and job.kind in ('imagine', 'action', 'blend', 'region')",
    Only.FAILED: " and job.state in ('failing', 'failed') and job.error_code <> 'cancelled'",
}

Entry = tuple[Job, Place]


@dataclass(frozen=True)
class Found:
    """Hold entries of a list from a place on, in the order in which they were looked for.

    `reached` is where the search stopped although there may be more.
    """

    entries: list[Entry]
    reached: Place | None = None


class JobListRepository:
    """Read lists of jobs from a place on, the nearest to it first."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, guild_id: int, query: JobQuery, place: Place, most: int, *, done: bool = False) -> Found:
        """Give as many entries of a list as are wanted, from a place on; with `done` those that are finished."""
        only = _ONLY[query.only] + (" and job.state = 'done'" if done else "")
        beginnings = beginnings_of(query.words)
        asked: list[Value] = [guild_id, query.user_id, place.at_ms, place.job_id, most]
        if query.starred:
            rows = await self._starred(asked, place, only, beginnings)
        elif not beginnings:
            rows = await self._own(asked, place, only)
        elif (rarest := await self._rarest(guild_id, query.user_id, beginnings)) is not None:
            rows = await self._with_rare_word(asked, place, only, rarest, beginnings)
        else:
            return await self._with_common_words(guild_id, query, place, most, only, beginnings)
        return Found([_entry(row, place) for row in rows])

    async def _own(self, asked: Sequence[Value], place: Place, only: str) -> list[Row]:
        return await self._db.fetch(
            f"""select job.*, job.created_ms as at_ms from job where job.guild_id = $1 and job.user_id = $2{only}
                    and {_beyond("job.created_ms", "job.id", place)}
                order by {_order("job.created_ms", "job.id", place)} limit $5""",
            *asked,
        )

    async def _starred(self, asked: Sequence[Value], place: Place, only: str, beginnings: Sequence[str]) -> list[Row]:
        at_ms, job_id = "favourite.created_ms", "favourite.job_id"
        words, values = _has_all(job_id, beginnings, 6)
        return await self._db.fetch(
            f"""select job.*, favourite.created_ms as at_ms from favourite cross join job
                where favourite.guild_id = $1 and favourite.user_id = $2 and job.id = favourite.job_id{only}
                    and {_beyond(at_ms, job_id, place)}{words}
                order by {_order(at_ms, job_id, place)} limit $5""",
            *asked,
            *values,
        )

    async def _rarest(self, guild_id: int, user_id: int, beginnings: Sequence[str]) -> str | None:
        """Give the beginning that fewest of a member's words have; None where all have many."""
        counts = ", ".join(
            f"""(select count(*) from (select 1 from job_word where guild_id = $1 and user_id = $2
                    and word >= ${place} and word < ${place + 1} limit {RARE}) as few) as c{number}"""
            for number, place in enumerate(range(3, 3 + 2 * len(beginnings), 2))
        )
        [row] = await self._db.fetch(f"select {counts}", guild_id, user_id, *_ranges(beginnings))
        count, rarest = min(zip(row, beginnings, strict=True))
        return rarest if count < RARE else None

    async def _with_rare_word(
        self, asked: Sequence[Value], place: Place, only: str, rarest: str, beginnings: Sequence[str]
    ) -> list[Row]:
        words, values = _has_all("found.job_id", [one for one in beginnings if one != rarest], 8)
        return await self._db.fetch(
            f"""with found as (select distinct job_id from (
                    select job_id from job_word
                    where guild_id = $1 and user_id = $2 and word >= $6 and word < $7 limit {2 * RARE}) as few)
                select job.*, job.created_ms as at_ms from found cross join job
                where job.id = found.job_id and job.guild_id = $1 and job.user_id = $2{only}
                    and {_beyond("job.created_ms", "job.id", place)}{words}
                order by {_order("job.created_ms", "job.id", place)} limit $5""",
            *asked,
            *_ranges([rarest]),
            *values,
        )

    async def _with_common_words(
        self, guild_id: int, query: JobQuery, place: Place, most: int, only: str, beginnings: Sequence[str]
    ) -> Found:
        found: list[Entry] = []
        for _ in range(MOST_STRIDES):
            stride = (guild_id, query.user_id, place.at_ms, place.job_id)
            words, values = _has_all("near.id", beginnings, 6)
            rows = await self._db.fetch(
                f"""with near as (select job.id, job.created_ms from job
                        where job.guild_id = $1 and job.user_id = $2{only}
                            and {_beyond("job.created_ms", "job.id", place)}
                        order by {_order("job.created_ms", "job.id", place)} limit {STRIDE}),
                    fitting as (select near.id, near.created_ms from near where true{words}
                        order by {_order("near.created_ms", "near.id", place)} limit $5)
                    select job.*, job.created_ms as at_ms from fitting cross join job where job.id = fitting.id
                    order by {_order("job.created_ms", "job.id", place)}""",
                *stride,
                most - len(found),
                *values,
            )
            found += [_entry(row, place) for row in rows]
            if len(found) == most:
                return Found(found)
            last = await self._db.fetch(
                f"""select job.created_ms, job.id from job where job.guild_id = $1 and job.user_id = $2{only}
                        and {_beyond("job.created_ms", "job.id", place)}
                    order by {_order("job.created_ms", "job.id", place)} limit 1 offset {STRIDE - 1}""",
                *stride,
            )
            if not last:
                return Found(found)
            place = Place(last[0]["created_ms"], last[0]["id"], place.newer)
        return Found(found, place)


def _entry(row: Row, place: Place) -> Entry:
    fields = dict(row)
    at_ms = fields.pop("at_ms")
    return to_job(fields), Place(at_ms, fields["id"], place.newer)


def _beyond(at_ms: str, job_id: str, place: Place) -> str:
    return f"({at_ms}, {job_id}) {'>' if place.newer else '<'} ($3, $4)"


def _order(at_ms: str, job_id: str, place: Place) -> str:
    way = "asc" if place.newer else "desc"
    return f"{at_ms} {way}, {job_id} {way}"


def _has_all(job_id: str, beginnings: Sequence[str], first: int) -> tuple[str, list[str]]:
    """Require words with each beginning of a job, their parameters from `$first` on."""
    clauses = [
        f" and exists (select 1 from job_word where job_word.job_id = {job_id}"
        f" and job_word.word >= ${place} and job_word.word < ${place + 1})"
        for place in range(first, first + 2 * len(beginnings), 2)
    ]
    return "".join(clauses), _ranges(beginnings)


def _ranges(beginnings: Sequence[str]) -> list[str]:
    """Give where the words with each beginning start and end, in the order of their bytes."""
    return [end for beginning in beginnings for end in (beginning, beginning + _LAST)]
