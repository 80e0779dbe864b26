"""The menu at a card's end, by mouse and by keyboard: hidden, shown, edited and run again."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS, Visit
from tests.e2e.support.delivery import rows

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def drawn(mira: Visit, prompt: str) -> Locator:
    """Draw four pictures, and give their card once it has its menu."""
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill(prompt)
    await mira.tab.keyboard.press("Enter")
    card = mira.last(prompt)
    await expect(mira.button(card, ":upsample1")).to_be_visible(timeout=JOB_MS)
    return card


def menu(card: Locator) -> Locator:
    """Find the menu at a card's end."""
    return card.get_by_role("combobox", name="More…")


async def choose(mira: Visit, card: Locator, entry: str) -> None:
    """Choose an entry by keyboard, by its first letter, once the menu takes a choice again."""
    keys = mira.tab.keyboard
    await expect(menu(card)).not_to_have_attribute("aria-busy", "true")
    await menu(card).focus()
    await keys.press("ArrowDown")
    await expect(mira.tab.get_by_role("option", name=entry)).to_be_visible()
    await keys.press(entry[0])
    await keys.press("Enter")


async def test_a_card_is_hidden_and_shown_again_by_mouse(mira: Visit) -> None:
    card = await drawn(mira, "a red kite to hide")
    pictures = card.get_by_label("Spoiler, hidden")
    await expect(pictures).to_have_count(0)
    for entry, hidden in (("Hide behind a spoiler", 4), ("Show without spoiler", 0)):
        await menu(card).click()
        await mira.tab.get_by_role("option", name=entry).click()
        await expect(pictures).to_have_count(hidden, timeout=JOB_MS)
        # The card was drawn anew, so nothing stands chosen in it.
        await expect(menu(card)).to_have_text(re.compile("More…"))


async def test_a_card_is_edited_and_run_again_by_keyboard_also_after_the_form_was_left(mira: Visit) -> None:
    keys = mira.tab.keyboard
    card = await drawn(mira, "a blue kite to edit")
    modal = mira.tab.locator("dialog#modal")
    for left in (True, False):
        await choose(mira, card, "Edit and run again")
        if not left:
            # What was chosen stands there still: it is taken back first, and then chosen again.
            await expect(menu(card)).to_have_text(re.compile("More…"))
            await choose(mira, card, "Edit and run again")
        await expect(modal).to_be_visible()
        prompt = modal.locator('[data-field="prompt"]').locator("textarea, input").first
        await expect(prompt).to_have_value("a blue kite to edit")
        if left:
            await keys.press("Escape")
            await expect(modal).to_have_count(0)
    await keys.press("ControlOrMeta+a")
    await keys.type("a green kite instead")
    await modal.get_by_role("button", name="Submit").focus()
    await keys.press("Enter")
    await expect(modal).to_have_count(0)
    again = mira.last("a green kite instead")
    await expect(mira.button(again, ":upsample1")).to_be_visible(timeout=JOB_MS)


async def test_a_picture_is_shared_and_starred_by_another_member(mira: Visit, visits: Visits) -> None:
    guild = mira.site.guild_setup.guild
    showcase = guild.text_channel("showcase")
    name = "update guild set showcase_channel_id = ? where guild_id = ?"
    begin = "insert into guild (guild_id, updated_ms) values (?, 1) on conflict do nothing"
    rows(mira.site.sandbox, begin, guild.id)
    rows(mira.site.sandbox, name, showcase.id, guild.id)
    card = await drawn(mira, "a yellow kite to share")
    await menu(card).click()
    await mira.tab.get_by_role("option", name="Share in the showcase").click()
    question = mira.last("Which one do you want to share?")
    await question.get_by_role("button", name="2", exact=True).click()
    await expect(mira.last("It is in the showcase:")).to_be_visible(timeout=JOB_MS)
    leo = await visits.open("leo", "showcase")
    post = leo.last("a yellow kite to share")
    await expect(post).to_contain_text("Picture by @Mira")
    star = post.get_by_role("button", name="⭐, 1 reaction")
    await expect(star).to_have_attribute("aria-pressed", "false")
    await star.click()
    await expect(post.get_by_role("button", name="⭐, 2 reactions")).to_have_attribute("aria-pressed", "true")
    await mira.go("showcase")
    await expect(mira.last("a yellow kite").get_by_role("button", name="⭐, 2 reactions")).to_be_visible()
