"""How the mod log tells of changed settings: each by its name, with what it is now."""

import pytest

from bot.domain.server_settings import Area, ServerSettings
from bot.ui.text.setting_changes import changed, setting_name


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("films_channels", "<#5> <#6>", "<@1> set the channels for films to <#5> <#6>."),
        ("pictures_roles", None, "<@1> cleared the roles for pictures."),
        ("forbidden_words", "blood, *gore*", r"<@1> set the forbidden words to ||blood, \*gore\*||."),
        ("spoiler", "1", "<@1> set the spoiler: all pictures and films are hidden."),
        ("spoiler", "0", "<@1> set the spoiler: each member chooses."),
        ("default_translate", "1", "<@1> set the usual translation of prompts to always."),
        ("locale", "vi", "<@1> set the language to Tiếng Việt."),
        ("providers", "ttapi acedata", "<@1> set the order of providers to TTAPI, then AceData."),
        ("default_motion", "low", "<@1> set the usual motion to low."),
        ("default_resolution", "hd", "<@1> set the usual resolution to HD."),
        ("default_clips", "4", "<@1> set the usual number of clips to 4."),
        ("default_speed", "turbo", "<@1> set the usual speed to turbo."),
        ("period", "week", "<@1> set the period of credits to each week."),
        ("default_credits", "100", "<@1> set the credits of every member to 100."),
        ("server_credits", "900", "<@1> set the credits of all members together to 900."),
        ("mod_log_channel_id", "<#7>", "<@1> set the channel of the mod log to <#7>."),
    ],
)
def test_a_change_is_told_in_one_sentence(setting: str, value: str | None, told: str) -> None:
    assert changed(1, setting, value) == told


def test_every_setting_has_a_name() -> None:
    settings = [name for area in Area for name in ServerSettings().part(area)]
    assert [name for name in settings if setting_name(name) == name.replace("_", " ")] == []
