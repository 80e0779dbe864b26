"""People who use a keyboard, a screen reader or a phone: axe finds nothing serious, and nothing is out of reach."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.axe import serious_findings
from tests.browser.conftest import Visits
from tests.browser.tabs import Tabs
from tests.browser.visit import JOB_MS, Site, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = ViewportSize(width=360, height=720)

NOTHING_OVERFLOWS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def a_card(visit: Visit) -> None:
    """Have pictures made, so that a card with everything on it is shown."""
    prompt = f"a card for everyone to see as {visit.site.page.port}"
    if await visit.last(prompt).count() == 0:
        await visit.command("imagine")
        await visit.option("prompt").locator("textarea").fill(prompt)
        await visit.tab.keyboard.press("Enter")
    await expect(visit.button(visit.last(prompt), ":upsample1")).to_be_visible(timeout=JOB_MS)


async def a_private_message(visit: Visit) -> None:
    """Ask for what only the asker sees."""
    await visit.command("credits")
    await visit.tab.keyboard.press("Enter")
    await expect(visit.last("Only you can see this")).to_contain_text("You have")


async def suggestions(visit: Visit) -> None:
    """Type the beginning of a command."""
    await visit.text.click()
    await visit.tab.keyboard.type("/")
    await expect(visit.tab.locator("#suggestions [role=option]").first).to_be_visible()


async def a_command(visit: Visit) -> None:
    """Write a command and leave out what is required."""
    await visit.command("video")
    await visit.add("motion")
    await visit.tab.keyboard.press("Shift+Tab")
    await visit.tab.keyboard.press("Enter")
    await expect(visit.tab.locator("#composer")).to_contain_text("This option is required.")


async def options_of_a_command(visit: Visit) -> None:
    """Write a command and look which further options there are."""
    await visit.command("video")
    await visit.tab.locator("#composer .more input").click()
    await expect(visit.tab.locator("#suggestions [role=option]").first).to_be_visible()


async def a_form(visit: Visit) -> None:
    """Open the form below a picture."""
    await a_card(visit)
    await visit.button(visit.last("a card for everyone"), ":1:low").click()
    await expect(visit.tab.locator("dialog#modal")).to_be_visible()


async def a_list_of_a_form(visit: Visit) -> None:
    """Open one of the lists that a form is filled in from."""
    await a_form(visit)
    await visit.tab.locator("dialog#modal [role=combobox]").first.click()
    await expect(visit.tab.locator(".listbox [role=option]").first).to_be_visible()


async def a_menu(visit: Visit) -> None:
    """Open the menu of a message by keyboard."""
    await a_card(visit)
    await visit.last("a card for everyone").focus()
    await visit.tab.keyboard.press("Shift+F10")
    await expect(visit.tab.locator("#menu")).to_be_visible()


def drawer(tab: str) -> Callable[[Visit], Awaitable[None]]:
    """Open the drawer at one of its tabs."""

    async def open_it(visit: Visit) -> None:
        await a_card(visit)
        await visit.tab.locator("#drawer-toggle").click()
        await visit.tab.locator("#drawer").get_by_role("tab", name=tab).click()
        await expect(visit.tab.locator("#drawer").get_by_role("tabpanel")).to_be_visible()

    return open_it


SIGHTS: dict[str, Callable[[Visit], Awaitable[None]]] = {
    "a card": a_card,
    "a private message": a_private_message,
    "suggestions": suggestions,
    "a command": a_command,
    "options of a command": options_of_a_command,
    "a form": a_form,
    "a list of a form": a_list_of_a_form,
    "a menu": a_menu,
    "the drawer's faults": drawer("Break things"),
    "the drawer's jobs": drawer("Jobs"),
    "the drawer's calls": drawer("Calls"),
    "the drawer's log": drawer("Log"),
    "the drawer's credits": drawer("Credits"),
}


@pytest.mark.parametrize("sight", SIGHTS)
async def test_axe_finds_nothing_serious_in_light_and_dark(mira: Visit, sight: str) -> None:
    await SIGHTS[sight](mira)
    for theme in ("light", "dark"):
        await mira.tab.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert await serious_findings(mira.tab, shapes=theme == "light") == []


LARGE_LETTERS = "* { letter-spacing: 3px !important; line-height: 2.4 !important; word-spacing: 12px !important; }"
"""What stands for other fonts than those of this machine: there is less room, and more of it scrolls."""

STYLE = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest.mark.parametrize("sight", SIGHTS)
async def test_axe_finds_nothing_serious_where_letters_are_large_and_the_window_is_small(
    mira: Visit, sight: str
) -> None:
    await mira.tab.set_viewport_size({"width": 900, "height": 420})
    await SIGHTS[sight](mira)
    await mira.tab.evaluate(STYLE, LARGE_LETTERS)
    assert await serious_findings(mira.tab, colours=False) == []


async def test_a_list_of_suggestions_that_scrolls_is_walked_through_by_keyboard(mira: Visit) -> None:
    await mira.tab.set_viewport_size({"width": 900, "height": 420})
    shown = mira.tab.locator("#suggestions")
    for start, key in ((suggestions, "Enter"), (options_of_a_command, "Enter"), (options_of_a_command, "Escape")):
        await start(mira)
        assert await shown.evaluate("(list) => list.scrollHeight > list.clientHeight")
        await shown.focus()
        await mira.tab.keyboard.press("ArrowDown")
        await mira.tab.keyboard.press("End")
        await expect(shown).to_be_focused()
        last = shown.locator("[role=option]").last
        await expect(last).to_have_attribute("aria-selected", "true")
        await expect(last).to_be_in_viewport()
        assert await shown.get_attribute("aria-activedescendant") == await last.get_attribute("id")
        await mira.tab.keyboard.press(key)
        await expect(shown).not_to_be_focused()
        await expect(mira.tab.locator("#composer .command-name")).to_be_visible()
        assert await mira.tab.evaluate("document.activeElement.closest('#composer .command') !== null")
        await mira.tab.reload()


async def test_on_a_phone_everything_is_there_and_nothing_is_wider_than_the_screen(site: Site, tabs: Tabs) -> None:
    async with tabs.lend(viewport=PHONE, is_phone=True) as tab:
        visit = Visit(site, tab)
        await visit.tab.goto(site.page.url)
        await a_card(visit)
        assert await visit.tab.evaluate(NOTHING_OVERFLOWS)
        assert await serious_findings(visit.tab) == []
        await visit.tab.get_by_role("button", name="Channels").click()
        await visit.tab.locator('#side [data-person="leo"]').click()
        await expect(visit.tab.locator('#side [data-person="leo"]')).to_have_attribute("aria-pressed", "true")
        await visit.tab.keyboard.press("Escape")
        await visit.tab.locator("#drawer-toggle").click()
        await expect(visit.tab.locator("#drawer")).to_be_visible()
        assert await visit.tab.evaluate(NOTHING_OVERFLOWS)
        assert await serious_findings(visit.tab) == []
        await visit.tab.keyboard.press("Escape")
        await expect(visit.tab.locator("#drawer")).to_be_hidden()
        visit.leave()
        assert visit.complaints == []


@pytest.mark.parametrize("width", [910, 1180, 1280])
async def test_the_header_has_room_beside_the_drawer(mira: Visit, width: int) -> None:
    await mira.tab.set_viewport_size({"width": width, "height": 800})
    await mira.tab.locator("#drawer-toggle").click()
    await expect(mira.tab.locator("#drawer")).to_be_visible()
    header = mira.tab.locator("#channel-header")
    assert await header.evaluate("({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth")


async def test_theme_and_language_are_kept_and_the_bot_is_told_the_language(site: Site, visits: Visits) -> None:
    mira = await visits.open("mira")
    await mira.tab.locator("#locale").select_option("de")
    before = await mira.tab.locator("html").get_attribute("data-theme")
    await mira.tab.locator("[data-theme-switch]").click()
    await expect(mira.tab.locator("html")).not_to_have_attribute("data-theme", before or "")
    await mira.tab.reload()
    await expect(mira.tab.locator("html")).not_to_have_attribute("data-theme", before or "")
    await expect(mira.tab.locator("#locale")).to_have_value("de")
    await a_private_message(mira)
    newest = max(site.sandbox.discord.interactions.values(), key=lambda one: one.id)
    assert newest.to_json()["locale"] == "de"
    await mira.tab.locator("#locale").select_option("en-US")
