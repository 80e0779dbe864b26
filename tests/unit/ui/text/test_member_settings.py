"""What /settings shows, and what a card says of options that were chosen beforehand."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.member_settings import MemberSettings
from bot.domain.params import JobParams, Motion, Preferences, Resolution, Speed
from bot.domain.pings import Notify
from bot.domain.server_settings import ServerSettings
from bot.ui.text.member_settings import settings, used
from tests.support.jobs import sample_job

HD_HIGH = Preferences(motion=Motion.HIGH, resolution=Resolution.HD)


def test_settings_are_shown_one_a_line() -> None:
    assert settings(MemberSettings(), changed=False).splitlines() == [
        "**Your settings in this server**, used where you leave an option out:",
        "- Motion: as usual",
        "- Resolution: as usual",
        "- Clips: as usual",
        "- Speed: as usual",
        "- Provider: as usual",
        "- Prompts of pictures: translated into English, unless your Discord is in English",
        "- When it is ready: a reply to the card mentions you",
        "- Spoiler: nothing is hidden",
    ]
    chosen = MemberSettings(
        Preferences(Motion.LOW, Resolution.SD, 1, Speed.TURBO, "acedata", translate=False),
        Notify.DIRECT,
        spoiler=True,
    )
    assert settings(chosen, changed=True).splitlines() == [
        "**Saved.** These are your settings in this server, used where you leave an option out:",
        "- Motion: low",
        "- Resolution: SD",
        "- Clips: 1",
        "- Speed: turbo",
        "- Provider: AceData",
        "- Prompts of pictures: left as they are",
        "- When it is ready: you get a direct message",
        "- Spoiler: pictures and films are hidden",
    ]
    assert "- When it is ready: you are not told" in settings(MemberSettings(notify=Notify.NONE), changed=False)


@pytest.mark.parametrize(
    ("own", "servers", "told"),
    [
        (None, True, "translated into English, as this server has it"),
        (None, False, "left as they are, as this server has it"),
        (True, False, "translated into English"),
        (False, True, "left as they are"),
    ],
)
def test_a_members_own_word_about_prompts_counts_before_the_servers(
    own: bool | None, servers: bool | None, told: str
) -> None:
    chosen = MemberSettings(Preferences(translate=own))
    lines = settings(chosen, ServerSettings(defaults=Preferences(translate=servers)), changed=False).splitlines()
    assert f"- Prompts of pictures: {told}" in lines


def picture(preferred: Preferences, *, translate: bool) -> Job:
    params = JobParams("a boat", motion=None, speed=Speed.RELAX, translate=translate, preferred=preferred)
    return sample_job(kind=Kind.IMAGINE, params=params)


BY_LOCALE = Preferences(translate=True, from_locale=("translate",))


@pytest.mark.parametrize(
    ("job", "lines"),
    [
        (picture(Preferences(), translate=True), []),
        (picture(Preferences(), translate=False), []),
        (
            picture(BY_LOCALE, translate=True),
            [
                "The provider translates the prompt into English. `translate:False` leaves it as it is, and "
                "`/settings` can do so always."
            ],
        ),
        (picture(BY_LOCALE, translate=False), []),
        (
            picture(Preferences(translate=True, speed=Speed.RELAX), translate=True),
            ["Own settings: relax speed, prompt translated."],
        ),
        (
            picture(Preferences(translate=False, from_server=("translate",)), translate=False),
            ["As this server has it: prompt not translated."],
        ),
        (
            picture(Preferences(translate=True, from_preset=("translate",)), translate=True),
            ["Preset: prompt translated."],
        ),
    ],
)
def test_a_card_says_why_a_prompt_is_translated_and_how_to_go_without_where_nobody_had_said_so(
    job: Job, lines: list[str]
) -> None:
    assert used(job) == lines


def film(preferred: Preferences, **params: Any) -> Job:
    made = JobParams("a boat", motion=Motion.HIGH, resolution=Resolution.HD, speed=Speed.FAST, preferred=preferred)
    return sample_job(params=replace(made, **params))


@pytest.mark.parametrize(
    ("job", "lines"),
    [
        (film(Preferences()), []),
        (film(HD_HIGH), ["Own settings: high motion, HD."]),
        (film(HD_HIGH, motion=None), ["Own settings: HD."]),
        (film(Preferences(motion=Motion.HIGH, from_preset=("words", "motion"))), ["Preset: words, high motion."]),
        (film(Preferences(from_preset=("words",))), ["Preset: words."]),
        (
            film(Preferences(resolution=Resolution.HD, clips=4, speed=Speed.FAST, from_preset=("clips",))),
            ["Own settings: HD, fast speed.", "Preset: 4 clips."],
        ),
        (film(Preferences(provider="ttapi", loop=True), loop=True), ["Own settings: TTAPI, loop."]),
        (film(Preferences(provider="acedata")), []),
    ],
)
def test_a_card_says_what_was_chosen_beforehand_and_could_be_had(job: Job, lines: list[str]) -> None:
    assert used(job) == lines
