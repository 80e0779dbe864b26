"""Axe, which looks for what keeps people out of a page (axe-core, as axe-playwright-python brings it)."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Page

SERIOUS = ("serious", "critical")

_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


async def serious_findings(tab: Page) -> list[str]:
    """Give what is serious or worse, each with the elements that it was found at."""
    await tab.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = await tab.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
    )
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found
        if one["impact"] in SERIOUS
    ]
