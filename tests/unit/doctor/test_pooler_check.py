"""A pooler of transactions, which shares sessions out: the start refuses it, and `doctor` names the cure."""

import os
from contextlib import AsyncExitStack
from pathlib import Path
from unittest import mock

import pytest

from bot.config import Settings, load_settings
from bot.database_url import PostgresServer, parse_database_url
from bot.doctor.postgres_check import check_postgres
from bot.domain.clock import Clock
from bot.errors import SettingsError
from bot.providers.registry import provider_names
from bot.resources import open_resources
from tests.support.postgres_server import shared_databases
from tests.support.transaction_pooler import transaction_pooler

pytestmark = pytest.mark.postgres


def settings_for(url: str, folder: Path) -> Settings:
    environment = {
        "DISCORD_TOKEN": "a-token",
        "TTAPI_API_KEY": "a-long-enough-key",
        "DATABASE_URL": url,
        "MEDIA_DIR": str(folder / "media"),
    }
    with mock.patch.dict(os.environ, environment, clear=True):
        return load_settings(provider_names())


async def test_the_doctor_says_so_with_the_cure() -> None:
    async with shared_databases().new() as url, transaction_pooler(url) as pooled:
        server = parse_database_url(pooled)
        assert isinstance(server, PostgresServer)
        assert str(await check_postgres(server)) == (
            "wrong  DATABASE_URL     leads through a pooler of transactions, behind which no lock is anybody's: "
            f"{server.hosts}. Name the server itself, or let the pooler give each connection a session "
            "(PgBouncer: pool_mode = session)."
        )


async def test_the_start_refuses_it_in_one_sentence(tmp_path: Path) -> None:
    async with (
        shared_databases().new() as url,
        transaction_pooler(url) as pooled,
        AsyncExitStack() as stack,
    ):
        with pytest.raises(SettingsError) as refused:
            await open_resources(stack, settings_for(pooled, tmp_path), Clock())
        assert str(refused.value).startswith(
            "DATABASE_URL leads through a pooler of transactions, behind which no lock is anybody's: 127.0.0.1:"
        )
