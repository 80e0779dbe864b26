"""Clips and films served from the media store by our own HTTP server, for those that Discord finds too large.

A link names job and clip and ends in a secret that only the job's row can tell: whoever was given the link may watch,
and nothing can be listed or guessed.
"""

import hashlib
import hmac

from bot.db.store import Store
from bot.domain.job import Job
from bot.media import MediaStore
from bot.media.store import ServedFile

PREFIX = "/films"


class ClipLinks:
    """Make links to clips and to the films up to them, and find the files behind."""

    def __init__(self, store: Store, media: MediaStore, public_url: str | None) -> None:
        self._store = store
        self._media = media
        self._public_url = public_url

    def link(self, job: Job, slot: int) -> str | None:
        """Give the address of a clip; None when nobody can reach us."""
        if self._public_url is None or job.client_token is None:
            return None
        return f"{self._public_url.rstrip('/')}{PREFIX}/{job.id}/{slot + 1}/{_secret(job.client_token, slot)}.mp4"

    def film_link(self, job: Job, slot: int) -> str | None:
        """Give the address of the film up to a clip; None when nobody can reach us."""
        if self._public_url is None or job.client_token is None:
            return None
        secret = _secret(job.client_token, slot, of="joined")
        return f"{self._public_url.rstrip('/')}{PREFIX}/{job.id}/film{slot + 1}/{secret}.mp4"

    async def find(self, job_id: str, number: int, secret: str, method: str = "GET") -> ServedFile | None:
        """Tell how the file behind a link is sent to who asks for it by a method; its clips are counted from 1.

        None when the link is wrong or the file gone.
        """
        job = await self._store.jobs.get(job_id)
        if job is None or job.client_token is None:
            return None
        if not hmac.compare_digest(_secret(job.client_token, number - 1), secret):
            return None
        clips = await self._store.clips.clips(job_id)
        kept = next((clip.media_file for clip in clips if clip.slot == number - 1), None)
        return None if kept is None else await self._media.serve(kept, method)

    async def find_film(self, job_id: str, number: int, secret: str, method: str = "GET") -> ServedFile | None:
        """Tell how the file of the film up to a clip is sent, as `find` does."""
        job, film = await self._store.jobs.get(job_id), await self._store.films.get(job_id, number - 1)
        if job is None or job.client_token is None or film is None or film.media_file is None:
            return None
        if not hmac.compare_digest(_secret(job.client_token, number - 1, of="joined"), secret):
            return None
        return await self._media.serve(film.media_file, method)


def _secret(client_token: str, slot: int, *, of: str = "film") -> str:
    return hmac.new(client_token.encode(), f"{of} {slot}".encode(), hashlib.sha256).hexdigest()[:40]
