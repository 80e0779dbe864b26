"""A page of a member's jobs, or of those that they starred: by index alone, however many they have.

Words are looked for in one of two ways. A rare word names its few jobs; where all words are common, the list is gone
through from the page's place on, some entries at a time, and soon there are enough that have them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.db.database import Database, Row, Value
from bot.db.rows import to_job
from bot.domain.job import Job
from bot.domain.job_lists import JobQuery, Needed, Only, Place
from bot.domain.search_words import beginnings_of

RARE = 1_000
"""Entries of a beginning up to which its jobs are looked at one by one."""

STRIDE, MOST_STRIDES = 250, 12
"""How many entries are gone through at once, and how often for one page."""

_LAST = chr(0x10FFFF)
"""Comes after every sign that a word can have."""

# As the partial indexes have it, each term for term.
_ONLY: dict[Only | None, str] = {
    None: "",
    Only.FILMS: " and job.kind in ('video', 'extend')",
    Only.PICTURES: " and job.kind in ('imagine', 'action', 'blend', 'region')",
    Only.FAILED: " and job.state in ('failing', 'failed') and job.error_code <> 'cancelled'",
}

_NEEDED: dict[Needed | None, str] = {
    None: "",
    Needed.ANY: " and job.state = 'done'",
    Needed.CONTINUED: f"{_ONLY[Only.FILMS]} and job.parent_job_id is not null and job.parent_slot is not null"
    " and job.state = 'done'",
    Needed.PICTURES: f"{_ONLY[Only.PICTURES]} and job.state = 'done'",
}

_THERE = "job.removed_ms is null"
"""What was removed is on no list; its stars and words went with it."""

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

    async def find(
        self, guild_id: int, query: JobQuery, place: Place, most: int, needed: Needed | None = None
    ) -> Found:
        """Give as many entries of a list as are wanted, from a place on; those alone that are `needed`, if it says."""
        only = _ONLY[query.only] + _NEEDED[needed]
        asked = (guild_id, query.user_id, place.at_ms, place.job_id)
        beginnings = beginnings_of(query.words)
        if query.starred:
            return await self._go_through(_starred(place), only, asked, place, most, beginnings)
        if not beginnings:
            rows = await self._db.fetch(f"{_own(only, place, 'job.*')} limit $5", *asked, most)
        elif (rarest := await self._rarest(guild_id, query.user_id, beginnings)) is not None:
            rows = await self._with_rare_word((*asked, most), place, only, rarest, beginnings)
        else:
            return await self._go_through(_own(only, place), "", asked, place, most, beginnings)
        return Found([_entry(row, place) for row in rows])

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
                where job.id = found.job_id and job.guild_id = $1 and job.user_id = $2 and {_THERE}{only}
                    and {_beyond("job.created_ms", "job.id", place)}{words}
                order by {_order("job.created_ms", "job.id", place)} limit $5""",
            *asked,
            *_ranges([rarest]),
            *values,
        )

    async def _go_through(
        self,
        entries: str,
        only: str,
        asked: tuple[int, int, int, str],
        place: Place,
        most: int,
        beginnings: Sequence[str],
    ) -> Found:
        """Go through a list, given as a statement, until enough of it fits or all that is done for a page is done."""
        found: list[Entry] = []
        words, values = _has_all("near.id", beginnings, 6)
        job = f"cross join job where job.id = near.id and {_THERE}" if only else "where true"
        for _ in range(MOST_STRIDES):
            rows = await self._db.fetch(
                f"""with near as ({entries} limit {STRIDE}),
                    fitting as (select near.id, near.at_ms from near {job}{only}{words}
                        order by {_order("near.at_ms", "near.id", place)} limit $5)
                    select job.*, fitting.at_ms from fitting cross join job where job.id = fitting.id and {_THERE}
                    order by {_order("fitting.at_ms", "fitting.id", place)}""",
                *asked,
                most - len(found),
                *values,
            )
            found += [_entry(row, place) for row in rows]
            if len(found) == most:
                return Found(found)
            last = await self._db.fetch(f"{entries} limit 1 offset {STRIDE - 1}", *asked)
            if not last:
                return Found(found)
            place = Place(last[0]["at_ms"], last[0]["id"], place.newer)
            asked = (*asked[:2], place.at_ms, place.job_id)
        return Found(found, place)


def _own(only: str, place: Place, columns: str = "job.id") -> str:
    return f"""select {columns}, job.created_ms as at_ms from job
        where job.guild_id = $1 and job.user_id = $2 and {_THERE}{only}
        and {_beyond("job.created_ms", "job.id", place)} order by {_order("job.created_ms", "job.id", place)}"""


def _starred(place: Place) -> str:
    at_ms, job_id = "favourite.created_ms", "favourite.job_id"
    return f"""select {job_id} as id, {at_ms} as at_ms from favourite
        where favourite.guild_id = $1 and favourite.user_id = $2 and {_beyond(at_ms, job_id, place)}
        order by {_order(at_ms, job_id, place)}"""


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
