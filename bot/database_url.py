"""DATABASE_URL read: the file of SQLite, or the server of PostgreSQL with libpq's parameters and one of ours."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

POOL_SIZE = 10
MOST_CONNECTIONS = 500

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql", "postgres")


@dataclass(frozen=True)
class SqliteFile:
    """Name a file; `path` is absolute or begins where the bot runs."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class PostgresServer:
    """Name a database on a server.

    `url` is what asyncpg takes, and may hold a password; as a string only hosts and database are told.
    """

    url: str = field(repr=False)
    hosts: str
    database: str
    pool_size: int = POOL_SIZE

    def __str__(self) -> str:
        return f"{self.hosts}/{self.database}"


def parse_database_url(value: str) -> SqliteFile | PostgresServer:
    """Read an address; raise `ValueError` that says what it must be, and nothing of what it holds."""
    if value.startswith(_SQLITE):
        if value in (_SQLITE, f"{_SQLITE}:memory:"):
            raise ValueError("must be sqlite:/// followed by a path")
        return SqliteFile(Path(value.removeprefix(_SQLITE)))
    if value.partition("://")[0] not in _POSTGRES:
        raise ValueError("must be sqlite:/// followed by a path, or postgresql://user:password@host:port/database")
    return _postgres_server(value)


def _postgres_server(value: str) -> PostgresServer:
    try:
        parts = urlsplit(value)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ValueError("must be an address; signs such as [ and & in a password are written as %5B and %26") from None
    user, _, hosts = parts.netloc.rpartition("@")
    if "@" in user or parts.fragment or not all(map(_is_host, hosts.split(","))):
        raise ValueError("must name a host; signs such as @, :, / and # in a password are written as %40 and so on")
    database = query.get("dbname", parts.path.removeprefix("/"))
    if not database or "/" in database:
        raise ValueError("must name a database, as in postgresql://user:password@host:port/database")
    pool_size = _pool_size(query.pop("pool_size", str(POOL_SIZE)))
    url = urlunsplit(parts._replace(scheme="postgresql", query=urlencode(query)))
    return PostgresServer(url, query.get("host", hosts) or "a local socket", database, pool_size)


def _is_host(text: str) -> bool:
    """Tell whether a text is a host, with a port or without; none is a local socket."""
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    host = host if colon else text
    is_port = not colon or (port.isdecimal() and 0 < int(port) < 65_536)
    return is_port and (":" not in host or (host.startswith("[") and host.endswith("]")))


def _pool_size(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_CONNECTIONS:
        raise ValueError(f"must have a pool_size from 1 to {MOST_CONNECTIONS}, or none")
    return int(text)
