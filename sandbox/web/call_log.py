"""Who called whom: the bot, Discord and the provider, with what they said and what was answered."""

from __future__ import annotations

from operator import itemgetter
from urllib.parse import urlencode

from yarl import URL

from sandbox.discord import Interaction, Recorded
from sandbox.discord.json_types import DISCORD_EPOCH_MS
from sandbox.harness import Sandbox
from sandbox.provider.engine.callbacks import Delivery
from sandbox.provider.engine.request_log import Request
from sandbox.sentences import t
from sandbox.web.body_preview import BodyPreview
from sandbox.web.incremental_reader import IncrementalReader
from sandbox.web.redaction import Redactor
from sandbox.web.wire.activity import Call

NEWEST_CALLS = 200


class CallLog:
    """Follow what the sandbox's parts say to each other."""

    def __init__(self, sandbox: Sandbox, redactor: Redactor) -> None:
        self._redactor = redactor
        self._preview = BodyPreview(redactor)
        discord, fake_provider = sandbox.discord, sandbox.provider
        self._to_discord = IncrementalReader(discord.requests.since, _was_answered, NEWEST_CALLS)
        self._to_provider = IncrementalReader(
            fake_provider.requests.since, lambda request: request.took is not None, NEWEST_CALLS
        )
        self._callbacks = IncrementalReader(fake_provider.deliveries.since, lambda _: True, NEWEST_CALLS)
        self._interactions = IncrementalReader(discord.interactions.log.since, _was_settled, NEWEST_CALLS)

    def read_changes(self) -> list[Call]:
        """Give the calls that are new or were answered since, oldest first."""
        found = [
            *(self._discord_request(number, request) for number, request in self._to_discord.read_changes()),
            *(self._provider_request(number, request) for number, request in self._to_provider.read_changes()),
            *(self._callback(number, delivery) for number, delivery in self._callbacks.read_changes()),
            *(self._interaction(number, used) for number, used in self._interactions.read_changes()),
        ]
        return sorted(found, key=itemgetter("at"))

    def _discord_request(self, number: int, request: Recorded) -> Call:
        return {
            "id": f"discord-request-{number}",
            "at": int(request.at * 1000),
            "from": "bot",
            "to": "Discord",
            "method": request.method,
            "path": self._redactor.text(request.path),
            "status": request.status or None,
            "request": self._preview.body(request.body),
            "answer": self._preview.body(request.answer),
            "files": request.files,
            "ms": _milliseconds(request.took),
        }

    def _provider_request(self, number: int, request: Request) -> Call:
        query = f"?{urlencode(request.query)}" if request.query else ""
        return {
            "id": f"provider-request-{number}",
            "at": int(request.at * 1000),
            "from": "bot",
            "to": "provider",
            "method": request.method,
            "path": self._redactor.text(f"{request.path}{query}"),
            "status": request.status,
            "request": self._preview.body(request.json),
            "answer": self._preview.answer(request.answer),
            "files": [],
            "ms": _milliseconds(request.took),
        }

    def _callback(self, number: int, delivery: Delivery) -> Call:
        return {
            "id": f"callback-{number}",
            "at": int(delivery.at * 1000),
            "from": "provider",
            "to": "bot",
            "method": "POST",
            "path": self._redactor.text(URL(delivery.url).path),
            "status": delivery.status,
            "request": self._preview.body(delivery.body),
            "answer": None if delivery.status is not None else t("Nobody answered."),
            "files": [],
            "ms": _milliseconds(delivery.took),
        }

    def _interaction(self, number: int, used: Interaction) -> Call:
        """Tell of an event that Discord sent over the gateway; its answer is a request of the bot's own."""
        what = used.data.get("name") or used.data.get("custom_id") or ""
        return {
            "id": f"interaction-{number}",
            "at": (used.id >> 22) + DISCORD_EPOCH_MS,
            "from": "Discord",
            "to": "bot",
            "method": "EVENT",
            "path": self._redactor.text(f"INTERACTION_CREATE {what}"),
            "status": None,
            "request": self._preview.body(used.to_json()),
            "answer": used.failed or (None if used.response_type is None else {"type": used.response_type}),
            "files": [],
            "ms": _milliseconds(used.acknowledged_after),
        }


def _was_answered(request: Recorded) -> bool:
    return request.status != 0


def _was_settled(used: Interaction) -> bool:
    return used.acknowledged or used.failed is not None


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
