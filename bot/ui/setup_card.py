"""Draw the card of /setup: everything that a server decides, with its present value and the way to change it."""

from collections.abc import Collection, Iterator
from typing import cast

import discord
from discord.ui import Container, Item, LayoutView, Section, TextDisplay

from bot.domain.server_settings import Area, Rule, ServerSettings
from bot.services.server_setup import Usual
from bot.ui.setup_buttons import SetupButton
from bot.ui.text import setup as text


def draw_setup(settings: ServerSettings, usual: Usual, gone: Collection[int] = ()) -> LayoutView:
    """Draw a server's settings; `gone` are the channels and roles among them that are not there any more."""
    view = LayoutView(timeout=None)
    card: Container[LayoutView] = Container(accent_colour=discord.Colour.blurple())
    card.add_item(TextDisplay(text.heading()))
    for area in Area:
        words = TextDisplay[LayoutView](
            "\n".join([f"**{text.area_title(area)}**", *_lines(area, settings, usual, gone)])
        )
        choice = area is not Area.PROVIDERS or len(usual.providers) > 1
        card.add_item(
            Section[LayoutView](words, accessory=cast("Item[LayoutView]", SetupButton(area))) if choice else words
        )
    view.add_item(card)
    return view


def _lines(area: Area, settings: ServerSettings, usual: Usual, gone: Collection[int]) -> Iterator[str]:
    match area:
        case Area.PICTURES:
            yield from _rule(settings.rules.pictures, gone)
        case Area.FILMS:
            yield from _rule(settings.rules.films, gone)
        case Area.WORDS:
            yield text.words(settings.rules.forbidden_words)
        case Area.LOOK:
            yield text.spoiler(always=settings.spoiler)
            yield text.language(settings.locale)
        case Area.DEFAULTS:
            yield text.defaults(settings.defaults)
        case Area.CHANNELS:
            yield text.mod_log(settings.mod_log_channel_id, gone)
            yield text.showcase(settings.showcase_channel_id, gone)
        case Area.CREDITS:
            yield text.allowance(settings.credits, settings.period, usual.credits, usual.period)
            yield text.server_limit(settings.server_credits, usual.server_credits)
        case Area.PROVIDERS:
            known = [usual.providers[name] for name in settings.providers if name in usual.providers]
            yield text.providers(known, list(usual.providers.values()))


def _rule(rule: Rule, gone: Collection[int]) -> Iterator[str]:
    yield text.channels(rule.channels, gone)
    yield text.roles(rule.roles, gone)
