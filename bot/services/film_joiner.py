"""Clips joined into one film that is kept: those that are gone here are fetched again first."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.errors import ClipGone, FilmNotJoined, FilmPartGone, FilmsOff
from bot.media import MediaStore, Transcoder, temporary_folder
from bot.services.clip_files import ClipFiles


@dataclass(frozen=True)
class JoinedFilm:
    """Hold where a joined film lies in the media store, of how many clips it is, its seconds and its bytes."""

    media_file: str
    parts: int
    seconds: float
    bytes: int


class FilmJoiner:
    """Join clips."""

    def __init__(self, media: MediaStore, transcoder: Transcoder, clip_files: ClipFiles) -> None:
        self._media = media
        self._transcoder = transcoder
        self._clip_files = clip_files

    @property
    def available(self) -> bool:
        """Whether films can be joined here at all."""
        return self._transcoder.available

    async def has(self, name: str) -> bool:
        """Tell whether a film is still here that was joined into a file of the media store."""
        return await self._media.has(name)

    async def join(self, clips: Sequence[tuple[str, int]], name: str) -> JoinedFilm:
        """Join clips, each named by its job and its slot from 0, into a file of the media store, which gets a name.

        The same again writes the same file. Raises `FilmPartGone`, `FilmsOff`, `FilmNotJoined` or `MediaFull`.
        """
        if not self.available:
            raise FilmsOff
        await self._media.require_room()
        files = [await self._bring_back(number, *clip) for number, clip in enumerate(clips, 1)]
        async with AsyncExitStack() as stack:
            made = await stack.enter_async_context(temporary_folder()) / "film.mp4"
            paths = [await stack.enter_async_context(self._media.local(file)) for file in files]
            joined = await self._transcoder.join(paths, made)
            if joined is None:
                raise FilmNotJoined
            size = await self._media.keep_file(name, made)
        return JoinedFilm(name, len(clips), joined.seconds, size)

    async def _bring_back(self, number: int, job_id: str, slot: int) -> str:
        """Name the file of a part, which is counted from 1."""
        try:
            return await self._clip_files.bring_back(job_id, slot)
        except ClipGone as gone:
            raise FilmPartGone(number, job_id, slot + 1, final=gone.final) from gone


def film_file(job_id: str, slot: int) -> str:
    """Name the file in the media store of the film up to a clip, whose slot counts from 0."""
    return f"{job_id}/film{slot + 1}.mp4"
