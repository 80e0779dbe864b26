"""The composition root: builds everything, runs it together, and closes it in reverse."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import discord

from bot.client import Animatic
from bot.cog_modules import add_cogs
from bot.config import Settings
from bot.domain.clock import Clock
from bot.errors import SettingsError
from bot.health import Health
from bot.languages import languages
from bot.login import log_in
from bot.metrics_page import serving_metrics
from bot.resources import Resources, Watch, open_resources, prepare_database
from bot.senders import (
    build_film_requests,
    build_outboxes,
    build_publisher,
    build_remover,
    build_showcase_rounds,
)
from bot.services.use_cases import UseCases
from bot.sweep import keep_sweeping
from bot.use_case_building import build_use_cases
from bot.web import build_web, serving
from bot.worker.card_refresher import CardRefresher
from bot.worker.eraser import Eraser
from bot.worker.forgetter import Forgetter
from bot.worker.next_frames import NextFrames
from bot.worker.provider_requests import ProviderRequests
from bot.worker.result_files import ResultFiles
from bot.worker.server_rounds import ServerRounds
from bot.worker.steps import JobSteps
from bot.worker.storyboard_film import StoryboardFilm
from bot.worker.submission import Submission
from bot.worker.thumbnails import Thumbnails
from bot.worker.worker import Limits, Worker

log = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0
"""How long the gateway's connection may take to end once it is closed."""


class Beside(Protocol):
    """Do what is due beside the jobs' steps, in every process, until cancelled."""

    async def run(self) -> None:
        """Look for it and do it."""
        ...


class App:
    """Hold the running parts together."""

    def __init__(
        self,
        client: Animatic,
        worker: Worker,
        beside: Sequence[Beside],
        use_cases: UseCases,
        resources: Resources,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.client = client
        self._worker = worker
        self._beside = beside
        self._use_cases = use_cases
        self._resources = resources
        self._settings = settings
        self._clock = clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop taking jobs, hand leases back and leave."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        health = Health(
            self.client.gateway_problem,
            self._resources.store,
            self._resources.media,
            self._clock,
            gateway_note=self.client.gateway_note,
            own_name=self._resources.instance_names.own,
        )
        web_app = build_web(
            health.problem,
            self._use_cases.callbacks.receive,
            self._use_cases.clip_links.find,
            find_film=self._use_cases.clip_links.find_film,
            health_warning=health.warning,
        )
        async with (
            serving(web_app, self._settings.http_host, self._settings.http_port),
            serving_metrics(self._settings, self._resources.metrics, self._resources.store.counts, self._clock),
            asyncio.TaskGroup() as tasks,
        ):
            # Discord may hang in any of these; work and its end go on beside them.
            beside = (
                tasks.create_task(keep_sweeping(self._use_cases, self._resources, self._settings, self._clock)),
                tasks.create_task(self.client.register_changed_commands()),
                *(tasks.create_task(one.run()) for one in self._beside),
            )
            connection = tasks.create_task(self.client.connect())
            handing_over = tasks.create_task(self.client.hand_over_after(self._stopping))
            await tasks.create_task(self._worker.run())
            log.info("stopping")
            await handing_over
            for task in beside:
                task.cancel()
            await self.client.close()
            await asyncio.wait({connection}, timeout=CLOSE_SECONDS)
            connection.cancel()

    def _stop(self) -> None:
        self._worker.stop()
        self._stopping.set()


@asynccontextmanager
async def build(settings: Settings, *, watch: Watch | None = None) -> AsyncGenerator[App]:
    """Build everything and log in; raise `SettingsError` when a setting turns out to be wrong.

    `watch` may stand between the bot and its database, to see what is asked of it.
    """
    # Reading them takes a while: at the start, and not in somebody's first answer.
    languages()
    async with AsyncExitStack() as stack:
        clock = Clock()
        wake_up = asyncio.Event()
        resources = await open_resources(stack, settings, clock, watch, woken=wake_up.set)
        use_cases = build_use_cases(settings, resources, clock, wake_up.set)
        client = await stack.enter_async_context(
            Animatic(
                settings,
                resources.store.metadata,
                use_cases.blocks,
                use_cases.locales,
                resources.shard_locks,
                clock,
                resources.metrics,
            )
        )
        stack.push_async_callback(use_cases.message_images.aclose)
        stack.push_async_callback(use_cases.storyboard_previews.aclose)
        stack.push_async_callback(use_cases.locales.aclose)
        worker = _build_worker(settings, resources, use_cases, client, clock, wake_up)
        beside: Sequence[Beside] = (
            build_film_requests(resources, use_cases, client, clock),
            build_showcase_rounds(resources, use_cases, client, clock),
            build_remover(resources, use_cases, client, clock),
            Forgetter(resources.store, use_cases.privacy, use_cases.removals, resources.media, clock=clock),
            Eraser(resources.store, resources.media, retention_days=settings.retention_days, clock=clock),
            ServerRounds(use_cases.servers, client.is_in),
        )
        await add_cogs(client, use_cases)
        await log_in(client, settings)
        await prepare_database(resources, client.application_id, clock())
        yield App(client, worker, beside, use_cases, resources, settings, clock)


async def run(settings: Settings) -> None:
    """Run the bot until it is told to stop."""
    async with build(settings) as app:
        await app.run()


async def sync(settings: Settings) -> int:
    """Register the slash commands with Discord; tells how many."""
    async with build(settings) as app:
        try:
            return await app.client.register_commands()
        except discord.HTTPException as error:
            raise SettingsError("The commands", f"were not registered: {error}.") from None


def _build_worker(
    settings: Settings,
    resources: Resources,
    use_cases: UseCases,
    client: Animatic,
    clock: Clock,
    wake_up: asyncio.Event,
) -> Worker:
    publisher = build_publisher(settings, resources, use_cases, client, clock)
    use_cases.clip_files.find_on_cards(publisher.clip_link)
    refresher = CardRefresher(publisher.show)
    submission = Submission(
        resources.store,
        resources.providers,
        ProviderRequests(
            resources.store, resources.media, use_cases.results, publisher, resources.instance_names, clock
        ),
        use_cases.router,
        use_cases.moderation,
        use_cases.recovery,
        refresher,
        callbacks_enabled=use_cases.callbacks.enabled,
        clock=clock,
        wake=wake_up.set,
    )
    storyboard_film = StoryboardFilm(resources.store, use_cases.film_joiner)
    files = ResultFiles(
        resources.store,
        resources.media,
        resources.downloader,
        publisher,
        storyboard_film,
        clock=clock,
        poll_ms=settings.poll_ms,
        grace_ms=int(settings.result_grace_minutes * 60_000),
        served=settings.public_url is not None,
        thumbnails=Thumbnails(resources.media),
        next_frames=NextFrames(resources.store, use_cases.results),
    )
    steps = JobSteps(
        resources.store,
        resources.providers,
        use_cases.jobs,
        submission,
        files,
        use_cases.moderation,
        publisher,
        refresher,
        storyboard_film,
        clock=clock,
        poll_ms=settings.poll_ms,
    )
    return Worker(
        resources.store,
        steps,
        submission,
        refresher,
        build_outboxes(resources, publisher, client, clock),
        use_cases.router,
        use_cases.callbacks,
        resources.instance_names,
        Limits(settings.max_running, settings.max_running_per_user),
        wake_up=wake_up,
        clock=clock,
    )
