"""Those who keep order on the page: leo reports a card, ada removes it and blocks its maker for a while."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS, Visit
from tests.e2e.support.delivery import rows

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROMPT = "a grey kite that nobody wants"


async def test_a_reported_card_goes_from_everybodys_page_and_its_maker_is_blocked_for_a_while(
    mira: Visit, visits: Visits
) -> None:
    guild, keys = mira.site.guild_setup.guild, mira.tab.keyboard
    log = guild.text_channel("mod-log")
    rows(
        mira.site.sandbox,
        """insert into guild (guild_id, mod_log_channel_id, updated_ms) values (?, ?, 1)
           on conflict (guild_id) do update set mod_log_channel_id = excluded.mod_log_channel_id""",
        guild.id,
        log.id,
    )
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill(PROMPT)
    await keys.press("Enter")
    card = mira.last(PROMPT)
    await expect(mira.button(card, ":upsample1")).to_be_visible(timeout=JOB_MS)

    leo = await visits.open("leo")
    await leo.last(PROMPT).click(button="right")
    await leo.tab.locator("#menu").get_by_role("menuitem", name="Report to moderators").click()
    modal = leo.tab.locator("dialog#modal")
    await modal.locator('[data-field="reason"]').locator("textarea, input").first.fill("it scares the ducks")
    await modal.get_by_role("button", name="Submit").click()

    ada = await visits.open("ada", "mod-log")
    report = ada.last("it scares the ducks")
    await report.get_by_role("button", name="Remove").click(timeout=JOB_MS)
    await expect(report).to_contain_text("Removed by @Ada", timeout=JOB_MS)
    for visit in (mira, leo):
        await expect(visit.messages().filter(has_text=PROMPT)).to_have_count(0, timeout=JOB_MS)

    await ada.go("films")
    await ada.command("mod block")
    await ada.tab.keyboard.type("mira")
    await ada.tab.keyboard.press("Enter")
    await ada.add("reason")
    await ada.option("reason").locator("textarea, input").first.fill("let the ducks rest")
    await ada.tab.keyboard.press("Enter")
    await expect(ada.last("blocked")).to_be_visible(timeout=JOB_MS)
    await mira.command("imagine")
    await mira.option("prompt").locator("textarea").fill("another kite")
    await keys.press("Enter")
    await expect(mira.last("let the ducks rest")).to_be_visible(timeout=JOB_MS)
    await expect(mira.messages().filter(has_text="another kite")).to_have_count(0)
    await mira.command("credits")
    await keys.press("Enter")
    await expect(mira.last("You have")).to_be_visible(timeout=JOB_MS)
