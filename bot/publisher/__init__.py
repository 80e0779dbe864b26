"""The only sender of cards: every change is an edit of the one answer, so doing it twice is harmless."""

from bot.publisher.publisher import CardPublisher

__all__ = ["CardPublisher"]
