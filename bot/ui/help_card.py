"""Draw the card of /help: three tabs, each of which says how something is done and what it costs here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord
from discord.ui import ActionRow, Container, LayoutView, TextDisplay

from bot.domain.periods import Period
from bot.services.provider_status import ProviderOffer
from bot.ui.buttons import CardButton
from bot.ui.command_mentions import CommandMentions
from bot.ui.help_buttons import FirstPictureButton, HelpTab, HelpTabButton, tab_label
from bot.ui.text import help as text


@dataclass(frozen=True)
class HelpFacts:
    """Hold what /help tells of a server: its providers in its order, and how often credits renew."""

    offers: Sequence[ProviderOffer]
    period: Period
    commands: CommandMentions


def draw_help(tab: HelpTab, facts: HelpFacts) -> LayoutView:
    """Draw one tab."""
    view = LayoutView(timeout=None)
    card: Container[LayoutView] = Container(accent_colour=discord.Colour.blurple())
    card.add_item(_row([HelpTabButton(one, current=one is tab) for one in HelpTab]))
    card.add_item(TextDisplay("\n\n".join([f"### {tab_label(tab)}", *_paragraphs(tab, facts)])))
    maker = next((offer for offer in facts.offers if offer.makes_images), None)
    if tab is HelpTab.PICTURES and maker is not None:
        card.add_item(_row([FirstPictureButton(maker.prices.image)]))
    view.add_item(card)
    return view


def _paragraphs(tab: HelpTab, facts: HelpFacts) -> Iterator[str]:
    mention = facts.commands.mention
    match tab:
        case HelpTab.PICTURES:
            yield from text.pictures(mention)
            yield from _prices(_picture_prices(facts))
        case HelpTab.FILMS:
            yield from text.films(mention)
            yield from _prices(_film_prices(facts))
        case HelpTab.CREDITS:
            yield from text.credits(mention, facts.period)
            yield from _prices([*_picture_prices(facts), *_film_prices(facts)])
            titles = [offer.title for offer in facts.offers]
            yield "\n".join(text.private(mention, titles, has_privacy=facts.commands.knows("privacy")))


def _prices(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield "\n".join([text.prices_heading(), *lines])


def _picture_prices(facts: HelpFacts) -> list[str]:
    return [text.picture_prices(offer.title, offer.prices) for offer in facts.offers if offer.makes_images]


def _film_prices(facts: HelpFacts) -> list[str]:
    return [text.film_prices(offer.title, offer.prices, offer.resolutions) for offer in facts.offers]


def _row(buttons: Sequence[CardButton]) -> ActionRow[LayoutView]:
    row: ActionRow[LayoutView] = ActionRow()
    for button in buttons:
        row.add_item(button)
    return row
