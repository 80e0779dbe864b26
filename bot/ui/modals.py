"""The form for a film of a picture; all that it is about stands in its custom_id, so that it outlives the process."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discord.ui import Label, Modal

from bot.domain.params import Motion, Preferences, Resolution
from bot.providers.capabilities import USUAL_CLIPS, AvailableOptions
from bot.ui.buttons import AnimateClick
from bot.ui.modal_fields import CHOICES, FORGOTTEN_SECONDS, choice, prompt_field, read_fields, with_first
from bot.ui.text import modals as text

_PICTURE = re.compile(r"animate:(?P<job>[0-9a-z]{1,32}):(?P<number>[1-9]):(?P<motion>low|high|none)")
_SEEN = re.compile(r"animate-seen:(?P<sighting>[0-9a-z]{1,32})")


NOTHING_CHOSEN = Preferences()


@dataclass(frozen=True)
class MessageImagesRef:
    """Name the pictures that somebody saw in a message."""

    message_images_id: str


@dataclass(frozen=True)
class AnimateForm:
    """Hold what somebody sent with the form; a None was not on it. `number` counts a message's pictures from 1."""

    prompt: str
    resolution: Resolution
    clips: int
    motion: Motion | None = None
    loop: bool | None = None
    number: int = 1


def animate_image(
    click: AnimateClick, prompt: str, offered: AvailableOptions, preferred: Preferences = NOTHING_CHOSEN
) -> Modal:
    """Make the form for a picture on one of our cards; what is `preferred` is set."""
    choices = {"no": text.no_loop_choice(), "yes": text.loop_choice()}
    loop = [choice("loop", text.loop_label(), choices, text.loop_note())]
    title = text.animate_title(click.number, click.motion)
    custom_id = f"animate:{click.job_id}:{click.number}:{click.motion or 'none'}"
    return _form(title, custom_id, prompt, [], offered, preferred, loop if offered.loop else [])


def animate_message(
    seen: MessageImagesRef,
    pictures: int,
    author: str,
    offered: AvailableOptions,
    named: Mapping[int, str] | None = None,
    preferred: Preferences = NOTHING_CHOSEN,
) -> Modal:
    """Make the form for the pictures of any message, named by their places and whose message it is.

    Those `named`, counted from 1, are called that, and the form says so even of a single one.

    It asks for the motion too, of which a loop is one: a form has room for five fields.
    """
    numbered = {str(number): text.picture_choice(number, author) for number in range(1, min(pictures, CHOICES) + 1)}
    moves = {str(motion): text.motion_choice(motion) for motion in offered.motions} or {"any": text.motion_choice(None)}
    moves |= {"loop": text.loop_choice()} if offered.loop else {}
    moves = with_first(moves, str(preferred.motion or ""))
    numbered |= {str(number): name for number, name in (named or {}).items() if number <= CHOICES}
    fields = [choice("picture", text.picture_label(), numbered)] if len(numbered) > 1 or named else []
    fields += [choice("motion", text.motion_label(), moves)] if len(moves) > 1 else []
    title = text.animate_message_title(pictures)
    return _form(title, f"animate-seen:{seen.message_images_id}", "", fields, offered, preferred)


def read_target(custom_id: str) -> AnimateClick | MessageImagesRef | None:
    """Read what a form is about from its custom_id; None for one that is not ours."""
    if about := _PICTURE.fullmatch(custom_id):
        motion = None if about["motion"] == "none" else Motion(about["motion"])
        return AnimateClick(about["job"], int(about["number"]), motion)
    if about := _SEEN.fullmatch(custom_id):
        return MessageImagesRef(about["sighting"])
    return None


def parse_submission(data: Mapping[str, Any]) -> AnimateForm:
    """Read a sent form; what is not among the choices counts as the first of them.

    Older forms have a choice of clips and one of their resolution.
    """
    values = read_fields(data)
    clips, _, resolution = values.get("films", f"{values.get('clips')}-{values.get('resolution')}").partition("-")
    motion, loop, number = values.get("motion"), values.get("loop"), values.get("picture", "")
    return AnimateForm(
        prompt=values.get("prompt", ""),
        resolution=Resolution.HD if resolution == "hd" else Resolution.SD,
        clips=int(clips) if clips in ("1", "2", "4") else 4,
        motion=Motion(motion) if motion in set(Motion) else None,
        loop=None if loop is None and motion is None else loop == "yes" or motion == "loop",
        number=int(number) if re.fullmatch("[1-9][0-9]?", number) else 1,
    )


def _form(
    title: str,
    custom_id: str,
    prompt: str,
    before: list[Label[Any]],
    offered: AvailableOptions,
    preferred: Preferences,
    after: Sequence[Label[Any]] = (),
) -> Modal:
    form = Modal(title=title, custom_id=custom_id, timeout=FORGOTTEN_SECONDS)
    form.add_item(prompt_field(text.prompt_label(), text.prompt_hint(), prompt))
    for label in before:
        form.add_item(label)
    # A form cannot change while it is filled in, so each choice says all that it will cost.
    films = {f"{offer.clips}-{offer.resolution}": text.films_choice(offer) for offer in offered.films[:CHOICES]}
    usual = f"{preferred.clips or USUAL_CLIPS}-{preferred.resolution or Resolution.SD}"
    form.add_item(choice("films", text.films_label(), with_first(films, usual)))
    for label in after:
        form.add_item(label)
    return form
