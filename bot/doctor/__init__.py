"""Look at everything that the settings lead to, change nothing, and say in one line each what is wrong and its cure."""

from bot.doctor.rounds import examine

__all__ = ["examine"]
