"""One sandbox, one bot and one browser a module; every test opens tabs of its own."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import set_up_guild
from tests.browser.chromium import NONE, find_chromium, started_chromium
from tests.browser.visit import VIEWPORT, Site, Visit
from tests.support.fork_server import start_sandbox


@pytest.fixture(scope="session", autouse=True)
def there_is_a_browser() -> None:
    """Skip everything here, with a sentence, where there is none."""
    if find_chromium() is None:
        pytest.skip(NONE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(there_is_a_browser: None) -> AsyncGenerator[Browser]:
    """Run one browser for the module."""
    async with started_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Site]:
    """Run the sandbox with its page and a bot; films are real but short, and everything is quick."""
    folder = tmp_path_factory.mktemp("site")
    async with start_sandbox(folder) as sandbox:
        sandbox.provider.settings.ready_made = True
        sandbox.provider.settings.queue_seconds = 0.1
        sandbox.provider.settings.run_seconds = 0.6
        sandbox.settings.update(POLL_SECONDS="0.2", DEFAULT_CREDITS="2000")
        guild_setup = set_up_guild(sandbox.discord)
        guild_setup.guild.join_bot()
        async with BotSupervisor(sandbox) as supervisor, Page(sandbox, supervisor, port=0) as page:
            assert await supervisor.start(), supervisor.say
            yield Site(sandbox, guild_setup, supervisor, page)
        assert sandbox.discord.violations == []


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncGenerator[BrowserContext]:
    """Give a browser without any memory."""
    async with await browser.new_context(viewport=VIEWPORT, locale="en-US") as context:
        yield context


@pytest_asyncio.fixture(loop_scope="module")
async def visits(site: Site, context: BrowserContext) -> AsyncGenerator["Visits"]:
    """Open tabs; a test fails when the page met an error or asked the outside for anything."""
    async with AsyncExitStack() as stack:
        visits = Visits(site, context)
        yield visits
        await stack.aclose()
    assert visits.complaints() == []


@pytest_asyncio.fixture(loop_scope="module")
async def mira(visits: "Visits") -> Visit:
    """Open a tab as mira, a member."""
    return await visits.open("mira")


@pytest.fixture(scope="session")
def boat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a picture as a file; to draw it takes seconds."""
    path = tmp_path_factory.mktemp("boat") / "boat.png"
    path.write_bytes(draw_sample())
    return path


class Visits:
    """Open tabs of one browser."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self._site = site
        self._context = context
        self._opened: list[Visit] = []

    async def open(self, who: str, channel: str = "films") -> Visit:
        """Open a tab as somebody, in a channel."""
        visit = Visit(self._site, await self._context.new_page())
        self._opened.append(visit)
        await visit.enter(who, channel)
        return visit

    def complaints(self) -> list[str]:
        """Give what went wrong in the tabs."""
        return [complaint for visit in self._opened for complaint in visit.complaints]
