"""The whole story on the terminal: who does what, and what Discord shows."""

from bot.sandbox.demo.play import play

__all__ = ["play"]
