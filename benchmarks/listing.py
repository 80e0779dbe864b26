"""How long a page of /jobs list takes for a member with 100,000 jobs: reading, thumbnails, and drawing.

Each is timed for the first page, one in the middle, and what is narrowed down or looked for, in turns, on the bot's own
database and media store in this process; what Discord adds to it is not part of it.
"""

import sqlite3
import tempfile
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks.figures import Figure, at_most
from benchmarks.past import JOBS, PAST, write_past
from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.domain.clock import Clock
from bot.domain.job_lists import JobQuery, Only, Place
from bot.domain.periods import Period
from bot.media import FileStore
from bot.media.store import thumbnail_path
from bot.services.job_lists import JobLists
from bot.ui.attachments import Upload
from bot.ui.job_list import draw_page, thumbnail_name

ROUNDS = 40
LIMIT_MS = 50.0
GUILD, CHANNEL, MEMBER = 1, 5, 11

WORDS = """insert into job_word (guild_id, user_id, word, job_id)
    select $guild, $user, word, id from past, (
        select 'boat' as word, 1 as every, 0 as rest union all select 'paper', 1, 0 union all select 'kite', 7, 0
        union all select 'even', 2, 0 union all select 'odd', 2, 1 union all select 'lighthouse', 2000, 0)
    where n % every = rest"""
"""Two words that all jobs have, one that every seventh has, two that halves have, and one that few have."""

STARS = """insert into favourite (user_id, job_id, guild_id, created_ms)
    select $user, id, $guild, at_ms from past where n % 100 = 0"""

ROWS = (WORDS, STARS)
"""What is found by, as statements; they read `PAST`."""

MINE = JobQuery(MEMBER)
LISTS = {
    "first page": MINE,
    "page in the middle": MINE,
    "none that fits": MINE.narrowed(Only.PICTURES),
    "failed ones": MINE.narrowed(Only.FAILED),
    "a rare word": JobQuery(MEMBER, words="lighth"),
    "common words": JobQuery(MEMBER, words="paper boa kite"),
    "words that never meet": JobQuery(MEMBER, words="even odd"),
    "stars": JobQuery(MEMBER, starred=True),
}


async def measure() -> list[Figure]:
    """Show every list again and again; medians, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, media = folder / "animatic.db", FileStore(folder / "media")
        async with open_sqlite(path) as db:
            await migrate(db)
        middle = _fill(path)
        async with open_sqlite(path) as db:
            lists = JobLists(Store(db, Defaults(24, Period.DAY)), media, Clock())
            places = {what: middle if "middle" in what else None for what in LISTS}
            for what, query in LISTS.items():
                for job in (await lists.page(GUILD, query, places[what])).jobs:
                    await media.keep(thumbnail_path(job.id), _thumbnail())
            taken: dict[str, list[float]] = {what: [] for what in LISTS}
            for _ in range(ROUNDS):
                for what, query in LISTS.items():
                    begun = time.perf_counter()
                    await _show(lists, query, places[what])
                    taken[what].append(1000 * (time.perf_counter() - begun))
    return [at_most(f"list of {JOBS:,} jobs: {what}", median(times), LIMIT_MS, "ms") for what, times in taken.items()]


async def _show(lists: JobLists, query: JobQuery, place: Place | None) -> None:
    """Do all for a page but to send it."""
    page = await lists.page(GUILD, query, place)
    thumbnails = await lists.thumbnails(page.jobs)
    for job_id, data in thumbnails.items():
        Upload(thumbnail_name(job_id), data).file()
    draw_page(page, thumbnails.keys()).to_components()


def _fill(path: Path) -> Place:
    """Give one member all jobs of a long past, and the words and stars that they find them by; tells of the middle."""
    write_past(path, GUILD, CHANNEL, [MEMBER])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create temp table people (place integer primary key, id bigint)")
        connection.execute("insert into people values (0, ?)", (MEMBER,))
        now = {"now": int(time.time() * 1000), "between": 300_000}
        connection.execute(PAST, {"jobs": JOBS, "failing": True, **now})
        for statement in ROWS:
            connection.execute(statement, {"guild": GUILD, "user": MEMBER})
        middle = connection.execute(
            "select created_ms, id from job order by created_ms limit 1 offset ?", (JOBS // 2,)
        ).fetchone()
    return Place(*middle)


def _thumbnail() -> bytes:
    """Make one as large as they are."""
    out = BytesIO()
    Image.effect_noise((160, 90), 60).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()
