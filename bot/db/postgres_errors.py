"""What asyncpg, the server and the system raise, in the port's own errors."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager

import asyncpg

from bot.errors import (
    ConnectProblem,
    DatabaseBroken,
    DatabaseBusy,
    DatabaseError,
    DatabaseUnavailable,
    DatabaseUnreachable,
)

_BUSY = (
    "40",  # deadlock, serialization
    "55",  # a lock that was not to be had; the object is in use
    "57014",  # it took too long
)
_UNAVAILABLE = (
    "08",  # the connection
    "25006",  # a standby, or a server that is being replaced: it may be read only
    "53",  # the disk is full, no memory, too many connections
    "57",  # it shuts down or starts up
    "58",  # its system fails it
    "F0",  # its own files
)


_PROBLEMS = {
    "28": ConnectProblem.LOGIN,
    "3D": ConnectProblem.NO_DATABASE,
    "53300": ConnectProblem.FULL,
}


def _kind(code: str) -> type[DatabaseError]:
    """Sort an error by the server's code for it (PostgreSQL, appendix A)."""
    if code.startswith(_BUSY):
        return DatabaseBusy
    return DatabaseUnavailable if code.startswith(_UNAVAILABLE) else DatabaseBroken


@contextmanager
def translated() -> Generator[None]:
    """Raise the port's errors instead of the driver's."""
    try:
        yield
    except asyncpg.InvalidCachedStatementError as error:
        raise DatabaseBusy(str(error)) from error  # the tables were changed a moment ago
    except asyncpg.PostgresError as error:
        raise _kind(error.sqlstate or "")(str(error)) from error
    except (asyncpg.DataError, asyncpg.InternalClientError) as error:
        raise DatabaseBroken(str(error)) from error
    except asyncpg.InterfaceError as error:
        raise DatabaseUnavailable(str(error)) from error
    except TimeoutError as error:
        raise DatabaseUnavailable("no answer came in time") from error
    except OSError as error:
        raise DatabaseUnavailable(_message(error)) from error


@contextmanager
def unreachable() -> Generator[None]:
    """Say why the first connection cannot be made."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise DatabaseUnreachable(_message(error), _connect_problem(error)) from error


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error) or "no answer came in time"


def _connect_problem(error: Exception) -> ConnectProblem:
    match error:
        case asyncpg.PostgresError():
            code = error.sqlstate or ""
            return next(
                (problem for start, problem in _PROBLEMS.items() if code.startswith(start)), ConnectProblem.OTHER
            )
        case socket.gaierror():
            return ConnectProblem.HOST
        case TimeoutError():
            return ConnectProblem.SILENT
        case ssl.SSLError():
            return ConnectProblem.TLS
        case FileNotFoundError() | PermissionError():
            return ConnectProblem.TLS  # the files that the address names
        case OSError():
            # What it says of a server without TLS is no error of the system's.
            return ConnectProblem.TLS if error.errno is None else ConnectProblem.UNREACHABLE
        case _:
            return ConnectProblem.OTHER
