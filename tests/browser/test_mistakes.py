"""What people do wrong, and what breaks under them: the page says what Discord would say, and goes on."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from sandbox.web import Page
from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def ask_for_film(visit: Visit, prompt: str, file: Path) -> None:
    """Run /video by keyboard."""
    await visit.command("video")
    await visit.option("prompt").locator("textarea").fill(prompt)
    await visit.attach("image", file)
    await visit.tab.keyboard.press("Enter")


async def test_a_file_that_is_no_picture_is_refused_by_the_bot(mira: Visit, tmp_path: Path) -> None:
    words = tmp_path / "words.png"
    words.write_text("these are words")
    await ask_for_film(mira, "a boat of words", words)
    refusal = mira.last("The image is not a picture that I can read.")
    await expect(refusal).to_contain_text("Nothing was charged.", timeout=JOB_MS)
    await expect(refusal).to_contain_text("Only you can see this")


async def test_a_file_that_only_claims_to_be_a_picture_is_shown_as_a_file(mira: Visit, tmp_path: Path) -> None:
    words = tmp_path / "words-alone.png"
    words.write_text("these are words")
    await mira.tab.locator("#composer input[type=file]").first.set_input_files(words)
    await mira.text.press("Enter")
    await expect(mira.last("words-alone.png").get_by_role("link", name="words-alone.png")).to_be_visible()
    await expect(mira.last("words-alone.png").locator("img")).to_have_count(0)


async def test_a_file_that_is_too_large_is_refused_where_it_is_attached(mira: Visit, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(bytes(12 * 1024 * 1024))
    await mira.tab.locator("#composer input[type=file]").first.set_input_files(large)
    await expect(mira.tab.locator("#composer")).to_contain_text("This file is larger than 10 MB.")
    await mira.text.fill("this is not sent with it")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("#composer [role=alert]")).to_contain_text("could not be uploaded")
    await expect(mira.text).to_have_value("this is not sent with it")


async def test_an_option_that_is_too_long_is_refused_and_stays(mira: Visit) -> None:
    await mira.command("imagine")
    prompt = mira.option("prompt").locator("textarea")
    await prompt.fill("x" * 6_001)
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("#composer")).to_contain_text("characters; there are 6,001.")
    await expect(prompt).to_have_attribute("aria-invalid", "true")
    await expect(prompt).to_be_focused()
    assert len(await prompt.input_value()) == 6_001


async def test_a_required_option_that_is_missing_is_named(mira: Visit) -> None:
    await mira.command("imagine")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("#composer")).to_contain_text("This option is required. Specify a value.")
    await expect(mira.option("prompt").locator("textarea")).to_be_focused()


async def test_what_members_type_is_text_and_nothing_else(visits: Visits) -> None:
    mira, leo = await visits.open("mira"), await visits.open("leo")
    await mira.text.fill("<img src=x onerror=alert(1)> @everyone [here](javascript:alert(2)) \u202egnp.exe")
    await mira.tab.keyboard.press("Enter")
    said = leo.last("<img src=x")
    await expect(said).to_contain_text("@everyone")
    await expect(said.locator(".content img, a[href^='javascript']")).to_have_count(0)


async def test_two_tabs_are_two_members(visits: Visits) -> None:
    mira, leo = await visits.open("mira"), await visits.open("leo")
    for visit, words in ((mira, "said by the first tab"), (leo, "said by the second tab")):
        await visit.text.fill(words)
        await visit.tab.keyboard.press("Enter")
    for visit in (mira, leo):
        await expect(visit.last("said by the first tab")).to_have_attribute("aria-label", re.compile("Mira"))
        await expect(visit.last("said by the second tab")).to_have_attribute("aria-label", re.compile("Leo"))
        await visit.tab.reload()
    await expect(mira.tab.locator('[data-person="mira"]')).to_have_attribute("aria-pressed", "true")
    await expect(leo.tab.locator('[data-person="leo"]')).to_have_attribute("aria-pressed", "true")


async def test_a_reload_in_the_middle_of_a_job_loses_nothing(site: Site, mira: Visit, boat: Path) -> None:
    site.sandbox.provider.settings.hold = True
    try:
        await ask_for_film(mira, "a boat across a reload", boat)
        await expect(mira.last("a boat across a reload")).to_contain_text("▰", timeout=JOB_MS)
        await mira.tab.reload()
        await expect(mira.last("a boat across a reload")).to_contain_text("▰")
    finally:
        site.sandbox.provider.release()
    await expect(mira.last("a boat across a reload").locator("video")).to_have_count(4, timeout=JOB_MS)


async def test_a_lost_line_is_told_and_comes_back_with_what_was_typed(site: Site, visits: Visits) -> None:
    async with Page(site.sandbox, site.supervisor, port=0) as served:
        port = served.port
        mira = await visits.open("mira")
        await mira.tab.goto(served.url)
        await mira.be("mira")
        await mira.text.fill("typed before the line broke")
    banner = mira.tab.locator("#banner")
    await expect(banner).to_contain_text("connection is lost")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.tab.locator("#composer [role=alert]")).to_contain_text("nothing was sent")
    await expect(mira.text).to_have_value("typed before the line broke")
    async with Page(site.sandbox, site.supervisor, port=port):
        await expect(banner).to_be_hidden(timeout=10_000)
        await expect(mira.tab.locator('[data-person="mira"]')).to_have_attribute("aria-pressed", "true")
        await mira.text.press("Enter")
        await expect(mira.last("typed before the line broke")).to_be_visible()
        await mira.tab.goto(site.page.url)


async def test_a_dead_bot_does_not_respond_and_the_page_says_so(site: Site, mira: Visit) -> None:
    await site.supervisor.kill()
    try:
        await mira.command("credits")
        await mira.tab.keyboard.press("Enter")
        await expect(mira.tab.locator("#messages")).to_contain_text("The application did not respond", timeout=10_000)
    finally:
        assert await site.supervisor.start(), site.supervisor.say
    await mira.command("credits")
    await mira.tab.keyboard.press("Enter")
    await expect(mira.last("Only you can see this")).to_contain_text("You have")
