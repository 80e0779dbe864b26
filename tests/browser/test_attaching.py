"""Files by every way that people have: chosen, pasted and dropped, into messages and into commands."""

import pytest
from playwright.async_api import expect

from bot.sandbox.studio.sample import draw_sample
from tests.browser.visit import JOB_MS, Visit

pytestmark = pytest.mark.asyncio(loop_scope="module")

DRAG = """([name, kinds]) => {
  const data = new DataTransfer();
  data.items.add(new File([window.held], name, { type: "image/png" }));
  for (const kind of kinds) {
    const place = document.getElementById("messages");
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""

HOLD = "(numbers) => { window.held = new Uint8Array(numbers); }"

PASTE = """(name) => {
  const data = new DataTransfer();
  data.items.add(new File([window.held], name, { type: "image/png" }));
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
  );
}"""


async def hold(visit: Visit) -> None:
    """Give the tab a picture, as a clipboard or a drag does."""
    await visit.tab.evaluate(HOLD, list(draw_sample()))


async def test_a_picture_is_pasted_into_a_message(mira: Visit) -> None:
    await hold(mira)
    await mira.text.fill("a boat from the clipboard")
    await mira.tab.evaluate(PASTE, "pasted.png")
    await expect(mira.tab.locator("#composer .chip")).to_contain_text("pasted.png")
    await mira.text.press("Enter")
    await expect(mira.last("a boat from the clipboard").locator("img[src*='pasted.png']")).to_be_visible()
    await expect(mira.tab.locator("#composer .chip")).to_have_count(0)


async def test_a_picture_is_dropped_anywhere_and_can_be_taken_away_again(mira: Visit) -> None:
    await hold(mira)
    await mira.tab.evaluate(DRAG, ["dropped.png", ["dragenter", "dragover"]])
    await expect(mira.tab.locator("#chat .drop-hint")).to_be_visible()
    await mira.tab.evaluate(DRAG, ["dropped.png", ["drop"]])
    chip = mira.tab.locator("#composer .chip")
    await expect(chip).to_contain_text("dropped.png")
    await chip.get_by_role("button", name="Remove").click()
    await expect(chip).to_have_count(0)


async def test_a_picture_that_is_pasted_into_a_command_goes_into_its_slot(mira: Visit) -> None:
    await hold(mira)
    await mira.command("video")
    await mira.option("prompt").locator("textarea").fill("a boat pasted into a command")
    await mira.tab.evaluate(PASTE, "into-the-slot.png")
    await expect(mira.option("image")).to_contain_text("into-the-slot.png")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.last("a boat pasted into a command").locator("video").first).to_be_visible(timeout=JOB_MS)
