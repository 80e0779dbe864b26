"""A client that speaks TTAPI about videos."""

from __future__ import annotations

import aiohttp

from sandbox.provider import FakeProvider, Job
from tests.sandbox.provider.client_host import Host, Json

RENDER_SECONDS = 120.0
"""How long a job may take to be over: real videos are rendered, and a busy machine takes its time."""


class TtapiClient:
    """Speaks TTAPI to a fake provider; each call returns the HTTP status and the JSON body."""

    def __init__(self, fake_provider: FakeProvider, host: Host, session: aiohttp.ClientSession) -> None:
        self.fake_provider = fake_provider
        self.host = host
        self.session = session

    async def submit(self, **fields: object) -> tuple[int, Json]:
        return await self.post("/midjourney/video/submit", {"prompt": "a boat", "imageUrl": self.host.start} | fields)

    async def extend(self, job: Job, **fields: object) -> tuple[int, Json]:
        return await self.post("/midjourney/video/extend", {"jobId": job.id, "index": 0} | fields)

    async def fetch(self, job: Job) -> tuple[int, Json]:
        return await self.get("/midjourney/video/fetch", jobId=job.id)

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> tuple[int, Json]:
        async with self.session.get(path, params=query) as answer:
            return answer.status, await answer.json()

    async def accepted(self, **fields: object) -> Job:
        """Submit and return the provider's job."""
        return self._job(await self.submit(**fields))

    async def extended(self, job: Job, **fields: object) -> Job:
        return self._job(await self.extend(job, **fields))

    async def finished(self, **fields: object) -> Job:
        """Submit and return the job when it is over."""
        job = await self.accepted(**fields)
        await self.over(job)
        return job

    async def over(self, job: Job) -> None:
        self.fake_provider.finish(job.id)
        await self.fake_provider.until(lambda _: job.state.over, RENDER_SECONDS)

    def _job(self, answer: tuple[int, Json]) -> Job:
        status, body = answer
        assert status == 200, body
        return self.fake_provider.jobs[body["data"]["jobId"]]
