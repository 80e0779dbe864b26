"""What a storyboard is: a film of several shots, each a job of its own, that share one card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.job import Job, State
from bot.domain.params import JobParams, Motion

LEAST_SHOTS, MOST_SHOTS = 2, 8
"""How many shots a storyboard has: as many as one card has room for."""

MAX_LINES = 4000
"""Characters of all shots together, as many as a form's field takes."""

MADE = (State.READY, State.DONE)
"""The states of a shot that the next one goes on from."""

LIVE = (State.RECEIVED, State.QUEUED, State.SUBMITTING, State.RUNNING)
"""The states of a shot that is still to be made."""


class StoryboardState(StrEnum):
    """Name how far a storyboard is before its shots are jobs: its form is open, it is shown, its shots are made."""

    ASKED = "asked"
    PREVIEWED = "previewed"
    MADE = "made"


@dataclass(frozen=True)
class Shot:
    """Hold what one line of the form says.

    A None leaves the motion as the storyboard has it; `removed` was taken out of the line, `read` counts as an option.
    """

    prompt: str
    motion: Motion | None = None
    removed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Storyboard:
    """Mirror one row of the storyboard table; `params` are those of a shot, whose words its line says."""

    id: str
    state: StoryboardState
    guild_id: int
    user_id: int
    provider: str
    params: JobParams
    shots: tuple[Shot, ...]
    created_ms: int
    film_job_id: str | None = None
    """The shot that the joined film ends with."""
    film_message_id: int | None = None
    film_attachment_id: int | None = None
    spoiler: int | None = None
    """What was typed of the spoiler, 1 or 0; None where nothing was."""


def places(jobs: Iterable[Job]) -> dict[int, Job]:
    """Give each job of a storyboard a place of its own, counted from 0: its shot's, and those made anew behind all.

    The place of a job never changes: its files are told apart by it.
    """
    found: dict[int, Job] = {}
    for job in sorted(jobs, key=lambda one: (one.created_ms, one.id)):
        place = job.shot or 0
        while place in found:
            place += MADE_ANEW
        found[place] = job
    return found


def frame_role(place: int) -> str:
    """Name the image that a shot starts with, by its place; the first shot's is the card's own."""
    return "start" if place == 0 else f"start-{place + 1}"


MADE_ANEW = 100
"""How far the place of a shot that was made anew is from that of the one before."""

FILM_PLACE = 99
"""The place of the joined film among a storyboard's clips."""


def latest(jobs: Sequence[Job]) -> dict[int, Job]:
    """Give the job that stands for each shot: the one that is made, or is being made, else the newest."""
    found: dict[int, Job] = {}
    for job in sorted(jobs, key=lambda one: (one.state in MADE, one.state in LIVE, one.created_ms, one.id)):
        found[job.shot or 0] = job
    return found


def is_over(jobs: Iterable[Job]) -> bool:
    """Tell whether no shot is still to be made."""
    return not any(job.state in LIVE for job in jobs)


def was_refused(jobs: Iterable[Job]) -> bool:
    """Tell whether nothing was ever charged for a storyboard, and its member knows: it may be made after all."""
    return all(job.state is State.FAILED and not job.charged for job in jobs)


def first_missing(storyboard: Storyboard, jobs: Sequence[Job]) -> int | None:
    """Tell which shot going on begins with, counted from 0; None while one is to be made, or when all are made."""
    if not is_over(jobs):
        return None
    made = {shot for shot, job in latest(jobs).items() if job.state in MADE}
    return next((shot for shot in range(len(storyboard.shots)) if shot not in made), None)
