"""What a storyboard's form says, line by line: each a shot, checked before anything is asked of anybody."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.params import MAX_PROMPT, JobParams
from bot.domain.prompts import clean_film_prompt
from bot.domain.storyboard import LEAST_SHOTS, MAX_LINES, MOST_SHOTS, Shot
from bot.errors import EmptyShot, PromptTooLong, ShotCount, ShotsTooLong

NO_PROMPT = "-"

_SETTLED = ("clips", "loop", "end_image")
"""The options that flags cannot choose here: each shot is one clip, and ends where the next one begins."""


def read_shots(typed: str, params: JobParams) -> tuple[Shot, ...]:
    """Read the lines of a form as shots; `params` are what was chosen for all of them.

    Raises `ShotsTooLong`, `ShotCount`, `PromptTooLong`, or `EmptyShot` for a line of nothing but flags.
    """
    if len(typed) > MAX_LINES:
        raise ShotsTooLong(len(typed), MAX_LINES)
    lines = [line for line in typed.splitlines() if line.strip()]
    if not LEAST_SHOTS <= len(lines) <= MOST_SHOTS:
        raise ShotCount(len(lines))
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_PROMPT:
            raise PromptTooLong(len(line), MAX_PROMPT, number)
    chosen = {*_SETTLED, *params.explicit_options}
    films = [clean_film_prompt(line, chosen) for line in lines]
    for number, film in enumerate(films, 1):
        if film.text in ("", NO_PROMPT):
            raise EmptyShot(number)
    return tuple(Shot(film.text, film.motion, film.removed, film.read) for film in films)


def typed_lines(shots: Iterable[Shot]) -> str:
    """Write shots as the lines that they were read from, without what was taken out."""
    return "\n".join(" ".join([shot.prompt, *shot.read]) for shot in shots)


def shot_params(params: JobParams, shot: Shot) -> JobParams:
    """Give what one shot asks for: its own words and motion, and all else as the storyboard has it."""
    explicit = dict.fromkeys((*params.explicit_options, *(("motion",) if shot.motion else ())))
    return replace(
        params,
        prompt=shot.prompt,
        motion=shot.motion or params.motion,
        explicit_options=tuple(explicit),
        removed=shot.removed,
        read=shot.read,
    )
