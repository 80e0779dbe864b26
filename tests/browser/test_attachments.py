"""Files by every way that people have: chosen, pasted and dropped, into messages and into commands."""

import asyncio
import base64
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.visit import JOB_MS, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAG = """([name, kinds]) => {
  const data = new DataTransfer();
  data.items.add(new File([window.held], name, { type: "image/png" }));
  for (const kind of kinds) {
    const place = document.getElementById("messages");
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""

HOLD = "(text) => { window.held = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)); }"

PASTE = """(name) => {
  const data = new DataTransfer();
  data.items.add(new File([window.held], name, { type: "image/png" }));
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
  );
}"""


async def hold(visit: Visit, picture: Path) -> None:
    """Give the tab a picture, as a clipboard or a drag does."""
    data = await asyncio.to_thread(picture.read_bytes)
    await visit.tab.evaluate(HOLD, base64.b64encode(data).decode())


async def test_a_picture_is_pasted_into_a_message(mira: Visit, boat: Path) -> None:
    await hold(mira, boat)
    await mira.text.fill("a boat from the clipboard")
    await mira.tab.evaluate(PASTE, "pasted.png")
    await expect(mira.tab.locator("#composer .chip")).to_contain_text("pasted.png")
    await mira.text.press("Enter")
    await expect(mira.last("a boat from the clipboard").locator("img[src*='pasted.png']")).to_be_visible(timeout=JOB_MS)
    await expect(mira.tab.locator("#composer .chip")).to_have_count(0)


async def test_a_picture_is_dropped_anywhere_and_can_be_taken_away_again(mira: Visit, boat: Path) -> None:
    await hold(mira, boat)
    await mira.tab.evaluate(DRAG, ["dropped.png", ["dragenter", "dragover"]])
    await expect(mira.tab.locator("#chat .drop-hint")).to_be_visible()
    await mira.tab.evaluate(DRAG, ["dropped.png", ["drop"]])
    chip = mira.tab.locator("#composer .chip")
    await expect(chip).to_contain_text("dropped.png")
    await chip.get_by_role("button", name="Remove").click()
    await expect(chip).to_have_count(0)


async def test_a_picture_that_is_pasted_into_a_command_goes_into_its_slot(mira: Visit, boat: Path) -> None:
    await hold(mira, boat)
    await mira.command("video")
    await mira.option("prompt").locator("textarea").fill("a boat pasted into a command")
    await mira.tab.evaluate(PASTE, "into-the-slot.png")
    await expect(mira.option("image")).to_contain_text("into-the-slot.png")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.last("a boat pasted into a command").locator("video").first).to_be_visible(timeout=JOB_MS)
