"""Who of several bots on one PostgreSQL has jobs in hand: each says its own name in its address."""

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
