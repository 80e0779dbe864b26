"""The Discord client: it holds no job and no card, only the connection."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.config import DISCORD_API, Settings
from bot.db.store import Metadata
from bot.domain.clock import Clock
from bot.errors import Blocked, DatabaseError, NotInstalled, ServerNotAllowed
from bot.locks import ShardLocks
from bot.metrics import SILENT, Metrics, ShardUse
from bot.publisher.answers import tracing
from bot.publisher.discord_messages import DISCORD_ERRORS
from bot.services.blocks import Blocks
from bot.services.seen_locales import SeenLocales
from bot.sharded_client import ShardedClient, ShardPlan
from bot.ui.buttons import BUTTONS, ClickHandlers
from bot.ui.command_mentions import CommandMentions, read_ids, write_ids
from bot.ui.command_translator import CommandTranslator
from bot.ui.film_button import FilmButton
from bot.ui.help_buttons import HELP_BUTTONS
from bot.ui.interactions import (
    UNHEARD,
    Interaction,
    begin,
    check_blocked_in_time,
    check_installation,
    report,
)
from bot.ui.list_buttons import LIST_BUTTONS
from bot.ui.more_menu import MoreMenu
from bot.ui.privacy import PrivacyButton
from bot.ui.removal import RemoveButton
from bot.ui.remove_menu import RemoveMenu
from bot.ui.report_buttons import ReportButton
from bot.ui.setup_buttons import SetupButton
from bot.ui.share_button import ShareButton
from bot.ui.storyboard_buttons import STORYBOARD_BUTTONS
from bot.ui.text.errors import not_welcome
from bot.ui.text.help import welcome
from bot.ui.text.translate import speaking

log = logging.getLogger(__name__)


OPEN_EVERYWHERE = frozenset({"privacy"})
"""The commands for servers that are allowed no longer: what is kept of their members can be read and forgotten."""

OPEN_TO_BLOCKED = frozenset({"credits", "quota", "admin"})
"""The commands whose suggestions the blocked get too; the last two ask for Manage Server themselves."""

KINDS = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.component: "click",
    discord.InteractionType.modal_submit: "modal",
    discord.InteractionType.autocomplete: "suggestion",
}
"""What the metrics call an interaction."""


COMMANDS_SECONDS = 0.5
"""How often it is looked whether another process is done with registering the commands."""


class Commands(app_commands.CommandTree["Animatic"]):
    """Let commands through only in servers that are allowed and have the bot themselves."""

    def __init__(self, client: "Animatic") -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Say privately why a command is not let through; suggestions are only left out."""
        begin(interaction)
        typing = interaction.type is discord.InteractionType.autocomplete
        try:
            check_installation(interaction)
            self._check_server(interaction)
            if typing and (interaction.data or {}).get("name") not in OPEN_TO_BLOCKED:
                await check_blocked_in_time(interaction)
        except (NotInstalled, ServerNotAllowed, Blocked) as refusal:
            await (_suggest_nothing(interaction) if typing else report(interaction, refusal))
            return False
        return True

    def _check_server(self, interaction: Interaction) -> None:
        if interaction.guild_id is None or (interaction.data or {}).get("name") in OPEN_EVERYWHERE:
            return
        if not self.client.allows(interaction.guild_id):
            raise ServerNotAllowed


async def _suggest_nothing(interaction: Interaction) -> None:
    try:
        await interaction.response.autocomplete([])
    except (discord.HTTPException, *UNHEARD) as error:
        log.info("interaction %s was left without suggestions: %s", interaction.id, error)


