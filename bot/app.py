"""The composition root: builds everything, runs it together, and closes it in reverse."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import discord

from bot.client import Animatic
from bot.config import Settings
from bot.db.database import Database
from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.domain.clock import now_ms
from bot.errors import DatabaseError, SchemaProblem, SchemaRefused, SettingsError
from bot.locks import InstanceNames, NamedLocks
from bot.media import Downloader, MediaStore
from bot.providers.registry import open_providers
from bot.publisher import CardPublisher
from bot.services.callbacks import ProviderCallbacks
from bot.services.clip_links import ClipLinks
from bot.services.job_history import JobHistory
from bot.services.job_recovery import JobRecovery
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.message_images import MessageImages
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from bot.services.provider_status import ProviderDirectory
from bot.services.quotas import QuotaService
from bot.services.region_previews import RegionPreviews
from bot.services.validation import RequestValidator
from bot.ui.card_data import CardBuilder
from bot.web import build_web, serving
from bot.worker.card_refresher import CardRefresher
from bot.worker.context import StepContext
from bot.worker.steps import JobSteps
from bot.worker.worker import Limits, Worker
from cogs.admin import AdminCog
from cogs.animate import AnimateCog
from cogs.clicks import Clicks
from cogs.extend import ExtendCog
from cogs.images import ImagesCog
from cogs.jobs import JobsCog
from cogs.owner import OwnerCog
from cogs.providers import ProvidersCog
from cogs.quota import CreditsCog, QuotaCog
from cogs.region import RegionCog
from cogs.video import VideoCog

log = logging.getLogger(__name__)

SWEEP_SECONDS = 6 * 3600
"""How often old files are removed from the media store."""


CLOSE_SECONDS = 1.0
"""How long the gateway's connection may take to end once it is closed."""


SCHEMA_PROBLEMS = {
    SchemaProblem.OLDER: "names a database of an older Animatic, which this one cannot take over; name a new file.",
    SchemaProblem.NEWER: "names a database of a newer Animatic; run that one, or name a new file.",
    SchemaProblem.FOREIGN: "names a database of another application; name a file of the bot's own.",
}
"""What is said at the start of a database that this version cannot work with."""


class App:
    """Hold the running parts together."""

    def __init__(
        self,
        client: Animatic,
        worker: Worker,
        media: MediaStore,
        store: Store,
        callbacks: ProviderCallbacks,
        clip_links: ClipLinks,
        previews: RegionPreviews,
        message_images: MessageImages,
        settings: Settings,
    ) -> None:
        self.client = client
        self._worker = worker
        self._media = media
        self._store = store
        self._callbacks = callbacks
        self._clip_links = clip_links
        self._previews = previews
        self._message_images = message_images
        self._settings = settings

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop taking jobs, hand leases back and leave."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._worker.stop)
        settings = self._settings
        async with (
            serving(
                build_web(self._ailment, self._callbacks.receive, self._clip_links.find),
                settings.http_host,
                settings.http_port,
            ),
            asyncio.TaskGroup() as tasks,
        ):
            # Discord may hang in any of these; work and its end go on beside them.
            beside = (
                tasks.create_task(self._sweep()),
                tasks.create_task(self.client.register_changed_commands()),
            )
            connection = tasks.create_task(self.client.connect())
            await tasks.create_task(self._worker.run())
            log.info("stopping")
            for task in beside:
                task.cancel()
            await self.client.close()
            await asyncio.wait({connection}, timeout=CLOSE_SECONDS)
            connection.cancel()

    async def _ailment(self) -> str | None:
        if not self.client.is_ready():
            return "The gateway is not ready."
        try:
            await self._store.metadata.get("commands")
        except DatabaseError as error:
            return f"The database does not answer: {error}."
        return None

    async def _sweep(self) -> None:
        while True:
            try:
                await self._previews.sweep()
                await self._message_images.sweep()
                await self._media.sweep(now_ms() - self._settings.media_days * 24 * 3_600_000)
            except (OSError, DatabaseError) as error:
                log.warning("old files could not be removed: %s", error)
            await asyncio.sleep(SWEEP_SECONDS)


