"""What was made is found again on the page: pages of a list by mouse, a star by keyboard."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.visit import JOB_MS, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def drawn(mira: Visit, prompt: str) -> Locator:
    """Let pictures be made, and give their card."""
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill(prompt)
    await mira.tab.keyboard.press("Enter")
    card = mira.messages().filter(has_text=prompt).filter(has=mira.tab.locator('[data-custom-id$=":upsample1"]'))
    await expect(mira.button(card, ":upsample1")).to_be_visible(timeout=JOB_MS)
    return card


async def test_a_list_is_turned_by_mouse_and_a_card_starred_by_keyboard(mira: Visit) -> None:
    cards = [await drawn(mira, f"a lighthouse number {number}") for number in range(6)]
    keys = mira.tab.keyboard

    await mira.command("jobs list")
    await mira.add("words")
    await keys.type("light")
    await keys.press("Enter")
    page = mira.last("Your jobs with")
    await expect(page).to_contain_text("a lighthouse number 5")
    await expect(page.locator("img[src*='thumb-']")).to_have_count(5)
    await page.get_by_role("button", name="Next").click()
    await expect(page).to_contain_text("a lighthouse number 0")
    await expect(page).not_to_contain_text("a lighthouse number 5")
    await expect(page.locator("img[src*='thumb-']")).to_have_count(1)
    await page.get_by_role("button", name="Previous").click()
    await expect(page).to_contain_text("a lighthouse number 5")

    await cards[2].get_by_role("combobox", name="More…").focus()
    for key in ("Enter", "S", "Enter"):
        await keys.press(key)
    await expect(mira.last("has your star")).to_contain_text("Only you can see this")
    await mira.text.focus()
    await keys.type("/favo")
    await keys.press("Tab")
    await keys.press("Enter")
    stars = mira.last("Your stars")
    await expect(stars).to_contain_text("a lighthouse number 2")
    show = stars.get_by_role("button", name="Show")
    await show.focus()
    await keys.press("Enter")
    await expect(cards[2]).to_have_count(2, timeout=JOB_MS)
