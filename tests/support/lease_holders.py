"""Who of several bots on one PostgreSQL has jobs in hand: each says its own name in its address."""

from typing import Any

from tests.support.postgres_server import connect

HOLDERS = """
    select distinct application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) in (
        select hashtextextended('process:' || lease, 0) from job where lease is not null)"""
"""The names of processes are advisory locks, and leases are told by them."""


def address_of(url: str, number: int) -> str:
    """Give the address of a database for one of several bots."""
    return f"{url}?application_name=bot{number}&pool_size=5"


def number_of(name: str) -> int:
    """Tell which bot has said a name."""
    return int(name.removeprefix("bot"))


async def ask(url: str, sql: str, *values: str | int) -> list[Any]:
    """Read from the bots' database, each time by a connection of its own."""
    connection = await connect(url)
    try:
        return await connection.fetch(sql, *values)
    finally:
        await connection.close()
