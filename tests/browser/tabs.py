"""Tabs that are lent out again: where the page was loaded before, to load it takes a fourth of the work."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, WebSocketRoute

VIEWPORT = ViewportSize(width=1280, height=860)

FORGET = """() => {
  Storage.prototype.setItem = () => {};
  localStorage.clear();
  sessionStorage.clear();
}"""
"""Leave nothing of what the page kept, nor let it keep anything more."""

WITHOUT_CONTROLS = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("video::-webkit-media-controls { display: none; }");
  document.adoptedStyleSheets = [sheet];
})()"""
"""Leave out what the browser itself draws over films: it moves while they load, and that is a third of all work.

Where a test holds the page's line, it is drawn as for everybody, and so is what the page itself moves.
"""

QUIET_PLACE = "/static/icon.svg"
"""What a tab shows that nobody has: where it was, yet nothing that runs."""

Line = Callable[[WebSocketRoute], None]
"""What is told of each line that the page opens, in place of the sandbox."""


@dataclass(frozen=True)
class Kind:
    """Say what a browser cannot change of a tab."""

    is_phone: bool = False
    is_scripted: bool = False
    timezone: str | None = None


@dataclass
class _Shelf:
    """Hold the tabs of one kind that nobody has."""

    context: BrowserContext
    free: list[Page] = field(default_factory=list[Page])


class Tabs:
    """Lend tabs of one browser, each without memory of who had it before."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._shelves: dict[Kind, _Shelf] = {}
        self._lines: dict[Page, Line] = {}

    @asynccontextmanager
    async def lend(
        self,
        *,
        viewport: ViewportSize = VIEWPORT,
        is_phone: bool = False,
        timezone: str | None = None,
        line: Line | None = None,
    ) -> AsyncGenerator[Page]:
        """Lend a tab; one that is left in the middle of a failure is not lent again."""
        kind = Kind(is_phone, line is not None, timezone)
        shelf = self._shelves.get(kind) or await self._new_shelf(kind)
        tab = shelf.free.pop() if shelf.free else await self._new_tab(shelf, kind)
        if line is not None:
            self._lines[tab] = line
        if tab.viewport_size != viewport:
            await tab.set_viewport_size(viewport)
        try:
            yield tab
            await tab.evaluate(FORGET)
            await tab.goto(urljoin(tab.url, QUIET_PLACE))
        except BaseException:
            await self._discard(kind)
            raise
        shelf.free.append(tab)

    async def _new_shelf(self, kind: Kind) -> _Shelf:
        context = await self._browser.new_context(
            viewport=VIEWPORT,
            has_touch=kind.is_phone,
            is_mobile=kind.is_phone,
            timezone_id=kind.timezone,
            locale="en-US",
            reduced_motion="no-preference" if kind.is_scripted else "reduce",
        )
        if not kind.is_scripted:
            await context.add_init_script(WITHOUT_CONTROLS)
        self._shelves[kind] = _Shelf(context)
        return self._shelves[kind]

    async def _new_tab(self, shelf: _Shelf, kind: Kind) -> Page:
        tab = await shelf.context.new_page()
        if kind.is_scripted:
            await tab.route_web_socket("**/socket", lambda opened: self._lines[tab](opened))
        return tab

    async def _discard(self, kind: Kind) -> None:
        shelf = self._shelves.pop(kind, None)
        if shelf:
            await shelf.context.close()
