"""Films on a phone: their first picture with a play mark, and the browser's controls once they are tapped."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.axe import serious_findings
from tests.browser.page_files import HOME
from tests.browser.scripted import Json, Server, container, films, opened, words, written
from tests.browser.tabs import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = ViewportSize(width=360, height=720)

ON_TOP = """(film) => {
  const { left, top, width, height } = film.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2)?.closest("button, video")?.tagName;
}"""
"""What lies on the middle of a film."""


@asynccontextmanager
async def phone(tabs: Tabs, *history: Json) -> AsyncGenerator[tuple[Page, Server]]:
    """Open the page on a phone."""

    def prepare(server: Server) -> None:
        server.history = list(history)

    async with opened(tabs, prepare, viewport=PHONE, is_phone=True) as (tab, server):
        yield tab, server


async def test_a_film_shows_a_picture_and_a_play_mark_until_it_is_tapped(tabs: Tabs) -> None:
    async with phone(tabs, written(1, components=[container(films("a", "b"))])) as (tab, server):
        film = tab.locator("video").first
        mark = tab.get_by_role("button", name="Play: Film a")
        await tab.wait_for_function(
            "() => [...document.querySelectorAll('video')].every((film) => film.readyState >= 2)"
        )
        assert not await film.evaluate("(film) => film.controls")
        assert await film.evaluate(ON_TOP) == "BUTTON"
        assert await serious_findings(tab) == []
        await mark.tap()
        await expect(mark).to_be_hidden()
        assert await film.evaluate("(film) => film.controls")
        await tab.wait_for_function("() => document.querySelector('video').currentTime > 0.1")
        await expect(tab.get_by_role("button", name="Play: Film b")).to_be_visible()
        server.show(written(1, components=[container(films("a", "b", issued=2), words("edited meanwhile"))]))
        await expect(tab.locator("article")).to_contain_text("edited meanwhile")
        await expect(mark).to_be_hidden()
        assert await film.evaluate("(film) => film.controls && film.currentTime > 0.1")


async def test_a_film_by_itself_and_a_small_one_have_their_mark_too(tabs: Tabs) -> None:
    small: Json = {"type": 11, "media": {"id": "c", "url": f"{HOME}/c.mp4", "content_type": "video/mp4"}}
    section: Json = {"type": 9, "components": [words("a small one")], "accessory": {**small, "description": "Film c"}}
    async with phone(tabs, written(1, components=[section, films("a")])) as (tab, _):
        for name in ("a", "c"):
            await tab.get_by_role("button", name=f"Play: Film {name}").tap()
            await expect(tab.get_by_role("button", name=f"Play: Film {name}")).to_be_hidden()
        assert await tab.locator("video").evaluate_all("(films) => films.every((film) => film.controls)")


async def test_a_film_that_is_hidden_has_its_mark_once_it_is_shown(tabs: Tabs) -> None:
    gallery = films("a")
    gallery["items"][0]["spoiler"] = True
    async with phone(tabs, written(1, components=[gallery])) as (tab, _):
        await tab.get_by_role("button", name="Spoiler, hidden").tap()
        await tab.get_by_role("button", name="Play: Film a").tap()
        assert await tab.locator("video").evaluate("(film) => film.controls")


async def test_a_film_whose_link_is_renewed_waits_for_a_tap_again(tabs: Tabs) -> None:
    broken = films("a")
    broken["items"][0]["media"]["url"] = f"{HOME}/gone.webm"
    async with phone(tabs, written(1, components=[broken])) as (tab, server):
        mark = tab.get_by_role("button", name="Play: Film a")
        await mark.tap()
        await expect(tab.locator("video.broken")).to_have_count(1)
        server.show(written(1, components=[films("a"), words("a new link")]))
        await mark.tap()
        await tab.wait_for_function("() => document.querySelector('video').currentTime > 0.1")


async def test_where_a_mouse_hovers_a_film_has_the_browsers_controls(tabs: Tabs) -> None:
    def prepare(server: Server) -> None:
        server.history = [written(1, components=[films("a")])]

    async with opened(tabs, prepare) as (tab, _):
        assert await tab.locator("video").evaluate("(film) => film.controls")
        await expect(tab.locator("button.play")).to_have_count(0)
