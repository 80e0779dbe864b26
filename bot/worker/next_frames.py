"""What the next shot of a storyboard starts at: made by the step that fetches the clip before it."""

import logging
from collections.abc import Sequence

from bot.db.clips import Fetched
from bot.db.store import Store
from bot.domain.job import Frame, Job, State
from bot.errors import AnimaticError
from bot.services.job_results import JobResults

log = logging.getLogger(__name__)


class NextFrames:
    """Make the last frames that shots wait for.

    A shot may be sent as soon as the clip before it is written down as kept. To make its image only then would take
    long where a stop leaves open whether it was sent.
    """

    def __init__(self, store: Store, results: JobResults) -> None:
        self._store = store
        self._results = results

    async def make(self, job: Job, fetched: Sequence[Fetched]) -> None:
        """Give the shots that go on from a clip which was just fetched what they start at.

        One that cannot be had now is left to the shot itself, which tells its member why.
        """
        films = {file.slot: file.media_file for file in fetched}
        waiting = [shot for shot in await self._waiting(job) if shot.parent_slot in films]
        for shot in waiting:
            slot = shot.parent_slot or 0
            try:
                name = await self._results.keep_last_frame(job.id, slot, films[slot])
            except (AnimaticError, OSError) as error:
                log.warning("job %s: what clip %d ends on could not be kept: %s", job.id, slot + 1, error)
                continue
            if name is not None:
                await self._store.clips.add_frame(Frame(shot.id, "start", name))

    async def _waiting(self, job: Job) -> list[Job]:
        """Give the shots that wait for a job to start where it ends."""
        if job.storyboard_id is None or not self._results.can_read_films:
            return []
        shots = await self._store.storyboards.jobs(job.storyboard_id)
        return [
            shot
            for shot in shots
            if shot.parent_job_id == job.id and shot.state is State.QUEUED and shot.params.from_last_frame
        ]
