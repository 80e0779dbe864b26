"""A pooler of transactions is told from a server, for behind one no lock is anybody's."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from bot.db.session_check import check_session
from bot.errors import ConnectProblem, DatabaseUnreachable
from tests.support.postgres_server import connect, shared_databases
from tests.support.transaction_pooler import transaction_pooler

pytestmark = pytest.mark.postgres


@pytest.fixture
async def url() -> AsyncGenerator[str]:
    async with shared_databases().new() as url:
        yield url


async def test_a_direct_connection_has_a_session_of_its_own(url: str) -> None:
    await check_session(url)


@pytest.mark.parametrize("others", [0, 1, 3])
async def test_a_pooler_of_transactions_is_found_however_many_sessions_it_has_free(url: str, others: int) -> None:
    async with transaction_pooler(url) as pooled:
        connections: list[Any] = [await connect(pooled) for _ in range(others)]
        with pytest.raises(DatabaseUnreachable) as caught:
            await check_session(pooled)
        assert caught.value.problem is ConnectProblem.SHARED
        for connection in connections:
            connection.terminate()
