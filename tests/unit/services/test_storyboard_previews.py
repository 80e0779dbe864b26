"""Who makes a storyboard: the first that has what all of its lines ask for."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.credits import PriceList, Prices
from bot.domain.params import ImageUpload, JobParams
from bot.domain.server_settings import Rule, Rules
from bot.errors import ForbiddenWords, NoShots, NotMadeHere, ServerOutOfCredits, Unsupported
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities
from bot.providers.ttapi.videos import TTAPI
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.services.requests import JobRequest
from bot.services.storyboard_previews import PricedStoryboard, StoryboardPreviews
from bot.services.storyboards import Storyboards
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, DbFixture
from tests.support.requests import CHANNEL, requester
from tests.support.scripted_provider import ScriptedProvider
from tests.unit.services.conftest import Services

LINES = "a boat\nit spins --motion high"

IMAGE = ImageUpload("https://cdn.example/boat.png", "boat.png", 100)

EXTENDS_WITH_WORDS = replace(TTAPI, extend_prompt=True, extend_motions=())
"""Who can film a line with a motion, and cannot go on with it."""


class Named(ScriptedProvider):
    """Have a name and abilities of its own."""

    def __init__(self, name: str, capabilities: Capabilities) -> None:
        super().__init__(())
        self.name = name
        self.capabilities = capabilities


async def chosen(db: DbFixture, services: Services, *able: Capabilities, typed: str | None = None) -> str:
    """Tell who makes the lines, of providers that can do so much."""
    return (await priced(db, services, *able, typed=typed)).storyboard.provider


async def priced(db: DbFixture, services: Services, *able: Capabilities, typed: str | None = None) -> PricedStoryboard:
    """Preview the lines, with providers that can do so much."""
    providers = {name: Named(name, one) for name, one in zip(("ttapi", "apimart"), able, strict=False)}
    prices, clock = PriceList(Prices(2, 6)), clock_of(lambda: db.now)
    router = ProviderRouter(db.store, providers, PromptModeration(db.store, providers, 3, clock), prices, clock)
    storyboards = Storyboards(
        db.store, providers, services.jobs, services.results, prices=prices, clock=clock, wake=lambda: None
    )
    previews = StoryboardPreviews(db.store, providers, storyboards, services.results, router, clock)
    explicit = ("clips",) if typed is None else ("clips", "provider")
    params = JobParams("", clips=1, image=IMAGE, explicit_options=explicit)
    storyboard_id = await previews.remember(requester(), JobRequest(typed or "ttapi", params))
    return await previews.preview(requester(), storyboard_id, LINES)


async def test_who_cannot_make_all_lines_is_passed_over(db: DbFixture, services: Services) -> None:
    assert await chosen(db, services, TTAPI, APIMART) == "ttapi"
    assert await chosen(db, services, EXTENDS_WITH_WORDS, APIMART) == "apimart"


async def test_who_needs_last_frames_is_passed_over_where_none_can_be_read(db: DbFixture, services: Services) -> None:
    services.transcoder.installed = False
    assert await chosen(db, services, APIMART, replace(TTAPI, extend_prompt=True)) == "apimart"
    with pytest.raises(NoShots):
        await chosen(db, services, APIMART, TTAPI)


async def test_where_nobody_can_make_all_lines_it_is_told_what_is_missing(db: DbFixture, services: Services) -> None:
    with pytest.raises(Unsupported):
        await chosen(db, services, EXTENDS_WITH_WORDS)


async def test_who_was_typed_is_not_passed_over(db: DbFixture, services: Services) -> None:
    with pytest.raises(Unsupported) as refused:
        await chosen(db, services, EXTENDS_WITH_WORDS, APIMART, typed="ttapi")
    assert refused.value.offered_by == (ScriptedProvider.title,)


async def decide(db: DbFixture, **settings: Any) -> None:
    await db.store.guild_settings.change(GUILD, lambda before: replace(before, **settings), db.now)


async def test_what_the_servers_rules_forbid_is_not_even_priced(db: DbFixture, services: Services) -> None:
    await decide(db, rules=Rules(films=Rule((CHANNEL + 1,))))
    with pytest.raises(NotMadeHere):
        await priced(db, services, TTAPI)
    await decide(db, rules=Rules(films=Rule((CHANNEL,)), forbidden_words=("spins",)))
    with pytest.raises(ForbiddenWords):
        await priced(db, services, TTAPI)
    await decide(db, rules=Rules(films=Rule((CHANNEL,))))
    assert (await priced(db, services, TTAPI)).price == 4


async def test_a_member_has_no_more_left_than_the_whole_server(db: DbFixture, services: Services) -> None:
    await decide(db, server_credits=5)
    assert (await priced(db, services, TTAPI)).left == 5
    await decide(db, server_credits=3)
    with pytest.raises(ServerOutOfCredits):
        await priced(db, services, TTAPI)
