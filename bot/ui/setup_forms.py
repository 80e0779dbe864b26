"""The forms of /setup: area and what it held when the form was opened stand in its custom_id."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import discord
from discord.ui import ChannelSelect, Label, Modal, RoleSelect, TextInput

from bot.domain.forbidden_words import MOST_CHARACTERS
from bot.domain.params import Motion, Resolution, Speed
from bot.domain.periods import Period
from bot.domain.server_settings import MOST_CHOSEN, Area, Rule, ServerSettings
from bot.languages import languages
from bot.services.server_setup import Usual
from bot.services.setup_edits import MOST_CREDITS, MOST_PLACES, TRANSLATIONS, SetupForm
from bot.ui.modal_fields import FORGOTTEN_SECONDS, choice, read_choices, with_first
from bot.ui.text import setup_forms as text
from bot.ui.text.setup import area_title, language_name

_SENT = re.compile(rf"setup:(?P<area>{'|'.join(Area)}):(?P<seen>[0-9a-f]{{8}})")

NOTHING = "none"
"""What is sent for the choice that leaves something undecided."""

WRITTEN_IN = [discord.ChannelType.text, discord.ChannelType.news]

ASKED_IN = [*WRITTEN_IN, discord.ChannelType.forum, discord.ChannelType.voice, discord.ChannelType["stage_voice"]]
"""Where commands are used: media channels are left out, for Discord's description of its API has no menu name them."""


def draw_setup_form(area: Area, settings: ServerSettings, usual: Usual, gone: Collection[int] = ()) -> Modal:
    """Make the form of an area, filled in with what it holds, but for channels and roles that are `gone`."""
    custom_id = f"setup:{area}:{settings.fingerprint(area)}"
    form = Modal(title=area_title(area), custom_id=custom_id, timeout=FORGOTTEN_SECONDS)
    for field in _fields(area, settings, usual, gone):
        form.add_item(field)
    return form


def read_setup_form(data: Mapping[str, Any]) -> SetupForm | None:
    """Read a sent form; None for another one."""
    about = _SENT.fullmatch(str(data.get("custom_id", "")))
    return SetupForm(Area(about["area"]), about["seen"], read_choices(data)) if about else None


def _fields(area: Area, settings: ServerSettings, usual: Usual, gone: Collection[int]) -> list[Label[Any]]:
    match area:
        case Area.PICTURES:
            return _rule(settings.rules.pictures, gone)
        case Area.FILMS:
            return _rule(settings.rules.films, gone)
        case Area.WORDS:
            return [_words(settings.rules.forbidden_words)]
        case Area.LOOK:
            hidden = {NOTHING: text.spoiler_choice(always=False), "always": text.spoiler_choice(always=True)}
            spoken = {NOTHING: language_name(None), **{name: language_name(name) for name in languages()}}
            return [
                choice("spoiler", text.spoiler_label(), with_first(hidden, "always" if settings.spoiler else NOTHING)),
                choice("locale", text.language_label(), with_first(spoken, settings.locale or NOTHING)),
            ]
        case Area.DEFAULTS:
            return _defaults(settings)
        case Area.CHANNELS:
            mod_log, showcase = settings.mod_log_channel_id, settings.showcase_channel_id
            return [
                _channels("mod_log", text.mod_log_label(), text.mod_log_note(), _there([mod_log], gone), WRITTEN_IN),
                _channels(
                    "showcase", text.showcase_label(), text.showcase_note(), _there([showcase], gone), WRITTEN_IN
                ),
            ]
        case Area.CREDITS:
            periods = {
                NOTHING: text.usual_period(usual.period),
                **{str(one): text.period_choice(one) for one in Period},
            }
            return [
                _amount("credits", text.credits_label(), text.credits_note(usual.credits), settings.credits),
                choice("period", text.period_label(), with_first(periods, settings.period or NOTHING)),
                _amount("server_credits", text.limit_label(), text.limit_note(), settings.server_credits),
            ]
        case Area.PROVIDERS:
            return _places(settings.providers, usual)


