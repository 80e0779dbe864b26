"""Messages on the page as somebody reads them: where they are stays, and what cannot be shown is told quietly."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.page_files import HOME
from tests.browser.scripted import LEO, Json, Server, container, films, opened, words, written
from tests.browser.tabs import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")

FROM_THE_END = "(scroller) => Math.round(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight)"

SQUEEZE = """(scroller) => {
  Object.assign(scroller.style, { flex: "none", height: "300px" });
  scroller.dispatchEvent(new Event("scroll"));
}"""
"""A list that gets less room between the moment it is scrolled and the moment that this is told."""

OPACITY = "(picture) => getComputedStyle(picture).opacity"


async def at_the_end(tab: Page) -> None:
    """Wait until the end of the list is in sight."""
    await tab.wait_for_function(f"() => ({FROM_THE_END})(document.getElementById('messages')) <= 1")


def sixty_lines(server: Server) -> None:
    """Let there be more than fits."""
    server.history = [written(number, LEO, text=f"line {number}", minutes=number) for number in range(60)]


def picture(url: str) -> Json:
    """Write a gallery of one picture."""
    media: Json = {"id": "picture", "url": url, "content_type": "image/png", "width": 400, "height": 300}
    return {"type": 12, "items": [{"media": media, "description": "A boat"}]}


async def test_the_end_stays_in_sight_whatever_grows(tabs: Tabs) -> None:
    async with opened(tabs, sixty_lines) as (tab, server):
        await at_the_end(tab)
        await tab.locator("#messages").evaluate(SQUEEZE)
        await at_the_end(tab)
        server.show(written(100, minutes=100, components=[words("a card")]))
        server.show(written(100, minutes=100, components=[container(words("a card\n" * 20), films("a", "b"))]))
        await expect(tab.locator("video")).to_have_count(2)
        await at_the_end(tab)
        await tab.locator("#text").fill("one line\n" * 12)
        await at_the_end(tab)
        await tab.locator("#drawer-toggle").click()
        await at_the_end(tab)


async def test_who_goes_up_is_left_there_while_a_message_grows(tabs: Tabs) -> None:
    async with opened(tabs, sixty_lines) as (tab, server):
        await at_the_end(tab)
        await tab.get_by_text("line 20", exact=True).scroll_into_view_if_needed()
        server.show(written(59, LEO, text="line 59\n" * 30, minutes=59))
        await expect(tab.locator("article").last).to_contain_text("line 59\nline 59")
        await expect(tab.get_by_text("line 20", exact=True)).to_be_in_viewport()


async def test_a_picture_that_cannot_be_shown_says_so_until_a_new_link_brings_it(tabs: Tabs) -> None:
    def prepare(server: Server) -> None:
        server.history = [written(1, components=[container(picture(f"{HOME}/gone.png"), words("before"))])]

    async with opened(tabs, prepare) as (tab, server):
        gone = tab.locator(".image")
        image = gone.locator("img")
        await expect(gone).to_have_class("image broken")
        assert await image.evaluate(OPACITY) == "0"
        said = await gone.evaluate("(picture) => getComputedStyle(picture, '::after').content")
        assert said == '"This picture cannot be shown."'
        await gone.click()
        await expect(tab.locator("dialog")).to_have_count(0)
        server.show(written(1, components=[container(picture(f"{HOME}/gone.png"), words("the same link"))]))
        await expect(tab.locator("article")).to_contain_text("the same link")
        await expect(gone).to_have_class("image broken")
        server.show(written(1, components=[container(picture(f"{HOME}/static/icon.svg"), words("a new link"))]))
        await expect(tab.locator("article")).to_contain_text("a new link")
        await expect(gone).to_have_class("image")
        assert await image.evaluate(OPACITY) == "1"
