"""Draw a job as a card: a new LayoutView for every send, never kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, Section, TextDisplay, Thumbnail

from bot.domain.credits import Prices
from bot.domain.film import Ancestor
from bot.domain.job import Job, State, card_link
from bot.domain.params import Motion
from bot.ui.buttons import (
    SYMBOLS,
    AgainButton,
    CancelButton,
    CardButton,
    ExtendButton,
    ExtendClick,
    WordsButton,
)
from bot.ui.film_button import FilmButton
from bot.ui.image_rows import result_parts
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.more_menu import more_row
from bot.ui.shown_clip import ShownClip
from bot.ui.storyboard_card import StoryboardLook, storyboard_accent, storyboard_parts
from bot.ui.text import captions
from bot.ui.text import cards as text
from bot.ui.text.member_settings import used
from bot.ui.text.progress import describe_progress
from bot.ui.text.translate import speaking


@dataclass(frozen=True)
class Card:
    """Hold everything that a card shows.

    `price` is the job's and `each` that of one extend, in credits, `prices` are its provider's; `queue_position` counts
    from 1, `wait_ms` is in milliseconds, `own_limit` is given where a member waits for their own jobs, `frames` name
    the image files by role, `lineage` leads from the first part to this one, `motions` are the rows of extend buttons
    (empty: none), `has_key` says whether the provider can be asked, `again` is the least and the most that the same
    costs once more, where it failed for passing reasons, `with_words` whether its clips can be gone on from with new
    words, `joins_films` whether films can be joined here, `withheld` names entries of its menu that would be refused.
    """

    job: Job
    provider: str
    price: int
    queue_position: int | None = None
    wait_ms: int | None = None
    own_limit: int | None = None
    paused_until_ms: int | None = None
    parent_link: str | None = None
    lineage: Sequence[Ancestor] = ()
    frames: Mapping[str, str] = field(default_factory=dict[str, str])
    clips: Sequence[ShownClip] = ()
    motions: Sequence[Motion | None] = ()
    each: int = 0
    prices: Prices = field(default_factory=Prices)
    has_key: bool = True
    again: tuple[int, int] | None = None
    with_words: bool = False
    joins_films: bool = False
    withheld: Collection[str] = ()
    storyboard: StoryboardLook | None = None
    """What the card of a storyboard's shots shows instead; the files are at their places."""
    locale: str | None = None
    """The language that everybody reads it in, by Discord's code."""


def draw(card: Card) -> LayoutView:
    """Draw the card as it is to be shown now."""
    view = LayoutView(timeout=None)
    with speaking(card.locale):
        if card.storyboard is not None:
            parts = storyboard_parts(card.storyboard, card.clips, card.frames)
            view.add_item(Container(*parts, accent_colour=storyboard_accent(card.storyboard)))
        else:
            view.add_item(Container(*_parts(card), accent_colour=accent_of(card.job)))
    return view


def draw_result(card: Card) -> LayoutView:
    """Draw clips that their card could not take, for a message that replies to it."""
    view = LayoutView(timeout=None)
    with speaking(card.locale):
        noun = captions.noun_of(card.job)
        origin = TextDisplay[LayoutView](f"-# {captions.belongs_to(noun, card_link(card.job), card.provider)}")
        view.add_item(Container(*_gallery(card), *_next_steps(card), origin, accent_colour=accent_of(card.job)))
    return view


def _parts(card: Card) -> list[discord.ui.Item[LayoutView]]:
    flags = _flags(card.job)
    room = MAX_TEXT - 1200 - len(flags) - sum(len(clip.note) + 1 for clip in card.clips)
    quote = f"\n{_quoted(card.job.params.prompt, room)}" if card.job.params.prompt else ""
    title = text.title(card.job, card.price)
    head = f"{title}{quote}{flags}"
    hidden = bool(card.job.spoiler)
    parts: list[discord.ui.Item[LayoutView]] = [_beside(head, card.frames.get("start"), hidden=hidden)]
    if "end" in card.frames:
        parts.append(_beside(text.end_image(), card.frames["end"], hidden=hidden))
    if card.job.state is State.DONE:
        parts += [*_gallery(card), *_next_steps(card)]
    else:
        progress = describe_progress(
            card.job,
            card.provider,
            position=card.queue_position,
            wait_ms=card.wait_ms,
            own_limit=card.own_limit,
            paused_until_ms=card.paused_until_ms,
            awaited=[clip.slot + 1 for clip in card.clips if not clip.kept and clip.filename is clip.result is None],
            has_key=card.has_key,
        )
        parts += [*_gallery(card), TextDisplay(progress)]
    if card.job.state is State.QUEUED:
        parts.append(_row(CancelButton(card.job.id)))
    if card.again is not None:
        parts.append(_row(AgainButton(card.job.id, card.again)))
    return [*parts, *more_row(card.job, card.each, withheld=card.withheld), TextDisplay(f"-# {_origin(card)}")]


