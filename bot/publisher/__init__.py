"""The only sender of cards: idempotent edits, uploads, replies."""

from bot.publisher.publisher import CardPublisher

__all__ = ["CardPublisher"]
