"""The composition root: builds everything, runs it together, and closes it in reverse."""

import asyncio
import logging
import signal
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import discord

from bot.client import Animatic
from bot.config import Settings
from bot.db.database import Database, open_sqlite
from bot.db.migrations import migrate
from bot.db.store import Defaults, Store
from bot.domain.clock import now_ms
from bot.errors import SettingsError
from bot.locks import Names, Turns
from bot.media import Downloader, MediaStore
from bot.providers.registry import open_providers
from bot.publisher import CardPublisher
from bot.services.callbacks import Callbacks
from bot.services.clip_links import Films
from bot.services.job_history import History
from bot.services.job_recovery import LostJobs
from bot.services.job_results import Made
from bot.services.jobs import Service
from bot.services.message_images import Sightings
from bot.services.prompt_moderation import Words
from bot.services.provider_routing import Router
from bot.services.provider_status import Offers
from bot.services.quotas import Quota
from bot.services.region_previews import Drafts
from bot.services.validation import Planner
from bot.ui.card_data import Facts
from bot.web import build_web, serving
from bot.worker.card_refresher import Refresher
from bot.worker.context import Ways
from bot.worker.steps import Steps
from bot.worker.worker import Limits, Worker
from cogs.admin import ManagingCog
from cogs.animate import AnimateCog
from cogs.clicks import Clicks
from cogs.extend import ExtendCog
from cogs.images import ImagesCog
from cogs.jobs import JobsCog
from cogs.owner import AdminCog
from cogs.providers import ProvidersCog
from cogs.quota import CreditsCog, QuotaCog
from cogs.region import RegionCog
from cogs.video import VideoCog

log = logging.getLogger(__name__)

SWEEP_SECONDS = 6 * 3600
"""How often old files are removed from the media store."""


CLOSE_SECONDS = 1.0
"""How long the gateway's connection may take to end once it is closed."""


class App:
    """Hold the running parts together."""

    def __init__(
        self,
        client: Animatic,
        worker: Worker,
        media: MediaStore,
        store: Store,
        callbacks: Callbacks,
        films: Films,
        drafts: Drafts,
        sightings: Sightings,
        settings: Settings,
    ) -> None:
        self.client = client
        self._worker = worker
        self._media = media
        self._store = store
        self._callbacks = callbacks
        self._films = films
        self._drafts = drafts
        self._sightings = sightings
        self._settings = settings

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; then stop taking jobs, hand leases back and leave."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._worker.stop)
        settings = self._settings
        async with (
            serving(
                build_web(self._ailment, self._callbacks.receive, self._films.find),
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
            await self._store.facts.get("commands")
        except sqlite3.Error as error:
            return f"The database does not answer: {error}."
        return None

    async def _sweep(self) -> None:
        while True:
            try:
                await self._drafts.sweep()
                await self._sightings.sweep()
                await self._media.sweep(now_ms() - self._settings.media_days * 24 * 3_600_000)
            except (OSError, sqlite3.Error) as error:
                log.warning("old files could not be removed: %s", error)
            await asyncio.sleep(SWEEP_SECONDS)


@asynccontextmanager
async def build(settings: Settings) -> AsyncGenerator[App]:
    """Build everything and log in; raise `SettingsError` when a setting turns out to be wrong."""
    async with AsyncExitStack() as stack:
        db = await _open_database(stack, settings)
        names = Names(settings.database_path.parent / "locks")
        name = _take_name(stack, names)
        turns = stack.enter_context(Turns.open(settings.database_path.parent / "locks"))
        media = _open_media(settings)
        downloader = await stack.enter_async_context(Downloader(allow_private=settings.allow_private_urls))
        store = Store(db, Defaults(settings.default_credits, settings.quota_period, settings.server_credits))
        providers = open_providers(stack, settings.accounts)
        client = await stack.enter_async_context(Animatic(settings, store.facts))
        films = Films(store, media, settings.public_url)
        facts = Facts(store, providers, films, prices=settings.prices, max_running=settings.max_running, clock=now_ms)
        publisher = CardPublisher(client, store, media, facts, turns, now_ms)
        words = Words(store, providers, settings.strikes, now_ms)
        router = Router(store, providers, words, settings.prices, now_ms)
        made = Made(store, media)
        service = Service(
            store,
            providers,
            downloader,
            media,
            made,
            router,
            words,
            prices=settings.prices,
            clock=now_ms,
            wake=lambda: worker.wake(),
        )
        sightings = Sightings(store, now_ms)
        stack.push_async_callback(sightings.aclose)
        drafts = Drafts(store, service, downloader, media, prices=settings.prices, clock=now_ms)
        callbacks = Callbacks(store, providers, settings.public_url, now_ms, lambda: worker.wake())
        history = History(store, media, now_ms, lambda: worker.wake())
        lost = LostJobs(
            store,
            providers,
            poll_ms=int(settings.poll_seconds * 1000),
            clock=now_ms,
            wake=lambda: worker.wake(),
        )
        refresher = Refresher(publisher.show)
        steps = Steps(
            Ways(
                store=store,
                service=service,
                made=made,
                router=router,
                words=words,
                providers=providers,
                publisher=publisher,
                refresher=refresher,
                downloader=downloader,
                media=media,
                callbacks=callbacks,
                lost=lost,
                clock=now_ms,
                wake=lambda: worker.wake(),
                poll_ms=int(settings.poll_seconds * 1000),
            )
        )
        limits = Limits(running=settings.max_running, per_user=settings.max_running_per_user)
        worker = Worker(store, steps, refresher, callbacks, names, name, limits, now_ms)
        planner = Planner(providers, settings.prices, settings.allowed_guilds)
        extend = ExtendCog(planner, service, history)
        quota = Quota(store, now_ms)
        offers = Offers(store, providers, settings.prices, now_ms)
        images = ImagesCog(planner, service, made, history)
        animate = AnimateCog(planner, service, made, history, sightings)
        region = RegionCog(planner, drafts, history)
        client.presses = Clicks(extend, images, animate, region)
        client.tree.add_command(animate.menu)
        for cog in (
            VideoCog(planner, service, history),
            extend,
            images,
            animate,
            region,
            ProvidersCog(offers),
            CreditsCog(quota),
            QuotaCog(quota),
            AdminCog(client, store.jobs),
            ManagingCog(lost, offers),
            JobsCog(planner, history),
        ):
            await client.add_cog(cog)
        await _log_in(client, settings)
        yield App(client, worker, media, store, callbacks, films, drafts, sightings, settings)


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
    except (OSError, sqlite3.Error) as error:
        raise SettingsError("DATABASE_URL", f"cannot be opened: {error}.") from None
    return db


def _take_name(stack: AsyncExitStack, names: Names) -> str:
    try:
        return stack.enter_context(names.hold())
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
