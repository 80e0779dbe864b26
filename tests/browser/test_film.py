"""The film so far in a browser: by mouse, and again by keyboard."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.visit import JOB_MS, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_chain_is_joined_by_mouse_and_found_again_by_keyboard(mira: Visit, site: Site, boat: Path) -> None:
    people = site.guild_setup
    image = site.sandbox.discord.attachment("boat.png", await asyncio.to_thread(boat.read_bytes))
    await people.mira.slash(people.films, "video", prompt="a chain by hand", image=image, clips=2)
    first = mira.last("a chain by hand")
    await expect(first.locator("video")).to_have_count(2, timeout=JOB_MS)
    await mira.button(first, ":2:low").click()
    extend = mira.last("Part 2: start > clip 2")
    await expect(extend.locator("video")).to_have_count(2, timeout=JOB_MS)

    await extend.get_by_role("button", name="The film so far").click()
    question = mira.last("Which clip should the film end with?")
    await mira.button(question, ":1").click()
    film = mira.last("Film of 2 parts, 10 s")
    await expect(film.locator("video")).to_have_count(1, timeout=JOB_MS)
    told = mira.last("The film is here:")
    await expect(told).to_be_visible(timeout=JOB_MS)

    await extend.get_by_role("button", name="The film so far").focus()
    await mira.tab.keyboard.press("Enter")
    again = mira.last("Which clip should the film end with?")
    await expect(again).to_be_visible(timeout=JOB_MS)
    await mira.button(again, ":1").focus()
    await mira.tab.keyboard.press("Space")
    await expect(mira.tab.get_by_text("The film is here:")).to_have_count(2, timeout=JOB_MS)
    await expect(mira.tab.get_by_text("Film of 2 parts, 10 s")).to_have_count(1)