class Animatic(ShardedClient):
    """Connect to Discord, register commands, and hand interactions on.

    No privileged intents; messages are received only for the owner's text commands, which mention the bot.
    """

    def __init__(
        self,
        settings: Settings,
        metadata: Metadata,
        blocks: Blocks,
        locales: SeenLocales,
        shard_locks: ShardLocks,
        clock: Clock,
        metrics: Metrics = SILENT,
    ) -> None:
        # Films need no voice, so its missing libraries are no news.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            ShardPlan(
                settings.shard_count, settings.shard_ids, settings.identify_seconds, shard_locks, metadata, clock
            ),
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Commands,
            intents=discord.Intents(guilds=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=tracing(metrics),
            # Nothing may grow with history: no message and no member is remembered.
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.click_handlers = ClickHandlers()
        self.command_mentions = CommandMentions()
        self.blocks = blocks
        self._locales = locales
        self._metadata = metadata
        self._shard_locks = shard_locks
        self._metrics = metrics
        metrics.watch_shards(self.shard_use)
        self._api_url = settings.discord_api_url.rstrip("/")
        self._allowed_guilds = settings.allowed_guilds
        Route.BASE = self._api_url
        self.add_dynamic_items(
            *BUTTONS,
            *LIST_BUTTONS,
            *STORYBOARD_BUTTONS,
            FilmButton,
            MoreMenu,
            PrivacyButton,
            RemoveButton,
            RemoveMenu,
            ReportButton,
            SetupButton,
            *HELP_BUTTONS,
            ShareButton,
        )
        self.tree.error(self._command_failed)

    async def setup_hook(self) -> None:
        """Translate the commands, and find the gateway that belongs to the API."""
        await self.tree.set_translator(CommandTranslator())
        if self._api_url != DISCORD_API:
            _, gateway, _ = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)

    async def register_changed_commands(self) -> None:
        """Register the commands if they changed since they were last registered.

        One process does so at a time: for those after it nothing has changed.
        """
        try:
            while not await self._shard_locks.try_hold("commands"):  # noqa: ASYNC110  # nobody tells when it is free
                await asyncio.sleep(COMMANDS_SECONDS)
            await self._register_if_changed()
            self.command_mentions.learn(await self._command_ids())
        except DatabaseError as error:
            log.warning("it cannot be looked at whether the commands changed: %s", error)
        finally:
            await self._shard_locks.release("commands")

    async def _register_if_changed(self) -> None:
        now = await self._commands_digest()
        if await self._metadata.get("commands") != now:
            try:
                number = await self._register(now)
            except DISCORD_ERRORS as error:
                # The commands that are registered still work; the next start, or @bot sync, tries again.
                log.warning("the commands changed and could not be registered: %s", error)
            else:
                log.info("the commands changed: %d are registered", number)

    async def register_commands_in(self, guild: discord.abc.Snowflake) -> int:
        """Register copies of all commands in one server, where they show at once; tells how many."""
        self.tree.copy_global_to(guild=guild)
        return len(await self.tree.sync(guild=guild))

    async def remove_commands_in(self, guild: discord.abc.Snowflake) -> None:
        """Remove a server's copies, which would stand there beside the global commands."""
        self.tree.clear_commands(guild=guild)
        await self.tree.sync(guild=guild)

    async def register_commands(self) -> int:
        """Register all commands everywhere; tells how many."""
        return await self._register(await self._commands_digest())

    async def _register(self, fingerprint: str) -> int:
        registered = await self.tree.sync()
        self.command_mentions.learn({command.name: command.id for command in registered})
        await self._metadata.put("command_ids", write_ids({command.name: command.id for command in registered}))
        await self._metadata.put("commands", fingerprint)
        return len(registered)

    async def _command_ids(self) -> dict[str, int]:
        """Give the ids that the commands are registered under; an older version did not write them down."""
        written = await self._metadata.get("command_ids")
        if written is not None:
            return read_ids(written)
        try:
            ids = {command.name: command.id for command in await self.tree.fetch_commands()}
        except DISCORD_ERRORS as error:
            log.warning("nobody can click on commands until the next start: their ids are not told: %s", error)
            return {}
        await self._metadata.put("command_ids", write_ids(ids))
        return ids

    def allows(self, guild_id: int) -> bool:
        """Tell whether the bot works in a server."""
        return not self._allowed_guilds or guild_id in self._allowed_guilds

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an event on, and let the metrics hear of interactions before anything is done about them."""
        if event_name == "interaction":
            interaction: Interaction = args[0]
            self._metrics.interaction_heard(interaction.id, KINDS.get(interaction.type, "other"))
        super().dispatch(event_name, *args, **kwargs)

    def shard_use(self) -> ShardUse:
        """Tell which shards are connected, and how long each one's heartbeats take."""
        held = dict(self.latencies)
        return ShardUse(self.shard_count or len(held), held)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Carry out modals: what they are about stands in their custom_id, so those of an earlier process work too."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.click_handlers.handle_modal(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Tell the channel for news of the server, or the first one where the bot may write, how to begin."""
        log.info("joined server %s", guild.id)
        with speaking(await self._locales.server(guild.id) or guild.preferred_locale.value):
            greeting = (
                welcome(guild.me.display_name, self.command_mentions.mention)
                if self.allows(guild.id)
                else not_welcome()
            )
        for channel in filter(None, (guild.system_channel, *guild.text_channels)):
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.send_messages:
                try:
                    await channel.send(greeting)
                except DISCORD_ERRORS as error:
                    log.warning("server %s could not be greeted: %s", guild.id, error)
                return

    async def on_command_error(self, context: commands.Context[Any], exception: commands.CommandError, /) -> None:
        """Ignore text that is no command of the owner's; log what failed."""
        if isinstance(exception, commands.CommandNotFound | commands.CheckFailure | commands.UserInputError):
            log.debug("not a command: %s", type(exception).__name__)
            return
        log.error("a text command failed", exc_info=exception)

    async def _command_failed(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        await report(interaction, error)

    async def _commands_digest(self) -> str:
        """Fingerprint what would be registered now, in all languages."""
        translator = self.tree.translator or app_commands.Translator()
        payload = [await command.get_translated_payload(self.tree, translator) for command in self.tree.get_commands()]
        return digest(payload, self.application_id)


def digest(payload: Sequence[Mapping[str, Any]], application_id: int | None) -> str:
    """Fingerprint the commands of an application."""
    return hashlib.sha256(json.dumps([payload, application_id], sort_keys=True).encode()).hexdigest()
