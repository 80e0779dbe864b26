"""What is said of a PostgreSQL that cannot be worked with, at the start and by `doctor`, which names the cure too."""

from typing import NamedTuple

from bot.database_url import PostgresServer
from bot.errors import ConnectProblem, DatabaseUnreachable


class _Words(NamedTuple):
    """Hold what is wrong, in words that go on after DATABASE_URL, and what to do about it."""

    said: str
    cure: str


_WORDS = {
    ConnectProblem.HOST: _Words(
        "names a host that cannot be found: {server.hosts}", "Check its name, and that this machine can look it up."
    ),
    ConnectProblem.UNREACHABLE: _Words(
        "names a server where nothing answers: {server.hosts}", "Start PostgreSQL there, or name its host and port."
    ),
    ConnectProblem.SILENT: _Words(
        "names a server that does not answer in time: {server.hosts}",
        "Look whether a firewall stands between, and whether the server has too much to do.",
    ),
    ConnectProblem.LOGIN: _Words(
        "has a user or a password that the server at {server.hosts} does not take",
        "Check both, and the server's pg_hba.conf; signs such as @ and / are written as %40 and %2F.",
    ),
    ConnectProblem.NO_DATABASE: _Words(
        "names a database that the server does not have: {server.database}",
        "Make it, owned by the bot's user: createdb --owner USER --encoding UTF8 --template template0 NAME.",
    ),
    ConnectProblem.TLS: _Words(
        "asks for TLS that cannot be had at {server.hosts}: {message}",
        "Name the server as its certificate does, put the file of its CA into sslrootcert, or choose another sslmode.",
    ),
    ConnectProblem.FULL: _Words(
        "names a server that takes no more connections: {message}",
        "Raise max_connections there, or lower pool_size; each process needs that many and one more.",
    ),
    ConnectProblem.TOO_OLD: _Words("names PostgreSQL {message}; 14 or newer is needed", "Upgrade the server."),
    ConnectProblem.ENCODING: _Words(
        "names a database whose text is kept as {message}; it must be UTF8",
        "Make a new one: createdb --owner USER --encoding UTF8 --template template0 NAME.",
    ),
    ConnectProblem.READ_ONLY: _Words(
        "names a server that cannot be written: {message}",
        "Name the primary, or all hosts with target_session_attrs=read-write.",
    ),
    ConnectProblem.SHARED: _Words(
        "leads through a pooler of transactions, behind which no lock is anybody's: {server.hosts}",
        "Name the server itself, or let the pooler give each connection a session (PgBouncer: pool_mode = session).",
    ),
    ConnectProblem.OTHER: _Words("cannot be opened: {message}", "Look into the server's log."),
}


def what_is_wrong(server: PostgresServer, error: DatabaseUnreachable) -> str:
    """Say why a server cannot be worked with, in words that go on after the setting's name, without a full stop."""
    return _WORDS[error.problem].said.format(server=server, message=error.message.rstrip("."))


def cure_of(error: DatabaseUnreachable) -> str:
    """Say what to do about it."""
    return _WORDS[error.problem].cure
