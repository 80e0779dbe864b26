"""Prompts that are against the rules: banned words, and flags that make no sense."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from tests.sandbox.provider.host import Client
from tests.sandbox.provider.ttapi_images_client import ImagesClient, bare, mask_of


async def test_a_banned_word_is_refused_named_and_counted(
    images: ImagesClient, client: Client, fake_provider: FakeProvider
) -> None:
    single = await images.acted(await images.finished("imagine", prompt="a cat"), "upsample1")
    fake_provider.knobs.banned_words = frozenset({"gore"})
    refused = [await images.post("imagine", prompt="Gore, everywhere")]
    mask = bare(mask_of((96, 96), (10, 10, 50, 50)))
    refused.append(await images.post("inpaint", jobId=single.id, mask=mask, prompt="gore"))
    told = [(status, body["message"]) for status, body in refused]
    assert told == [(400, "banned prompt words：gore")] * 2
    assert (await client.submit(prompt="gore"))[0] == 400
    assert (fake_provider.submits, fake_provider.illegal_prompts) == (2, 3)


async def test_a_banned_word_can_fail_the_job_later(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.banned_words, fake_provider.knobs.ttapi_moderation = frozenset({"gore"}), "later"
    job = await images.finished("imagine", prompt="gore")
    body = await images.fetch(job)
    assert (body["status"], body["message"], body["data"]) == ("FAILED", "[Banned prompt detected]", [])
    assert (fake_provider.illegal_prompts, job.quota) == (1, 0)


async def test_the_quota_is_kept_after_thirty_illegal_prompts(
    images: ImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.knobs.banned_words, fake_provider.knobs.ttapi_moderation = frozenset({"gore"}), "later"
    jobs = [await images.finished("imagine", prompt="gore") for _ in range(31)]
    assert [job.quota for job in jobs] == [0] * 30 + [3]


@pytest.mark.parametrize("flag", ["--ar wide", "--ar 16x9", "--ar 0:1", "--ar", "--aspect 1:"])
async def test_an_aspect_that_is_none_fails_the_job_later(images: ImagesClient, flag: str) -> None:
    body = await images.fetch(await images.finished("imagine", prompt=f"a cat {flag}"))
    assert (body["status"], body["message"]) == ("FAILED", "[Invalid parameter] --ar")
