"""A provider that is unwell: new jobs go to another, and what it may have accepted stays with it."""

from pathlib import Path

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.guild import Server, create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

BOTH = ("ttapi", "acedata")


async def listed(server: Server) -> str:
    return await server.private_text(await server.mira.slash(server.channel, "providers"))


def paths(sandbox: Sandbox) -> list[str]:
    """Give the submits that reached the provider, by path."""
    return [request.path for request in sandbox.provider.requests if request.path.startswith("/midjourney/video")][:99]


async def waiting(asked: Interaction) -> Message:
    return await asked.until(lambda message: "Waiting, place" in message.text, 20)


async def test_an_empty_account_sends_its_jobs_elsewhere_and_is_avoided(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=BOTH) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            sandbox.provider.next_submit(faults.Status(402, "insufficient balance"))
            assert "made by AceData" in (await server.finished_video()).text
            assert "made by AceData" in (await server.finished_video(server.leo)).text
            assert paths(sandbox)[:3] == ["/midjourney/video/submit", "/midjourney/videos", "/midjourney/videos"]
            told = await listed(server)
            assert "**TTAPI**: says that our account is empty" in told
            assert "**AceData**: well, a job usually takes 5 s" in told
            log = bot.log.read_text()
            assert "goes from ttapi to acedata" in log
            assert "insufficient balance" in log
            assert sandbox.provider.key not in log
        assert sandbox.provider.submits == 2


async def test_whoever_asked_for_a_provider_by_name_hears_of_its_trouble(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=BOTH) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot():
            sandbox.provider.next_submit(faults.Status(402))
            asked = await server.video(provider="ttapi")
            card = await asked.until(lambda message: "came back" in message.text, 20)
            assert "Our account at TTAPI is empty. All 8 credits came back. Please tell an admin." in card.text
            assert await server.credits() == 24


async def test_jobs_that_wait_for_a_provider_that_cannot_be_reached_go_elsewhere(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=BOTH) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot(TTAPI_BASE_URL="http://127.0.0.1:9", MAX_RUNNING="2"):
            for asked in [await server.video(who) for who in (server.mira, server.leo, server.mira, server.leo)]:
                assert "made by AceData" in (await finished(asked)).text
        assert sandbox.provider.submits == 4


async def test_a_job_that_may_have_been_accepted_never_moves(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=BOTH) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.list_shows_videos = False
        server = create_server(sandbox)
        async with sandbox.bot():
            sandbox.provider.next_submit(faults.Status(504, accepted=True))
            asked = await server.video()
            card = await asked.until(lambda message: "has not answered" in message.text, 20)
            assert "for TTAPI, job" in card.text
            assert "made by TTAPI" in (await server.finished_video(server.leo)).text
        assert {request.path for request in sandbox.provider.requests if "videos" in request.path} == set()


async def test_a_dearer_provider_is_not_moved_to(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=BOTH) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot(ACEDATA_PRICE_SD="3"):
            sandbox.provider.next_submit(faults.Status(402))
            asked = await server.video()
            card = await asked.until(lambda message: "came back" in message.text, 20)
            assert "Our account at TTAPI is empty. All 8 credits came back." in card.text
            # The next one knows, and is charged what it costs there.
            card = await server.finished_video()
            assert "made by AceData" in card.text
            assert "12 credits" in card.text
