"""The bot in a language that nobody speaks: all that it says comes from its catalogue, and has room on a phone."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, ViewportSize, expect

from sandbox.discord import Message, TextChannel
from sandbox.harness import start_sandbox
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import set_up_guild
from tests.browser.bot_words import look
from tests.browser.tabs import Tabs
from tests.browser.visit import JOB_MS, Site, Visit
from tests.e2e.support.delivery import rows
from tests.support.pseudo_locale import ACCENTS, LOCALE, OPENS, copy_bot, start_copy

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = ViewportSize(width=360, height=720)

PROMPT = "סירת נייר ברחוב גשום"
"""No letter of it is mistaken for one that the bot wrote."""

KNOWN = {
    "TTAPI": "a provider's name",
    "Make": "the page's own, where nothing is chosen",
    "selection": "the page's own, where nothing is chosen",
    "dansk": "what a language calls itself",
    "English": "what a language calls itself",
    "Tiếng": "what a language calls itself",
    "Việt": "what a language calls itself",
}
"""Words that are the same in every language, and why."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Site]:
    """Run a copy of the bot that knows one catalogue more, in a server that prefers its language."""
    copy = tmp_path_factory.mktemp("copy")
    copy_bot(copy)
    async with start_sandbox(tmp_path_factory.mktemp("site"), start=start_copy(copy)) as sandbox:
        sandbox.provider.settings.ready_made = True
        sandbox.provider.settings.queue_seconds = 0.1
        sandbox.provider.settings.run_seconds = 0.6
        sandbox.settings.update(POLL_SECONDS="0.2", DEFAULT_CREDITS="2000")
        guild_setup = set_up_guild(sandbox.discord)
        guild_setup.guild.set_locale(LOCALE)
        for person in (guild_setup.ada, guild_setup.mira):
            person.locale = LOCALE
        guild_setup.guild.join_bot()
        log = guild_setup.guild.text_channel("mod-log")
        async with BotSupervisor(sandbox) as supervisor, Page(sandbox, supervisor, port=0) as page:
            assert await supervisor.start(), supervisor.say
            rows(
                sandbox,
                """insert into guild (guild_id, mod_log_channel_id, updated_ms) values (?, ?, 0)
                   on conflict (guild_id) do update set mod_log_channel_id = excluded.mod_log_channel_id""",
                *(guild_setup.guild.id, log.id),
            )
            yield Site(sandbox, guild_setup, supervisor, page)
        assert sandbox.discord.violations == []


