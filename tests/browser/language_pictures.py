"""A picture for each language that the bot speaks: a card, a refusal, a form and /help, as a member reads them."""

import io
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, ViewportSize, expect

from bot.languages import languages
from bot.ui.text import words_modal
from bot.ui.text.translate import speaking
from sandbox.discord import Message, StoredFile
from tests.browser.tabs import VIEWPORT
from tests.browser.visit import JOB_MS, Visit

NARROW = ViewportSize(width=520, height=1500)
"""As a phone shows it, and so high that nothing has to be scrolled to."""

LEAST_ROOM = 24
"""Pixels between what is shown side by side."""

ABOVE = 2
"""Pixels that may belong to what stands above."""

QUALITY = 62

PROMPTS = {
    "en": "a paper boat drifting down a rainy street",
    "vi": "chiếc thuyền giấy trôi trên con phố mưa",
    "zh-CN": "一只纸船顺着雨中的街道漂流",
}

LOCALES = {"en": "en-US"}
"""What a language is called at Discord, where that is not its own name."""

BEGIN_ALL_FILMS = """() => Promise.all([...document.querySelectorAll("video")].map(async (video) => {
  video.muted = true;
  await video.play();
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  video.pause();
}))"""
"""A film shows its first frame at the latest when it was played."""

HIDE_CONTROLS = """() => document.querySelectorAll("video").forEach((video) => { video.controls = false; })"""


def path_of(folder: Path, language: str) -> Path:
    """Name the picture of a language."""
    return folder / f"language-{language}.webp"


async def take_language_pictures(visit: Visit, image: StoredFile, folder: Path) -> None:
    """Let mira ask in each language, in a server that prefers it, and keep what she sees."""
    for language in languages():
        views = await _views(visit, language, image)
        _sheet(views).save(path_of(folder, language), "WEBP", quality=QUALITY, method=6)


async def _views(visit: Visit, language: str, image: StoredFile) -> list[Image.Image]:
    guild_setup, locale = visit.site.guild_setup, LOCALES.get(language, language)
    guild_setup.guild.set_locale(locale)
    await visit.tab.set_viewport_size(VIEWPORT)
    await visit.tab.locator("#locale").select_option(locale)
    await expect(visit.tab.locator("#locale")).to_have_value(locale)
    await visit.tab.set_viewport_size(NARROW)
    mira, channel = guild_setup.mira, guild_setup.films
    asked = await mira.slash(channel, "video", prompt=PROMPTS[language], image=image)
    card = await asked.until(lambda message: any(":2:high" in (one.custom_id or "") for one in message.buttons), 60)
    shown = _article(visit, card)
    await expect(shown.locator("video")).to_have_count(4, timeout=JOB_MS)
    await visit.tab.evaluate(BEGIN_ALL_FILMS)
    await visit.tab.evaluate(HIDE_CONTROLS)
    seen = [await _look(shown)]
    refused = await (await mira.slash(channel, "video", prompt=PROMPTS[language])).private_reply()
    seen.append(await _look(_article(visit, refused)))
    told = await (await mira.slash(channel, "help")).private_reply()
    seen.append(await _look(_article(visit, told)))
    with speaking(language):
        title = words_modal.title()
    await shown.locator('button[data-custom-id^="words:"]').click()
    form = visit.tab.locator("dialog#modal")
    await expect(form.locator("#modal-title")).to_have_text(title)
    seen.append(await _look(form))
    await form.locator(".modal-close").click()
    return seen


def _article(visit: Visit, message: Message) -> Locator:
    return visit.tab.locator(f'article[data-message="{message.id}"]')


async def _look(shown: Locator) -> Image.Image:
    await expect(shown).to_be_visible(timeout=JOB_MS)
    await shown.page.mouse.move(0, 0)
    with Image.open(io.BytesIO(await shown.screenshot(animations="disabled"))) as taken:
        return taken.convert("RGB").crop((0, ABOVE, *taken.size))


def _sheet(views: list[Image.Image]) -> Image.Image:
    """Put a card and a refusal on the left, and what is longer on the right."""
    card, refusal, told, form = views
    columns = [[card, refusal], [told, form]]
    width = LEAST_ROOM + sum(max(view.width for view in column) + LEAST_ROOM for column in columns)
    height = LEAST_ROOM + max(sum(view.height + LEAST_ROOM for view in column) for column in columns)
    sheet = Image.new("RGB", (width, height), card.getpixel((2, 2)))
    left = LEAST_ROOM
    for column in columns:
        top = LEAST_ROOM
        for view in column:
            sheet.paste(view, (left, top))
            top += view.height + LEAST_ROOM
        left += max(view.width for view in column) + LEAST_ROOM
    return sheet
