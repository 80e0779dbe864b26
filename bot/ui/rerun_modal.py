"""The form that asks for an ended job once more.

Job and kind stand in its custom_id, so that it outlives the process.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discord.ui import Label, Modal, TextDisplay

from bot.domain.job import Kind
from bot.domain.params import Motion, Resolution, Shape, Speed
from bot.providers.capabilities import FilmOffer
from bot.services.rerun_forms import RerunForm
from bot.services.reruns import RerunChanges
from bot.ui.modal_fields import CHOICES, FORGOTTEN_SECONDS, choice, prompt_field, read_fields, with_first
from bot.ui.text import modals as film_text
from bot.ui.text import rerun as text

_SENT = re.compile(r"rerun:(?P<job>[0-9a-z]{1,32}):(?P<kind>[a-z]{1,16})")

ANY = "any"
"""The choice that leaves the motion to the provider."""


@dataclass(frozen=True)
class SentRerun:
    """Hold a sent form: which job is asked for once more, and what was changed."""

    job_id: str
    kind: Kind
    changes: RerunChanges


def draw_rerun_form(form: RerunForm) -> Modal:
    """Make the form, filled in with what the job asked for; each choice that costs says the whole price."""
    job = form.job
    modal = Modal(title=text.title(job.kind), custom_id=f"rerun:{job.id}:{job.kind}", timeout=FORGOTTEN_SECONDS)
    if form.takes_prompt:
        modal.add_item(_prompt(form))
    for field in _film_fields(form) if job.kind.makes_video else _image_fields(form):
        modal.add_item(field)
    if note := text.taken_over(job, form.provider, form.prices.image):
        modal.add_item(TextDisplay(f"-# {note}"))
    return modal


def read_rerun_form(data: Mapping[str, Any]) -> SentRerun | None:
    """Read a sent form; None for another one. What is not among the choices counts as not chosen."""
    about = _SENT.fullmatch(str(data.get("custom_id", "")))
    if about is None or about["kind"] not in set(Kind):
        return None
    values = read_fields(data)
    clips, _, resolution = values.get("films", "").partition("-")
    motion, speed, shape = values.get("motion"), values.get("speed"), values.get("shape")
    return SentRerun(
        about["job"],
        Kind(about["kind"]),
        RerunChanges(
            prompt=values.get("prompt", ""),
            motion=Motion(motion) if motion in set(Motion) else None,
            resolution=Resolution(resolution) if resolution in set(Resolution) else None,
            clips=int(clips) if clips in ("1", "2", "4") else None,
            speed=Speed(speed) if speed in set(Speed) else None,
            shape=Shape(shape) if shape in set(Shape) else None,
        ),
    )


def _prompt(form: RerunForm) -> Label[Any]:
    """Make the field for the words; a picture that brings its own can do without."""
    job = form.job
    own = job.kind is Kind.REGION and "prompt" not in job.params.explicit_options
    optional = job.kind in (Kind.REGION, Kind.EXTEND) or job.params.provider_image is not None
    hint = film_text.prompt_hint() if job.kind.makes_video else text.drawing_hint()
    return prompt_field(
        film_text.prompt_label(),
        text.region_hint() if job.kind is Kind.REGION else hint,
        "" if own else job.params.prompt,
        text.words_start_anew() if form.words_start_anew else None,
        required=not optional,
    )


def _film_fields(form: RerunForm) -> list[Label[Any]]:
    params = form.job.params
    moves = {str(motion): film_text.motion_choice(motion) for motion in form.motions}
    moves |= {ANY: film_text.motion_choice(None)} if params.motion not in form.motions else {}
    fields = [choice("motion", film_text.motion_label(), with_first(moves, str(params.motion or ANY)))]
    films = {_value(offer): film_text.films_choice(offer) for offer in form.films[:CHOICES]}
    chosen = f"{params.clips}-{params.resolution}"
    films_field = choice("films", film_text.films_label(), with_first(films, chosen))
    return [*(fields if len(moves) > 1 else []), films_field]


def _image_fields(form: RerunForm) -> list[Label[Any]]:
    params = form.job.params
    if form.job.kind is Kind.REGION:
        return []
    speeds = {str(speed): text.speed_choice(speed, form.prices.image) for speed in Speed}
    shapes = {str(shape): text.shape_choice(shape) for shape in Shape}
    fields = [choice("shape", text.shape_label(), with_first(shapes, str(params.shape)))] if params.shape else []
    return [*fields, choice("speed", text.speed_label(), with_first(speeds, str(params.speed or Speed.FAST)))]


def _value(offer: FilmOffer) -> str:
    return f"{offer.clips}-{offer.resolution}"
