"""A running bot shows what dashboard and alerts ask for, on METRICS_PORT alone; its JSON log says who is meant."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox, free_port
from tests.e2e.support.guild import Server, create_server, finished, job_id
from tests.support.metric_names import FOREIGN, expressions, metrics_in, metrics_on

pytestmark = pytest.mark.asyncio(loop_scope="module")

RARE = {
    "animatic_oldest_job_seconds": {"state", "provider"},
    "animatic_jobs": {"state", "kind", "provider"},
    "animatic_discord_rate_limited_total": {"scope"},
    "animatic_jobs_failed_total": {"kind", "provider", "reason"},
}
"""What a bot that does well, and has nothing to do just now, shows no values of; their names are there all the same."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port() -> int:
    return free_port()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox, port: int) -> AsyncGenerator[BotProcess]:
    """Run a bot that shows metrics and writes JSON."""
    async with sandbox.bot(METRICS_PORT=str(port), LOG_FORMAT="json") as bot:
        yield bot


async def fetch(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def page_with(name: str, port: int) -> str:
    """Read the page once it has values of a metric: a job is done a moment after its card."""
    async with asyncio.timeout(20):
        while True:
            status, page = await fetch(f"http://127.0.0.1:{port}/metrics")
            assert status == 200
            if samples(page, name):
                return page
            await asyncio.sleep(0.05)


def logged(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Read what the bot has logged; whoever started it may have said something before."""
    return [json.loads(line) for line in sandbox.log.read_text().splitlines() if line.startswith("{")]


def samples(page: str, name: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]


async def test_each_metric_and_label_in_the_dashboard_and_the_alerts_is_shown_by_a_bot(
    server: Server, port: int
) -> None:
    card = await server.finished_video(clips=1)
    await server.mira.click(card, card.buttons[0])
    await server.credits()
    page = await page_with("animatic_jobs_done_total", port)
    shown = metrics_on(page) | {name: labels for name, labels in RARE.items() if f"# TYPE {name} " in page}
    asked_for = [
        (where, name, labels)
        for where, expression in expressions()
        for name, labels in metrics_in(expression)
        if not name.startswith(FOREIGN)
    ]
    assert len(asked_for) > 50
    scraped = {"job", "instance"}
    missing = [one for one in asked_for if one[1] not in shown]
    assert missing == []
    assert [one for one in asked_for if not one[2] <= shown[one[1]] | scraped] == []


async def test_a_job_leaves_its_traces_in_the_figures(server: Server, port: int) -> None:
    await server.finished_video(clips=1)
    _, page = await fetch(f"http://127.0.0.1:{port}/metrics")
    for line in (
        'animatic_credits_total{event="spent",kind="video",provider="ttapi"}',
        'animatic_job_state_seconds_count{kind="video",state="running"}',
        'animatic_provider_call_seconds_count{call="submit",outcome="ok",provider="ttapi"}',
        'animatic_discord_request_seconds_count{method="POST",route="interactions",status="200"}',
        'animatic_acknowledgement_seconds_count{kind="command"}',
    ):
        (sample,) = [shown for shown in page.splitlines() if shown.startswith(line)]
        assert float(sample.rpartition(" ")[2]) > 0, sample
    assert samples(page, "animatic_shards_held") == ["animatic_shards_held 1.0"]
    assert samples(page, "animatic_database_up") == ["animatic_database_up 1.0"]
    assert server.sandbox.discord.token not in page


async def test_every_interaction_is_answered_and_timed(server: Server, port: int) -> None:
    card = await server.finished_video(clips=1)
    for click in card.buttons[:2]:
        await server.leo.click(card, click)
    await server.credits(server.leo)
    _, page = await fetch(f"http://127.0.0.1:{port}/metrics")
    heard = sum(float(line.rpartition(" ")[2]) for line in samples(page, "animatic_interactions_total"))
    answered = sum(float(line.rpartition(" ")[2]) for line in samples(page, "animatic_acknowledgement_seconds_count"))
    assert heard == answered > 0


async def test_metrics_are_shown_on_their_port_and_nothing_else_is(bot: BotProcess, port: int) -> None:
    assert (await fetch(f"{bot.url}/metrics"))[0] == 404
    assert (await fetch(f"http://127.0.0.1:{port}/healthz"))[0] == 404
    assert (await fetch(f"http://127.0.0.1:{port}/"))[0] == 404


async def test_lines_about_a_job_name_it_with_its_member_and_server_and_the_process(server: Server) -> None:
    card = await finished(await server.video(clips=1))
    lines = logged(server.sandbox)
    job = job_id(card)
    about = [line for line in lines if line["message"].startswith(f"job {job} is made")]
    (line,) = about
    named = {"job": job, "member": str(server.mira.id), "guild": str(server.guild.id)}
    assert {name: line[name] for name in named} == named
    listening = next(line for line in lines if line["message"].startswith("listening"))
    assert "job" not in listening
    assert line["process"] == listening["process"] != ""


async def test_a_line_about_an_interaction_names_its_member_and_server(sandbox: Sandbox, server: Server) -> None:
    sandbox.discord.faults.status("POST", "/callback", 404)
    await server.leo.slash(server.channel, "credits")
    other = create_server(sandbox)
    await other.credits()  # by now that one is written

    lines = logged(sandbox)
    (line,) = [line for line in lines if re.fullmatch(r"interaction \d+ failed", line["message"])]
    assert (line["member"], line["guild"]) == (str(server.leo.id), str(server.guild.id))
    assert "job" not in line
