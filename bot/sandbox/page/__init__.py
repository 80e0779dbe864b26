"""The sandbox as a place to look at: its Discord in a browser, and what goes on behind the scenes."""

from bot.sandbox.page.server import Page

__all__ = ["Page"]
