"""The joined film of a storyboard: made by the step that ends its last shot, and shown on the card of all."""

import logging

from bot.db.store import Store
from bot.domain.job import Job, State
from bot.domain.storyboard import LEAST_SHOTS, MADE, is_over, latest
from bot.errors import FilmNotJoined, FilmPartGone, FilmsOff, MediaFull
from bot.services.film_joiner import FilmJoiner, film_file

log = logging.getLogger(__name__)


class StoryboardFilm:
    """Join what was made of a storyboard once nothing more is to be made."""

    def __init__(self, store: Store, joiner: FilmJoiner) -> None:
        self._store = store
        self._joiner = joiner

    async def join(self, job: Job) -> None:
        """Join the clips of all shots, up to the first that was not made, if the shot in hand is the last to end.

        A storyboard without a film is delivered all the same: each clip is on its card.
        """
        storyboard = await self._store.storyboards.get(job.storyboard_id or "")
        jobs = await self._store.storyboards.jobs(job.storyboard_id or "")
        shots = _made(latest(jobs))
        if storyboard is None or not is_over(jobs) or len(shots) < LEAST_SHOTS:
            return
        name = film_file(shots[-1].id, 0)
        if storyboard.film_job_id == shots[-1].id and await self._joiner.has(name):
            return
        # Where another step still fetches a clip, that one joins them.
        if not all([await self._is_here(shot) for shot in shots]):
            return
        try:
            film = await self._joiner.join([(shot.id, 0) for shot in shots], name)
        except (FilmPartGone, FilmsOff, FilmNotJoined, MediaFull) as error:
            log.warning("storyboard %s has no joined film: %s", job.storyboard_id, error)
            return
        await self._store.storyboards.set_film(
            storyboard, shots[-1].id, film.media_file, parts=film.parts, seconds=film.seconds, size=film.bytes
        )
        log.info("storyboard %s: a film of %d shots is joined", job.storyboard_id, film.parts)

    async def _is_here(self, shot: Job) -> bool:
        clips = await self._store.clips.clips(shot.id)
        return shot.state is State.DONE or any(clip.slot == 0 and clip.media_file is not None for clip in clips)


def _made(stands_for: dict[int, Job]) -> list[Job]:
    """Give the shots that were made, each of which goes on from the one before."""
    shots: list[Job] = []
    for number in range(len(stands_for)):
        shot = stands_for.get(number)
        if shot is None or shot.state not in MADE or (shots and shot.parent_job_id != shots[-1].id):
            break
        shots.append(shot)
    return shots
