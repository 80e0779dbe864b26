"""Prompts that are against the rules: banned words, and flags that make no sense."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from tests.sandbox.provider.ttapi_client import TtapiClient
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient, bare, mask_of


async def test_a_banned_word_is_refused_named_and_counted(
    images_client: TtapiImagesClient, client: TtapiClient, fake_provider: FakeProvider
) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    fake_provider.settings.banned_words = frozenset({"gore"})
    refused = [await images_client.post("imagine", prompt="Gore, everywhere")]
    mask = bare(mask_of((96, 96), (10, 10, 50, 50)))
    refused.append(await images_client.post("inpaint", jobId=single.id, mask=mask, prompt="gore"))
    told = [(status, body["message"]) for status, body in refused]
    assert told == [(400, "banned prompt words：gore")] * 2
    assert (await client.submit(prompt="gore"))[0] == 400
    assert (fake_provider.submits, fake_provider.illegal_prompts) == (2, 3)


async def test_a_banned_word_can_fail_the_job_later(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.banned_words, fake_provider.settings.ttapi_moderation = frozenset({"gore"}), "later"
    job = await images_client.finished("imagine", prompt="gore")
    body = await images_client.fetch(job)
    assert (body["status"], body["message"], body["data"]) == ("FAILED", "[Banned prompt detected]", [])
    assert (fake_provider.illegal_prompts, job.quota) == (1, 0)


async def test_the_quota_is_kept_after_thirty_illegal_prompts(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.banned_words, fake_provider.settings.ttapi_moderation = frozenset({"gore"}), "later"
    jobs = [await images_client.finished("imagine", prompt="gore") for _ in range(31)]
    assert [job.quota for job in jobs] == [0] * 30 + [3]


@pytest.mark.parametrize("flag", ["--ar wide", "--ar 16x9", "--ar 0:1", "--ar", "--aspect 1:"])
async def test_an_aspect_that_is_none_fails_the_job_later(images_client: TtapiImagesClient, flag: str) -> None:
    body = await images_client.fetch(await images_client.finished("imagine", prompt=f"a cat {flag}"))
    assert (body["status"], body["message"]) == ("FAILED", "[Invalid parameter] --ar")
