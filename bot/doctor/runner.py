"""Make all checks at once and tell them in order; one that breaks stops none of the others."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from bot.config import Settings
from bot.database_url import PostgresServer, SqliteFile
from bot.doctor.channel_check import CHANNEL, try_channel
from bot.doctor.discord_check import TOKEN, Visitor, check_servers, check_token
from bot.doctor.findings import Finding, Verdict, warn, wrong
from bot.doctor.postgres_check import check_postgres, check_postgres_owner
from bot.doctor.provider_check import check_account
from bot.doctor.public_url_check import NAME as PUBLIC
from bot.doctor.public_url_check import check_public_url
from bot.doctor.shard_check import check_shards
from bot.doctor.storage_check import DATABASE, MEDIA, check_bucket, check_database, check_media, check_owner
from bot.log import redact
from bot.providers.registry import open_providers

TELLING = 8
"""Characters of a secret after which what follows is taken for the rest of it."""


async def examine(
    settings: Settings, show: Callable[[str], None], *, channel: int | None = None, seconds: float = 60
) -> bool:
    """Show one line a finding; tells whether nothing is wrong.

    With a `channel`, cards and answers are tried there, and a click is waited for (seconds).
    """
    verdicts: set[Verdict] = set()
    secrets = _secrets(settings)

    def tell(finding: Finding) -> None:
        verdicts.add(finding.verdict)
        show(str(replace(finding, text=secrets.sub("…", redact(finding.text)))))

    async with AsyncExitStack() as stack:
        visitor = await stack.enter_async_context(Visitor(settings))
        providers = open_providers(stack, settings.accounts)
        checks = [
            _guarded(TOKEN, _check_discord(visitor, settings)),
            *(_guarded(one.title, _only(check_account(one, name))) for name, one in providers.items()),
            _guarded(DATABASE, _only(_check_database(settings.database))),
            _guarded(MEDIA, _only(_check_media(settings))),
            _guarded(PUBLIC, _only(check_public_url(settings))),
        ]
        async with asyncio.TaskGroup() as group:
            for check in [group.create_task(check) for check in checks]:
                for finding in await check:
                    tell(finding)
        # The token's check has said by now whose it is.
        for finding in await _guarded(DATABASE, _check_owner(settings.database, visitor.application_id)):
            tell(finding)
        if channel is not None:
            await _try_channel(visitor, settings, channel, seconds, tell)
    return Verdict.WRONG not in verdicts


async def _check_discord(visitor: Visitor, settings: Settings) -> list[Finding]:
    found = await check_token(visitor, settings.discord_api_url)
    if found.verdict is not Verdict.OK:
        return [found, warn("server", "permissions are not looked at, because the bot could not log in.")]
    servers, shards = await asyncio.gather(
        check_servers(visitor, settings.allowed_guilds), check_shards(visitor, settings)
    )
    return [found, *servers, *shards]


def _check_database(address: SqliteFile | PostgresServer) -> Awaitable[Finding]:
    return check_postgres(address) if isinstance(address, PostgresServer) else check_database(address.path)


def _check_owner(address: SqliteFile | PostgresServer, application_id: int | None) -> Awaitable[list[Finding]]:
    if isinstance(address, PostgresServer):
        return check_postgres_owner(address, application_id)
    return check_owner(address.path, application_id)


async def _check_media(settings: Settings) -> Finding:
    if settings.bucket is not None:
        return await check_bucket(settings.bucket)
    return await check_media(settings.media_dir, settings.database_path, settings.media_max_bytes)


async def _try_channel(
    visitor: Visitor, settings: Settings, channel: int, seconds: float, tell: Callable[[Finding], None]
) -> None:
    if visitor.application is None:
        tell(warn(CHANNEL, "is not tried, because the bot could not log in."))
        return
    try:
        await try_channel(visitor, settings, channel, seconds, tell)
    except Exception as error:  # noqa: BLE001  # the last check is told like all others
        tell(_broken(CHANNEL, error))


async def _only(check: Awaitable[Finding]) -> list[Finding]:
    return [await check]


async def _guarded(subject: str, check: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        return await check
    except Exception as error:  # noqa: BLE001  # one check that breaks must not keep the others from being told
        return [_broken(subject, error)]


def _broken(subject: str, error: Exception) -> Finding:
    return wrong(subject, f"the check itself broke: {type(error).__name__}: {error}. Please report it.")


def _secrets(settings: Settings) -> re.Pattern[str]:
    """Match every secret setting, even where a vendor's words or our own cut it short."""
    return re.compile("|".join(re.escape(secret[:TELLING]) + r"\S*" for secret in settings.secrets))
