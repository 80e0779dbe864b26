"""Who manages a server sees on the page what it spends: a chart with words for those who cannot see it, and a table."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visits
from tests.browser.visit import JOB_MS

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_ada_reads_the_usage_of_a_year_in_both_themes(visits: Visits) -> None:
    ada = await visits.open("ada")
    await ada.command("imagine")
    await ada.option("prompt").locator("textarea").fill("a lighthouse")
    await ada.tab.keyboard.press("Enter")
    await expect(ada.last("a lighthouse").locator('[data-custom-id$=":upsample1"]')).to_be_visible(timeout=JOB_MS)
    await ada.command("quota usage")
    await ada.add("period")
    await ada.tab.keyboard.type("year")
    await ada.tab.keyboard.press("Enter")
    await ada.tab.keyboard.press("Enter")
    answer = ada.last("1 credit in 1 job")
    await expect(answer).to_contain_text("Only you can see this", timeout=JOB_MS)
    chart = answer.get_by_alt_text(re.compile("^A chart of what was spent, .*: 1 credit in 1 job"))
    await expect(answer).to_contain_text("usage.csv")
    for theme in ("light", "dark"):
        await ada.tab.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        await expect(chart).to_be_visible()
        # Nothing of the theme shines through: it is as wide as it is drawn, and opaque.
        assert await chart.evaluate("(image) => image.complete && image.naturalWidth") == 1600
