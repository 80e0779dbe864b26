"""Draw shared results and a week's best, and what is asked of whoever shares one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.domain.job import Job, card_link
from bot.domain.showcase import FILM, Share
from bot.errors import HiddenPlace
from bot.providers.registry import title_of
from bot.services.showcase import Result, share_link
from bot.ui.attachments import media_in, small_line
from bot.ui.markdown import escape
from bot.ui.share_button import ShareButton
from bot.ui.text import showcase as text

PROMPT_ROOM = 1500
"""Characters of a prompt that are shown with what came of it."""

T = TypeVar("T")

IN_A_ROW = 5
"""Buttons that stand side by side."""


@dataclass(frozen=True)
class ShownShare:
    """Hold what is shown of a shared result: its file by name, or else the sentence that leads to it."""

    share: Share
    job: Job
    filename: str | None = None
    instead: str = ""


def share_name(share: Share, suffix: str) -> str:
    """Name the file of a shared result, so that it can be told from its card's; ASCII only."""
    named = "-film" if share.slot == FILM else share.slot + 1
    return f"animatic-{share.job_id}-shared{named}{suffix}"


def draw_share(shown: ShownShare) -> LayoutView:
    """Draw a result with credit to its maker; a spoiler stays one."""
    job, share = shown.job, shown.share
    parts: list[discord.ui.Item[LayoutView]] = [TextDisplay(_head(share, job))]
    if shown.filename is not None:
        gallery: MediaGallery[LayoutView] = MediaGallery()
        gallery.add_item(
            media=f"attachment://{shown.filename}", description=text.alt_text(job), spoiler=bool(job.spoiler)
        )
        parts.append(gallery)
    elif shown.instead:
        parts.append(TextDisplay(shown.instead))
    origin = text.origin(title_of(job.provider), card_link(job), share.job_id, share.slot)
    parts.append(TextDisplay(f"-# {origin}"))
    view = LayoutView(timeout=None)
    view.add_item(Container(*parts, accent_colour=discord.Colour.gold()))
    return view


def is_share(message: discord.Message, share: Share) -> bool:
    """Tell whether a message shows a shared result."""
    return small_line(message).endswith(text.reference(share.job_id, share.slot))


def is_up_to_date(message: discord.Message, share: Share, job: Job) -> bool:
    """Tell whether a message shows a result as its job is now: hidden or not, and with its prompt if it has one."""
    hidden = [item.spoiler for item in _parts(message.components, discord.MediaGalleryItem)]
    words = next((one.content for one in _parts(message.components, discord.TextDisplay)), "")
    return all(one == bool(job.spoiler) for one in hidden) and words == _head(share, job)


def shown_again(message: discord.Message, share: Share, job: Job) -> ShownShare:
    """Show a result as its job is now, with the file or the sentence in its place that a message shows."""
    shown = media_in(message.components)
    filename = shown[0].url.split("?")[0].rsplit("/", 1)[-1] if shown else None
    between = [one.content for one in _parts(message.components, discord.TextDisplay)][1:-1]
    return ShownShare(share, job, filename, "\n".join(between))


def draw_best(week: str, best: Sequence[tuple[Share, Job]]) -> LayoutView:
    """Draw a week's best as links, the best first: a result that is removed one day is not shown here."""
    lines = [
        text.best_line(place, job, share_link(share), share.stars or 0) for place, (share, job) in enumerate(best, 1)
    ]
    parts: list[discord.ui.Item[LayoutView]] = [
        TextDisplay("\n".join([text.best_title(), *lines])),
        TextDisplay(f"-# {text.best_origin(week)}"),
    ]
    view = LayoutView(timeout=None)
    view.add_item(Container(*parts, accent_colour=discord.Colour.gold()))
    return view


def is_best(message: discord.Message, week: str) -> bool:
    """Tell whether a message shows a week's best."""
    return small_line(message).endswith(text.week_reference(week))


def draw_which(job: Job, results: Sequence[Result]) -> LayoutView:
    """Ask which result of a card is shared."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.which_shot() if job.storyboard_id is not None else text.which()))
    for first in range(0, len(results), IN_A_ROW):
        row: ActionRow[LayoutView] = ActionRow()
        for result in results[first : first + IN_A_ROW]:
            row.add_item(ShareButton(result.job_id, result.slot, number=result.number))
        view.add_item(row)
    return view


def draw_question(job_id: str, slot: int, channel_id: int, place: HiddenPlace) -> LayoutView:
    """Ask before something leaves a place that not everybody sees."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.question(channel_id, place)))
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(ShareButton(job_id, slot, sure=True))
    view.add_item(row)
    return view


def _head(share: Share, job: Job) -> str:
    """Credit a result, with its prompt; a storyboard's film has one for each shot, so that none stands for all."""
    credit = text.credit(job)
    if not job.params.prompt or share.slot == FILM:
        return credit
    return f"{credit}\n> {escape(job.params.prompt, room=PROMPT_ROOM)}"


def _parts(components: Sequence[object], kind: type[T]) -> Iterator[T]:
    """Find all parts of a kind, however deep they stand."""
    for component in components:
        if isinstance(component, kind):
            yield component
        yield from _parts(getattr(component, "children", getattr(component, "items", ())), kind)
