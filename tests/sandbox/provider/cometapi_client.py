"""Speaks CometAPI to a fake provider."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.provider import FakeProvider, Job
from tests.sandbox.provider.client_host import Host, Json

SUBMIT = "/mj/submit/video"
LIST = "/mj/task/list-by-condition"


@dataclass(frozen=True)
class CometClient:
    """Submits, extends and asks; each call returns the HTTP status and the JSON body, None where there is no body."""

    fake_provider: FakeProvider
    host: Host
    session: aiohttp.ClientSession
    image: bytes

    @property
    def order(self) -> Json:
        return {"motion": "low", "image": self.host.start, "prompt": "a boat"}

    @property
    def data_link(self) -> str:
        return f"data:image/png;base64,{base64.b64encode(self.image).decode()}"

    async def submit(self, **fields: object) -> tuple[int, Json]:
        return await self.post(SUBMIT, self.order | fields)

    async def extend(self, job: Job, **fields: object) -> tuple[int, Json]:
        return await self.submit(**({"action": "extend", "taskId": job.id, "index": 0} | fields))

    async def fetch(self, task_id: str) -> tuple[int, Json]:
        async with self.session.get(f"/mj/task/{task_id}/fetch") as answer:
            return await _read(answer)

    async def task(self, job: Job) -> Json:
        status, body = await self.fetch(job.id)
        assert status == 200, body
        return body

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.session.post(path, json=body) as answer:
            return await _read(answer)

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
        await self.fake_provider.until(lambda _: job.state.over)

    def _job(self, answer: tuple[int, Json]) -> Job:
        status, body = answer
        assert (status, body["code"] in (1, 22)) == (200, True), body
        return self.fake_provider.jobs[body["result"]]


async def _read(answer: aiohttp.ClientResponse) -> tuple[int, Any]:
    content = await answer.read()
    return answer.status, json.loads(content) if content else None
