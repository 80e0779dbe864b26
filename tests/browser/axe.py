"""Axe, which looks for what keeps people out of a page (axe-core, as axe-playwright-python brings it)."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Page

SERIOUS = ("serious", "critical")

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that another theme can break, and only one: they take half of the work."""

_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


async def serious_findings(tab: Page, *, colours: bool = True, shapes: bool = True) -> list[str]:
    """Give what is serious or worse, each with the elements that it was found at.

    `shapes` without `colours` is for a page that only moved since its colours were looked at, `colours` without
    `shapes` for one in another theme.
    """
    if not await tab.evaluate("'axe' in window"):
        await tab.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = await tab.evaluate(
        "(options) => axe.run(options).then(({ violations }) => violations)",
        {
            "resultTypes": ["violations"],
            "rules": {rule: {"enabled": colours} for rule in OF_COLOURS},
            **({} if shapes else {"runOnly": OF_COLOURS}),
        },
    )
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in found
        if one["impact"] in SERIOUS
    ]
