"""A real browser: Debian's chromium without a window, or any other that is on the PATH."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

QUIET = (
    "--no-sandbox",  # it may run as root, and sees nothing but this machine's own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # else it asks the outside for updates
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
    "--autoplay-policy=no-user-gesture-required",
)

NONE = "There is no chromium here, so the page was not looked at: install it, or name one with CHROMIUM."


def find_chromium() -> str | None:
    """Give the browser's path: CHROMIUM if it is set, else the first of the usual names."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def started_chromium(*further: str) -> AsyncGenerator[Browser]:
    """Run a browser without a window until the block ends; `further` is what it is told beside the usual."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=[*QUIET, *further])
        try:
            yield browser
        finally:
            await browser.close()
