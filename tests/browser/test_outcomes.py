"""What somebody finds once a job has ended: a ping, a second try, and the rest of a storyboard."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from sandbox.provider.model import faults
from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS, Site, Visit
from tests.e2e.support.delivery import rows

pytestmark = pytest.mark.asyncio(loop_scope="session")


def with_button(visit: Visit, words: str, button: str) -> Locator:
    """Find the card with these words that offers a button."""
    return visit.last(words).filter(has=visit.tab.get_by_role("button", name=button))


async def ask(visit: Visit, prompt: str) -> None:
    """Ask for pictures by keyboard."""
    await visit.command("imagine")
    await visit.option("prompt").locator("textarea").fill(prompt)
    await visit.tab.keyboard.press("Enter")


async def test_who_waited_is_pinged_and_finds_the_card_by_mouse_and_nobody_else_is(
    mira: Visit, visits: Visits, site: Site
) -> None:
    provider = site.sandbox.provider
    leo = await visits.open("leo")
    provider.settings.hold = True
    await ask(mira, "a lantern to wait for")
    card = mira.last("a lantern to wait for")
    await expect(card).to_contain_text("%", timeout=JOB_MS)
    await asyncio.to_thread(rows, site.sandbox, "update job set created_ms = created_ms - 31000")
    provider.release()
    ping = mira.last("your 4 pictures are ready")
    await expect(ping).to_be_visible(timeout=JOB_MS)
    await expect(ping).to_contain_text("@Mira your 4 pictures are ready")
    await expect(mira.tab.locator("#messages article.pings")).to_have_count(1)
    await expect(leo.last("your 4 pictures are ready")).to_be_visible(timeout=JOB_MS)
    await expect(leo.tab.locator("#messages article.pings")).to_have_count(0)
    await ping.locator(".reply button").click()
    await expect(card).to_be_focused()


async def test_what_failed_is_tried_again_by_keyboard(mira: Visit, site: Site) -> None:
    site.sandbox.provider.next_submit(faults.FailLater("the server is overloaded"))
    await ask(mira, "a kite in a storm")
    card = with_button(mira, "a kite in a storm", "Try again")
    again = card.get_by_role("button", name="Try again, 1 credit")
    await expect(again).to_be_visible(timeout=JOB_MS)
    await expect(card).to_contain_text("came back")
    await again.focus()
    await mira.tab.keyboard.press("Enter")
    made = mira.button(mira.last("a kite in a storm"), ":upsample1")
    await expect(made).to_be_visible(timeout=JOB_MS)


@pytest.mark.slow  # a storyboard fails at its second shot, and the rest is made
async def test_a_storyboard_that_stopped_goes_on_by_mouse(mira: Visit, site: Site, boat: Path) -> None:
    provider = site.sandbox.provider
    modal = mira.tab.locator("dialog#modal")
    await mira.command("storyboard")
    await mira.attach("image", boat)
    await mira.tab.get_by_role("button", name="Send", exact=True).click()
    await modal.locator('[data-field="shots"]').locator("textarea").fill("a boat that stops\nit goes on")
    await modal.get_by_role("button", name="Submit").click()
    make = mira.last("a boat that stops").locator('button[data-custom-id^="make:"]')
    await expect(make).to_be_visible(timeout=JOB_MS)
    provider.settings.hold = True
    await make.click()
    card = mira.last("a boat that stops").filter(has_not=mira.tab.locator('button[data-custom-id^="make:"]'))
    await expect(card).to_contain_text("%", timeout=JOB_MS)
    provider.next_submit(faults.FailLater("[Internal error]"))
    provider.settings.hold = False
    provider.release()
    onward = card.get_by_role("button", name="Go on from shot 2, 2 credits")
    await expect(onward).to_be_visible(timeout=JOB_MS)
    await expect(card.locator("video")).to_have_count(1)
    await onward.click()
    await expect(card.locator("video")).to_have_count(3, timeout=JOB_MS)
    await expect(card).to_contain_text("Film of 2 shots, 10 s")
