"""Draw the one card of a storyboard: how far each shot is, the clips as they come, and the joined film at the end."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import discord
from discord.ui import ActionRow, LayoutView, MediaGallery, Section, TextDisplay, Thumbnail

from bot.domain.job import Job, State
from bot.domain.params import JobParams, Motion
from bot.domain.storyboard import FILM_PLACE, LIVE, MADE_ANEW, Shot
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.more_menu import more_row
from bot.ui.shown_clip import ShownClip
from bot.ui.storyboard_buttons import GoOnButton, StopButton
from bot.ui.text import captions
from bot.ui.text import storyboards as text
from bot.ui.text.member_settings import used

ROOM = MAX_TEXT - 1400
"""Characters for all shots and the notes together; what else stands on the card has fewer than the rest."""

STATE_ROOM = 180
"""Characters that are kept free for what is said of each shot."""

SHORTEST = 60
"""Characters of a shot's words that are shown whatever else there is to say."""

OFFERED = ("shots", "star", "share", "hide", "unhide", "remove")
"""What of the menu at a card's end is about the whole storyboard, and not about one of its jobs."""

IN_A_GALLERY = 10
"""Files that one gallery shows."""

Part = discord.ui.Item[LayoutView]


@dataclass(frozen=True)
class ShownShot:
    """Hold one shot as the card shows it: its line, how far it is, and which image it starts with, by its role."""

    shot: Shot
    state: State
    progress: str
    frame: str | None = None


@dataclass(frozen=True)
class GoingOn:
    """Hold which shot a storyboard is taken up from, counted from 0, and what the rest costs, in credits."""

    shot: int
    price: int


@dataclass(frozen=True)
class StoryboardLook:
    """Hold what a storyboard's card shows beside its files.

    `price` is what all shots cost, `notes` are about files that the card does not show; `film` is the joined film's
    shots and seconds, `withheld` names the entries of its menu that would be refused.
    """

    id: str
    user_id: int
    params: JobParams
    shots: Sequence[ShownShot]
    price: int
    provider: str
    card_job: Job
    film: tuple[int, float] | None = None
    can_stop: bool = False
    going_on: GoingOn | None = None
    notes: Sequence[str] = ()
    is_over: bool = False
    withheld: Collection[str] = ()

    @property
    def hidden(self) -> bool:
        """Tell whether its media is hidden behind Discord's spoiler."""
        return bool(self.card_job.spoiler)


def storyboard_parts(look: StoryboardLook, clips: Sequence[ShownClip], frames: Mapping[str, str]) -> list[Part]:
    """Draw the parts of a card; `clips` are at the places of their shots, `frames` name the image files by role."""
    title = text.card_title(look.user_id, look.params, len(look.shots), look.price)
    head = "\n".join([title, *(f"-# {line}" for line in used(look.card_job))])
    parts: list[Part] = [_beside(head, frames.get("start"), hidden=look.hidden)]
    parts += _film(look, clips)
    parts += _gallery([clip for clip in clips if clip.slot != FILM_PLACE], hidden=look.hidden)
    notes = [*_elsewhere(clips), *(clip.note for clip in clips if clip.note), *look.notes]
    notes = _fitting(notes, ROOM - _length([_words(*one, SHORTEST) for one in _numbered(look)]))
    parts += _shots(look, frames, ROOM - _length(notes))
    parts += [TextDisplay("\n".join(notes))] if notes else []
    parts += _buttons(look)
    parts += more_row(look.card_job, 0, OFFERED if look.is_over else ("remove",), look.withheld)
    origin = text.origin(look.provider, look.card_job.id, made=look.is_over and bool(clips))
    return [*parts, TextDisplay(f"-# {origin}")]


def storyboard_accent(look: StoryboardLook) -> discord.Colour:
    """Choose the colour of a card by how all shots are."""
    states = [shown.state for shown in look.shots]
    if all(state is State.DONE for state in states):
        return discord.Colour.green()
    if any(state in LIVE or state is State.READY for state in states):
        waiting = all(state in (State.RECEIVED, State.QUEUED) for state in states)
        return discord.Colour.light_grey() if waiting else discord.Colour.blurple()
    return discord.Colour.red() if look.going_on is not None else discord.Colour.green()


