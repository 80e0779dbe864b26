"""What the one card of a storyboard shows: all its shots, with their clips and images at their places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.db.database import Database
from bot.db.rows import to_clip, to_frame
from bot.db.storyboards import read_shots, read_storyboard
from bot.domain.job import Clip, Frame, Job, State
from bot.domain.storyboard import FILM_PLACE, LIVE, Storyboard, frame_role, places


@dataclass(frozen=True)
class Film:
    """Hold the joined film of a storyboard; `seconds` is its length."""

    parts: int
    seconds: float


@dataclass(frozen=True)
class BoardFacts:
    """Hold a storyboard with its jobs by their places, oldest first for each shot.

    `card_job` is the first job, whose row says what the card shows; it has the token that works longest. Each clip's
    and image's place is in its slot or role. Of the images there are those that the card is to show now.
    """

    storyboard: Storyboard
    shots: dict[int, Job]
    card_job: Job
    clips: tuple[Clip, ...]
    frames: dict[str, Frame]
    film: Film | None

    @property
    def jobs(self) -> Sequence[Job]:
        """Give all jobs of the storyboard."""
        return tuple(self.shots.values())

    def with_done(self, job_id: str) -> "BoardFacts":
        """Give it as it is once a shot that is delivered has ended."""
        shots = {
            place: replace(job, state=State.DONE) if job.id == job_id else job for place, job in self.shots.items()
        }
        return replace(self, shots=shots)


async def read_board(db: Database, storyboard_id: str) -> BoardFacts:
    """Read all that the card of a storyboard needs, which has shots."""
    storyboard = await read_storyboard(db, storyboard_id)
    shots = places(await read_shots(db, storyboard_id))
    if storyboard is None or not shots:
        raise ValueError(f"there is no storyboard {storyboard_id}")
    found = {job.id: place for place, job in shots.items()}
    clips = [
        to_clip(row)
        for row in await db.fetch(
            "select * from clip where job_id in (select id from job where storyboard_id = $1) and slot = 0",
            storyboard_id,
        )
    ]
    frames = [
        to_frame(row)
        for row in await db.fetch(
            "select * from frame where job_id in (select id from job where storyboard_id = $1) and role = 'start'",
            storyboard_id,
        )
    ]
    placed = sorted((replace(clip, slot=found[clip.job_id]) for clip in clips), key=lambda clip: clip.slot)
    film, film_clip = await _film(db, storyboard)
    newest = max(shots.values(), key=lambda job: (job.token_until_ms, job.created_ms, job.id))
    first = min(shots.values(), key=lambda job: (job.created_ms, job.id))
    return BoardFacts(
        storyboard,
        shots,
        replace(first, token=newest.token, token_until_ms=newest.token_until_ms, file_limit=newest.file_limit),
        (*film_clip, *placed),
        _shown_frames(frames, shots),
        film,
    )


def _shown_frames(frames: Sequence[Frame], shots: dict[int, Job]) -> dict[str, Frame]:
    """Give the images that belong on the card, by role: what all began with, and what the shot that is made starts at.

    Any other image is what an earlier clip ends on. With all of them, eight shots have more files than a message takes
    (discord.md, section 2).
    """
    placed = {place: frame for place, job in shots.items() for frame in frames if frame.job_id == job.id}
    first = min((place for place in placed if shots[place].shot == 0), default=None)
    return {
        frame_role(place): replace(frame, role=frame_role(place))
        for place, frame in placed.items()
        if place == first or shots[place].state in LIVE
    }


async def _film(db: Database, storyboard: Storyboard) -> tuple[Film | None, list[Clip]]:
    """Read the joined film, and give it as the clip that the card shows it as."""
    if storyboard.film_job_id is None:
        return None, []
    rows = await db.fetch("select * from film where job_id = $1 and slot = 0", storyboard.film_job_id)
    if not rows or rows[0]["media_file"] is None:
        return None, []
    clip = Clip(
        storyboard.film_job_id,
        FILM_PLACE,
        "",
        rows[0]["media_file"],
        storyboard.film_message_id,
        storyboard.film_attachment_id,
        rows[0]["seconds"],
        rows[0]["bytes"],
    )
    return Film(rows[0]["parts"], rows[0]["seconds"]), [clip]
