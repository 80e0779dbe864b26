"""What the drawer is told while a real bot makes a film: everything at first, then what changed, and no secret."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox, start_sandbox
from sandbox.web.activity_feed import PAUSE_SECONDS, ActivityFeed
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from tests.e2e.support.guild import Scene, finished, set_scene
from tests.e2e.test_restart import hasten

pytestmark = pytest.mark.asyncio(loop_scope="module")

Row = dict[str, Any]


@dataclass
class Tab:
    """Keep what one tab was told, as a page does."""

    told: list[Row] = field(default_factory=list[Row])
    jobs: dict[str, Row] = field(default_factory=dict[str, Row])
    calls: dict[str, Row] = field(default_factory=dict[str, Row])
    log: list[str] = field(default_factory=list[str])
    whole: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: Row) -> None:
        assert event["op"] == "backstage"
        json.dumps(event)
        self.told.append(event)
        self.jobs |= {row["id"]: row for row in event.get("jobs", [])}
        self.calls |= {row["id"]: row for row in event.get("calls", [])}
        self.log += event.get("log", [])
        self.whole |= {name: event[name] for name in ("accounts", "ledger", "breaks") if name in event}
        self.heard.set()

    async def until(self, look: Callable[["Tab"], object]) -> None:
        async with asyncio.timeout(20):
            while not look(self):
                self.heard.clear()
                await self.heard.wait()

    def between(self, one: str, other: str) -> list[Row]:
        return [call for call in self.calls.values() if (call["from"], call["to"]) == (one, other)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path_factory.mktemp("stage")) as sandbox:
        hasten(sandbox)
        yield sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def keeper(sandbox: Sandbox) -> AsyncGenerator[BotSupervisor]:
    async with BotSupervisor(sandbox) as keeper:
        assert await keeper.start(), keeper.say
        yield keeper


@pytest_asyncio.fixture(loop_scope="module")
async def backstage(sandbox: Sandbox, keeper: BotSupervisor) -> AsyncGenerator[ActivityFeed]:
    async with ActivityFeed(sandbox, keeper) as backstage:
        yield backstage


@pytest.fixture
def scene(sandbox: Sandbox, backstage: ActivityFeed) -> Scene:
    return set_scene(sandbox)


async def test_a_film_is_seen_from_every_side(sandbox: Sandbox, backstage: ActivityFeed, scene: Scene) -> None:
    tab = Tab()
    backstage.watch(tab.hear)
    await finished(await scene.video())
    name = scene.mira.title
    await tab.until(lambda tab: [entry["kind"] for entry in tab.whole["ledger"]] == ["settle", "reserve"])
    await tab.until(lambda tab: tab.between("studio", "bot") and any("is delivered" in line for line in tab.log))

    [job] = tab.jobs.values()
    assert (job["provider"], job["action"], job["state"], job["progress"]) == ("TTAPI", "generate", "done", 100)
    assert (job["cost"], job["price"], job["prompt"]) == (30, 30, "a paper boat")
    assert job["ended"] >= job["at"]

    [event] = tab.between("Discord", "bot")
    assert event["path"] == "INTERACTION_CREATE video"
    assert event["request"]["data"]["name"] == "video"
    assert (event["answer"], event["ms"] is None) == ({"type": 5}, False)
    [callback] = tab.between("studio", "bot")
    assert (callback["method"], callback["status"], callback["request"]["status"]) == ("POST", 200, "SUCCESS")
    orders = tab.between("bot", "studio")
    [order] = [call for call in orders if call["path"] == "/midjourney/video/submit"]
    assert (order["status"], order["request"]["prompt"], order["answer"]["status"]) == (200, "a paper boat", "SUCCESS")
    assert any(call["path"].startswith("/midjourney/video/fetch?jobId=") for call in orders)
    [sent] = [call for call in tab.between("bot", "Discord") if any(".mp4" in file[0] for file in call["files"])]
    assert sent["status"] == 200
    assert len([file for file in sent["files"] if file[0].endswith(".mp4")]) == 4

    reserve = tab.whole["ledger"][1]
    assert (reserve["who"], reserve["amount"]) == (name, 8)
    [account] = [row for row in tab.whole["accounts"] if row["who"] == name]
    assert (account["cap"], account["used"], account["left"]) == (24, 8, 16)

    said = json.dumps(tab.told)
    secrets = [sandbox.discord.token, sandbox.provider.key, *sandbox.discord.interactions]
    secrets += [(job.callback_url or "").rsplit("/", 1)[1] for job in sandbox.provider.jobs.values()]
    assert [secret for secret in secrets if secret in said] == []


async def test_the_first_message_is_everything_and_the_next_ones_are_changes(
    sandbox: Sandbox, backstage: ActivityFeed, scene: Scene
) -> None:
    first, late = Tab(), Tab()
    backstage.watch(first.hear)
    await finished(await scene.video(clips=1))
    await first.until(lambda tab: any(call["files"] for call in tab.calls.values()))
    backstage.watch(late.hear)
    await late.until(lambda tab: tab.told)
    assert [event.get("reset", False) for event in first.told] == [True] + [False] * (len(first.told) - 1)
    assert late.told[0]["reset"] is True
    assert set(late.told[0]) == {"op", "reset", "jobs", "calls", "log", "accounts", "ledger", "breaks"}
    assert late.jobs == first.jobs
    assert late.calls == first.calls
    before = len(late.told)
    await asyncio.sleep(3 * PAUSE_SECONDS)
    assert len(late.told) == before, "nothing happened, and something was told"


async def test_changes_are_told_at_most_four_times_a_second(backstage: ActivityFeed, scene: Scene) -> None:
    tab = Tab()
    backstage.watch(tab.hear)
    began = asyncio.get_running_loop().time()
    await finished(await scene.video(clips=1))
    took = asyncio.get_running_loop().time() - began
    assert len(tab.told) <= 2 + took / PAUSE_SECONDS


async def test_nothing_is_looked_at_while_nobody_watches(
    sandbox: Sandbox, keeper: BotSupervisor, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []

    def look(calls: object) -> list[Row]:
        looks.append(calls)
        return []

    async with ActivityFeed(sandbox, keeper) as backstage:
        monkeypatch.setattr("sandbox.web.call_log.Calls.news", look)
        await finished(await scene.video(clips=1))
        assert looks == []
        tab = Tab()
        unwatch = backstage.watch(tab.hear)
        await tab.until(lambda tab: tab.told)
        unwatch()
        unwatch()
        await asyncio.sleep(2 * PAUSE_SECONDS)
        seen, told = len(looks), len(tab.told)
        await asyncio.sleep(2 * PAUSE_SECONDS)
        assert (len(looks), len(tab.told)) == (seen, told)
        backstage.watch(tab.hear)
        await tab.until(lambda tab: len(tab.told) > told)
        assert tab.told[-1]["reset"] is True


async def test_the_newest_200_calls_are_told_and_the_log_goes_on_after_a_restart(
    sandbox: Sandbox, keeper: BotSupervisor, backstage: ActivityFeed, scene: Scene
) -> None:
    for _ in range(30):
        await finished(await scene.video(clips=1))
        if len(sandbox.provider.requests) + len(sandbox.discord.requests) > 250:
            break
        await scene.quota("grant", member=scene.mira, credits=2)
    tab = Tab()
    backstage.watch(tab.hear)
    await tab.until(lambda tab: tab.told)
    assert len(tab.told[0]["calls"]) == 200
    times = [call["at"] for call in tab.told[0]["calls"]]
    assert times == sorted(times)
    lines = len(tab.log)
    pid = keeper.pid
    await backstage.press("restart")
    await tab.until(lambda tab: any("logging in" in line for line in tab.log[lines:]))
    await tab.until(lambda _: keeper.state == "running")
    assert keeper.pid != pid


async def test_buttons_tell_how_they_stand(backstage: ActivityFeed, scene: Scene) -> None:
    tab = Tab()

    def row(name: str) -> Row:
        return next(row for row in tab.whole["breaks"] if row["name"] == name)

    backstage.watch(tab.hear)
    await backstage.press("money")
    await tab.until(lambda _: "breaks" in tab.whole and row("money")["state"] == "armed")
    assert row("money")["say"] == "waits for the next order"
    await scene.video(clips=1)
    await tab.until(lambda _: row("money")["state"] == "done")
    assert row("money")["say"].startswith("happened at ")
    with pytest.raises(Refused):
        await backstage.press("nothing of the kind")


async def test_a_look_that_fails_ends_nothing(
    backstage: ActivityFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> list[Row]:
        raise RuntimeError("made up")

    tab = Tab()
    with monkeypatch.context() as patch:
        patch.setattr("sandbox.web.provider_jobs.Jobs.news", broken)
        backstage.watch(tab.hear)
        await asyncio.sleep(2 * PAUSE_SECONDS)
        assert tab.told == []
    await tab.until(lambda tab: tab.told)
    assert "a look behind the scenes failed" in caplog.text
