"""Every button that fault_buttons something, pressed by its name while a bot runs: it leads to what it says."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from sandbox.discord import DID_NOT_RESPOND, Interaction, Message
from sandbox.harness import Sandbox
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.fault_buttons import FaultButtons
from sandbox.web.wire.activity import Fault
from tests.e2e.support.guild import Server, create_server, finished, gallery
from tests.e2e.support.images import refused
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Play:
    """Hold a running bot, and the buttons that break what it stands on."""

    sandbox: Sandbox
    supervisor: BotSupervisor
    fault_buttons: FaultButtons

    def state(self, name: str) -> str:
        return self._row(name)["state"]

    def say(self, name: str) -> str:
        return self._row(name)["say"]

    def leads_to(self, name: str) -> str:
        return self._row(name)["leads_to"]

    async def until(self, name: str, state: str) -> None:
        async with asyncio.timeout(30):
            while self.state(name) != state:  # noqa: ASYNC110  # it is told in no other way
                await asyncio.sleep(0.02)

    async def until_bot(self, state: str) -> None:
        changed = asyncio.Event()
        unwatch = self.supervisor.watch(changed.set)
        async with asyncio.timeout(30):
            while self.supervisor.state != state:
                await changed.wait()
                changed.clear()
        unwatch()

    def _row(self, name: str) -> Fault:
        return next(row for row in self.fault_buttons.rows() if row["name"] == name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Play]:
    async with start_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox, BotSupervisor(sandbox) as supervisor:
        hasten(sandbox)
        fault_buttons = FaultButtons(sandbox, supervisor)
        assert await supervisor.start(), supervisor.say
        yield Play(sandbox, supervisor, fault_buttons)
        await fault_buttons.end()
        assert sandbox.discord.violations == []
        assert "Traceback" not in sandbox.log.read_text()


@pytest_asyncio.fixture(loop_scope="module")
async def scene(play: Play) -> AsyncGenerator[Server]:
    """Give a new server; everything is put right again afterwards."""
    yield create_server(play.sandbox)
    play.fault_buttons.click("reset")
    await play.until_bot("running")


async def failed(asked: Interaction) -> Message:
    return await asked.until(lambda message: "came back" in message.text, 20)


async def lapsed(asked: Interaction) -> bool:
    return await asked.lapsed() == DID_NOT_RESPOND


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("refuse", "TTAPI did not accept the request. All 8 credits came back."),
        ("money", "Our account at TTAPI is empty. All 8 credits came back. Please tell an admin."),
        ("fail", "TTAPI refused the prompt because of its words. All 8 credits came back."),
    ],
)
async def test_what_ends_a_job_is_said_on_its_card_and_all_credits_come_back(
    play: Play, scene: Server, name: str, sentence: str
) -> None:
    play.fault_buttons.click(name)
    assert (play.state(name), play.say(name)) == ("armed", "waits for the next order")
    card = await failed(await scene.video())
    assert sentence in card.text
    assert await scene.credits() == 24
    assert play.state(name) == "done"
    assert play.say(name).startswith("happened at ")
    assert "all credits came back" in play.leads_to(name)
    await finished(await scene.video(clips=1))


async def test_an_order_whose_answer_is_lost_is_found_and_paid_once(play: Play, scene: Server) -> None:
    submits = play.sandbox.provider.submits
    play.fault_buttons.click("lost")
    asked = await scene.video()
    await asked.until(lambda message: "TTAPI has not answered" in message.text, 20)
    assert play.state("lost") == "done"
    await finished(asked, clips=4)
    assert play.sandbox.provider.submits == submits + 1
    assert await scene.credits() == 16


async def test_an_order_that_hangs_is_found_by_the_next_bot_and_paid_once(play: Play, scene: Server) -> None:
    # Its own bot waits a minute for the answer before it looks; one that was started anew looks at once.
    submits = play.sandbox.provider.submits
    play.fault_buttons.click("hang")
    asked = await scene.video(clips=1)
    await play.until("hang", "done")
    await play.sandbox.provider.until(lambda fake_provider: fake_provider.submits == submits + 1)
    assert "for a minute" in play.leads_to("hang")
    play.fault_buttons.click("restart")
    await finished(asked)
    assert play.sandbox.provider.submits == submits + 1
    assert await scene.credits() == 22


async def test_a_film_that_is_too_big_is_shown_smaller(play: Play, scene: Server) -> None:
    play.fault_buttons.click("big")
    [film] = gallery(await finished(await scene.video(clips=1)))
    assert play.state("big") == "done"
    limit = play.sandbox.discord.knobs.attachment_size_limit
    assert film.size < limit
    assert any(path.stat().st_size > limit for path in play.sandbox.folder.glob("media/*/1.mp4"))


async def test_jobs_that_cannot_end_end_when_they_may(play: Play, scene: Server) -> None:
    play.fault_buttons.click("stuck")
    assert play.say("stuck").startswith("on since ")
    asked = await scene.video(clips=1)
    card = await asked.until(lambda message: "99 %" in message.text, 20)
    await asyncio.sleep(0.5)
    assert gallery(card) == []
    play.fault_buttons.click("stuck")
    assert play.state("stuck") == "ready"
    await finished(asked)


async def test_a_forbidden_word_is_refused_for_nothing_until_it_is_allowed_again(play: Play, scene: Server) -> None:
    play.fault_buttons.click("forbid")
    assert play.say("forbid").startswith("on since ")
    asked = await scene.mira.slash(scene.channel, "imagine", prompt="A Kraken, asleep")
    told = await refused(scene, asked, 24)
    assert told == "TTAPI forbids words of the prompt: “kraken”. Nothing was charged. Say it in other words."
    assert "TTAPI forbids it, and that nothing was charged" in play.leads_to("forbid")
    play.fault_buttons.click("forbid")
    assert play.state("forbid") == "ready"
    await finished(await scene.video(prompt="a kraken, awake", clips=1))


@pytest.mark.parametrize(("name", "calls"), [("twice", [200, 200]), ("never", [])])
async def test_however_often_the_provider_calls_back_the_film_comes_once(
    play: Play, scene: Server, name: str, calls: list[int]
) -> None:
    deliveries = play.sandbox.provider.deliveries
    before = len(deliveries)
    play.fault_buttons.click(name)
    await finished(await scene.video(clips=1))
    await play.sandbox.provider.until(lambda _: len(deliveries) >= before + len(calls))
    assert [delivery.status for delivery in deliveries[before:]] == calls
    assert [len(gallery(message)) for message in scene.channel.messages if message.uses_components_v2] == [1]
    assert await scene.credits() == 22


async def test_callbacks_come_either_twice_or_never(play: Play, scene: Server) -> None:
    play.fault_buttons.click("twice")
    play.fault_buttons.click("never")
    assert (play.state("twice"), play.state("never")) == ("ready", "armed")


async def test_a_card_that_discord_refuses_for_a_moment_is_written_again(play: Play, scene: Server) -> None:
    since = len(play.sandbox.discord.requests)
    play.fault_buttons.click("unavailable")
    assert play.say("unavailable") == "waits for the next change of a card"
    await finished(await scene.video(clips=1))
    assert play.state("unavailable") == "done"
    refused = [request for request in play.sandbox.discord.requests[since:] if request.status == 503]
    assert len(refused) == 2
    assert len([message for message in scene.channel.messages if message.uses_components_v2]) == 1


async def test_a_dropped_gateway_loses_no_command(play: Play, scene: Server) -> None:
    gateway = play.sandbox.discord.gateway
    resumes = gateway.resumes
    play.fault_buttons.click("gateway")
    await gateway.wait_for(lambda: not gateway.ready or gateway.resumes > resumes, 10, lambda: "not dropped")
    await finished(await scene.video(clips=1))
    assert gateway.resumes == resumes + 1


async def test_a_lost_session_loses_commands_for_some_seconds_and_no_card(play: Play, scene: Server) -> None:
    gateway = play.sandbox.discord.gateway
    play.fault_buttons.click("stuck")
    making = await scene.video(clips=1)
    await making.until(lambda message: "99 %" in message.text, 20)
    identifies = gateway.identifies
    play.fault_buttons.click("session")
    await gateway.wait_for(lambda: not gateway.ready, 10, lambda: "not dropped")
    lost = await scene.mira.slash(scene.channel, "credits")
    play.fault_buttons.click("stuck")
    await finished(making)
    assert gateway.identifies == identifies
    assert await lapsed(lost)
    await gateway.wait_for(lambda: gateway.ready, 10, lambda: "no new session")
    assert await scene.credits() == 22


async def test_a_killed_bot_answers_nothing_and_brings_the_films_after_its_start(play: Play, scene: Server) -> None:
    play.fault_buttons.click("stuck")
    making = await scene.video(clips=1)
    await making.until(lambda message: "99 %" in message.text, 20)
    play.fault_buttons.click("kill")
    await play.until_bot("stopped")
    with pytest.raises(Refused, match="dead already"):
        play.fault_buttons.click("kill")
    assert (play.state("kill"), play.state("start"), play.state("gateway")) == ("off", "ready", "off")
    lost = await scene.mira.slash(scene.channel, "credits")
    play.fault_buttons.click("stuck")
    await play.sandbox.provider.until(lambda fake_provider: all(job.state.over for job in fake_provider.jobs.values()))
    assert await lapsed(lost)
    play.fault_buttons.click("start")
    await finished(making)
    with pytest.raises(Refused, match="The bot is there"):
        play.fault_buttons.click("start")


async def test_a_bot_killed_and_started_at_once_goes_on_where_it_was(play: Play, scene: Server) -> None:
    submits, pid = play.sandbox.provider.submits, play.supervisor.pid
    play.fault_buttons.click("stuck")
    making = await scene.video(clips=1)
    await making.until(lambda message: "99 %" in message.text, 20)
    play.fault_buttons.click("restart")
    play.fault_buttons.click("restart")
    await play.until_bot("starting")
    play.fault_buttons.click("stuck")
    await finished(making)
    await play.until_bot("running")
    assert play.supervisor.pid != pid
    assert play.sandbox.provider.submits == submits + 1
    assert await scene.credits() == 22


async def test_everything_is_put_right_at_one_press(play: Play, scene: Server) -> None:
    waiting = ("hang", "money", "forbid", "big", "unavailable", "galleries", "stuck", "twice")
    for name in waiting:
        play.fault_buttons.click(name)
        assert play.state(name) == "armed"
    play.fault_buttons.click("kill")
    await play.until_bot("stopped")
    play.fault_buttons.click("reset")
    assert [play.state(name) for name in waiting] == ["ready"] * len(waiting)
    await play.until_bot("running")
    card = await finished(await scene.video(clips=1))
    assert len(gallery(card)) == 1
    assert play.sandbox.discord.faults.waiting == []


async def test_what_waits_already_or_is_unknown_is_refused_in_a_sentence(play: Play, scene: Server) -> None:
    play.fault_buttons.click("money")
    with pytest.raises(Refused, match="It waits already for the next order"):
        play.fault_buttons.click("money")
    with pytest.raises(Refused, match="no such thing"):
        play.fault_buttons.click("everything")


async def test_films_come_as_a_reply_where_edits_with_films_are_refused(play: Play, scene: Server) -> None:
    # The last one: the bot remembers for an hour that such edits are refused.
    play.fault_buttons.click("galleries")
    asked = await scene.video(clips=1)
    card = await asked.until(lambda message: "The clips are here: https://" in message.text, 20)
    [reply] = [message for message in scene.channel.messages if gallery(message)]
    assert reply is not card
    assert f"/{reply.id}" in card.text
