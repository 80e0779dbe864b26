"""Build what sends messages: the publisher of cards, and beside the worker films, pings, mod logs and showcases."""

from bot.client import Animatic
from bot.config import Settings
from bot.domain.clock import Clock
from bot.publisher import CardPublisher
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.discord_messages import CardApi
from bot.publisher.film_messages import FilmMessages
from bot.publisher.log_sender import LogSender
from bot.publisher.readers import Readers
from bot.publisher.removed_messages import RemovedMessages
from bot.publisher.showcase_messages import ShowcaseMessages
from bot.resources import Resources
from bot.services.use_cases import UseCases
from bot.ui.card_data import CardBuilder
from bot.worker.film_requests import FilmRequests
from bot.worker.log_writer import LogWriter
from bot.worker.outboxes import Outboxes
from bot.worker.pinger import Pinger
from bot.worker.remover import Remover
from bot.worker.shared_results import SharedResults
from bot.worker.showcase_rounds import ShowcaseRounds
from bot.worker.weekly_best import WeeklyBest


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


def build_remover(resources: Resources, use_cases: UseCases, client: Animatic, clock: Clock) -> Remover:
    """Build what carries out removals."""
    card_api = CardApi(client, clock, resources.card_locks.are_sure)
    messages = RemovedMessages(client, card_api, clock)
    return Remover(resources.store, use_cases.removals, resources.media, messages, resources.card_locks, clock=clock)


def build_film_requests(resources: Resources, use_cases: UseCases, client: Animatic, clock: Clock) -> FilmRequests:
    """Build what carries out wishes for films."""
    card_api = CardApi(client, clock, resources.card_locks.are_sure)
    batcher = AttachmentBatcher(resources.media, resources.transcoder)
    return FilmRequests(
        resources.store,
        use_cases.films,
        use_cases.film_joiner,
        resources.media,
        FilmMessages(client, card_api, batcher, use_cases.clip_links, Readers(resources.store.locales), clock),
        resources.card_locks,
        resources.instance_names,
        clock=clock,
    )


def build_showcase_rounds(resources: Resources, use_cases: UseCases, client: Animatic, clock: Clock) -> ShowcaseRounds:
    """Build what sees to showcases."""
    messages = ShowcaseMessages(
        client,
        CardApi(client, clock, resources.card_locks.are_sure),
        AttachmentBatcher(resources.media, resources.transcoder),
        use_cases.clip_links,
        Readers(resources.store.locales),
        clock,
    )
    return ShowcaseRounds(
        resources.store,
        use_cases.showcase,
        SharedResults(resources.store, resources.media, use_cases.clip_files, messages, clock),
        WeeklyBest(resources.store, messages, clock),
        resources.card_locks,
        resources.instance_names,
        clock=clock,
    )


def build_outboxes(resources: Resources, publisher: CardPublisher, client: Animatic, clock: Clock) -> Outboxes:
    """Build what tells members of their jobs' ends, and writes mod logs."""
    store = resources.store
    return Outboxes(
        Pinger(store.pings, publisher.ping, clock),
        LogWriter(store.mod_log, LogSender(client, store, clock).send, clock),
    )
