"""Whether a connection to PostgreSQL has a session of its own: a pooler of transactions gives it to the next one."""

import asyncio
from typing import Any

import asyncpg

from bot.db.postgres import CONNECT_SECONDS, unreachable
from bot.errors import ConnectProblem, DatabaseUnreachable

MEETINGS = 3
"""How often two connections are tried for whether they share sessions: a pooler may have some that are free."""

_SESSION_ID = "select pg_backend_pid()"


async def check_session(url: str) -> None:
    """Raise `DatabaseUnreachable` where what one connection says may be heard in the session of another.

    There no lock is anybody's. A second connection is kept in a transaction, so that the first one's next word must go
    to another session where sessions are shared out.
    """
    with unreachable():
        first = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
        try:
            second = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
            try:
                shared = await _meet(first, second)
            finally:
                second.terminate()
        finally:
            first.terminate()
    if shared:
        raise DatabaseUnreachable("it shares sessions out", ConnectProblem.SHARED)


async def _meet(first: Any, second: Any) -> bool:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            own = await first.fetchval(_SESSION_ID)
            for _ in range(MEETINGS):
                await second.execute("begin")
                if own == await second.fetchval(_SESSION_ID) or own != await first.fetchval(_SESSION_ID):
                    return True
                await second.execute("rollback")
    except (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError):
        return True  # what one prepared, another one's session has
    return False
