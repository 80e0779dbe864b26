"""Take the pictures of the documents from the page, the moving one too: `make pictures`."""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.languages import languages
from sandbox.harness import start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.web import Page as Served
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import set_up_guild
from tests.browser.chromium import NONE, find_chromium, started_chromium
from tests.browser.language_pictures import BEGIN_ALL_FILMS, path_of, take_language_pictures
from tests.browser.moving_picture import GO_TO_THE_END, PROMPT, take_moving_picture
from tests.browser.visit import JOB_MS, Site, Visit

FOLDER = Path("docs/pictures")
WIDTH, HEIGHT = 1180, 900
MOVING = ViewportSize(width=1100, height=1010)
QUALITY = 86


async def main() -> int:
    """Play what is to be seen, and keep what it looks like."""
    if find_chromium() is None:
        print(NONE, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="animatic-pictures-") as folder:
        async with (
            start_sandbox(Path(folder)) as sandbox,
            BotSupervisor(sandbox) as supervisor,
            Served(sandbox, supervisor, port=0) as page,
        ):
            sandbox.provider.settings.run_seconds = 6
            guild_setup = set_up_guild(sandbox.discord)
            guild_setup.guild.join_bot()
            if not await supervisor.start():
                print(supervisor.say, file=sys.stderr)
                return 1
            await guild_setup.grant_credits()
            boat = Path(folder) / "boat.png"
            boat.write_bytes(draw_sample())
            async with (
                started_chromium() as browser,
                await browser.new_context(
                    viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark", locale="en-US"
                ) as context,
            ):
                site = Site(sandbox, guild_setup, supervisor, page)
                mira, leo = Visit(site, await context.new_page()), Visit(site, await context.new_page())
                await _take_moving_picture(mira, boat)
                await _play(mira, leo, boat)
                await _take_language_pictures(mira, boat)
    return 0


async def _take_moving_picture(mira: Visit, boat: Path) -> None:
    await mira.tab.set_viewport_size(MOVING)
    await mira.enter("mira", "gallery")
    await take_moving_picture(mira, boat, FOLDER / "story.webp")
    _name(FOLDER / "story.webp")
    await mira.tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})


async def _play(mira: Visit, leo: Visit, boat: Path) -> None:
    await mira.enter("mira")
    await _ask(mira, boat)
    card = mira.last(PROMPT)
    await expect(card).to_contain_text("▰▰▰▰", timeout=JOB_MS)
    await _keep(mira.tab, "progress", card)
    await expect(card.locator("video")).to_have_count(4, timeout=JOB_MS)
    await _keep(mira.tab, "card", card)

    await leo.enter("leo")
    await _ask(leo, boat)
    await _keep(leo.tab, "refusal", leo.last("This takes 8 credits"))

    await mira.tab.bring_to_front()
    await mira.button(card, ":2:high").click()
    await mira.tab.locator("#drawer-toggle").click()
    await mira.tab.locator("#drawer").get_by_role("tab", name="Calls").click()
    await expect(mira.last("from clip 2 of").locator("video")).to_have_count(4, timeout=JOB_MS)
    await _keep(mira.tab, "drawer", mira.last("from clip 2 of"))


async def _take_language_pictures(mira: Visit, boat: Path) -> None:
    await mira.enter("mira")
    image = mira.site.sandbox.discord.attachment(boat.name, boat.read_bytes())  # noqa: ASYNC240  # nobody waits for it
    await take_language_pictures(mira, image, FOLDER)
    for language in languages():
        _name(path_of(FOLDER, language))


async def _ask(visit: Visit, boat: Path) -> None:
    await visit.command("video")
    await visit.option("prompt").locator("textarea").fill(PROMPT)
    await visit.attach("image", boat)
    await visit.tab.keyboard.press("Enter")


async def _keep(tab: Page, name: str, shown: Locator) -> None:
    """Take what the window shows once a message is there, which is the last."""
    await expect(shown).to_be_visible(timeout=JOB_MS)
    await tab.evaluate(BEGIN_ALL_FILMS)
    await tab.evaluate(GO_TO_THE_END)
    await tab.mouse.move(0, 0)
    taken = await tab.screenshot(animations="disabled")
    path = FOLDER / f"{name}.webp"
    with Image.open(io.BytesIO(taken)) as shown_now:
        shown_now.save(path, "WEBP", quality=QUALITY, method=6)
    _name(path)


def _name(path: Path) -> None:
    print(f"{path}: {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(main()))
