"""One tab as a person uses it: what they do by mouse and keyboard, and what they see."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import ConsoleMessage, Error, Locator, Page, Request, expect

from sandbox.discord import AnyChannel
from sandbox.harness import Sandbox
from sandbox.web import Page as Served
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup
from tests.browser.tabs import QUIET_PLACE

JOB_MS = 40_000
"""How long a job may take on a busy machine, in milliseconds."""


REMEMBER = "(tab) => sessionStorage.setItem('tab', JSON.stringify(tab))"


@dataclass
class Site:
    """Hold the sandbox that the page shows."""

    sandbox: Sandbox
    guild_setup: GuildSetup
    supervisor: BotSupervisor
    page: Served


@dataclass
class Visit:
    """Hold a tab; `complaints` is what the page itself did wrong in it."""

    site: Site
    tab: Page
    complaints: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.tab.set_default_timeout(15_000)
        self.tab.on("pageerror", self._failed)
        self.tab.on("console", self._heard)
        self.tab.on("request", self._asked)

    def leave(self) -> None:
        """Hear no more of the tab."""
        self.tab.remove_listener("pageerror", self._failed)
        self.tab.remove_listener("console", self._heard)
        self.tab.remove_listener("request", self._asked)

    async def enter(self, who: str, channel: str = "films") -> None:
        """Load the page as who was somebody in a channel here before: it draws that channel and no other."""
        beside = urljoin(self.site.page.url, QUIET_PLACE)
        if self.tab.url != beside:
            await self.tab.goto(beside)
        await self.tab.evaluate(REMEMBER, {"user": who, "channel": str(self._channel(channel).id)})
        await self.tab.goto(self.site.page.url)
        await expect(self.tab.locator(f'#side [data-person="{who}"]')).to_have_attribute("aria-pressed", "true")
        await expect(self.tab.locator("#channel-header")).to_contain_text(channel)

    async def be(self, who: str) -> None:
        """Switch to another person."""
        chosen = self.tab.locator(f'#side [data-person="{who}"]')
        await chosen.click()
        await expect(chosen).to_have_attribute("aria-pressed", "true")

    async def go(self, channel: str) -> None:
        """Switch to another channel."""
        await self.tab.locator(f'#side [data-channel="{self._channel(channel).id}"]').click()
        await expect(self.tab.locator("#channel-header")).to_contain_text(channel)

    def _channel(self, name: str) -> AnyChannel:
        return next(one for one in self.site.guild_setup.guild.channels if one.name == name)

    # Writing.

    @property
    def text(self) -> Locator:
        """The box that messages are written in."""
        return self.tab.locator("#composer textarea#text")

    def option(self, name: str) -> Locator:
        """The field of a command's option."""
        return self.tab.locator(f'#composer [data-option="{name}"]')

    async def command(self, name: str) -> None:
        """Type a command's name, and choose it from what is suggested."""
        await self.text.click()
        await self.tab.keyboard.type(f"/{name}")
        await expect(self.tab.locator("#suggestions [role=option]").first).to_contain_text(name)
        await self.tab.keyboard.press("Enter")

    async def add(self, option: str) -> None:
        """Give the command that is being written one of its further options."""
        await self.tab.locator("#composer .more input").click()
        await self.tab.keyboard.type(option)
        await self.tab.keyboard.press("Enter")

    async def attach(self, option: str, file: Path) -> None:
        """Choose a file for a further option."""
        await self.add(option)
        await self.option(option).locator("input[type=file]").set_input_files(file)
        await expect(self.option(option)).to_contain_text(file.name)

    # Looking.

    def messages(self) -> Locator:
        """All messages."""
        return self.tab.locator("#messages article")

    def last(self, containing: str = "") -> Locator:
        """The newest message with these words in it."""
        return self.messages().filter(has_text=containing).last

    def button(self, card: Locator, ending: str) -> Locator:
        """The button of a card whose custom_id ends so."""
        return card.locator(f'button[data-custom-id$="{ending}"]')

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "WebSocket" not in said.text and "ERR_CONNECTION" not in said.text:
            self.complaints.append(f"{said.text} ({said.location.get('url')})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("blob:", "data:", "http://127.0.0.1:", "ws://127.0.0.1:")):
            self.complaints.append(f"the page asked the outside: {request.url}")
