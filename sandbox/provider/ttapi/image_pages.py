"""How TTAPI's image page shows a job, in fetch and in callbacks alike."""

from __future__ import annotations

from sandbox.provider.engine.downloads import Downloads
from sandbox.provider.model.image_jobs import image_order_of
from sandbox.provider.model.job import ImageResult, Job, Json, State
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.ttapi.envelope import STATES
from sandbox.provider.ttapi.image_actions import offered_actions

NUMBERS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣")
TILES = ("0", "1", "2", "3")


class ImagePages:
    """Words an image job for the client.

    The page's samples show an image without a seed as ``""`` when it is done and null before; what stands in place of
    an image that there is none of is not shown, and taken to be the same.
    """

    def __init__(self, downloads: Downloads, settings: ProviderSettings) -> None:
        self._downloads = downloads
        self._settings = settings

    def describe(self, job: Job) -> Json:
        """Return a job as fetch and the callback show it."""
        return {"status": STATES[job.state], "jobId": job.id, "message": job.message, "data": self._data(job)}

    def _data(self, job: Job) -> Json | list[Json] | None:
        match job.state:
            case State.RUNNING:
                return self._unfinished(job, "preview" if self._settings.ttapi_previews else "")
            case State.DONE:
                return self._finished(job, job.image_result or ImageResult())
            case _:
                return self._nothing(job)

    def _nothing(self, job: Job) -> Json | list[Json] | None:
        match self._settings.ttapi_nothing:
            case "list":
                return []
            case "null":
                return None
            case "object":
                return self._unfinished(job, "")

    def _unfinished(self, job: Job, preview: str) -> Json:
        return {
            **self._about(job),
            "prompt": job.prompt,
            "discordImage": self._downloads.discord_link(job, preview),
            "cdnImage": self._downloads.image_link(job, preview),
            "width": None,
            "height": None,
            "hookUrl": job.callback_url or "",
            "components": [],
            "seed": None,
            "images": None,
        }

    def _finished(self, job: Job, result: ImageResult) -> Json:
        width, height = result.size or (None, None)
        return {
            **self._about(job),
            "prompt": self._words(result) or job.prompt,
            "discordImage": self._downloads.discord_link(job, "image") or "",
            "cdnImage": self._downloads.image_link(job, "image") or "",
            "width": width,
            "height": height,
            "hookUrl": job.callback_url or "",
            "components": offered_actions(job, self._settings),
            "seed": "" if result.seed is None else str(result.seed),
            "images": self._images(job),
            "quota": job.quota if self._settings.ttapi_quota == "number" else str(job.quota),
        }

    def _about(self, job: Job) -> Json:
        name = self._settings.ttapi_action
        names = ("actions", "action") if name == "both" else (name,)
        progress = job.progress or 0
        return dict.fromkeys(names, job.action) | {"jobId": job.id, "progress": str(progress)}

    def _images(self, job: Job) -> list[str] | None:
        if not (image_order_of(job).singles and self._settings.ttapi_singles):
            return None
        return [link for link in (self._downloads.image_link(job, name) for name in TILES) if link is not None] or None

    def _words(self, result: ImageResult) -> str:
        if self._settings.ttapi_describe == "lines":
            return "\n".join(result.prompts)
        return "\n\n".join(f"{number} {words}" for number, words in zip(NUMBERS, result.prompts, strict=False))
