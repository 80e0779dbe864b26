"""Each way in which a provider fails, at each provider: told in one sentence, or gone on from without a word.

The admin finds the vendor's own words in the log, beside the job's id, and never the key.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from sandbox.provider.model import faults
from sandbox.provider.model.faults import SubmitFault
from sandbox.provider.model.settings import ProviderSettings
from tests.e2e.support.guild import Server, extends, job_id, made
from tests.e2e.test_rescue import say
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLES = {"ttapi": "TTAPI", "acedata": "AceData", "apimart": "APIMart", "cometapi": "CometAPI"}
LISTING = ("ttapi", "acedata")
"""Those that list their jobs, where a lost one is found."""

CREDITS = "All 8 credits came back."
SENTENCES = {
    "a banned prompt": "{} refused the prompt because of its words. {} Say it in other words.",
    "a refused image": "{} refused the picture because of what it shows. {} Use another picture.",
    "a picture out of reach": "{} could not open the picture. {} Attach it again.",
    "a wrong key": "{} does not accept our key. {} Please tell an admin.",
    "an empty balance": "Our account at {} is empty. {} Please tell an admin.",
    "a blocked account": "Our account at {} is blocked. {} Please tell an admin.",
    "an unknown refusal": (
        "{} turned the request away and did not say why in words that I know. {} "
        "Change the prompt or the picture and try again."
    ),
    "a redirect": "{} gave an answer that makes no sense. {} Try again in a while.",
    "an error under 200": "{} did not accept the request. {} Change the prompt or the picture and try again.",
}


@dataclass(frozen=True)
class Case:
    """Hold what happens at a provider, how the provider is told to do it, and the words that the log must have."""

    provider: str
    what: str
    words: str
    fault: SubmitFault | None = None
    knobs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.what} at {self.provider}"

    @property
    def sentence(self) -> str:
        """Give the sentence for the member."""
        return SENTENCES[self.what].format(TITLES[self.provider], CREDITS)


def everywhere(what: str, fault: SubmitFault, words: str) -> list[Case]:
    return [Case(provider, what, words, fault) for provider in TITLES]


GORE = {"banned_words": frozenset({"gore"})}
KEY = "fake-key"

CASES = [
    # TTAPI's free check lets a job through that it refuses later all the same.
    Case("ttapi", "a banned prompt", "[Banned prompt detected]", faults.FailLater("[Banned prompt detected] gore")),
    Case("acedata", "a banned prompt", "moderators feel your prompt might be against", knobs=GORE),
    Case("apimart", "a banned prompt", "Banned prompt detected: gore", knobs=GORE),
    Case("cometapi", "a banned prompt", "可能包含敏感词 (gore)", knobs=GORE),
    *everywhere("a refused image", faults.FailLater("[Image denied] by the moderators"), "by the moderators"),
    *everywhere("a picture out of reach", faults.FailLater("[Invalid link!] 403 there"), "403 there"),
    *everywhere("a wrong key", faults.Status(401, f"no account has the key {KEY}"), "no account has the key <key>"),
    Case("ttapi", "an empty balance", "quota is used up", faults.Status(402, "quota is used up")),
    Case("acedata", "an empty balance", "The balance of this application is used up", faults.Status(403, "used_up")),
    Case("apimart", "an empty balance", "insufficient balance", faults.Status(402)),
    Case("cometapi", "an empty balance", "quota_not_enough", knobs={"comet_account": "empty"}),
    Case("ttapi", "a blocked account", "this account is frozen", faults.Status(403, "this account is frozen")),
    Case("acedata", "a blocked account", "This application is disabled", faults.Status(403, "disabled")),
    Case("acedata", "a banned prompt", "Access denied", faults.Status(403, "Access denied")),
    Case("apimart", "an unknown refusal", "permission denied", faults.Status(403)),
    Case("cometapi", "an unknown refusal", "no entry", faults.Status(403, "no entry")),
    Case("cometapi", "a blocked account", "user account is blocked", knobs={"comet_account": "blocked"}),
    *everywhere("a redirect", faults.Redirect("/login", 301), "is the base URL right?"),
    Case("ttapi", "an error under 200", "bs is odd", faults.Status(200, "[Invalid parameter] bs is odd")),
    Case("acedata", "an error under 200", "The json payload is not valid", faults.Status(200, "bad_request")),
    Case("apimart", "an error under 200", "index is odd", faults.BodyCode(4, "index is odd")),
    Case("cometapi", "an error under 200", "motion is odd", faults.BodyCode(4, "motion is odd")),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox with all four providers; each job names the one that it is for."""
    async with start_sandbox(tmp_path_factory.mktemp("sandbox"), providers=tuple(TITLES)) as sandbox:
        hasten(sandbox)
        yield sandbox
        assert sandbox.discord.violations == []
        assert sandbox.provider.key not in sandbox.log.read_text()


@pytest.fixture(autouse=True)
def usual_knobs(sandbox: Sandbox) -> None:
    """Take back what the last test told the provider."""
    usual = ProviderSettings()
    for name in ("banned_words", "comet_account", "max_running", "hold"):
        setattr(sandbox.provider.settings, name, getattr(usual, name))


