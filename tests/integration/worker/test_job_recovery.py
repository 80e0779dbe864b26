"""Picture jobs whose submit was never answered are looked for as films are, as far as the provider can tell."""

import hashlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.db.queue import Ticket
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.errors import NotAdoptable
from bot.providers.capabilities import Capabilities
from bot.providers.images import ImageSnapshot
from bot.providers.types import CallbackMatcher, RemoteState
from tests.support.db_fixture import room
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import NOON, WorkerHarness

SECRET = "our-secret"
CALLBACK = f"https://bot.example/callback/{SECRET}"
OTHER = "https://bot.example/callback/another"


class Listing(ScriptedProvider):
    """List jobs, and repeat callbacks."""

    capabilities: Capabilities = replace(ScriptedProvider.capabilities, can_list_jobs=True, echoes_callback=True)

    def __init__(self) -> None:
        super().__init__(())
        self.searches: list[str] = []
        self.listed: str | None = None

    async def find(self, prompt: str, is_ours: CallbackMatcher) -> str | None:
        self.searches.append(prompt)
        return self.listed if is_ours(CALLBACK) and not is_ours(OTHER) else None


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


@pytest.fixture
def listing(harness: WorkerHarness) -> Listing:
    provider = Listing()
    provider.images = harness.image_provider
    harness.providers["ttapi"] = provider
    return provider


async def lost(
    harness: WorkerHarness, kind: Kind = Kind.IMAGINE, hint: str | None = None, *, translate: bool = False
) -> Job:
    """Bring a job to where its answer was lost."""
    job = await harness.request(kind, JobParams("a red kite --ar 16:9", translate=translate))
    [claimed] = await harness.store.leases.claim("one", NOON, NOON + 1000, room(9))
    await harness.store.jobs.charge(claimed, 1, (), NOON)
    ticket = Ticket(job.id, f"token {job.id}", hashlib.sha256(SECRET.encode()).hexdigest())
    [submitting] = await harness.store.queue.admit(
        "ttapi", [ticket], running=9, per_user=9, lease="one", now_ms=NOON, lease_until_ms=NOON, deadline_ms=NOON
    )
    if hint is not None:
        await harness.store.jobs.wake(job.id, NOON, hint)
    return await harness.get(submitting)


def shown(harness: WorkerHarness, state: RemoteState, echo: str | None) -> None:
    harness.image_provider.polls = Script(ImageSnapshot(state, echo=echo))


@pytest.mark.parametrize(
    ("kind", "translate", "searched"),
    [
        (Kind.IMAGINE, False, "a red kite"),
        (Kind.IMAGINE, True, ""),
        *((kind, False, "") for kind in (Kind.ACTION, Kind.BLEND, Kind.DESCRIBE, Kind.REGION, Kind.SEED, Kind.EXTEND)),
        (Kind.VIDEO, False, "a red kite --ar 16:9"),
    ],
)
async def test_the_list_is_searched_by_what_it_shows_of_a_prompt(
    harness: WorkerHarness, listing: Listing, kind: Kind, translate: bool, searched: str
) -> None:
    assert await harness.recovery().find_at_provider(await lost(harness, kind, translate=translate)) is False
    assert listing.searches == [searched]


async def test_a_job_that_is_listed_is_taken_up(harness: WorkerHarness, listing: Listing) -> None:
    job = await lost(harness)
    listing.listed = "picture 7"
    assert await harness.recovery().find_at_provider(job) is True
    found = await harness.get(job)
    assert (found.state, found.remote_id) == (State.RUNNING, "picture 7")


@pytest.mark.parametrize("state", [RemoteState.RUNNING, RemoteState.SUCCEEDED, RemoteState.FAILED])
async def test_a_callback_that_names_a_job_with_our_address_is_believed(
    harness: WorkerHarness, listing: Listing, state: RemoteState
) -> None:
    job = await lost(harness, hint="picture 7")
    shown(harness, state, CALLBACK)
    assert await harness.recovery().find_at_provider(job) is True
    assert (await harness.get(job)).remote_id == "picture 7"


async def test_a_job_that_waits_and_does_not_show_whose_it_is_is_asked_about_again(
    harness: WorkerHarness, listing: Listing
) -> None:
    job = await lost(harness, hint="picture 7")
    shown(harness, RemoteState.WAITING, None)
    assert await harness.recovery().find_at_provider(job) is None
    assert (await harness.get(job)).state is State.SUBMITTING
    shown(harness, RemoteState.RUNNING, CALLBACK)
    assert await harness.recovery().find_at_provider(job) is True


@pytest.mark.parametrize(
    ("state", "echo"),
    [
        (RemoteState.RUNNING, None),
        (RemoteState.SUCCEEDED, None),
        (RemoteState.WAITING, OTHER),
        (RemoteState.RUNNING, OTHER),
    ],
)
async def test_a_callback_that_names_somebody_elses_job_is_not_believed(
    harness: WorkerHarness, listing: Listing, state: RemoteState, echo: str | None
) -> None:
    job = await lost(harness, hint="picture 7")
    shown(harness, state, echo)
    assert await harness.recovery().find_at_provider(job) is False
    assert (await harness.get(job)).state is State.SUBMITTING


async def test_an_admin_may_not_adopt_a_job_that_waits_without_showing_whose_it_is(
    harness: WorkerHarness, listing: Listing
) -> None:
    job = await lost(harness)
    await harness.store.leases.release("one", NOON)
    shown(harness, RemoteState.WAITING, None)
    with pytest.raises(NotAdoptable):
        await harness.recovery().adopt(1, job.id, "picture 7")
    shown(harness, RemoteState.RUNNING, CALLBACK)
    assert (await harness.recovery().adopt(1, job.id, "picture 7")).id == job.id
    assert (await harness.get(job)).remote_id == "picture 7"


async def test_a_provider_without_a_list_finds_nothing_and_is_not_asked(harness: WorkerHarness) -> None:
    assert await harness.recovery().find_at_provider(await lost(harness)) is False
