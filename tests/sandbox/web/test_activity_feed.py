"""What the drawer is told while a real bot makes a film: everything at first, then what changed, and no secret."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from sandbox.web.activity_feed import PAUSE_SECONDS, ActivityFeed
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.wire.activity import Activity
from tests.e2e.support.guild import Server, create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

Row = dict[str, Any]


@dataclass
class Watcher:
    """Keep what one tab was told, as a page does."""

    told: list[Row] = field(default_factory=list[Row])
    jobs: dict[str, Row] = field(default_factory=dict[str, Row])
    calls: dict[str, Row] = field(default_factory=dict[str, Row])
    log: list[str] = field(default_factory=list[str])
    whole: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, activity: Activity) -> None:
        json.dumps(activity)
        event: Row = {**activity}
        self.told.append(event)
        self.jobs |= {row["id"]: {**row} for row in activity.get("jobs", [])}
        self.calls |= {row["id"]: {**row} for row in activity.get("calls", [])}
        self.log += activity.get("log", [])
        self.whole |= {name: event[name] for name in ("accounts", "ledger", "faults") if name in event}
        self.heard.set()

    async def until(self, shows: Callable[["Watcher"], object]) -> None:
        async with asyncio.timeout(20):
            while not shows(self):
                self.heard.clear()
                await self.heard.wait()

    def between(self, one: str, other: str) -> list[Row]:
        return [call for call in self.calls.values() if (call["from"], call["to"]) == (one, other)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        hasten(sandbox)
        yield sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def supervisor(sandbox: Sandbox) -> AsyncGenerator[BotSupervisor]:
    async with BotSupervisor(sandbox) as supervisor:
        assert await supervisor.start(), supervisor.say
        yield supervisor


@pytest_asyncio.fixture(loop_scope="module")
async def activity_feed(sandbox: Sandbox, supervisor: BotSupervisor) -> AsyncGenerator[ActivityFeed]:
    async with ActivityFeed(sandbox, supervisor) as activity_feed:
        yield activity_feed


@pytest.fixture
def scene(sandbox: Sandbox, activity_feed: ActivityFeed) -> Server:
    return create_server(sandbox)


async def test_a_film_is_seen_from_every_side(sandbox: Sandbox, activity_feed: ActivityFeed, scene: Server) -> None:
    watcher = Watcher()
    activity_feed.watch(watcher.hear)
    await finished(await scene.video())
    name = scene.mira.title
    await watcher.until(lambda watcher: [entry["kind"] for entry in watcher.whole["ledger"]] == ["settle", "reserve"])
    await watcher.until(
        lambda watcher: watcher.between("provider", "bot") and any("is delivered" in line for line in watcher.log)
    )

    [job] = watcher.jobs.values()
    assert (job["provider"], job["action"], job["state"], job["progress"]) == ("TTAPI", "generate", "done", 100)
    assert (job["cost"], job["price"], job["prompt"]) == (30, 30, "a paper boat")
    assert job["ended"] >= job["at"]

    [event] = watcher.between("Discord", "bot")
    assert event["path"] == "INTERACTION_CREATE video"
    assert event["request"]["data"]["name"] == "video"
    assert (event["answer"], event["ms"] is None) == ({"type": 5}, False)
    [callback] = watcher.between("provider", "bot")
    assert (callback["method"], callback["status"], callback["request"]["status"]) == ("POST", 200, "SUCCESS")
    orders = watcher.between("bot", "provider")
    [order] = [call for call in orders if call["path"] == "/midjourney/video/submit"]
    assert (order["status"], order["request"]["prompt"], order["answer"]["status"]) == (200, "a paper boat", "SUCCESS")
    assert any(call["path"].startswith("/midjourney/video/fetch?jobId=") for call in orders)
    [sent] = [call for call in watcher.between("bot", "Discord") if any(".mp4" in file[0] for file in call["files"])]
    assert sent["status"] == 200
    assert len([file for file in sent["files"] if file[0].endswith(".mp4")]) == 4

    reserve = watcher.whole["ledger"][1]
    assert (reserve["who"], reserve["amount"]) == (name, 8)
    [account] = [row for row in watcher.whole["accounts"] if row["who"] == name]
    assert (account["cap"], account["used"], account["left"]) == (24, 8, 16)

    said = json.dumps(watcher.told)
    secrets = [sandbox.discord.token, sandbox.provider.key, *sandbox.discord.interactions]
    secrets += [(job.callback_url or "").rsplit("/", 1)[1] for job in sandbox.provider.jobs.values()]
    assert [secret for secret in secrets if secret in said] == []


def delivered(watcher: Watcher) -> int:
    """Count the films of which the bot has said its last word."""
    return sum("is delivered" in line for line in watcher.log)


async def test_the_first_message_is_everything_and_the_next_ones_are_changes(
    sandbox: Sandbox, activity_feed: ActivityFeed, scene: Server
) -> None:
    first, late = Watcher(), Watcher()
    activity_feed.watch(first.hear)
    await first.until(lambda watcher: watcher.told)
    before = delivered(first)
    await finished(await scene.video(clips=1))
    await first.until(lambda watcher: any(call["files"] for call in watcher.calls.values()))
    await first.until(lambda watcher: delivered(watcher) > before)
    activity_feed.watch(late.hear)
    await late.until(lambda watcher: watcher.told)
    assert [event.get("reset", False) for event in first.told] == [True] + [False] * (len(first.told) - 1)
    assert late.told[0]["reset"] is True
    assert set(late.told[0]) == {"reset", "jobs", "calls", "log", "accounts", "ledger", "faults"}
    assert late.jobs == first.jobs
    assert late.calls == first.calls
    told = len(late.told)
    await asyncio.sleep(3 * PAUSE_SECONDS)
    assert len(late.told) == told, "nothing happened, and something was told"


async def test_changes_are_told_at_most_four_times_a_second(activity_feed: ActivityFeed, scene: Server) -> None:
    watcher = Watcher()
    activity_feed.watch(watcher.hear)
    began = asyncio.get_running_loop().time()
    await finished(await scene.video(clips=1))
    took = asyncio.get_running_loop().time() - began
    assert len(watcher.told) <= 2 + took / PAUSE_SECONDS


async def test_nothing_is_polled_while_nobody_watches(
    sandbox: Sandbox, supervisor: BotSupervisor, scene: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls: list[object] = []

    def poll(calls: object) -> list[Row]:
        polls.append(calls)
        return []

    async with ActivityFeed(sandbox, supervisor) as activity_feed:
        monkeypatch.setattr("sandbox.web.call_log.CallLog.read_changes", poll)
        await finished(await scene.video(clips=1))
        assert polls == []
        watcher = Watcher()
        unwatch = activity_feed.watch(watcher.hear)
        await watcher.until(lambda watcher: watcher.told)
        unwatch()
        unwatch()
        await asyncio.sleep(2 * PAUSE_SECONDS)
        seen, told = len(polls), len(watcher.told)
        await asyncio.sleep(2 * PAUSE_SECONDS)
        assert (len(polls), len(watcher.told)) == (seen, told)
        activity_feed.watch(watcher.hear)
        await watcher.until(lambda watcher: len(watcher.told) > told)
        assert watcher.told[-1]["reset"] is True


async def test_the_newest_200_calls_are_told_and_the_log_goes_on_after_a_restart(
    sandbox: Sandbox, supervisor: BotSupervisor, activity_feed: ActivityFeed, scene: Server
) -> None:
    for _ in range(30):
        await finished(await scene.video(clips=1))
        if len(sandbox.provider.requests) + len(sandbox.discord.requests) > 250:
            break
        await scene.quota("grant", member=scene.mira, credits=2)
    watcher = Watcher()
    activity_feed.watch(watcher.hear)
    await watcher.until(lambda watcher: watcher.told)
    assert len(watcher.told[0]["calls"]) == 200
    times = [call["at"] for call in watcher.told[0]["calls"]]
    assert times == sorted(times)
    lines = len(watcher.log)
    pid = supervisor.pid
    activity_feed.inject_fault("restart")
    await watcher.until(lambda watcher: any("logging in" in line for line in watcher.log[lines:]))
    await watcher.until(lambda _: supervisor.state == "running")
    assert supervisor.pid != pid


async def test_buttons_tell_how_they_stand(activity_feed: ActivityFeed, scene: Server) -> None:
    watcher = Watcher()

    def row(name: str) -> Row:
        return next(row for row in watcher.whole["faults"] if row["name"] == name)

    activity_feed.watch(watcher.hear)
    activity_feed.inject_fault("money")
    await watcher.until(lambda _: "faults" in watcher.whole and row("money")["state"] == "armed")
    assert row("money")["say"] == "waits for the next order"
    await scene.video(clips=1)
    await watcher.until(lambda _: row("money")["state"] == "done")
    assert row("money")["say"].startswith("happened at ")
    with pytest.raises(Refused):
        activity_feed.inject_fault("nothing of the kind")


async def test_a_poll_that_fails_ends_nothing(
    activity_feed: ActivityFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> list[Row]:
        raise RuntimeError("made up")

    watcher = Watcher()
    with monkeypatch.context() as patch:
        patch.setattr("sandbox.web.provider_jobs.ProviderJobs.read_changes", broken)
        activity_feed.watch(watcher.hear)
        await asyncio.sleep(2 * PAUSE_SECONDS)
        assert watcher.told == []
    await watcher.until(lambda watcher: watcher.told)
    assert "a poll behind the scenes failed" in caplog.text
