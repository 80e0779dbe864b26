"""Every button that breaks something, pressed in a browser, and what comes of a film that is asked for then."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from sandbox.web.fault_buttons import FAULT_BUTTONS
from tests.browser.tabs import Tabs
from tests.browser.visit import JOB_MS, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAILURES = {
    "refuse": "TTAPI did not accept the request.",
    "money": "Our account at TTAPI is empty.",
    "fail": "TTAPI refused the prompt because of its words.",
}
"""What the card says where the film cannot be made."""

SURVIVED = ("gateway", "unavailable", "galleries", "lost", "big", "twice", "never")
"""What a film comes out of without anybody's help."""

HELPED = ("restart", "kill", "session", "hang", "stuck", "forbid")
"""What is played on its own below."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mira(site: Site, tabs: Tabs) -> AsyncGenerator[Visit]:
    """Keep one tab with the drawer open, for all that is broken here."""
    async with tabs.lend() as tab:
        visit = Visit(site, tab)
        await visit.enter("mira")
        await visit.tab.locator("#drawer-toggle").click()
        yield visit
        visit.leave()
        assert visit.complaints == []


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def mended(mira: Visit) -> None:
    """Put everything right that another test left broken."""
    await mira.tab.get_by_role("tab", name="Break things").click()
    await press(mira, "reset")
    await expect(mira.tab.locator("#drawer-bot")).to_contain_text("runs as process", timeout=JOB_MS)


def row(visit: Visit, name: str) -> Locator:
    """Find what stands around a button that breaks something."""
    return visit.tab.locator("li").filter(has=visit.tab.locator(f'[data-fault="{name}"]'))


async def press(visit: Visit, name: str) -> None:
    """Break something."""
    await visit.tab.locator(f'[data-fault="{name}"]').click()


async def ask(visit: Visit, prompt: str, boat: Path) -> None:
    """Ask for one film."""
    await visit.command("video")
    await visit.option("prompt").locator("textarea").fill(prompt)
    await visit.attach("image", boat)
    await visit.add("clips")
    await visit.tab.keyboard.type("1")
    await visit.tab.keyboard.press("Enter")
    await visit.tab.keyboard.press("Enter")
    await expect(visit.text).to_be_visible()


async def shown(visit: Visit, prompt: str) -> None:
    """Wait for the film, on its card or in a reply to it."""
    card = await visit.last(prompt).get_attribute("data-message")
    there = f'article[data-message="{card}"] video, article:has(.reply [data-jump="{card}"]) video'
    await expect(visit.tab.locator(there).first).to_be_visible(timeout=JOB_MS)


async def orders(site: Site, prompt: str) -> int:
    """Count how often the provider was asked for something."""
    return sum(job.prompt == prompt for job in site.sandbox.provider.jobs.values())


async def test_no_button_is_forgotten_here() -> None:
    assert {one.name for one in FAULT_BUTTONS} == {*FAILURES, *SURVIVED, *HELPED, "start"}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_job_that_cannot_be_made_says_why_and_gives_all_back(mira: Visit, name: str, boat: Path) -> None:
    await press(mira, name)
    await expect(row(mira, name)).to_contain_text("waits for")
    await ask(mira, f"a boat that will {name}", boat)
    card = mira.last(f"a boat that will {name}")
    await expect(card).to_contain_text(FAILURES[name], timeout=JOB_MS)
    await expect(card).to_contain_text("All 2 credits came back.")
    await expect(row(mira, name)).to_contain_text("happened at")


@pytest.mark.parametrize("name", SURVIVED)
async def test_a_film_comes_all_the_same_and_is_paid_for_once(site: Site, mira: Visit, name: str, boat: Path) -> None:
    await press(mira, name)
    await ask(mira, f"a boat despite {name}", boat)
    await shown(mira, f"a boat despite {name}")
    assert await orders(site, f"a boat despite {name}") == 1
    await expect(row(mira, name)).to_contain_text(" at " if name not in ("galleries", "twice", "never") else "on since")


async def test_a_bot_that_is_killed_goes_on_where_it_was(site: Site, mira: Visit, boat: Path) -> None:
    site.sandbox.provider.settings.hold = True
    await ask(mira, "a boat across a crash", boat)
    await expect(mira.last("a boat across a crash")).to_contain_text("▰", timeout=JOB_MS)
    before = site.supervisor.pid
    await press(mira, "restart")
    await expect(mira.tab.locator("#drawer-bot")).not_to_contain_text(str(before))
    await expect(mira.tab.locator("#drawer-bot")).to_contain_text("runs as process", timeout=JOB_MS)
    site.sandbox.provider.release()
    await shown(mira, "a boat across a crash")
    assert await orders(site, "a boat across a crash") == 1


async def test_a_dead_bot_does_not_respond_until_it_is_started(site: Site, mira: Visit, boat: Path) -> None:
    site.sandbox.provider.settings.hold = True
    await ask(mira, "a boat that waits for its bot", boat)
    await expect(mira.last("a boat that waits for its bot")).to_contain_text("▰", timeout=JOB_MS)
    await press(mira, "kill")
    await expect(mira.tab.locator("#channel-header")).to_contain_text("stopped")
    site.sandbox.provider.release()
    await mira.command("credits")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("#messages")).to_contain_text("The application did not respond", timeout=10_000)
    await press(mira, "start")
    await shown(mira, "a boat that waits for its bot")


async def test_a_lost_session_is_made_anew(mira: Visit, boat: Path) -> None:
    await press(mira, "session")
    await expect(row(mira, "session")).to_contain_text("happened at")
    # Discord lets it sign on again after 5 seconds, and tells nobody what came before.
    await mira.site.sandbox.discord.ready(20)
    await ask(mira, "a boat in a new session", boat)
    await shown(mira, "a boat in a new session")


async def test_an_order_that_hangs_is_found_by_a_bot_that_is_started_anew(site: Site, mira: Visit, boat: Path) -> None:
    await press(mira, "hang")
    await ask(mira, "a boat that hangs", boat)
    await expect(row(mira, "hang")).to_contain_text("happened at", timeout=JOB_MS)
    await press(mira, "restart")
    await shown(mira, "a boat that hangs")
    assert await orders(site, "a boat that hangs") == 1


async def test_a_forbidden_word_is_refused_while_it_is_forbidden(site: Site, mira: Visit, boat: Path) -> None:
    await press(mira, "forbid")
    await expect(mira.tab.locator('[data-fault="forbid"]')).to_have_attribute("aria-pressed", "true")
    await ask(mira, "a boat and a kraken", boat)
    refusal = mira.last("TTAPI forbids words of the prompt: “kraken”. Nothing was charged.")
    await expect(refusal).to_contain_text("Only you can see this", timeout=JOB_MS)
    assert await orders(site, "a boat and a kraken") == 0
    await press(mira, "forbid")
    await expect(mira.tab.locator('[data-fault="forbid"]')).to_have_attribute("aria-pressed", "false")
    await ask(mira, "a boat and a kraken", boat)
    await shown(mira, "a boat and a kraken")


async def test_jobs_that_do_not_end_end_when_they_are_let(mira: Visit, boat: Path) -> None:
    await press(mira, "stuck")
    await expect(mira.tab.locator('[data-fault="stuck"]')).to_have_attribute("aria-pressed", "true")
    await ask(mira, "a boat that is stuck", boat)
    await expect(mira.last("a boat that is stuck")).to_contain_text("99 %", timeout=JOB_MS)
    await press(mira, "stuck")
    await shown(mira, "a boat that is stuck")


async def test_the_drawer_shows_jobs_calls_log_and_credits_as_they_happen(mira: Visit, boat: Path) -> None:
    drawer = mira.tab.locator("#drawer")
    await ask(mira, "a boat seen from behind", boat)
    await drawer.get_by_role("tab", name="Jobs").click()
    await expect(drawer.get_by_role("tabpanel")).to_contain_text("a boat seen from behind", timeout=JOB_MS)
    await shown(mira, "a boat seen from behind")
    await drawer.get_by_role("tab", name="Calls").click()
    panel = drawer.get_by_role("tabpanel")
    await expect(panel).to_contain_text("/midjourney/video/submit")
    call = panel.locator("details").filter(has_text="/midjourney/video/submit").first
    await call.locator("summary").first.click()
    await expect(call).to_contain_text("a boat seen from behind")
    await expect(panel).not_to_contain_text(mira.site.sandbox.discord.token)
    await drawer.get_by_role("tab", name="Log").click()
    await expect(drawer.get_by_role("tabpanel")).to_contain_text("INFO")
    await drawer.get_by_role("tab", name="Credits").click()
    await expect(drawer.get_by_role("tabpanel")).to_contain_text("reserve")
    await expect(drawer.get_by_role("tabpanel")).to_contain_text("Mira")
