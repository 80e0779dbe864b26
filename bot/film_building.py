"""Build what joins and posts films, beside the worker."""

import discord

from bot.domain.clock import Clock
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.discord_messages import CardApi
from bot.publisher.film_messages import FilmMessages
from bot.resources import Resources
from bot.services.use_cases import UseCases
from bot.worker.film_requests import FilmRequests


def build_film_requests(
    resources: Resources, use_cases: UseCases, client: discord.Client, clock: Clock
) -> FilmRequests:
    """Build what carries out wishes for films."""
    card_api = CardApi(client, clock, resources.card_locks.are_sure)
    batcher = AttachmentBatcher(resources.media, resources.transcoder)
    return FilmRequests(
        resources.store,
        use_cases.films,
        use_cases.film_joiner,
        resources.media,
        FilmMessages(client, card_api, batcher, use_cases.clip_links, clock),
        resources.card_locks,
        resources.instance_names,
        clock=clock,
    )
