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
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import NOON, Bench

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
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


@pytest.fixture
def listing(bench: Bench) -> Listing:
    provider = Listing()
    provider.images = bench.maker
    bench.providers["ttapi"] = provider
    return provider


async def lost(bench: Bench, kind: Kind = Kind.IMAGINE, hint: str | None = None, *, translate: bool = False) -> Job:
    """Bring a job to where its answer was lost."""
    job = await bench.ask_for(kind, JobParams("a red kite --ar 16:9", translate=translate))
    [claimed] = await bench.store.leases.claim("one", NOON, NOON + 1000, 9)
    await bench.store.jobs.charge(claimed, 1, (), NOON)
    ticket = Ticket(job.id, f"token {job.id}", hashlib.sha256(SECRET.encode()).hexdigest())
    [submitting] = await bench.store.queue.admit(
        "ttapi", [ticket], running=9, per_user=9, lease="one", now_ms=NOON, lease_until_ms=NOON, deadline_ms=NOON
    )
    if hint is not None:
        await bench.store.jobs.wake(job.id, NOON, hint)
    return await bench.get(submitting)


def shown(bench: Bench, state: RemoteState, echo: str | None) -> None:
    bench.maker.polls = Script(ImageSnapshot(state, echo=echo))


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
    bench: Bench, listing: Listing, kind: Kind, translate: bool, searched: str
) -> None:
    assert await bench.recovery().find_at_provider(await lost(bench, kind, translate=translate)) is False
    assert listing.searches == [searched]


async def test_a_job_that_is_listed_is_taken_up(bench: Bench, listing: Listing) -> None:
    job = await lost(bench)
    listing.listed = "picture 7"
    assert await bench.recovery().find_at_provider(job) is True
    found = await bench.get(job)
    assert (found.state, found.remote_id) == (State.RUNNING, "picture 7")


@pytest.mark.parametrize("state", [RemoteState.RUNNING, RemoteState.SUCCEEDED, RemoteState.FAILED])
async def test_a_callback_that_names_a_job_with_our_address_is_believed(
    bench: Bench, listing: Listing, state: RemoteState
) -> None:
    job = await lost(bench, hint="picture 7")
    shown(bench, state, CALLBACK)
    assert await bench.recovery().find_at_provider(job) is True
    assert (await bench.get(job)).remote_id == "picture 7"


async def test_a_job_that_waits_and_does_not_show_whose_it_is_is_asked_about_again(
    bench: Bench, listing: Listing
) -> None:
    job = await lost(bench, hint="picture 7")
    shown(bench, RemoteState.WAITING, None)
    assert await bench.recovery().find_at_provider(job) is None
    assert (await bench.get(job)).state is State.SUBMITTING
    shown(bench, RemoteState.RUNNING, CALLBACK)
    assert await bench.recovery().find_at_provider(job) is True


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
    bench: Bench, listing: Listing, state: RemoteState, echo: str | None
) -> None:
    job = await lost(bench, hint="picture 7")
    shown(bench, state, echo)
    assert await bench.recovery().find_at_provider(job) is False
    assert (await bench.get(job)).state is State.SUBMITTING


async def test_an_admin_may_not_adopt_a_job_that_waits_without_showing_whose_it_is(
    bench: Bench, listing: Listing
) -> None:
    job = await lost(bench)
    await bench.store.leases.release("one", NOON)
    shown(bench, RemoteState.WAITING, None)
    with pytest.raises(NotAdoptable):
        await bench.recovery().adopt(1, job.id, "picture 7")
    shown(bench, RemoteState.RUNNING, CALLBACK)
    assert (await bench.recovery().adopt(1, job.id, "picture 7")).id == job.id
    assert (await bench.get(job)).remote_id == "picture 7"


async def test_a_provider_without_a_list_finds_nothing_and_is_not_asked(bench: Bench) -> None:
    assert await bench.recovery().find_at_provider(await lost(bench)) is False
