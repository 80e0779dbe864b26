"""The pictures that a job is made from: fetched and checked, or taken over from the job that it repeats."""

from dataclasses import replace

from bot.db.store import Store
from bot.domain.job import Frame, Job, Kind
from bot.domain.params import ImageUpload
from bot.media import Downloader, MediaStore
from bot.media.store import input_image_path
from bot.services.given_images import frame_label, image_label


class JobPictures:
    """Keep what members gave, before anything is charged."""

    def __init__(self, store: Store, downloader: Downloader, media: MediaStore) -> None:
        self._store = store
        self._downloader = downloader
        self._media = media

    async def gather(self, job: Job) -> list[Frame]:
        """Keep the pictures that a job is made from; gives those that its card shows. Raises `BadImage`."""
        params = job.params
        if params.again_of is not None and await self._store.jobs.get(params.again_of) is None:
            # It was removed, and lends nothing any more.
            job = replace(job, params=replace(params, again_of=None))
        frames = [
            await self._frame(job, role, image)
            for role, image in (("start", params.image), ("end", params.end_image))
            if image is not None
        ]
        for number, image in enumerate(params.images):
            if not await self._take_over_input(job, number):
                checked = await self._downloader.image(image.url, image_label(params.images, number))
                await self._media.keep(input_image_path(job.id, number), checked.data)
        if job.kind is Kind.REGION:
            await self._take_over_input(job, 0)
        return frames

    async def _frame(self, job: Job, role: str, image: ImageUpload) -> Frame:
        """Keep a start or end image; one that the repeated job has is lent, as it was checked before."""
        if job.params.again_of is not None:
            kept = (await self._store.clips.frames(job.params.again_of)).get(role)
            if kept is not None and await self._media.has(kept.media_file):
                return Frame(job.id, role, kept.media_file)
        checked = await self._downloader.image(image.url, frame_label(role, image), for_card=True)
        return Frame(job.id, role, await self._media.keep(f"{job.id}/{role}.{checked.extension}", checked.data))

    async def _take_over_input(self, job: Job, number: int) -> bool:
        """Copy one of the images that the repeated job was made from; False where there is none."""
        if job.params.again_of is None:
            return False
        try:
            data = await self._media.read(input_image_path(job.params.again_of, number))
        except FileNotFoundError:
            return False
        await self._media.keep(input_image_path(job.id, number), data)
        return True
