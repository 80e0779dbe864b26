"""`python -m bot doctor`: one check a file."""

from bot.doctor.runner import examine

__all__ = ["examine"]
