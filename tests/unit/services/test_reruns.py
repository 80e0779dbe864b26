"""The form of an ended job offers what those have who can do all that it takes over."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.domain.credits import PriceList, Prices
from bot.domain.job import ACTIVE_STATES, Job, Kind, State
from bot.domain.params import JobParams, Motion, Resolution
from bot.errors import DatabaseBusy, NoProvider, NoSuchJob, NotOffered
from bot.providers.base import Provider
from bot.services import reruns
from bot.services.extends import Extends
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.reruns import Reruns
from bot.services.validation import RequestValidator
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, DbFixture
from tests.support.requests import requester
from tests.support.scripted_provider import ScriptedProvider

PRICES = PriceList(Prices(2, 6), {"dear": Prices(3, 9)})


def provider(name: str, **changes: Any) -> Provider:
    made = ScriptedProvider(())
    made.name, made.title = name, name.title()
    made.capabilities = replace(made.capabilities, **changes)
    return made


EVERYONE = {
    "ttapi": provider("ttapi", loop=False),
    "dear": provider("dear", motions=(Motion.LOW,), clip_counts=(4,), extend_prompt=True),
}


def service(db: DbFixture, providers: Mapping[str, Provider] = EVERYONE) -> Reruns:
    validator = RequestValidator(providers, PRICES, frozenset())
    unused: Any = None
    return Reruns(
        db.store,
        providers,
        cast(JobService, unused),
        cast(Extends, unused),
        cast(JobResults, unused),
        validator,
        prices=PRICES,
        clock=clock_of(lambda: db.now),
    )


async def offers(db: DbFixture, job: Job) -> list[tuple[int, str, int, int]]:
    form = await service(db).form(requester(), job.id)
    return [(film.clips, str(film.resolution), film.least, film.most) for film in form.films]


async def test_films_are_offered_as_by_all_who_can_make_them(db: DbFixture) -> None:
    job = await db.done()
    assert await offers(db, job) == [
        (4, "sd", 8, 12),
        (2, "sd", 4, 4),
        (1, "sd", 2, 2),
        (4, "hd", 24, 36),
        (2, "hd", 12, 12),
        (1, "hd", 6, 6),
    ]
    assert (await service(db).form(requester(), job.id)).motions == (Motion.LOW, Motion.HIGH)


@pytest.mark.parametrize(
    "params",
    [JobParams("a boat", loop=True), JobParams("a boat", explicit_options=("provider",))],
    ids=["a loop", "a provider"],
)
async def test_what_is_taken_over_leaves_those_who_have_it(db: DbFixture, params: JobParams) -> None:
    job = await db.done(provider="dear", params=params)
    assert await offers(db, job) == [(4, "sd", 12, 12), (4, "hd", 36, 36)]
    assert (await service(db).form(requester(), job.id)).motions == (Motion.LOW,)


async def test_an_extend_stays_with_its_provider_and_resolution(db: DbFixture) -> None:
    params = JobParams("a boat", resolution=Resolution.HD)
    ours, dear = [await db.done(kind=Kind.EXTEND, provider=name, params=params) for name in EVERYONE]
    assert await offers(db, ours) == [(4, "hd", 24, 24), (2, "hd", 12, 12), (1, "hd", 6, 6)]
    assert await offers(db, dear) == [(4, "hd", 36, 36)]
    anew = [(await service(db).form(requester(), job.id)).words_start_anew for job in (ours, dear)]
    # Only the second one's extend takes words.
    assert anew == [True, False]
    with pytest.raises(NoProvider):
        await service(db, {}).form(requester(), ours.id)


@pytest.mark.parametrize("kind", [Kind.DESCRIBE, Kind.SEED])
async def test_what_has_no_words_and_no_options_has_no_form(db: DbFixture, kind: Kind) -> None:
    job = await db.done(kind=kind)
    with pytest.raises(NotOffered):
        await service(db).form(requester(), job.id)


@pytest.mark.parametrize("state", list(ACTIVE_STATES))
async def test_what_has_not_ended_is_not_asked_for_once_more(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    with pytest.raises(NoSuchJob):
        await service(db).form(requester(), job.id)


async def test_a_database_that_does_not_answer_opens_no_form(db: DbFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await db.done(user=MIRA, guild=GUILD)
    monkeypatch.setattr(reruns, "PROMPT_SECONDS", -1)
    with pytest.raises(DatabaseBusy):
        await service(db).form(requester(), job.id)