class Walk:
    """Look at one thing after the other on a phone, and gather what is wrong."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.tab = visit.tab
        self.films = visit.site.guild_setup.films
        self.wrong: dict[str, list[str]] = {}

    async def be(self, who: str, channel: str = "films") -> None:
        """Be somebody, somewhere."""
        await self.tab.locator("#side-toggle").tap()
        await self.visit.be(who)
        await self.visit.go(channel)
        if await self.tab.locator("#side-toggle").get_attribute("aria-expanded") == "true":
            await self.tab.keyboard.press("Escape")

    async def see(self, what: str, shown: Locator) -> None:
        """Wait until something is shown, and look at the screen."""
        await expect(shown).to_be_visible(timeout=JOB_MS)
        await shown.scroll_into_view_if_needed()
        if found := await look(self.tab, *KNOWN):
            self.wrong[what] = found

    def article(self, message: Message) -> Locator:
        """Find a message on the page."""
        return self.tab.locator(f'article[data-message="{message.id}"]')

    async def tell(self, command: str, **options: str) -> Message:
        """Let mira run a command whose answer is for her alone, and look at it."""
        mira = self.visit.site.guild_setup.mira
        told = await (await mira.slash(self.films, command, force=False, **options)).private_reply()
        await self.see(f"/{command}", self.article(told))
        return told

    async def form(self, what: str) -> None:
        """Look at the form that is open, at each of its lists, and leave it."""
        modal = self.tab.locator("dialog#modal")
        await self.see(what, modal)
        for choice in await modal.get_by_role("combobox").all():
            if OPENS in await choice.inner_text():  # other lists are of channels and roles, and the page's
                await choice.click()
                await self.see(f"a list of {what}", self.tab.locator(".listbox"))
                await choice.click()
        await modal.locator(".modal-close").click()
        await expect(modal).to_have_count(0)


@pytest.mark.slow  # a film, its card's forms and all private answers are looked at, one after the other
async def test_all_that_the_bot_says_is_in_its_catalogue_and_has_room_on_a_phone(
    site: Site, tabs: Tabs, boat: Path
) -> None:
    async with tabs.lend(viewport=PHONE, is_phone=True) as tab:
        visit = Visit(site, tab)
        await visit.tab.goto(site.page.url)
        walk = Walk(visit)
        await walk.be("mira")
        card = await _a_film(walk, await asyncio.to_thread(boat.read_bytes))
        await _a_menu_and_forms_below_it(walk, card)
        await _private_answers(walk)
        await _refusals(walk)
        await _a_storyboard(walk, boat)
        await _a_report(walk, card)
        await _what_a_server_decides(walk)
        visit.leave()
        assert visit.complaints == []
    assert walk.wrong == {}


async def _a_film(walk: Walk, boat: bytes) -> Message:
    visit, site, mira = walk.visit, walk.visit.site, walk.visit.site.guild_setup.mira
    await visit.text.fill("/")
    await walk.see("the commands", visit.tab.locator("#suggestions"))
    await visit.text.fill("")
    site.sandbox.provider.settings.hold = True
    image = site.sandbox.discord.attachment("boat.png", boat)
    asked = await mira.slash(walk.films, "video", prompt=PROMPT, image=image)
    card = await asked.until(lambda message: "%" in message.text, 20)
    await walk.see("a card that waits", walk.article(card))
    rows(site.sandbox, "update job set created_ms = created_ms - 31000")
    site.sandbox.provider.release()
    site.sandbox.provider.settings.hold = False
    await expect(walk.article(card).locator("video")).to_have_count(4, timeout=JOB_MS)
    await walk.see("a card that is done", visit.button(walk.article(card), ":2:high"))
    ping = await _written(walk.films, lambda message: message.reference is card)
    assert ping.text.startswith(f"{OPENS}{mira.mention}")
    await walk.see("a ping", walk.article(ping))
    drawn = await (await mira.slash(walk.films, "imagine", prompt=f"{PROMPT} --nonsense")).until(
        lambda one: one.buttons
    )
    await walk.see("a card of pictures", visit.button(walk.article(drawn), ":upsample1"))
    return card


async def _a_menu_and_forms_below_it(walk: Walk, card: Message) -> None:
    menu = walk.article(card).get_by_role("combobox")
    options = walk.tab.locator(".listbox [role=option]")
    await menu.click()
    await walk.see("the menu at a card's end", options.first)
    await options.filter(has_text="Edit and run again".translate(ACCENTS)).click()
    await walk.form("a form to run a job again")


async def _private_answers(walk: Walk) -> None:
    for command in ("credits", "jobs list", "favourites", "settings", "preset list", "privacy", "providers"):
        await walk.tell(command)
    told = await walk.tell("help")
    for tab in ("films", "credits", "pictures"):
        await walk.visit.button(walk.article(told), f"help:{tab}").click()
        await expect(walk.visit.button(walk.article(told), f"help:{tab}")).to_be_disabled(timeout=JOB_MS)
        await walk.see(f"/help, {tab}", walk.article(told))


async def _refusals(walk: Walk) -> None:
    await walk.tell("video", prompt=PROMPT)
    await walk.tell("jobs show", id="nothing")


async def _a_storyboard(walk: Walk, boat: Path) -> None:
    visit = walk.visit
    await visit.command("storyboard")
    await visit.attach("image", boat)
    await visit.tab.locator("#composer .send").tap()
    modal = visit.tab.locator("dialog#modal")
    await walk.see("a storyboard's form", modal)
    await modal.locator('[data-field="shots"] textarea').fill(f"{PROMPT}\n{PROMPT}")
    await modal.locator("[type=submit]").tap()
    make = visit.tab.locator('button[data-custom-id^="make:"]')
    await walk.see("a storyboard's preview", make)


async def _a_report(walk: Walk, card: Message) -> None:
    mira, log = walk.visit.site.guild_setup.mira, walk.visit.site.guild_setup.guild.channels[-1]
    opened = await mira.menu(card, "Report to moderators")
    await opened.answered()
    told = await (await mira.submit(opened, {"reason": PROMPT})).private_reply()
    await walk.see("what is said to who reports", walk.article(told))
    await _written(log, lambda message: PROMPT in message.text)
    await walk.be("ada", "mod-log")
    await walk.see("a report in the mod log", walk.tab.locator("article").filter(has_text=PROMPT))


async def _what_a_server_decides(walk: Walk) -> None:
    await walk.be("ada")
    ada = walk.visit.site.guild_setup.ada
    card = await (await ada.slash(walk.films, "setup")).private_reply()
    await walk.see("/setup", walk.article(card))
    for button in [one.custom_id or "" for one in card.buttons]:
        await walk.visit.button(walk.article(card), button).click()
        await walk.form(f"the form of {button}")


async def _written(channel: TextChannel, fits: Callable[[Message], bool]) -> Message:
    await channel.guild.world.wait_for(lambda: any(map(fits, channel.messages)), 20, lambda: "it was not written")
    return next(message for message in channel.messages if fits(message))