def _film(look: StoryboardLook, clips: Sequence[ShownClip]) -> list[Part]:
    shown = next((clip for clip in clips if clip.slot == FILM_PLACE and clip.filename is not None), None)
    if look.film is None:
        return []
    parts: list[Part] = [TextDisplay(text.film(*look.film))]
    if shown is not None:
        gallery: MediaGallery[LayoutView] = MediaGallery()
        gallery.add_item(media=f"attachment://{shown.filename}", description=text.film_alt(), spoiler=look.hidden)
        parts.append(gallery)
    return parts


def _gallery(clips: Sequence[ShownClip], *, hidden: bool) -> list[Part]:
    shown = [clip for clip in clips if clip.filename is not None]
    parts: list[Part] = []
    for first in range(0, len(shown), IN_A_GALLERY):
        gallery: MediaGallery[LayoutView] = MediaGallery()
        for clip in shown[first : first + IN_A_GALLERY]:
            gallery.add_item(
                media=f"attachment://{clip.filename}",
                description=text.shot_alt(clip.slot % MADE_ANEW + 1),
                spoiler=hidden,
            )
        parts.append(gallery)
    return parts


def _shots(look: StoryboardLook, frames: Mapping[str, str], characters: int) -> list[Part]:
    """Draw a line for each shot; those that begin with no image of their own share one text."""
    room = characters // len(look.shots) - STATE_ROOM
    parts: list[Part] = []
    together: list[str] = []
    for number, shown, motion in _numbered(look):
        words = _words(number, shown, motion, max(room, SHORTEST))
        image = frames.get(shown.frame) if shown.frame not in (None, "start") else None
        if image is None:
            together.append(words)
            continue
        parts += [TextDisplay("\n".join(together))] if together else []
        parts.append(_beside(words, image, hidden=look.hidden))
        together = []
    return [*parts, TextDisplay("\n".join(together))] if together else parts


def _words(number: int, shown: ShownShot, usual: Motion | None, room: int) -> str:
    line = text.shot_line(number, escape(shown.shot.prompt, room=room))
    motion = text.shot_notes(Shot("", shown.shot.motion), usual)
    return f"{line}\n-# {text.join_notes([*motion, shown.progress])}"


def _numbered(look: StoryboardLook) -> Iterator[tuple[int, ShownShot, Motion | None]]:
    """Give each shot with its number, and the motion that goes without saying."""
    return ((number, shown, look.params.motion) for number, shown in enumerate(look.shots, 1))


def _fitting(notes: Sequence[str], room: int) -> list[str]:
    """Take notes while there is room, and say so where there are more."""
    if _length(notes) <= room:
        return list(notes)
    more = text.more_notes()
    return [
        *(note for note, end in zip(notes, accumulate(map(_with_end, notes)), strict=True) if end + len(more) <= room),
        more,
    ]


def _length(lines: Sequence[str]) -> int:
    return sum(map(_with_end, lines))


def _with_end(line: str) -> int:
    return len(line) + 1


def _elsewhere(clips: Sequence[ShownClip]) -> list[str]:
    results = dict.fromkeys(clip.result for clip in clips if clip.result is not None)
    return [captions.elsewhere("clip", link) for link in results]


def _buttons(look: StoryboardLook) -> list[Part]:
    row: ActionRow[LayoutView] = ActionRow()
    if look.can_stop:
        row.add_item(StopButton(look.id))
    if look.going_on is not None:
        row.add_item(GoOnButton(look.id, look.going_on.shot + 1, look.going_on.price))
    return [row] if row.children else []


def _beside(words: str, image: str | None, *, hidden: bool) -> Part:
    if image is None:
        return TextDisplay(words)
    thumbnail: Thumbnail[LayoutView] = Thumbnail(f"attachment://{image}", spoiler=hidden)
    return Section[LayoutView](words, accessory=thumbnail)
