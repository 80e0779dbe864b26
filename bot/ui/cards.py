"""Draw a job as a card: a new LayoutView for every send, never kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, Section, TextDisplay, Thumbnail

from bot.domain.credits import Prices
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Job, Kind, State, card_link
from bot.domain.params import JobParams, Motion, Speed
from bot.domain.periods import Period
from bot.ui.buttons import SYMBOLS, CancelButton, ExtendButton, ExtendClick
from bot.ui.image_rows import result_parts
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.text import captions
from bot.ui.text.errors import describe_error_code
from bot.ui.text.format import format_duration, pluralize

BAR = 10
"""Boxes of the progress bar."""


@dataclass(frozen=True)
class ShownClip:
    """Hold one clip as a card can show it: its file there, a message that shows it, or what to say of it.

    `kept` says whether its file is there to go on from.
    """

    slot: int
    filename: str | None = None
    result: str | None = None
    note: str = ""
    kept: bool = True


@dataclass(frozen=True)
class Card:
    """Hold everything that a card shows.

    `price` is the job's and `each` that of one extend, in credits, `prices` are its provider's; `place` counts from 1,
    `wait_ms` is in milliseconds, `frames` name the picture files by place, `motions` are the rows of extend buttons
    (empty: none).
    """

    job: Job
    provider: str
    price: int
    credits_left: int | None = None
    period: Period = Period.NEVER
    place: int | None = None
    wait_ms: int | None = None
    paused_until_ms: int | None = None
    parent_link: str | None = None
    frames: Mapping[str, str] = field(default_factory=dict[str, str])
    clips: Sequence[ShownClip] = ()
    motions: Sequence[Motion | None] = ()
    each: int = 0
    prices: Prices = field(default_factory=Prices)


_LEFT_FOR = {Period.DAY: " today", Period.WEEK: " this week", Period.MONTH: " this month", Period.NEVER: ""}


def draw(card: Card) -> LayoutView:
    """Draw the card as it is to be shown now."""
    view = LayoutView(timeout=None)
    view.add_item(Container(*_parts(card), accent_colour=_accent(card.job)))
    return view


def draw_result(card: Card) -> LayoutView:
    """Draw clips that their card could not take, for a message that replies to it."""
    noun = captions.noun_of(card.job)
    origin = TextDisplay[LayoutView](f"-# {captions.belongs_to(noun, card_link(card.job))}, made by {card.provider}")
    view = LayoutView(timeout=None)
    view.add_item(Container(*_gallery(card), *_next_steps(card), origin, accent_colour=_accent(card.job)))
    return view


def _parts(card: Card) -> list[discord.ui.Item[LayoutView]]:
    room = MAX_TEXT - 1200 - sum(len(clip.note) + 1 for clip in card.clips)
    quote = f"\n{_quoted(card.job.params.prompt, room)}" if card.job.params.prompt else ""
    head = f"{_title(card)}{quote}{_removed(card.job)}"
    parts: list[discord.ui.Item[LayoutView]] = [_beside(head, card.frames.get("start"))]
    if "end" in card.frames:
        parts.append(_beside("ending with this picture", card.frames["end"]))
    if card.job.state is State.DONE:
        parts += [*_gallery(card), *_next_steps(card)]
    else:
        parts += [*_gallery(card), TextDisplay(_progress(card))]
    if card.job.state is State.QUEUED:
        cancel: ActionRow[LayoutView] = ActionRow()
        cancel.add_item(CancelButton(card.job.id))
        parts.append(cancel)
    parts.append(TextDisplay(f"-# {_origin(card)}"))
    return parts


def _beside(words: str, image: str | None) -> Section[LayoutView] | TextDisplay[LayoutView]:
    if image is None:
        return TextDisplay(words)
    thumbnail: Thumbnail[LayoutView] = Thumbnail(f"attachment://{image}")
    return Section[LayoutView](words, accessory=thumbnail)


_NAMES = {
    Kind.VIDEO: "Video",
    Kind.EXTEND: "Extension",
    Kind.IMAGINE: "Pictures",
    Kind.BLEND: "Blend",
    Kind.DESCRIBE: "Description",
    Kind.REGION: "New region",
    Kind.SEED: "Seed",
}


def _title(card: Card) -> str:
    job = card.job
    details = _video_details(job.params) if job.kind.makes_video else _image_details(job)
    details.append(pluralize(card.price, "credit"))
    left = "" if card.credits_left is None else f" ({card.credits_left} left{_LEFT_FOR[card.period]})"
    action = ACTIONS.get(job.params.action or "")
    name = action.label if action is not None else _NAMES.get(job.kind, "Pictures")
    return f"**{name}** by <@{job.user_id}>, {', '.join(details)}{left}"


def _video_details(params: JobParams) -> list[str]:
    details = [f"{params.motion} motion"] if params.motion else []
    details += [params.resolution.upper(), pluralize(params.clips, "clip")]
    details += ["loop"] if params.loop else []
    details += [f"{params.prompt_mode} animation"] if params.prompt_mode else []
    details += [f"{params.speed} speed"] if params.speed not in (None, Speed.FAST) else []
    return details


def _image_details(job: Job) -> list[str]:
    details = [f"{job.params.speed} speed"] if job.params.speed else []
    details += [f"{job.params.shape}"] if job.params.shape else []
    details += ["translated"] if job.params.translate else []
    return details


def _quoted(prompt: str, room: int) -> str:
    """Quote a prompt as it was typed: nothing in it is markdown, and nothing in it pings."""
    return f"> {escape(prompt, room=room)}"


def _removed(job: Job) -> str:
    if not job.params.removed:
        return ""
    taken = ", ".join(f"`{word.replace('`', '')[:60]}`" for word in job.params.removed[:5])
    more = "" if len(job.params.removed) <= 5 else f" and {len(job.params.removed) - 5} more"
    return f"\n-# Taken out of the prompt: {taken}{more}. Use the command's options instead."


def _progress(card: Card) -> str:
    job = card.job
    about = "" if card.wait_ms is None else f", about {format_duration(card.wait_ms)}"
    match job.state:
        case State.RECEIVED:
            return "Looking at the prompt…" if job.kind is Kind.IMAGINE else "Looking at the picture…"
        case State.QUEUED if card.paused_until_ms is not None:
            moment = card.paused_until_ms // 1000
            return (
                f"Waiting, place {card.place or 1}: {card.provider} does not answer well, I try again <t:{moment}:R>."
            )
        case State.QUEUED if job.tries and job.due_ms is not None:
            return f"{card.provider} is busy; I am trying again."
        case State.QUEUED:
            return f"Waiting, place {card.place or 1}{about}"
        case State.SUBMITTING if job.lease is None:
            return f"{card.provider} has not answered; I am waiting to see whether it took the job."
        case State.SUBMITTING:
            return f"Handing it to {card.provider}…"
        case State.RUNNING:
            done = "being made" if job.progress is None else f"{job.progress} %"
            return f"{_bar(job.progress or 0)} {done}{about}{' left' if about else ''}"
        case State.READY | State.DONE:
            return f"{_bar(100)} made; fetching {'the clips' if job.kind.makes_video else 'the pictures'}…"
        case State.FAILING | State.FAILED:
            returned = job.cost if job.charged else 0
            return describe_error_code(job.error_code or "internal", job.error_data, returned=returned)


def _bar(percent: int) -> str:
    full = max(0, min(BAR, percent * BAR // 100))
    return "▰" * full + "▱" * (BAR - full)


def _gallery(card: Card) -> list[discord.ui.Item[LayoutView]]:
    parts: list[discord.ui.Item[LayoutView]] = []
    noun = captions.noun_of(card.job)
    files = [clip for clip in card.clips if clip.filename is not None]
    if files:
        gallery: MediaGallery[LayoutView] = MediaGallery()
        for clip in files:
            gallery.add_item(media=f"attachment://{clip.filename}", description=f"{noun} {clip.slot + 1}")
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
        name = f"**Extend, {motion} motion**" if motion else "**Extend**"
        note = f" - {pluralize(card.each, 'credit')} each; clips count left to right, top to bottom" if row == 0 else ""
        parts.append(TextDisplay(f"{SYMBOLS[motion]} {name}{note}"))
        buttons: ActionRow[LayoutView] = ActionRow()
        for clip in here:
            buttons.add_item(ExtendButton(ExtendClick(card.job.id, clip.slot, motion)))
        parts.append(buttons)
    return parts


def _origin(card: Card) -> str:
    made = f"made by {card.provider}, job {card.job.id}"
    if card.parent_link is not None:
        clip = f"clip {(card.job.parent_slot or 0) + 1} of " if card.job.kind is Kind.EXTEND else ""
        return f"from {clip}{card.parent_link} (job {card.job.parent_job_id}), {made}"
    if card.job.params.job_image is not None:
        return f"from a picture of job {card.job.params.job_image.job_id}, {made}"
    if card.job.params.provider_image is not None:
        task = card.job.params.provider_image
        return f"from picture {task.index + 1} of {escape(task.remote_id)}, {made}"
    return made


def _accent(job: Job) -> discord.Colour:
    match job.state:
        case State.DONE:
            return discord.Colour.green()
        case State.FAILING | State.FAILED:
            return discord.Colour.red()
        case State.SUBMITTING | State.RUNNING | State.READY:
            return discord.Colour.blurple()
        case _:
            return discord.Colour.light_grey()
