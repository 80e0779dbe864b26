"""One browser for all, one sandbox and one bot a module; every test opens the page in tabs of its own."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import set_up_guild
from tests.browser.chromium import NONE, find_chromium, started_chromium
from tests.browser.page_files import served_files
from tests.browser.tabs import Tabs
from tests.browser.visit import Site, Visit
from tests.support.fork_server import start_sandbox

NEWEST = 16
"""How many messages a tab shows of a channel, which all tests of a module write in."""


@pytest.fixture(scope="session", autouse=True)
def there_is_a_browser() -> None:
    """Skip everything here, with a sentence, where there is none."""
    if find_chromium() is None:
        pytest.skip(NONE)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def tabs(there_is_a_browser: None) -> AsyncGenerator[Tabs]:
    """Run one browser for all modules that are tested in this process, and lend its tabs."""
    async with served_files() as found, started_chromium(found) as browser:
        yield Tabs(browser)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
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
        async with (
            BotSupervisor(sandbox) as supervisor,
            Page(sandbox, supervisor, port=0, most_messages=NEWEST) as page,
        ):
            assert await supervisor.start(), supervisor.say
            yield Site(sandbox, guild_setup, supervisor, page)
        assert sandbox.discord.violations == []


@pytest_asyncio.fixture(loop_scope="session")
async def visits(site: Site, tabs: Tabs) -> AsyncGenerator["Visits"]:
    """Open tabs; a test fails when the page met an error or asked the outside for anything."""
    async with AsyncExitStack() as stack:
        visits = Visits(site, tabs, stack)
        yield visits
    assert visits.complaints() == []


@pytest_asyncio.fixture(loop_scope="session")
async def mira(visits: "Visits") -> Visit:
    """Open a tab as mira, a member."""
    return await visits.open("mira")


@pytest.fixture(scope="session")
def boat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a picture as a file: a small one, for it goes through everything that a large one does."""
    path = tmp_path_factory.mktemp("boat") / "boat.png"
    Image.radial_gradient("L").convert("RGB").save(path)
    return path


class Visits:
    """Open tabs that are given back at the end of a test."""

    def __init__(self, site: Site, tabs: Tabs, given_back: AsyncExitStack) -> None:
        self._site = site
        self._tabs = tabs
        self._given_back = given_back
        self._opened: list[Visit] = []

    async def open(self, who: str, channel: str = "films") -> Visit:
        """Open a tab as somebody, in a channel."""
        visit = Visit(self._site, await self._given_back.enter_async_context(self._tabs.lend()))
        self._given_back.callback(visit.leave)
        self._opened.append(visit)
        await visit.enter(who, channel)
        return visit

    def complaints(self) -> list[str]:
        """Give what went wrong in the tabs."""
        return [complaint for visit in self._opened for complaint in visit.complaints]
