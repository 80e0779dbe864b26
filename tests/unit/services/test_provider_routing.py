"""Which provider a job goes to: the server's order, health, price, and what was asked for."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.db.provider_health import PAUSE_AFTER
from bot.db.queue import Ticket
from bot.db.store import Defaults, Store
from bot.domain.credits import PriceList, Prices
from bot.domain.job import Job, Kind, State, new_id
from bot.domain.params import JobParams, Motion, Preferences
from bot.domain.periods import Period
from bot.providers.acedata import ACEDATA
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities
from bot.providers.ttapi.videos import TTAPI
from bot.services import provider_routing as routing
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from tests.support.clock import clock_of
from tests.support.db_fixture import room
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import Gate, Script, ScriptedProvider
from tests.support.sqlite_files import open_migrated

NOW = 1_795_003_200_000
DEAR = "apimart"


class Named(ScriptedProvider):
    """Have a name and capabilities of its own."""

    def __init__(self, name: str, able: Capabilities) -> None:
        super().__init__(())
        self.name, self.title, self.capabilities = name, name.upper(), able


PROVIDERS = {name: Named(name, able) for name, able in (("ttapi", TTAPI), ("acedata", ACEDATA), (DEAR, APIMART))}


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with open_migrated(tmp_path / "animatic.db") as db:
        yield Store(db, Defaults(credits=100, period=Period.DAY))


def router_over(store: Store) -> ProviderRouter:
    prices = PriceList(Prices(2, 6), {DEAR: Prices(3, 6)})
    return ProviderRouter(
        store, PROVIDERS, PromptModeration(store, PROVIDERS, 3, clock_of(lambda: NOW)), prices, clock_of(lambda: NOW)
    )


def new_job(**changes: object) -> Job:
    job = Job(
        id=new_id(NOW),
        request_id=new_id(NOW),
        kind=Kind.VIDEO,
        state=State.RECEIVED,
        guild_id=1,
        channel_id=5,
        user_id=11,
        params=JobParams(prompt="a paper boat"),
        provider="ttapi",
        created_ms=NOW,
    )
    return replace(job, **changes)  # pyright: ignore[reportArgumentType]  # the fields are named by the tests


async def queued(store: Store, **changes: object) -> Job:
    """Bring a job into the line of its provider."""
    received = await store.jobs.receive(new_job(**changes))
    (claimed,) = await store.leases.claim("us", NOW, NOW + 1000, room(1))
    assert claimed.id == received.id
    return await store.jobs.charge(claimed, 8, [], NOW)


async def chosen(store: Store, **changes: object) -> str:
    return (await router_over(store).choose(new_job(**changes))).provider


async def test_the_first_in_the_usual_order_is_chosen(store: Store) -> None:
    assert await chosen(store) == "ttapi"


async def test_a_servers_order_comes_first_and_the_rest_follows(store: Store) -> None:
    await store.guild_settings.rank(1, ["acedata"], NOW)
    assert await chosen(store) == "acedata"
    assert await chosen(store, guild_id=2) == "ttapi"
    high = JobParams(prompt="", motion=Motion.HIGH, explicit_options=("motion",))
    assert await chosen(store, params=high) == "ttapi"


async def test_who_a_member_prefers_comes_before_the_servers_order_and_gives_way(store: Store) -> None:
    await store.guild_settings.rank(1, ["ttapi", DEAR], NOW)
    wish = JobParams(prompt="", preferred=Preferences(provider="acedata", motion=Motion.HIGH))
    assert await chosen(store, params=wish) == "acedata"
    high = replace(wish, motion=Motion.HIGH, explicit_options=("motion",))
    assert await chosen(store, params=high) == "ttapi"
    for _ in range(PAUSE_AFTER):
        await store.provider_health.record_failure("acedata", NOW)
    assert await chosen(store, params=wish) == "ttapi"
    assert await chosen(store, params=replace(wish, preferred=Preferences(provider="gone"))) == "ttapi"


async def test_a_chosen_provider_is_given_what_it_understands(store: Store) -> None:
    await store.guild_settings.rank(1, ["acedata"], NOW)
    job = await router_over(store).choose(new_job())
    assert (job.provider, job.params.motion) == ("acedata", None)


async def test_who_is_paused_ailing_or_avoided_is_passed_over(store: Store) -> None:
    await store.provider_health.pause("ttapi", NOW + 1)
    assert await chosen(store) == "acedata"
    await store.provider_health.block_account("acedata", "auth", NOW + 1)
    assert await chosen(store) == DEAR
    for _ in range(PAUSE_AFTER):
        await store.provider_health.record_failure(DEAR, NOW)
    # Nobody is well: the first that can do it, then, will have to wait.
    assert await chosen(store) == "ttapi"


async def test_trouble_is_over_after_its_time_or_when_a_job_is_accepted(store: Store) -> None:
    await store.provider_health.block_account("ttapi", "insufficient_balance", NOW)
    assert await chosen(store) == "ttapi"
    await store.provider_health.block_account("ttapi", "insufficient_balance", NOW + 1)
    await store.provider_health.record_success("ttapi")
    assert await chosen(store) == "acedata"
    await store.provider_health.record_success("ttapi", accepted=True)
    assert await chosen(store) == "ttapi"


async def test_a_provider_that_was_typed_stays(store: Store) -> None:
    await store.provider_health.pause("ttapi", NOW + 1)
    typed = JobParams(prompt="", explicit_options=("provider",))
    assert await chosen(store, params=typed) == "ttapi"
    assert await router_over(store).find_alternative(new_job(params=typed, cost=8)) is None


async def test_an_extend_stays_with_its_parent(store: Store) -> None:
    await store.provider_health.pause("ttapi", NOW + 1)
    assert await chosen(store, kind=Kind.EXTEND) == "ttapi"
    assert await router_over(store).find_alternative(new_job(kind=Kind.EXTEND, cost=8)) is None


async def test_a_job_moves_only_to_whom_it_costs_the_same(store: Store) -> None:
    router = router_over(store)
    moved = await router.find_alternative(new_job(cost=8))
    assert moved is not None
    assert (moved.provider, moved.params.motion) == ("acedata", None)
    await store.provider_health.pause("acedata", NOW + 1)
    assert await router.find_alternative(new_job(cost=8)) is None


async def test_what_waits_for_a_paused_provider_moves_and_what_it_has_stays(store: Store) -> None:
    first = await queued(store)
    (submitting,) = await store.queue.admit(
        "ttapi",
        [Ticket(first.id, "token", "hash")],
        running=9,
        per_user=9,
        lease="us",
        now_ms=NOW,
        lease_until_ms=NOW + 1000,
        deadline_ms=NOW + 1000,
    )
    second = await queued(store)
    third = await queued(store, params=JobParams(prompt="", motion=Motion.HIGH, explicit_options=("motion",)))
    await store.provider_health.pause("ttapi", NOW + 1)
    assert await router_over(store).drain("ttapi") == 1
    found = {job.id: await store.jobs.get(job.id) for job in (submitting, second, third)}
    assert {job_id: job.provider for job_id, job in found.items() if job} == {
        submitting.id: "ttapi",
        second.id: "acedata",
        third.id: "ttapi",
    }
    moved = found[second.id]
    assert moved is not None
    assert (moved.cost, moved.params.motion, moved.state) == (8, None, State.QUEUED)


async def test_a_job_that_was_submitted_meanwhile_does_not_move(store: Store) -> None:
    job = await queued(store)
    await store.queue.admit(
        "ttapi",
        [Ticket(job.id, "token", "hash")],
        running=9,
        per_user=9,
        lease="us",
        now_ms=NOW,
        lease_until_ms=NOW + 1000,
        deadline_ms=NOW + 1000,
    )
    assert not await store.queue.move(job, "acedata", job.params)


async def test_after_its_pause_an_ailing_provider_is_tried_with_one_job(store: Store) -> None:
    for _ in range(PAUSE_AFTER):
        await store.provider_health.record_failure("ttapi", NOW)
    assert await chosen(store) == "acedata"
    later = (await store.provider_health.get("ttapi")).paused_until_ms
    words = PromptModeration(store, PROVIDERS, 3, clock_of(lambda: later))
    router = ProviderRouter(store, PROVIDERS, words, PriceList(), clock_of(lambda: later))
    assert (await router.choose(new_job())).provider == "ttapi"
    # One waits for it: the others go elsewhere until that one is answered.
    trial = await queued(store)
    assert (await router.choose(new_job())).provider == "acedata"
    await store.queue.admit(
        "ttapi",
        [Ticket(trial.id, "token", "hash")],
        running=9,
        per_user=9,
        lease="us",
        now_ms=NOW,
        lease_until_ms=NOW + 1000,
        deadline_ms=NOW + 1000,
    )
    assert (await router.choose(new_job())).provider == "acedata"
    await store.jobs.mark_running("token", "remote 1", NOW)
    await store.provider_health.record_success("ttapi", accepted=True)
    assert (await router.choose(new_job())).provider == "ttapi"


def checking_router(store: Store, images: ScriptedImageProvider) -> ProviderRouter:
    """Make a router between one provider and another that checks prompts."""
    checking = Named("acedata", ACEDATA)
    checking.images = images
    providers = {"ttapi": PROVIDERS["ttapi"], "acedata": checking}
    return ProviderRouter(
        store,
        providers,
        PromptModeration(store, providers, 3, clock_of(lambda: NOW)),
        PriceList(),
        clock_of(lambda: NOW),
    )


async def test_a_job_is_not_moved_to_whom_its_words_are_forbidden(store: Store) -> None:
    images = ScriptedImageProvider()
    images.checks = Script(("sexy",))
    router = checking_router(store, images)
    assert await router.find_alternative(new_job(cost=8)) is None
    assert images.checked == ["a paper boat"]
    # Nobody asked for it there, so it is no strike.
    assert await store.strikes.count(11, "2026-11-18") == 0
    images.checks = Script(())
    moved = await router.find_alternative(new_job(cost=8))
    assert moved is not None
    assert moved.provider == "acedata"


async def test_a_waiting_job_whose_words_are_forbidden_elsewhere_is_asked_about_once(store: Store) -> None:
    images = ScriptedImageProvider()
    images.checks = Script[tuple[str, ...]](("sexy",), (), ("sexy",), AssertionError("it was asked again"))
    waiting = [await queued(store) for _ in range(3)]
    await store.provider_health.pause("ttapi", NOW + 1)
    assert [await checking_router(store, images).drain("ttapi") for _ in range(4)] == [1, 0, 0, 0]
    found = [await store.jobs.get(job.id) for job in waiting]
    assert sorted((job.provider, job.excluded_providers) for job in found if job) == [
        ("acedata", ()),
        ("ttapi", ("acedata",)),
        ("ttapi", ("acedata",)),
    ]
    assert len(images.checked) == 3


async def test_a_refused_job_is_not_asked_about_again_where_its_words_are_forbidden(store: Store) -> None:
    images = ScriptedImageProvider()
    images.checks = Script(("sexy",))
    router, job = checking_router(store, images), await queued(store)
    for _ in range(2):
        assert await router.find_alternative(job) is None
        again = await store.jobs.get(job.id)
        assert again is not None
        job = again
    assert len(images.checked) == 1


async def test_a_check_that_takes_too_long_forbids_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "CHECK_SECONDS", 0.01)
    images = ScriptedImageProvider()
    images.checks = Script(Gate(("sexy",)))
    await queued(store)
    await store.provider_health.pause("ttapi", NOW + 1)
    async with asyncio.timeout(10):
        assert await checking_router(store, images).drain("ttapi") == 1
