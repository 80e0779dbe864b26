"""Speaking AceData to a fake provider."""

from __future__ import annotations

import aiohttp

from sandbox.provider import FakeProvider, Job
from tests.sandbox.provider.client_host import Host, Json

VIDEOS, TASKS = "/midjourney/videos", "/midjourney/tasks"
VIDEO_SAMPLE: Json = {
    "image_url": "https://storage.fonedis.cc/upload_1751816808164156352.png",
    "image_width": 560,
    "image_height": 688,
    "progress": 100,
    "video_id": "1751816807896311",
    "video_urls": [f"https://storage.fonedis.cc//video/1c67c36c/0_{number}.mp4" for number in range(4)],
    "task_id": "037955e0-deee-4050-baa8-1416300d67e2",
    "success": True,
}
"""A result as the video guide shows it."""


class AceDataClient:
    """Each call returns the HTTP status and the JSON body."""

    def __init__(self, fake_provider: FakeProvider, host: Host, session: aiohttp.ClientSession) -> None:
        self.fake_provider = fake_provider
        self.host = host
        self.session = session

    async def generate(self, **fields: object) -> tuple[int, Json]:
        """Order asynchronously unless told otherwise; a field that is None is left out."""
        body = {"prompt": "a boat", "image_url": self.host.start, "async": True} | fields
        return await self.post(VIDEOS, {name: value for name, value in body.items() if value is not None})

    async def extend(self, job: Job, **fields: object) -> tuple[int, Json]:
        video_id = (await self.result(job))["video_id"]
        body = {"action": "extend", "prompt": "on", "video_id": video_id, "video_index": 0, "async": True} | fields
        return await self.post(VIDEOS, {name: value for name, value in body.items() if value is not None})

    async def ask(self, **fields: object) -> tuple[int, Json]:
        return await self.post(TASKS, fields)

    async def record(self, job: Job) -> Json:
        return (await self.ask(action="retrieve", id=job.id))[1]

    async def result(self, job: Job) -> Json:
        return (await self.record(job))["response"]

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json()

    async def accepted(self, **fields: object) -> Job:
        return self.job(await self.generate(**fields))

    async def finished(self, **fields: object) -> Job:
        job = await self.accepted(**fields)
        await self.over(job)
        return job

    async def over(self, job: Job) -> None:
        self.fake_provider.finish(job.id)
        await self.fake_provider.until(lambda _: job.state.over)

    def job(self, answer: tuple[int, Json]) -> Job:
        """Return the provider's job of an answer."""
        status, body = answer
        assert status == 200, body
        return self.fake_provider.jobs[body["task_id"]]


def fields_of(sample: Json) -> dict[str, type]:
    return {name: type(value) for name, value in sample.items()}
