"""What /settings shows, and what a card says of options that were chosen beforehand."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job
from bot.domain.member_settings import MemberSettings
from bot.domain.params import JobParams, Motion, Preferences, Resolution, Speed
from bot.domain.pings import Notify
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
        "- When it is ready: a reply to the card mentions you",
        "- Spoiler: nothing is hidden",
    ]
    chosen = MemberSettings(
        Preferences(Motion.LOW, Resolution.SD, 1, Speed.TURBO, "acedata"), Notify.DIRECT, spoiler=True
    )
    assert settings(chosen, changed=True).splitlines() == [
        "**Saved.** These are your settings in this server, used where you leave an option out:",
        "- Motion: low",
        "- Resolution: SD",
        "- Clips: 1",
        "- Speed: turbo",
        "- Provider: AceData",
        "- When it is ready: you get a direct message",
        "- Spoiler: pictures and films are hidden",
    ]
    assert "- When it is ready: you are not told" in settings(MemberSettings(notify=Notify.NONE), changed=False)


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