@asynccontextmanager
async def build(settings: Settings) -> AsyncGenerator[App]:
    """Build everything and log in; raise `SettingsError` when a setting turns out to be wrong."""
    async with AsyncExitStack() as stack:
        db = await _open_database(stack, settings)
        instance_names = InstanceNames(settings.database_path.parent / "locks")
        name = _take_name(stack, instance_names)
        card_locks = stack.enter_context(NamedLocks.open(settings.database_path.parent / "locks"))
        media = _open_media(settings)
        downloader = await stack.enter_async_context(Downloader(allow_private=settings.allow_private_urls))
        store = Store(db, Defaults(settings.default_credits, settings.quota_period, settings.server_credits))
        providers = open_providers(stack, settings.accounts)
        client = await stack.enter_async_context(Animatic(settings, store.metadata))
        clip_links = ClipLinks(store, media, settings.public_url)
        card_builder = CardBuilder(
            store, providers, clip_links, prices=settings.prices, max_running=settings.max_running, clock=now_ms
        )
        publisher = CardPublisher(client, store, media, card_builder, card_locks, now_ms)
        moderation = PromptModeration(store, providers, settings.strikes, now_ms)
        router = ProviderRouter(store, providers, moderation, settings.prices, now_ms)
        results = JobResults(store, media)
        service = JobService(
            store,
            providers,
            downloader,
            media,
            results,
            router,
            moderation,
            prices=settings.prices,
            clock=now_ms,
            wake=lambda: worker.wake(),
        )
        message_images = MessageImages(store, now_ms)
        stack.push_async_callback(message_images.aclose)
        previews = RegionPreviews(store, service, downloader, media, prices=settings.prices, clock=now_ms)
        callbacks = ProviderCallbacks(store, providers, settings.public_url, now_ms, lambda: worker.wake())
        history = JobHistory(store, media, now_ms, lambda: worker.wake())
        recovery = JobRecovery(
            store,
            providers,
            poll_ms=int(settings.poll_seconds * 1000),
            clock=now_ms,
            wake=lambda: worker.wake(),
        )
        refresher = CardRefresher(publisher.show)
        steps = JobSteps(
            StepContext(
                store=store,
                service=service,
                results=results,
                router=router,
                moderation=moderation,
                providers=providers,
                publisher=publisher,
                refresher=refresher,
                downloader=downloader,
                media=media,
                callbacks=callbacks,
                recovery=recovery,
                clock=now_ms,
                wake=lambda: worker.wake(),
                poll_ms=int(settings.poll_seconds * 1000),
            )
        )
        limits = Limits(running=settings.max_running, per_user=settings.max_running_per_user)
        worker = Worker(store, steps, refresher, callbacks, instance_names, name, limits, now_ms)
        validator = RequestValidator(providers, settings.prices, settings.allowed_guilds)
        extend = ExtendCog(validator, service, history)
        quota = QuotaService(store, now_ms)
        directory = ProviderDirectory(store, providers, settings.prices, now_ms)
        images = ImagesCog(validator, service, results, history)
        animate = AnimateCog(validator, service, results, history, message_images)
        region = RegionCog(validator, previews, history)
        client.presses = Clicks(extend, images, animate, region)
        client.tree.add_command(animate.menu)
        for cog in (
            VideoCog(validator, service, history),
            extend,
            images,
            animate,
            region,
            ProvidersCog(directory),
            CreditsCog(quota),
            QuotaCog(quota),
            OwnerCog(client, store.jobs),
            AdminCog(recovery, directory),
            JobsCog(validator, history),
        ):
            await client.add_cog(cog)
        await _log_in(client, settings)
        yield App(client, worker, media, store, callbacks, clip_links, previews, message_images, settings)


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


async def _open_database(stack: AsyncExitStack, settings: Settings) -> Database:
    if settings.database_path.is_dir():
        raise SettingsError("DATABASE_URL", "names a folder; it must name a file.")
    try:
        db = await stack.enter_async_context(open_sqlite(settings.database_path))
        await migrate(db)
    except SchemaRefused as refused:
        raise SettingsError("DATABASE_URL", SCHEMA_PROBLEMS[refused.problem]) from None
    except (OSError, DatabaseError) as error:
        raise SettingsError("DATABASE_URL", f"cannot be opened: {error}.") from None
    return db


def _take_name(stack: AsyncExitStack, instance_names: InstanceNames) -> str:
    try:
        return stack.enter_context(instance_names.hold())
    except OSError as error:
        raise SettingsError("DATABASE_URL", f"has no room for lock files beside it: {error.strerror}.") from None


def _open_media(settings: Settings) -> MediaStore:
    try:
        settings.media_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError("MEDIA_DIR", f"cannot be used: {error.strerror}.") from None
    return MediaStore(settings.media_dir)


async def _log_in(client: Animatic, settings: Settings) -> None:
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        raise SettingsError("DISCORD_TOKEN", "is wrong: Discord does not accept it.") from None
    except discord.HTTPException as error:
        raise SettingsError("DISCORD_API_URL", f"does not answer like Discord's API: {error}.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise SettingsError("DISCORD_API_URL", f"cannot be reached: {error}.") from None
