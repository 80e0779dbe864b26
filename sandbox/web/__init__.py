"""The sandbox as a place to look at: its Discord in a browser, and what goes on behind the scenes."""

from sandbox.web.server import Page

__all__ = ["Page"]
