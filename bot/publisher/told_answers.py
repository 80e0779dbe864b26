"""Answers that one member alone sees, filled once what they wished for is there."""

import logging

import discord

from bot.domain.clock import Clock
from bot.publisher.discord_messages import DISCORD_ERRORS, TOKEN_SPARE_MS
from bot.ui.film import draw_sentence

log = logging.getLogger(__name__)


class AnswerTeller:
    """Fill private answers by the interaction's token, as long as that lasts."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def tell(self, sentence: str, *, answer_id: int | None, token: str | None, until_ms: int, job: str) -> None:
        """Say it; who cannot be told any more has what they wished for all the same. `job` is for the log."""
        lasts = self._clock() < until_ms - TOKEN_SPARE_MS
        if token is None or answer_id is None or not lasts:
            return
        webhook = discord.Webhook.partial(self._client.application_id or 0, token, client=self._client)
        webhook.type = discord.WebhookType.application
        try:
            await webhook.edit_message(answer_id, view=draw_sentence(sentence))
        except DISCORD_ERRORS as error:
            log.info("job %s: who asked cannot be told: %s", job, error)
