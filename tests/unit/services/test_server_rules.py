"""A server's own rules: where, by whom and with which words something may be made, before anything is spent."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.params import JobParams, Motion, Preferences, Resolution, Speed
from bot.domain.server_settings import Rule, Rules, ServerSettings
from bot.errors import ForbiddenWords, NotForRoles, NotMadeHere, ServerOutOfCredits, SpoilerAlways
from bot.services.requests import JobRequest
from bot.services.spoilers import Spoilers
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, PAINTERS, DbFixture
from tests.support.requests import CHANNEL, deferred_reply, requester
from tests.unit.services.conftest import Services

PICTURES = JobParams("a kite", motion=None)
FILM = JobParams("a boat")
ELSEWHERE, THREAD = 6, 60


async def decide(db: DbFixture, **settings: Any) -> None:
    await db.store.guild_settings.change(GUILD, lambda before: replace(before, **settings), db.now)


async def prepared(db: DbFixture, services: Services, kind: Kind, params: JobParams | None = None, **asked: Any) -> Job:
    request = JobRequest("ttapi", params or (FILM if kind is Kind.VIDEO else PICTURES), kind)
    job = await services.jobs.create_video(requester(**asked), request, deferred_reply())
    return await services.jobs.prepare_and_charge(await db.claim(job))


async def refused(db: DbFixture, services: Services, error: type[Exception], kind: Kind, **asked: Any) -> Any:
    with pytest.raises(error) as caught:
        await prepared(db, services, kind, **asked)
    assert await db.used(MIRA) == 0
    return caught.value


async def test_films_and_pictures_have_channels_of_their_own(db: DbFixture, services: Services) -> None:
    await decide(db, rules=Rules(pictures=Rule((ELSEWHERE,)), films=Rule((CHANNEL,))))
    error = await refused(db, services, NotMadeHere, Kind.IMAGINE)
    assert (error.films, error.channels) == (False, (ELSEWHERE,))
    assert (await prepared(db, services, Kind.VIDEO, request_id="another")).charged


async def test_the_threads_of_a_channel_are_that_channel(db: DbFixture, services: Services) -> None:
    await decide(db, rules=Rules(films=Rule((ELSEWHERE,))))
    assert (await prepared(db, services, Kind.VIDEO, channel_id=THREAD, parent_channel_id=ELSEWHERE)).charged
    with pytest.raises(NotMadeHere):
        await prepared(db, services, Kind.VIDEO, channel_id=THREAD, parent_channel_id=7, request_id="another")


async def test_roles_say_who_may(db: DbFixture, services: Services) -> None:
    await decide(db, rules=Rules(pictures=Rule(roles=(PAINTERS,))))
    assert (await refused(db, services, NotForRoles, Kind.IMAGINE)).roles == (PAINTERS,)
    assert (await prepared(db, services, Kind.IMAGINE, roles=(PAINTERS,), request_id="another")).charged


async def test_forbidden_words_cost_nothing_and_nobody_is_asked_about_them(db: DbFixture, services: Services) -> None:
    await decide(db, rules=Rules(forbidden_words=("blood", "kite")))
    words = JobParams("a KITE of bl\u043e\u03bfd", motion=None)
    assert (await refused(db, services, ForbiddenWords, Kind.IMAGINE, params=words)).words == ("blood", "kite")
    assert (await prepared(db, services, Kind.IMAGINE, JobParams("a boat", motion=None), request_id="2")).charged


async def test_another_servers_rules_do_not_count(db: DbFixture, services: Services) -> None:
    rules = Rules(Rule((ELSEWHERE,)), Rule((ELSEWHERE,)), ("boat",))
    await db.store.guild_settings.change(GUILD + 1, lambda _: ServerSettings(rules=rules), db.now)
    assert (await prepared(db, services, Kind.VIDEO)).charged


async def test_a_servers_limit_refuses_the_charge(db: DbFixture, services: Services) -> None:
    await decide(db, server_credits=7)
    assert (await refused(db, services, ServerOutOfCredits, Kind.VIDEO)).left == 7


@pytest.mark.parametrize("typed", [(), ("spoiler",)])
async def test_a_server_that_always_hides_does_so_whatever_was_typed(
    db: DbFixture, services: Services, typed: tuple[str, ...]
) -> None:
    await decide(db, spoiler=True)
    assert (await prepared(db, services, Kind.VIDEO, replace(FILM, explicit_options=typed))).spoiler == 1
    assert (await db.queued(guild=GUILD + 1)).spoiler == 0


async def test_nobody_opens_what_the_server_hides(db: DbFixture) -> None:
    job = await db.done()
    await decide(db, spoiler=True)
    spoilers = Spoilers(db.store, clock_of(lambda: db.now), lambda: None)
    with pytest.raises(SpoilerAlways):
        await spoilers.set(requester(), job.id, hidden=False, moderates=True)
    await spoilers.set(requester(), job.id, hidden=True, moderates=True)
    assert (await db.get(job.id)).spoiler == 1


async def test_a_servers_defaults_come_behind_what_a_member_chose(db: DbFixture) -> None:
    await decide(db, defaults=Preferences(Motion.HIGH, Resolution.HD, 2, Speed.RELAX, translate=False))
    await db.store.member_settings.change(GUILD, MIRA, {"clips": 1, "resolution": "sd"})
    settings, _ = await db.store.member_settings.with_preset(GUILD, MIRA, None)
    assert settings.options == Preferences(
        Motion.HIGH, Resolution.SD, 1, Speed.RELAX, translate=False, from_server=("motion", "speed", "translate")
    )
    assert (await db.store.member_settings.get(GUILD, MIRA)).options == Preferences(resolution=Resolution.SD, clips=1)
    under = settings.options.under(Preferences(speed=Speed.TURBO), words=False)
    assert (under.from_server, under.from_preset) == (("motion", "translate"), ("speed",))