async def failed(asked: Interaction) -> Message:
    return await asked.until(lambda message: "came back" in message.text, 20)


def logged(sandbox: Sandbox, card: Message) -> str:
    """Give the lines of the log that name a card's job."""
    return "\n".join(line for line in sandbox.log.read_text("utf-8").splitlines() if f"job {job_id(card)}" in line)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_member_learns_what_happened_and_the_admin_reads_the_vendors_words(
    server: Server, sandbox: Sandbox, case: Case
) -> None:
    assert sandbox.provider.key == KEY
    for name, value in case.knobs.items():
        setattr(sandbox.provider.settings, name, value)
    if case.fault is not None:
        sandbox.provider.next_submit(case.fault)
    card = await failed(await server.video(provider=case.provider, prompt="gore on a paper boat"))
    assert case.sentence in card.text
    assert extends(card) == []
    assert case.words in logged(sandbox, card)
    assert await server.credits() == 24


@pytest.mark.parametrize("provider", TITLES)
async def test_a_full_queue_is_waited_for(server: Server, sandbox: Sandbox, provider: str) -> None:
    sandbox.provider.settings.max_running = 0
    submits = sandbox.provider.submits
    asked = await server.video(provider=provider)
    await asked.until(lambda message: f"{TITLES[provider]} is busy; I am trying again." in message.text, 20)
    sandbox.provider.settings.max_running = 10
    assert "was turned away by" in logged(sandbox, await made(asked))
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == 16


@pytest.mark.parametrize("provider", TITLES)
async def test_too_many_requests_are_sent_again_later(server: Server, sandbox: Sandbox, provider: str) -> None:
    submits = sandbox.provider.submits
    sandbox.provider.next_submit(faults.Status(429, "not so fast", retry_after=0.1))
    card = await made(await server.video(provider=provider))
    assert "not so fast" in logged(sandbox, card)
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == 16


@pytest.mark.parametrize("provider", TITLES)
async def test_whatever_comes_instead_of_news_of_a_running_job_it_is_asked_for_again(
    server: Server, sandbox: Sandbox, provider: str
) -> None:
    for fault in (
        faults.Html(),
        faults.Html(502),
        faults.Status(200, "an error under 200"),
        faults.Status(429, "not so fast", retry_after=0.1),
    ):
        sandbox.provider.next_fetch(fault)
    card = await made(await server.video(provider=provider))
    told = logged(sandbox, card)
    assert "an HTML page" in told
    assert "an error under 200" in told
    assert "not so fast" in told
    assert await server.credits() == 16


@pytest.mark.parametrize("provider", TITLES)
async def test_a_task_that_its_provider_knows_no_more_is_given_up(
    server: Server, sandbox: Sandbox, provider: str
) -> None:
    sandbox.provider.settings.hold = True
    asked = await server.video(provider=provider)
    card = await asked.until(lambda message: "%" in message.text or "being made" in message.text, 20)
    newest = list(sandbox.provider.jobs)[-1]
    sandbox.provider.settings.forgotten.add(newest)
    await asyncio.wait_for(tire(sandbox, card), 20)
    await failed(asked)
    assert f"{TITLES[provider]} does not know the job any more. {CREDITS} Start it again." in card.text
    assert "is given up" in logged(sandbox, card)
    assert await server.credits() == 24
    sandbox.provider.release()


async def tire(sandbox: Sandbox, card: Message) -> None:
    """Let a running job have been asked for in vain often enough that once more is the last time."""
    tired = 0
    while not tired:
        with closing(sqlite3.connect(sandbox.folder / "animatic.db")) as db, db:
            statement = "update job set tries = 7 where id = ? and state = 'running' and lease is null and tries > 0"
            tired = db.execute(statement, (job_id(card),)).rowcount
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("provider", LISTING)
async def test_a_web_page_instead_of_an_answer_costs_no_job_where_jobs_are_listed(
    server: Server, sandbox: Sandbox, provider: str
) -> None:
    submits = sandbox.provider.submits
    sandbox.provider.next_submit(faults.Html(accepted=True))
    card = await made(await server.video(provider=provider))
    assert "may or may not have accepted it" in logged(sandbox, card)
    assert sandbox.provider.submits == submits + 1
    assert await server.credits() == 16


@pytest.mark.parametrize("provider", [name for name in TITLES if name not in LISTING])
async def test_a_web_page_instead_of_an_answer_leaves_the_job_in_doubt_where_none_are(
    server: Server, sandbox: Sandbox, provider: str
) -> None:
    sandbox.provider.next_submit(faults.Html())
    asked = await server.video(provider=provider)
    card = await asked.until(lambda message: f"{TITLES[provider]} has not answered" in message.text, 20)
    assert "an HTML page" in logged(sandbox, card)
    await say(server, "giveup", job=job_id(card))
    await failed(asked)
    assert f"{TITLES[provider]} never answered, so I do not know whether it was made. {CREDITS}" in card.text
    assert await server.credits() == 24
