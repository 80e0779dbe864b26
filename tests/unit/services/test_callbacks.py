"""A callback wakes the job whose secret path it calls, and is believed in nothing else."""

import hmac
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job, State
from bot.services import callbacks as module
from bot.services.callbacks import NOWHERE, PREFIX, ProviderCallbacks, is_callback_of
from tests.support.clock import clock_of
from tests.support.db_fixture import DbFixture
from tests.support.scripted_provider import ScriptedProvider

PUBLIC = "https://bot.example/animatic/"


class CallingProvider(ScriptedProvider):
    """Read a callback's body as the id that it speaks of."""

    def parse_callback(self, body: bytes) -> str | None:
        return body.decode() or None


class Called:
    """Hold callbacks over a store, and count what they did."""

    def __init__(self, db: DbFixture, public_url: str | None = PUBLIC) -> None:
        self.woken = 0
        self.read = 0
        self.callbacks = ProviderCallbacks(
            db.store, {"ttapi": CallingProvider(())}, public_url, clock_of(lambda: db.now), self._wake
        )

    async def call(self, job_id: str, secret: str, body: bytes = b"") -> bool:
        async def read() -> bytes:
            self.read += 1
            return body

        return await self.callbacks.receive(job_id, secret, read)

    def _wake(self) -> None:
        self.woken += 1


async def submitted(db: DbFixture, called: Called, **fields: Any) -> tuple[Job, str]:
    """Bring a job to its submit with a callback of its own; gives its secret too."""
    job = await db.submitting(**fields)
    callback = called.callbacks.new(job.id)
    await db.db_write("update job set callback_hash = $1 where id = $2", callback.hash, job.id)
    return replace(job, callback_hash=callback.hash), callback.url.rsplit("/", 1)[-1]


def test_each_url_is_new_and_shown_nowhere() -> None:
    callbacks = ProviderCallbacks(None, {}, PUBLIC, lambda: 0, lambda: None)  # pyright: ignore[reportArgumentType]  # no row is read
    first, second = callbacks.new("job1"), callbacks.new("job1")
    assert re.fullmatch(rf"https://bot\.example/animatic{PREFIX}/job1/[\w-]{{43}}", first.url)
    assert first.url != second.url
    assert first.hash != second.hash
    assert first.url.rsplit("/", 1)[-1] not in repr(first)
    assert callbacks.enabled


def test_without_a_public_url_callbacks_point_where_nobody_is() -> None:
    callbacks = ProviderCallbacks(None, {}, None, lambda: 0, lambda: None)  # pyright: ignore[reportArgumentType]  # no row is read
    assert callbacks.new("job1").url.startswith(f"{NOWHERE}{PREFIX}/job1/")
    assert not callbacks.enabled


async def test_the_right_path_wakes_its_job_and_no_other(db: DbFixture) -> None:
    called = Called(db)
    job, secret = await submitted(db, called)
    other, _ = await submitted(db, called)
    assert await called.call(job.id, secret, b"remote 7")
    assert (called.read, called.woken) == (1, 1)
    assert (await db.get(job.id)).callback_remote_id == "remote 7"
    assert (await db.get(other.id)).callback_remote_id is None


@pytest.mark.parametrize("wrong", ["", "guess", "é", "x" * 10_000])
async def test_a_wrong_path_is_told_nothing_and_its_body_is_not_read(db: DbFixture, wrong: str) -> None:
    called = Called(db)
    job, secret = await submitted(db, called)
    other, _ = await submitted(db, called)
    before = await db.everything()
    for job_id, path in ((job.id, wrong), (other.id, secret), ("nojob", secret), (job.id, job.callback_hash or "")):
        assert not await called.call(job_id, path)
    assert (called.read, called.woken) == (0, 0)
    assert await db.everything() == before


async def test_a_job_without_a_callback_cannot_be_called(db: DbFixture) -> None:
    called = Called(db)
    job = await db.queued()
    assert not await called.call(job.id, "")
    assert called.read == 0


async def test_what_is_said_of_another_job_is_logged_and_not_believed(
    db: DbFixture, caplog: pytest.LogCaptureFixture
) -> None:
    called = Called(db)
    job, secret = await submitted(db, called)
    running = await db.accept(job)
    assert await called.call(job.id, secret, b"remote of somebody else")
    found = await db.get(job.id)
    assert (found.remote_id, found.state) == (running.remote_id, State.RUNNING)
    assert f"a callback speaks of another job than {running.remote_id}" in caplog.text


async def test_paths_are_compared_in_constant_time(db: DbFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    class Hmac:
        @staticmethod
        def compare_digest(one: str, other: str) -> bool:
            compared.append((one, other))
            return hmac.compare_digest(one, other)

    monkeypatch.setattr(module, "hmac", Hmac)
    called = Called(db)
    job, secret = await submitted(db, called)
    assert await called.call(job.id, secret)
    assert not await called.call(job.id, "guess")
    assert is_callback_of(job)(f"{PUBLIC}{secret}")
    assert [other for _, other in compared] == [job.callback_hash] * 3


async def test_a_repeated_url_is_known_by_its_last_part(db: DbFixture) -> None:
    job, secret = await submitted(db, Called(db))
    is_ours = is_callback_of(job)
    assert is_ours(secret)
    assert is_ours(f"https://anywhere.example/{secret}")
    assert not is_ours(f"https://anywhere.example/{secret}/")
    assert not is_ours("")
    assert not is_callback_of(replace(job, callback_hash=None))(secret)
