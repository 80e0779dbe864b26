"""Who asks, and where the answer goes: as the cogs read it from an interaction."""

from dataclasses import replace
from typing import Any

from bot.domain.params import ImageUpload
from bot.services.requests import DeferredReply, Requester
from tests.support.db_fixture import GUILD, MIRA

CHANNEL = 5


def requester(number: int = 1, **changes: Any) -> Requester:
    """Give a member of the server who asks in a channel where cards can appear."""
    return replace(Requester(f"request of {number}", GUILD, CHANNEL, MIRA, (), 10 * 2**20), **changes)


def deferred_reply(number: int = 1) -> DeferredReply:
    """Give the message that becomes the card, and a token that lasts."""
    return DeferredReply(100 + number, f"token {number}", 2**50)


def image_upload(**changes: Any) -> ImageUpload:
    """Give a small picture as Discord's payload claims it."""
    return replace(ImageUpload("https://cdn.example/boat.png", "boat.png", 1000, "image/png"), **changes)
