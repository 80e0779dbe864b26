"""/setup's use case: each area is changed whole, nothing wrong is kept, and no admin overwrites another unseen."""

import asyncio
import json
from typing import Any

import pytest

from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.domain.periods import Period
from bot.domain.server_settings import Area, Rule, Rules, ServerSettings
from bot.errors import BadSetup, ChangedMeanwhile, NotReadInTime, SetupProblem
from bot.services import server_setup
from bot.services.server_setup import ServerSetup
from bot.services.setup_edits import SetupForm
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, DbFixture
from tests.support.scripted_provider import ScriptedProvider


@pytest.fixture
def setup(db: DbFixture) -> ServerSetup:
    providers = {"ttapi": ScriptedProvider(()), "acedata": ScriptedProvider(())}
    clock = clock_of(lambda: db.now)
    return ServerSetup(db.store, providers, clock, credits=24, period=Period.DAY, server_credits=0)


def form(area: Area, seen: ServerSettings, **values: str | tuple[str, ...]) -> SetupForm:
    held = {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
    return SetupForm(area, seen.fingerprint(area), held)


async def sent(setup: ServerSetup, area: Area, **values: str | tuple[str, ...]) -> ServerSettings:
    return await setup.change(GUILD, form(area, await setup.get(GUILD), **values), MIRA)


async def told(db: DbFixture) -> list[dict[str, Any]]:
    rows = await db.database.fetch("select data from log_event where kind = 'settings' order by id")
    return [json.loads(row["data"]) for row in rows]


async def test_each_area_changes_its_own_and_leaves_the_others(setup: ServerSetup) -> None:
    await sent(setup, Area.PICTURES, channels=("7", "8", "7"), roles=("9",))
    await sent(setup, Area.FILMS, channels="5")
    await sent(setup, Area.WORDS, words="Blood\nblue  whale, blood")
    await sent(setup, Area.LOOK, spoiler="always", locale="vi")
    await sent(setup, Area.DEFAULTS, motion="high", resolution="hd", clips="2", speed="relax", translate="no")
    await sent(setup, Area.CHANNELS, mod_log="11", showcase="12")
    await sent(setup, Area.CREDITS, credits="40", period="week", server_credits="0")
    await sent(setup, Area.PROVIDERS, place1="acedata", place2="acedata", place3="ttapi")
    assert await setup.get(GUILD) == ServerSettings(
        Rules(Rule((7, 8), (9,)), Rule((5,)), ("blood", "blue whale")),
        True,
        Preferences(Motion.HIGH, Resolution.HD, 2, Speed.RELAX, translate=False),
        "vi",
        11,
        12,
        40,
        Period.WEEK,
        0,
        ("acedata", "ttapi"),
    )
    for area in Area:
        await sent(setup, area)
    assert await setup.get(GUILD) == ServerSettings()


async def test_each_change_is_told_to_the_moderators_with_who_made_it(db: DbFixture, setup: ServerSetup) -> None:
    await sent(setup, Area.CREDITS, credits="40", server_credits="900")
    for channels, roles in ((("5", "6"), ("9",)), ((), ()), ((), ())):
        db.now += 1
        await sent(setup, Area.FILMS, channels=channels, roles=roles)
    assert await told(db) == [
        {"by": MIRA, "changes": [["default_credits", "40"], ["server_credits", "900"]]},
        {"by": MIRA, "changes": [["films_channels", "<#5> <#6>"], ["films_roles", "<@&9>"]]},
        {"by": MIRA, "changes": [["films_channels", None], ["films_roles", None]]},
    ]


@pytest.mark.parametrize(
    ("area", "values", "problem"),
    [
        (Area.WORDS, {"words": "\n".join(f"w{number}" for number in range(5_000))}, SetupProblem.TOO_MANY_WORDS),
        (Area.WORDS, {"words": "\n".join(f"word {number:050}" for number in range(100))}, SetupProblem.TOO_MUCH_TEXT),
        (Area.WORDS, {"words": "x" * 61}, SetupProblem.WORD_TOO_LONG),
        (Area.WORDS, {"words": "blood, !?"}, SetupProblem.NO_WORD),
        (Area.CREDITS, {"credits": "-1"}, SetupProblem.NOT_A_NUMBER),
        (Area.CREDITS, {"credits": "1e9"}, SetupProblem.NOT_A_NUMBER),
        (Area.CREDITS, {"server_credits": "\u0661\u0662"}, SetupProblem.NOT_A_NUMBER),
        (Area.CREDITS, {"server_credits": "1000001"}, SetupProblem.TOO_LARGE),
        (Area.CREDITS, {"credits": "9" * 10_000}, SetupProblem.TOO_LARGE),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    db: DbFixture, setup: ServerSetup, area: Area, values: dict[str, str], problem: SetupProblem
) -> None:
    await sent(setup, Area.CREDITS, credits="7")
    before = await db.everything()
    with pytest.raises(BadSetup) as refused:
        await sent(setup, area, **values)
    assert refused.value.problem is problem
    assert await db.everything() == before


async def test_what_no_menu_offers_counts_as_not_chosen(setup: ServerSetup) -> None:
    await sent(setup, Area.DEFAULTS, motion="wild", resolution="8k", clips="3", speed="warp", translate="maybe")
    await sent(setup, Area.LOOK, spoiler="never", locale="tlh")
    await sent(setup, Area.CREDITS, period="hour")
    await sent(setup, Area.PROVIDERS, place1="nobody")
    await sent(setup, Area.PICTURES, channels=("1; drop table guild", "²", "-3"))
    assert await setup.get(GUILD) == ServerSettings()


async def test_two_admins_with_the_same_form_the_second_is_told_of_the_first(db: DbFixture, setup: ServerSetup) -> None:
    opened = await setup.get(GUILD)
    changes = [form(Area.WORDS, opened, words=word) for word in ("blood", "gore")]
    results = await asyncio.gather(*(setup.change(GUILD, one, MIRA) for one in changes), return_exceptions=True)
    assert [type(one) for one in results].count(ChangedMeanwhile) == 1
    assert len((await setup.get(GUILD)).rules.forbidden_words) == 1
    assert len(await told(db)) == 1


async def test_two_admins_with_forms_of_two_areas_both_count(setup: ServerSetup) -> None:
    opened = await setup.get(GUILD)
    await asyncio.gather(
        setup.change(GUILD, form(Area.PICTURES, opened, channels="5"), MIRA),
        setup.change(GUILD, form(Area.FILMS, opened, channels="6"), MIRA),
    )
    assert (await setup.get(GUILD)).rules == Rules(Rule((5,)), Rule((6,)))


async def test_the_same_form_sent_twice_is_one_change(db: DbFixture, setup: ServerSetup) -> None:
    same = form(Area.WORDS, await setup.get(GUILD), words="blood")
    assert await setup.change(GUILD, same, MIRA) == await setup.change(GUILD, same, MIRA)
    assert len(await told(db)) == 1


async def test_a_form_does_not_wait_for_a_database_that_does_not_answer(
    db: DbFixture, setup: ServerSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(_: int) -> ServerSettings:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr(server_setup, "FORM_SECONDS", 0.01)
    monkeypatch.setattr(db.store.guild_settings, "get", stuck)
    with pytest.raises(NotReadInTime):
        await setup.get_in_time(GUILD)
