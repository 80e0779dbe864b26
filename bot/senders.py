"""Build what sends messages: the publisher of cards."""

from bot.client import Animatic
from bot.config import Settings
from bot.domain.clock import Clock
from bot.publisher import CardPublisher
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.resources import Resources
from bot.services.use_cases import UseCases
from bot.ui.card_data import CardBuilder


def build_publisher(
    settings: Settings, resources: Resources, use_cases: UseCases, client: Animatic, clock: Clock
) -> CardPublisher:
    """Build what sends cards."""
    card_builder = CardBuilder(
        resources.store,
        resources.providers,
        use_cases.clip_links,
        prices=settings.prices,
        max_running=settings.max_running,
        max_running_per_user=settings.max_running_per_user,
        reads_films=use_cases.results.can_read_films,
        clock=clock,
    )
    batcher = AttachmentBatcher(resources.media, resources.transcoder)
    return CardPublisher(client, resources.store, resources.media, batcher, card_builder, resources.card_locks, clock)
