"""How TTAPI's image page shows a job, in fetch and in callbacks alike."""

from __future__ import annotations

from sandbox.provider.engine.downloads import Cdn
from sandbox.provider.model.image_jobs import order_of
from sandbox.provider.model.job import Drawn, Job, Json, State
from sandbox.provider.model.settings import Knobs
from sandbox.provider.ttapi.envelope import STATES
from sandbox.provider.ttapi.image_actions import offered

NUMBERS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣")
TILES = ("0", "1", "2", "3")


class JobPages:
    """Words a picture job for the client.

    The page's samples show a picture without a seed as ``""`` when it is done and null before; what stands in place of
    a picture that there is none of is not shown, and taken to be the same.
    """

    def __init__(self, cdn: Cdn, knobs: Knobs) -> None:
        self._cdn = cdn
        self._knobs = knobs

    def describe(self, job: Job) -> Json:
        """Return a job as fetch and the callback show it."""
        return {"status": STATES[job.state], "jobId": job.id, "message": job.message, "data": self._data(job)}

    def _data(self, job: Job) -> Json | list[Json] | None:
        match job.state:
            case State.RUNNING:
                return self._unfinished(job, "preview" if self._knobs.ttapi_previews else "")
            case State.DONE:
                return self._finished(job, job.drawn or Drawn())
            case _:
                return self._nothing(job)

    def _nothing(self, job: Job) -> Json | list[Json] | None:
        match self._knobs.ttapi_nothing:
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
            "discordImage": self._cdn.discord_link(job, preview),
            "cdnImage": self._cdn.image_link(job, preview),
            "width": None,
            "height": None,
            "hookUrl": job.hook_url or "",
            "components": [],
            "seed": None,
            "images": None,
        }

    def _finished(self, job: Job, drawn: Drawn) -> Json:
        width, height = drawn.size or (None, None)
        return {
            **self._about(job),
            "prompt": self._words(drawn) or job.prompt,
            "discordImage": self._cdn.discord_link(job, "picture") or "",
            "cdnImage": self._cdn.image_link(job, "picture") or "",
            "width": width,
            "height": height,
            "hookUrl": job.hook_url or "",
            "components": offered(job, self._knobs),
            "seed": "" if drawn.seed is None else str(drawn.seed),
            "images": self._images(job),
            "quota": job.quota if self._knobs.ttapi_quota == "number" else str(job.quota),
        }

    def _about(self, job: Job) -> Json:
        name = self._knobs.ttapi_action
        names = ("actions", "action") if name == "both" else (name,)
        progress = job.progress or 0
        return dict.fromkeys(names, job.action) | {"jobId": job.id, "progress": str(progress)}

    def _images(self, job: Job) -> list[str] | None:
        if not (order_of(job).singles and self._knobs.ttapi_singles):
            return None
        return [link for link in (self._cdn.image_link(job, name) for name in TILES) if link is not None] or None

    def _words(self, drawn: Drawn) -> str:
        if self._knobs.ttapi_describe == "lines":
            return "\n".join(drawn.words)
        return "\n\n".join(f"{number} {words}" for number, words in zip(NUMBERS, drawn.words, strict=False))
