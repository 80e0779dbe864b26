"""The whole story on the terminal: who does what, and what Discord shows."""

from sandbox.demo.runner import play

__all__ = ["play"]
