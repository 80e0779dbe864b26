"""What a film costs the database: over a network each statement is a round trip.

The rounds in which there was nothing to do are left out, for how many there are is a matter of time; each is one
statement. Cards are counted where they are drawn (`tests/unit/publisher/test_card_cost.py`).
"""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.member_settings import Preset
from bot.domain.params import JobParams, Motion, Preferences, Resolution
from bot.domain.pings import WAITED_MS
from bot.domain.prompts import with_words
from bot.providers.types import RemoteState, Snapshot
from bot.services.favourites import Favourites
from bot.services.member_settings import MemberSettingsService
from tests.support.counted_database import Statements
from tests.support.requests import requester
from tests.support.scripted_provider import Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness

pytestmark = pytest.mark.slow  # rounds of a usual worker are waited for

POLLS = 4

MOST_STATEMENTS = 60
MOST_TRANSACTIONS = 20
"""Of a film alone, with polls five seconds apart: those of several share claims, answers and what is settled."""

LOOK = "select 'due' as what"


MOST_EXTRAS = 6
"""What a ping, a star, a preset and settings add, the begin of their transactions among it."""


async def make_film(harness: WorkerHarness, params: JobParams, *, late: bool = False) -> Job:
    """Bring a film from its request to its end; one that is `late` waits for a worker for more than 30 seconds."""
    making = [Snapshot(RemoteState.RUNNING, percent) for percent in (20, 40, 60)]
    harness.provider.polls = Script(*making, Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1", "40"))
    job = await harness.request(Kind.VIDEO, params)
    harness.advance(WAITED_MS + 1 if late else 0)
    async with harness.working():
        await harness.until_state(job, State.RUNNING)
        for snapshot in making:
            await harness.advance_until_due(job)
            percent = snapshot.progress
            await harness.until(job, lambda found, shown=percent: found.progress == shown and found.lease is None)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while late and not harness.publisher.pings:  # noqa: ASYNC110  # nobody tells when a ping was sent
                await asyncio.sleep(0.005)
    return job


def without_looks(statements: Statements) -> dict[str, int]:
    """Leave out the rounds, and that the test itself reads the row again and again."""
    own = {text: number for text, number in statements.by_text.items() if not text.startswith(LOOK)}
    own.pop("select * from job where id = $1", None)
    return own


async def test_a_film_with_four_polls_costs_no_more_statements_than_it_may(tmp_path: Path) -> None:
    statements = Statements()
    async with WorkerHarness.open(tmp_path, statements) as harness:
        statements.by_text.clear()
        await make_film(harness, JobParams("a paper boat", clips=4, image=harness.image))
    own = without_looks(statements)
    assert sum(own.values()) <= MOST_STATEMENTS, own
    assert statements.transactions <= MOST_TRANSACTIONS, own


async def test_a_ping_a_star_a_preset_and_settings_add_no_more_than_they_may(tmp_path: Path) -> None:
    plain, with_all = Statements(), Statements()
    for folder in ("plain", "with all"):
        (tmp_path / folder).mkdir()
    async with WorkerHarness.open(tmp_path / "plain", plain) as harness:
        plain.by_text.clear()
        await make_film(harness, JobParams("a paper boat at sea", clips=4, image=harness.image))
    async with WorkerHarness.open(tmp_path / "with all", with_all) as harness:
        member = requester()
        await harness.store.member_settings.change(1, member.user_id, {"motion": "high"})
        preset = Preset("sea", "at sea", Preferences(resolution=Resolution.HD))
        await harness.store.presets.save(1, member.user_id, preset, 1, harness.clock.now)
        with_all.by_text.clear()
        preferred = await MemberSettingsService(harness.store, harness.providers).preferred(member, "sea")
        assert (preferred.words, preferred.options.motion) == ("at sea", Motion.HIGH)
        words = with_words("a paper boat", preferred.words)
        params = JobParams(words, clips=4, image=harness.image, preferred=preferred.options)
        job = await make_film(harness, params, late=True)
        assert await Favourites(harness.store, harness.clock).star(job, member.user_id)
    added = Counter(without_looks(with_all))
    added.subtract(without_looks(plain))
    assert 0 < sum(added.values()) <= MOST_EXTRAS, +added