def _rule(rule: Rule, gone: Collection[int]) -> list[Label[Any]]:
    roles: RoleSelect[Any] = RoleSelect(
        custom_id="roles",
        required=False,
        min_values=0,
        max_values=MOST_CHOSEN,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.role)
            for one in _there(rule.roles, gone)
        ],
    )
    there = _there(rule.channels, gone)
    channels_note = text.channels_note() if there or not rule.channels else text.channels_gone_note()
    roles_note = text.roles_note() if roles.default_values or not rule.roles else text.roles_gone_note()
    return [
        _channels("channels", text.channels_label(), channels_note, there, ASKED_IN, MOST_CHOSEN),
        Label(text=text.roles_label(), description=roles_note, component=roles),
    ]


def _words(forbidden: Sequence[str]) -> Label[Any]:
    field: TextInput[Any] = TextInput(
        custom_id="words",
        style=discord.TextStyle.paragraph,
        default="\n".join(forbidden) or None,
        max_length=MOST_CHARACTERS,
        required=False,
    )
    return Label(text=text.words_label(), description=text.words_note(), component=field)


def _defaults(settings: ServerSettings) -> list[Label[Any]]:
    chosen = settings.defaults
    clips = {str(number): text.clips_choice(number) for number in (1, 2, 4)}
    return [
        _option("motion", text.motion_label(), {str(one): text.motion_choice(one) for one in Motion}, chosen.motion),
        _option(
            "resolution",
            text.resolution_label(),
            {str(one): text.resolution_choice(one) for one in Resolution},
            chosen.resolution,
        ),
        _option("clips", text.clips_label(), clips, chosen.clips),
        _option("speed", text.speed_label(), {str(one): text.speed_choice(one) for one in Speed}, chosen.speed),
        _translation(chosen.translate),
    ]


def _option(name: str, label: str, options: Mapping[str, str], chosen: object) -> Label[Any]:
    usual = {NOTHING: text.usual_choice(), **options}
    return choice(name, label, with_first(usual, NOTHING if chosen is None else str(chosen)))


def _translation(chosen: bool | None) -> Label[Any]:
    named = {name: text.translation_choice(translated=translated) for name, translated in TRANSLATIONS.items()}
    first = next((name for name, translated in TRANSLATIONS.items() if translated is chosen), NOTHING)
    return choice(
        "translate", text.translation_label(), with_first({NOTHING: text.usual_translation(), **named}, first)
    )


def _places(ranked: Sequence[str], usual: Usual) -> list[Label[Any]]:
    """Ask for each place of the order; who is in none of them comes behind, as usual."""
    options = {NOTHING: text.no_provider(), **usual.providers}
    held = [name for name in ranked if name in usual.providers]
    return [
        choice(
            f"place{place}", text.place_label(place), with_first(options, next(iter(held[place - 1 : place]), NOTHING))
        )
        for place in range(1, min(len(usual.providers), MOST_PLACES) + 1)
    ]


def _channels(
    name: str, label: str, note: str, chosen: Iterable[int], kinds: list[discord.ChannelType], most: int = 1
) -> Label[Any]:
    field: ChannelSelect[Any] = ChannelSelect(
        custom_id=name,
        channel_types=kinds,
        required=False,
        min_values=0,
        max_values=most,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel) for one in chosen
        ],
    )
    return Label(text=label, description=note, component=field)


def _amount(name: str, label: str, note: str, chosen: int | None) -> Label[Any]:
    field: TextInput[Any] = TextInput(
        custom_id=name,
        default=None if chosen is None else str(chosen),
        max_length=len(str(MOST_CREDITS)),
        required=False,
    )
    return Label(text=label, description=note, component=field)


def _there(ids: Iterable[int | None], gone: Collection[int]) -> list[int]:
    """Leave out what is not there any more: Discord opens no form that names it."""
    return [one for one in ids if one is not None and one not in gone]
