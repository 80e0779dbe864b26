"""What a sent form of /setup makes of a server's settings: what cannot be kept is refused, and nothing of it is."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.domain.forbidden_words import LONGEST_FORBIDDEN, MOST_CHARACTERS, MOST_FORBIDDEN, has_word, read_list
from bot.domain.params import Motion, Preferences, Resolution, Speed
from bot.domain.periods import Period
from bot.domain.server_settings import AREA_OF_RULE, MOST_CHOSEN, Area, Makes, Rule, ServerSettings
from bot.errors import BadSetup, SetupProblem
from bot.languages import languages

MOST_CREDITS = 1_000_000
"""Credits that a server may set, as with /quota."""

MOST_PLACES = 4
"""Places of the providers' order that a form asks for."""


TRANSLATIONS = {"yes": True, "no": False}
"""What a form says of the prompts of pictures: that they are translated, or not."""


@dataclass(frozen=True)
class SetupForm:
    """Hold what was sent: which area, what it held when the form was opened, and the values of each field."""

    area: Area
    seen: str
    values: Mapping[str, tuple[str, ...]]

    def first(self, field: str) -> str:
        """Give the one value of a field; empty where nothing was chosen or typed."""
        return next(iter(self.values.get(field, ())), "").strip()

    def ids(self, field: str) -> tuple[int, ...]:
        """Give the ids that were chosen in a field."""
        chosen = (value for value in self.values.get(field, ()) if re.fullmatch(r"[0-9]{1,20}", value))
        return tuple(dict.fromkeys(map(int, chosen)))[:MOST_CHOSEN]


def edited(before: ServerSettings, form: SetupForm, providers: Collection[str]) -> ServerSettings:
    """Give the settings with one area as a form has it; `providers` are those that are enabled.

    Raises `BadSetup`. What is not among a menu's choices counts as not chosen.
    """
    match form.area:
        case Area.PICTURES | Area.FILMS:
            rule = Rule(form.ids("channels"), form.ids("roles"))
            films = AREA_OF_RULE[form.area] is Makes.FILMS
            rules = replace(before.rules, films=rule) if films else replace(before.rules, pictures=rule)
            return replace(before, rules=rules)
        case Area.WORDS:
            return replace(before, rules=replace(before.rules, forbidden_words=_words(form)))
        case Area.LOOK:
            locale = form.first("locale")
            return replace(
                before, spoiler=form.first("spoiler") == "always", locale=locale if locale in languages() else None
            )
        case Area.DEFAULTS:
            return replace(before, defaults=_defaults(form))
        case Area.CHANNELS:
            return replace(
                before,
                mod_log_channel_id=next(iter(form.ids("mod_log")), None),
                showcase_channel_id=next(iter(form.ids("showcase")), None),
            )
        case Area.CREDITS:
            period = form.first("period")
            return replace(
                before,
                credits=_credits(form.first("credits")),
                period=Period(period) if period in set(Period) else None,
                server_credits=_credits(form.first("server_credits")),
            )
        case Area.PROVIDERS:
            ranked = (form.first(f"place{number}") for number in range(1, MOST_PLACES + 1))
            return replace(before, providers=tuple(dict.fromkeys(name for name in ranked if name in providers)))


def _words(form: SetupForm) -> tuple[str, ...]:
    words = read_list(form.first("words"))
    if len(words) > MOST_FORBIDDEN:
        raise BadSetup(SetupProblem.TOO_MANY_WORDS, number=len(words), most=MOST_FORBIDDEN)
    for word in words:
        if len(word) > LONGEST_FORBIDDEN:
            raise BadSetup(SetupProblem.WORD_TOO_LONG, word, most=LONGEST_FORBIDDEN)
        if not has_word(word):
            raise BadSetup(SetupProblem.NO_WORD, word)
    characters = sum(len(word) + 1 for word in words)
    if characters > MOST_CHARACTERS:
        raise BadSetup(SetupProblem.TOO_MUCH_TEXT, number=characters, most=MOST_CHARACTERS)
    return words


def _defaults(form: SetupForm) -> Preferences:
    motion, resolution, speed = (form.first(name) for name in ("motion", "resolution", "speed"))
    clips = form.first("clips")
    return Preferences(
        Motion(motion) if motion in set(Motion) else None,
        Resolution(resolution) if resolution in set(Resolution) else None,
        int(clips) if clips in ("1", "2", "4") else None,
        Speed(speed) if speed in set(Speed) else None,
        translate=TRANSLATIONS.get(form.first("translate")),
    )


def _credits(typed: str) -> int | None:
    """Read an amount; nothing typed leaves it to the bot's own settings."""
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]+", typed):
        raise BadSetup(SetupProblem.NOT_A_NUMBER, typed)
    # A number of thousands of digits is not even read.
    if len(typed.lstrip("0")) > len(str(MOST_CREDITS)) or int(typed) > MOST_CREDITS:
        raise BadSetup(SetupProblem.TOO_LARGE, typed, most=MOST_CREDITS)
    return int(typed)
