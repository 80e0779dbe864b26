"""The fault buttons at the other vendors, each in that vendor's own way: the card says what the button promises."""

from pathlib import Path

import pytest

from bot.providers.types import SUBMIT_TIMEOUT
from bot.publisher.delivery import EDITS_REFUSED_MS
from bot.services.job_recovery import DEADLINE_MS
from bot.worker.submission import UNCONFIRMED_GRACE_MS
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.errors import Refused
from sandbox.web.fault_buttons import FAULT_BUTTONS, FaultButtons
from tests.e2e.support.guild import create_server
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

TITLES = {"acedata": "AceData", "apimart": "APIMart", "cometapi": "CometAPI"}

SENTENCES = {
    "refuse": "{} did not accept the request. All 8 credits came back.",
    "money": "Our account at {} is empty. All 8 credits came back.",
    "fail": "{} refused the prompt because of its words. All 8 credits came back.",
}


@pytest.mark.parametrize("provider", TITLES)
async def test_a_vendor_refuses_is_empty_and_fails_in_its_own_words(tmp_path: Path, provider: str) -> None:
    async with start_sandbox(tmp_path, providers=(provider,)) as sandbox, BotSupervisor(sandbox) as supervisor:
        hasten(sandbox)
        fault_buttons = FaultButtons(sandbox, supervisor)
        assert await supervisor.start(), supervisor.say
        for name, sentence in SENTENCES.items():
            fault_buttons.click(name)
            row = next(row for row in fault_buttons.rows() if row["name"] == name)
            assert TITLES[provider] in row["leads_to"]
            asked = await create_server(sandbox).video()
            card = await asked.until(lambda message: "came back" in message.text, 20)
            assert sentence.format(TITLES[provider]) in card.text
        fault_buttons.click("forbid")
        row = next(row for row in fault_buttons.rows() if row["name"] == "forbid")
        assert f"{TITLES[provider]} refused it because of its words" in row["leads_to"]
        asked = await create_server(sandbox).video(prompt="a boat and a kraken")
        card = await asked.until(lambda message: "came back" in message.text, 20)
        assert SENTENCES["fail"].format(TITLES[provider]) in card.text
        await fault_buttons.end()
        assert sandbox.discord.violations == []


@pytest.mark.parametrize("provider", ["apimart", "cometapi"])
async def test_where_no_jobs_are_listed_a_lost_answer_leaves_the_card_in_doubt(tmp_path: Path, provider: str) -> None:
    async with start_sandbox(tmp_path, providers=(provider,)) as sandbox, BotSupervisor(sandbox) as supervisor:
        hasten(sandbox)
        fault_buttons = FaultButtons(sandbox, supervisor)
        assert await supervisor.start(), supervisor.say
        row = next(row for row in fault_buttons.rows() if row["name"] == "lost")
        assert row["leads_to"].endswith("after 2 minutes all credits come back.")
        fault_buttons.click("lost")
        asked = await create_server(sandbox).video()
        await asked.until(lambda message: f"{TITLES[provider]} has not answered" in message.text, 20)
        assert sandbox.provider.submits == 1
        await fault_buttons.end()


def test_the_times_that_the_buttons_name_are_the_bots_own() -> None:
    assert SUBMIT_TIMEOUT == 60
    assert UNCONFIRMED_GRACE_MS == 2 * 60_000
    assert DEADLINE_MS == 35 * 60_000
    assert EDITS_REFUSED_MS == 3_600_000
    said = {one.name: f"{one.leads_to} {one.without_list}" for one in FAULT_BUTTONS}
    for name, words in {
        "hang": "for a minute",
        "lost": "after 2 minutes",
        "stuck": "after 35 minutes",
        "galleries": "for an hour",
    }.items():
        assert words in said[name]


async def test_a_vendor_that_calls_nobody_back_cannot_do_so_twice(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=("apimart",)) as sandbox, BotSupervisor(sandbox) as supervisor:
        fault_buttons = FaultButtons(sandbox, supervisor)
        row = next(row for row in fault_buttons.rows() if row["name"] == "twice")
        assert (row["state"], row["say"]) == ("off", "APIMart calls nobody back.")
        with pytest.raises(Refused, match="APIMart calls nobody back"):
            fault_buttons.click("twice")
        await fault_buttons.end()
