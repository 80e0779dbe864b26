"""The demo's page as people start it: it says where it is, ends with Ctrl-C, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from sandbox import __main__ as command_line
from sandbox.demo.page_server import PortError, port_wanted
from sandbox.harness import free_port

PROJECT = Path(__file__).parents[2]


@asynccontextmanager
async def demo_page(folder: Path, **settings: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Start `python -m sandbox --page` in a folder of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--page",
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "TMPDIR": str(folder / "tmp"), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(60):
        while words not in said:
            line = (await process.stdout.readline()).decode()
            assert line, said
            said += line
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tmp").mkdir()
    return tmp_path


def bots_in(folder: Path) -> list[str]:
    """Name the processes that work below a folder."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").resolve()
        except OSError:
            continue
        if where.is_relative_to(folder / "tmp"):
            found.append(process.name)
    return found


def wait_for_a_bot(folder: Path) -> None:
    latest = time.monotonic() + 30
    while not bots_in(folder):
        assert time.monotonic() < latest
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_page_says_where_it_is_and_ends_without_leaving_anything(
    folder: Path, number: signal.Signals
) -> None:
    port = free_port()
    async with demo_page(folder, PAGE_PORT=str(port)) as process:
        said = await read_until(process, "Ctrl-C")
        assert f"open http://127.0.0.1:{port}/ in a browser" in said
        assert "The bot runs as process" in said
        assert len(await asyncio.to_thread(bots_in, folder)) == 1
        async with aiohttp.ClientSession() as browser, browser.get(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 200
        process.send_signal(number)
        out, _ = await process.communicate()
        assert (process.returncode, out) == (0, b"")
    assert await asyncio.to_thread(bots_in, folder) == []
    assert await asyncio.to_thread(lambda: list((folder / "tmp").iterdir())) == []
    assert "listening on" in await asyncio.to_thread((folder / "demo-output" / "bot.log").read_text)


async def test_it_ends_at_once_while_the_bot_still_starts(folder: Path) -> None:
    port = free_port()
    async with demo_page(folder, PAGE_PORT=str(port)) as process:
        await asyncio.to_thread(wait_for_a_bot, folder)
        process.send_signal(signal.SIGINT)
        out, _ = await process.communicate()
        assert (process.returncode, out) == (0, b"")
    assert await asyncio.to_thread(bots_in, folder) == []
    assert await asyncio.to_thread(lambda: list((folder / "tmp").iterdir())) == []


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "8090x", "9" * 5000, "\u0661\u0662"])
def test_a_port_that_is_none_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PAGE_PORT", port)
    with pytest.raises(PortError, match=r"^PAGE_PORT is no port: give a number from 1 to 65535, or leave it out\.$"):
        port_wanted()


def test_a_port_may_be_named_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGE_PORT", raising=False)
    assert port_wanted() is None
    monkeypatch.setenv("PAGE_PORT", " ")
    assert port_wanted() is None
    monkeypatch.setenv("PAGE_PORT", "8123")
    assert port_wanted() == 8123


async def test_a_port_that_is_taken_is_told_of_in_one_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with demo_page(folder, PAGE_PORT=str(port)) as process:
            out, _ = await process.communicate()
    assert process.returncode == 2
    assert out.decode() == f"The page cannot be at port {port}: it is taken. Name another one with PAGE_PORT.\n"


@pytest.mark.parametrize(
    ("terminal", "once", "arguments", "tells", "stays"),
    [
        (True, "", [], True, True),
        (True, "0", [], True, True),
        (True, "1", [], True, False),
        (False, "", [], True, False),
        (False, "", ["--page"], False, True),
        (True, "1", ["--page"], False, True),
    ],
)
def test_the_demo_stays_up_where_somebody_sits_before_it(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, once: str, arguments: list[str], tells: bool, stays: bool
) -> None:
    asked: list[dict[str, bool]] = []

    async def play(image: object, prompt: object, provider: object, **ways: bool) -> int:
        asked.append(ways)
        return 7

    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("ONCE", once)
    monkeypatch.setattr(sys, "argv", ["sandbox", *arguments])
    monkeypatch.setattr(command_line, "play", play)
    assert command_line.main() == 7
    assert asked == [{"tells": tells, "stays": stays}]


def test_ctrl_c_ends_the_story_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["sandbox"])
    monkeypatch.setattr(command_line, "play", play)
    assert command_line.main() == 130
