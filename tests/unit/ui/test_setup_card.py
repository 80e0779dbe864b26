"""The card and the forms of /setup, filled to the brim: they stay within what Discord takes."""

import discord
import pytest

from bot.domain.forbidden_words import MOST_CHARACTERS
from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.domain.periods import Period
from bot.domain.server_settings import MOST_CHOSEN, Area, Rule, Rules, ServerSettings
from bot.services.server_setup import Usual
from bot.ui.setup_card import draw_setup
from bot.ui.setup_forms import draw_setup_form
from sandbox.discord.components import MAX_COMPONENTS, MAX_TEXT
from sandbox.discord.modal_rules import check_modal

IDS = tuple(range(10**18, 10**18 + MOST_CHOSEN))
FULL = ServerSettings(
    Rules(Rule(IDS, IDS), Rule(IDS, IDS), tuple("*" * 39 for _ in range(MOST_CHARACTERS // 40))),
    spoiler=True,
    defaults=Preferences(Motion.HIGH, Resolution.HD, 4, Speed.TURBO, translate=False),
    locale="zh-CN",
    mod_log_channel_id=IDS[0],
    showcase_channel_id=IDS[1],
    credits=1_000_000,
    period=Period.NEVER,
    server_credits=1_000_000,
    providers=("ttapi", "acedata", "apimart", "cometapi"),
)
USUAL = Usual(24, Period.DAY, 500, {name: name.upper() for name in FULL.providers})


@pytest.mark.parametrize("gone", [(), IDS], ids=["all there", "all gone"])
def test_a_server_that_decided_everything_fits_on_its_card(gone: tuple[int, ...]) -> None:
    card = draw_setup(FULL, USUAL, gone)
    assert card.total_children_count <= MAX_COMPONENTS
    assert card.content_length() <= MAX_TEXT
    assert "All together may spend 500 credits in each period; whoever runs me allows no more" in str(
        card.to_components()
    )


@pytest.mark.parametrize("area", Area)
def test_each_form_fits_and_is_read_back(area: Area) -> None:
    assert check_modal(draw_setup_form(area, FULL, USUAL, IDS).to_dict()) == {}
    form = draw_setup_form(area, FULL, USUAL).to_dict()
    assert check_modal(form) == {}
    assert form["custom_id"] == f"setup:{area}:{FULL.fingerprint(area)}"


def test_a_rule_names_channels_of_each_kind_that_a_menu_may_name() -> None:
    form = draw_setup_form(Area.FILMS, FULL, USUAL).to_dict()
    [channels] = [part["component"] for part in form["components"] if part["component"]["custom_id"] == "channels"]
    kinds = ("text", "news", "forum", "voice", "stage_voice")
    assert set(channels["channel_types"]) == {discord.ChannelType[kind].value for kind in kinds}
