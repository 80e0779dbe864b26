"""The form for an extend with words; its custom_id, the one of its button, names the job that it goes on from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discord.ui import Modal

from bot.domain.params import Motion
from bot.services.extends import ExtendForm
from bot.services.requests import ExtendOptions
from bot.ui.modal_fields import FORGOTTEN_SECONDS, choice, prompt_field, read_fields
from bot.ui.text import modals as text
from bot.ui.text import words_modal as words

_PARENT = re.compile(r"words:(?P<job>[0-9a-z]{1,32})")


@dataclass(frozen=True)
class WordsForm:
    """Hold what somebody sent with the form; `slot` counts from 0."""

    parent_id: str
    slot: int
    options: ExtendOptions


def draw_words_form(form: ExtendForm) -> Modal:
    """Make the form, in which each number of clips says all that it will cost."""
    modal = Modal(title=words.title(), custom_id=f"words:{form.parent_id}", timeout=FORGOTTEN_SECONDS)
    note = words.from_last_frame_note() if form.from_last_frame else None
    modal.add_item(prompt_field(words.prompt_label(), text.prompt_hint(), note=note))
    if len(form.slots) > 1:
        clips = {str(slot + 1): words.clip_choice(slot + 1) for slot in form.slots}
        modal.add_item(choice("clip", words.clip_label(), clips, words.clip_note()))
    if form.motions:
        motions = {str(motion): text.motion_choice(motion) for motion in form.motions}
        modal.add_item(choice("motion", text.motion_label(), motions))
    films = {str(offer.clips): text.films_choice(offer) for offer in form.films}
    modal.add_item(choice("films", text.films_label(), films))
    return modal


def read_words_form(data: Mapping[str, Any]) -> WordsForm | None:
    """Read a sent form; None for another one. What is not among the choices is left to the parent or the provider."""
    about = _PARENT.fullmatch(str(data.get("custom_id", "")))
    if about is None:
        return None
    values = read_fields(data)
    clip, motion, films = values.get("clip", ""), values.get("motion"), values.get("films")
    return WordsForm(
        about["job"],
        int(clip) - 1 if re.fullmatch("[1-9]", clip) else 0,
        ExtendOptions(
            motion=Motion(motion) if motion in set(Motion) else None,
            prompt=values.get("prompt", ""),
            clips=int(films) if films in ("1", "2", "4") else None,
        ),
    )
