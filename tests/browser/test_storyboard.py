"""A storyboard in a browser: its form, its preview and its card, by keyboard alone and by mouse alone."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.visit import JOB_MS, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.slow  # two storyboards are made, one shot after the other
async def test_a_storyboard_is_made_by_keyboard_and_another_one_by_mouse(mira: Visit, boat: Path) -> None:
    keys = mira.tab.keyboard
    modal = mira.tab.locator("dialog#modal")
    lines = modal.locator('[data-field="shots"]').locator("textarea")

    await mira.command("storyboard")
    await mira.attach("image", boat)
    await keys.press("Enter")
    await expect(lines).to_be_focused(timeout=JOB_MS)
    await keys.type("a boat drifts by keyboard")
    await keys.press("Enter")
    await keys.type("it spins by keyboard")
    await modal.get_by_role("button", name="Submit").focus()
    await keys.press("Enter")
    await expect(modal).to_have_count(0)
    preview = mira.last("Nothing is charged yet")
    await expect(preview).to_contain_text("that takes 4 credits")
    make = preview.locator('button[data-custom-id^="make:"]')
    await make.focus(timeout=JOB_MS)
    await keys.press("Enter")
    typed = mira.last("a boat drifts by keyboard").filter(has_not=mira.tab.locator('button[data-custom-id^="make:"]'))
    await expect(typed.locator("video")).to_have_count(3, timeout=JOB_MS)
    await expect(typed).to_contain_text("Film of 2 shots, 10 s")

    await mira.command("storyboard")
    await mira.attach("image", boat)
    await mira.tab.get_by_role("button", name="Send", exact=True).click()
    await lines.fill("a boat drifts by mouse\nit sinks by mouse")
    await modal.get_by_role("button", name="Submit").click()
    await mira.last("a boat drifts by mouse").locator('button[data-custom-id^="make:"]').click(timeout=JOB_MS)
    clicked = mira.last("a boat drifts by mouse").filter(has_not=mira.tab.locator('button[data-custom-id^="make:"]'))
    await expect(clicked.locator("video")).to_have_count(3, timeout=JOB_MS)
