"""Ada sets the server up on the page, and mira finds her way with /help: its tabs, a command to click, a picture."""

import pytest
from playwright.async_api import expect

from tests.browser.visit import JOB_MS, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_ada_decides_and_mira_is_told_so(mira: Visit) -> None:
    modal = mira.tab.locator("dialog#modal")
    await mira.be("ada")
    await mira.command("setup")
    await mira.tab.keyboard.press("Enter")
    card = mira.last("What this server decides")
    await mira.button(card, "setup:words").click(timeout=JOB_MS)
    await modal.locator('[data-field="words"] textarea').fill("gargoyle\nblue whale")
    await modal.get_by_role("button", name="Submit").click()
    await expect(card).to_contain_text("2 words", timeout=JOB_MS)
    await mira.button(card, "setup:films").click()
    await modal.locator('[data-field="roles"]').get_by_role("combobox").click()
    await mira.tab.get_by_role("option", name="@Film club").click()
    await mira.tab.keyboard.press("Escape")
    await modal.get_by_role("button", name="Submit").click()
    await expect(card).to_contain_text("By members with @Film club", timeout=JOB_MS)

    await mira.be("mira")
    await expect(mira.last("What this server decides")).to_have_count(0)
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill("a GARGOYLE at dawn")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.last("This server forbids words of the prompt: “gargoyle”")).to_be_visible(timeout=JOB_MS)


async def test_mira_finds_her_way_with_help(mira: Visit) -> None:
    await mira.command("help")
    await mira.tab.keyboard.press("Enter")
    card = mira.last("Prices here")
    await mira.button(card, "help:films").click(timeout=JOB_MS)
    await expect(card).to_contain_text("several shots", timeout=JOB_MS)
    await card.get_by_role("button", name="/video").first.click()
    await expect(mira.option("prompt")).to_be_visible()
    await mira.button(card, "help:pictures").click()
    await mira.button(card, "first-picture").click(timeout=JOB_MS)
    drawn = mira.last("a paper boat").filter(has=mira.tab.locator('button[data-custom-id*="upsample1"]'))
    await expect(drawn).to_be_visible(timeout=JOB_MS)
