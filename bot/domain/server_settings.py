"""What a server's admins decided for the whole server: pure, standard library only."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.job import Job, Kind
from bot.domain.params import Preferences
from bot.domain.periods import Period

MOST_CHOSEN = 25
"""Channels, or roles, that one rule names: Discord lets no menu choose more."""


class Makes(StrEnum):
    """Name the two things that are made, each of which has a rule of its own."""

    PICTURES = "pictures"
    FILMS = "films"


def made_by(kind: Kind) -> Makes:
    """Tell whose rule a kind of job follows: what belongs to pictures follows theirs, words and seeds too."""
    return Makes.FILMS if kind.makes_video else Makes.PICTURES


@dataclass(frozen=True)
class Rule:
    """Hold in which channels, and by members with which roles, something may be made; none named means any."""

    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()

    def allows_channel(self, *channels: int | None) -> bool:
        """Tell whether it may be made in a channel, or in the thread of one."""
        return not self.channels or not set(self.channels).isdisjoint(channels)

    def allows_roles(self, roles: Sequence[int]) -> bool:
        """Tell whether a member with these roles may make it."""
        return not self.roles or not set(self.roles).isdisjoint(roles)


ANYWHERE = Rule()


@dataclass(frozen=True)
class Rules:
    """Hold a server's rules for what is made, and the words that nobody may ask with."""

    pictures: Rule = ANYWHERE
    films: Rule = ANYWHERE
    forbidden_words: tuple[str, ...] = ()

    def of(self, makes: Makes) -> Rule:
        """Give the rule for one of the two things that are made."""
        return self.films if makes is Makes.FILMS else self.pictures

    def for_job(self, job: Job) -> Rule:
        """Give the rule that a job follows."""
        return self.of(made_by(job.kind))

    def channels_to_json(self) -> str | None:
        """Write down the rules for channels and roles; None where there are none."""
        said = {
            makes.value: {"channels": list(self.of(makes).channels), "roles": list(self.of(makes).roles)}
            for makes in Makes
            if self.of(makes) != ANYWHERE
        }
        return json.dumps(said, separators=(",", ":")) if said else None

    @classmethod
    def read(cls, channel_rules: str | None, forbidden_words: str | None) -> "Rules":
        """Read back what was written down; a null is no rule."""
        said: Mapping[str, Any] = json.loads(channel_rules) if channel_rules else {}
        rules = {name: Rule(tuple(rule["channels"]), tuple(rule["roles"])) for name, rule in said.items()}
        return cls(
            pictures=rules.get(Makes.PICTURES, ANYWHERE),
            films=rules.get(Makes.FILMS, ANYWHERE),
            forbidden_words=tuple((forbidden_words or "").splitlines()),
        )


@dataclass(frozen=True)
class ServerSettings:
    """Hold everything that a server decides; a None leaves it to the bot's own settings.

    `defaults` are used where a member neither typed an option nor chose one for themselves, `locale` is the language
    of what everybody sees, `credits` what every member gets in a `period`, `server_credits` what all may spend in one
    together, `providers` who makes new jobs, best first.
    """

    rules: Rules = field(default_factory=Rules)
    spoiler: bool = False
    defaults: Preferences = field(default_factory=Preferences)
    locale: str | None = None
    mod_log_channel_id: int | None = None
    showcase_channel_id: int | None = None
    credits: int | None = None
    period: Period | None = None
    server_credits: int | None = None
    providers: tuple[str, ...] = ()

    def columns(self) -> dict[str, str | int | None]:
        """Give the values of its columns, for the server's row."""
        return {
            "channel_rules": self.rules.channels_to_json(),
            "forbidden_words": "\n".join(self.rules.forbidden_words) or None,
            "spoiler": int(self.spoiler),
            "default_motion": self.defaults.motion,
            "default_resolution": self.defaults.resolution,
            "default_clips": self.defaults.clips,
            "default_speed": self.defaults.speed,
            "default_translate": None if self.defaults.translate is None else int(self.defaults.translate),
            "locale": self.locale,
            "mod_log_channel_id": self.mod_log_channel_id,
            "showcase_channel_id": self.showcase_channel_id,
            "default_credits": self.credits,
            "period": self.period,
            "server_credits": self.server_credits,
            "providers": " ".join(self.providers) or None,
        }

    def part(self, area: "Area") -> dict[str, Any]:
        """Give what one area of the settings holds, by names that the moderators' log tells."""
        if area in AREA_OF_RULE:
            rule = self.rules.of(AREA_OF_RULE[area])
            return {f"{area}_channels": list(rule.channels), f"{area}_roles": list(rule.roles)}
        return {name: value for name, value in self.columns().items() if name in AREA_COLUMNS[area]}

    def fingerprint(self, area: "Area") -> str:
        """Name what an area holds now, in eight characters: a form knows by it whether somebody else changed it."""
        return hashlib.sha256(json.dumps(self.part(area), sort_keys=True).encode()).hexdigest()[:8]


class Area(StrEnum):
    """Name what is changed together, in one form."""

    PICTURES = "pictures"
    FILMS = "films"
    WORDS = "words"
    LOOK = "look"
    DEFAULTS = "defaults"
    CHANNELS = "channels"
    CREDITS = "credits"
    PROVIDERS = "providers"


AREA_OF_RULE = {Area.PICTURES: Makes.PICTURES, Area.FILMS: Makes.FILMS}

AREA_COLUMNS: Mapping[Area, tuple[str, ...]] = {
    Area.WORDS: ("forbidden_words",),
    Area.LOOK: ("spoiler", "locale"),
    Area.DEFAULTS: ("default_motion", "default_resolution", "default_clips", "default_speed", "default_translate"),
    Area.CHANNELS: ("mod_log_channel_id", "showcase_channel_id"),
    Area.CREDITS: ("default_credits", "period", "server_credits"),
    Area.PROVIDERS: ("providers",),
}
"""What each of the other areas holds of a server's row."""
