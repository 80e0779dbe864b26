"""A client that speaks APIMart to a fake provider."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

from sandbox.provider import FakeProvider, Job
from tests.sandbox.provider.client_host import KEY, Host, Json

VIDEO = "/v1/midjourney/generations/video"


class ApiMartClient:
    """Submits and asks; each call returns the HTTP status and the JSON body."""

    def __init__(self, fake_provider: FakeProvider, host: Host, session: aiohttp.ClientSession) -> None:
        self.fake_provider = fake_provider
        self.host = host
        self.session = session

    @property
    def order(self) -> Json:
        """The least that an order from an image has."""
        return {"prompt": "a boat", "image_urls": [self.host.start]}

    async def submit(self, key: str | None = None, /, **fields: object) -> tuple[int, Json]:
        """Submit the least order with some fields changed."""
        return await self.send(self.order | fields, key)

    async def reuse(self, task_id: str, /, **fields: object) -> tuple[int, Json]:
        """Submit an order that starts from an image of an imagine task."""
        return await self.send({"task_id": task_id, "index": 0} | fields)

    async def send(self, body: object, key: str | None = None) -> tuple[int, Json]:
        headers = {} if key is None else {"Idempotency-Key": key}
        async with self.session.post(VIDEO, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def midjourney(self, task_id: str) -> tuple[int, Json]:
        return await self.get(f"/v1/midjourney/{task_id}")

    async def task(self, task_id: str) -> tuple[int, Json]:
        return await self.get(f"/v1/tasks/{task_id}?language=en")

    async def get(self, path: str) -> tuple[int, Json]:
        async with self.session.get(path) as answer:
            return answer.status, await answer.json()

    async def accepted(self, **fields: object) -> Job:
        """Submit and return the provider's job."""
        return self.job_of(await self.submit(**fields))

    async def finished(self, **fields: object) -> Job:
        """Submit and return the job when it is over."""
        return await self.over(await self.accepted(**fields))

    async def over(self, job: Job) -> Job:
        self.fake_provider.finish(job.id)
        await self.fake_provider.until(lambda _: job.state.over)
        return job

    def job_of(self, answer: tuple[int, Json]) -> Job:
        status, body = answer
        assert (status, body["code"], body["data"][0]["status"]) == (200, 200, "submitted"), body
        return self.fake_provider.jobs[body["data"][0]["task_id"]]


@asynccontextmanager
async def open_apimart(fake_provider: FakeProvider, host: Host, key: str = KEY) -> AsyncGenerator[ApiMartClient]:
    """Give a client with an account's key, on connections of its own."""
    connector = aiohttp.TCPConnector(force_close=True)
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(fake_provider.base_url, connector=connector, headers=headers) as session:
        yield ApiMartClient(fake_provider, host, session)