def _row(button: CardButton) -> ActionRow[LayoutView]:
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(button)
    return row


def _beside(words: str, image: str | None, *, hidden: bool) -> Section[LayoutView] | TextDisplay[LayoutView]:
    if image is None:
        return TextDisplay(words)
    thumbnail: Thumbnail[LayoutView] = Thumbnail(f"attachment://{image}", spoiler=hidden)
    return Section[LayoutView](words, accessory=thumbnail)


def _quoted(prompt: str, room: int) -> str:
    """Quote a prompt as it was typed: nothing in it is markdown, and nothing in it pings."""
    return f"> {escape(prompt, room=room)}"


def _flags(job: Job) -> str:
    """Say what was made of the flags of a prompt, and which options were chosen beforehand."""
    read = f"\n-# {text.read(job.params.read)}" if job.params.read else ""
    chosen = "".join(f"\n-# {line}" for line in used(job))
    return f"{read}\n-# {text.removed(job)}{chosen}" if job.params.removed else f"{read}{chosen}"


def _gallery(card: Card) -> list[discord.ui.Item[LayoutView]]:
    parts: list[discord.ui.Item[LayoutView]] = []
    noun = captions.noun_of(card.job)
    files = [clip for clip in card.clips if clip.filename is not None]
    if files:
        gallery: MediaGallery[LayoutView] = MediaGallery()
        for clip in files:
            gallery.add_item(
                media=f"attachment://{clip.filename}",
                description=captions.alt_text(noun, clip.slot + 1),
                spoiler=bool(card.job.spoiler),
            )
        parts.append(gallery)
    results = dict.fromkeys(clip.result for clip in card.clips if clip.result is not None)
    notes = [captions.elsewhere(noun, link) for link in results]
    if card.job.state is State.DONE:
        notes += [captions.not_attached(noun, card.job.id)] if card.job.error_code == "undeliverable" else []
        notes += [clip.note for clip in card.clips if clip.note]
    return [*parts, TextDisplay("\n".join(notes))] if notes else parts


def _next_steps(card: Card) -> list[discord.ui.Item[LayoutView]]:
    """Draw the rows of buttons below what was made."""
    if not card.job.kind.makes_video:
        here = [clip.slot + 1 for clip in card.clips if clip.result is None and clip.kept]
        return result_parts(card.job, here, card.motions, card.prices)
    return _extend_rows(card)


def _extend_rows(card: Card) -> list[discord.ui.Item[LayoutView]]:
    parts: list[discord.ui.Item[LayoutView]] = []
    here = [clip for clip in card.clips if clip.result is None]
    for row, motion in enumerate(card.motions if here else ()):
        heading = text.extend_heading(motion)
        heading = text.extend_price(heading, card.each) if row == 0 else heading
        parts.append(TextDisplay(f"{SYMBOLS[motion]} {heading}"))
        buttons: ActionRow[LayoutView] = ActionRow()
        for clip in here:
            buttons.add_item(ExtendButton(ExtendClick(card.job.id, clip.slot, motion)))
        parts.append(buttons)
    beside: ActionRow[LayoutView] = ActionRow()
    if here and card.with_words:
        beside.add_item(WordsButton(card.job.id))
    if here and card.lineage and card.joins_films:
        beside.add_item(FilmButton(card.job.id))
    return [*parts, beside] if beside.children else parts


def _origin(card: Card) -> str:
    image = card.job.params.provider_image
    source = escape(image.remote_id) if image is not None else ""
    origin = text.origin(card.job, card.provider, card.parent_link, source)
    return f"{text.lineage(card.lineage)}\n-# {origin}" if card.lineage else origin


def accent_of(job: Job) -> discord.Colour:
    """Give the colour that tells how far a job is."""
    match job.state:
        case State.DONE:
            return discord.Colour.green()
        case State.FAILING | State.FAILED if job.error_code != "cancelled":
            return discord.Colour.red()
        case State.SUBMITTING | State.RUNNING | State.READY:
            return discord.Colour.blurple()
        case _:
            return discord.Colour.light_grey()
