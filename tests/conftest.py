"""What holds for all tests, wherever they run: markers by folder, how many made-up cases, how much memory."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.charmap import charmap_file

from tests.support.memory import MOST_MB, peak_mb

FOLDERS = Path(__file__).parent

TEXTS = "utf-8"
"""What a made-up text can be written as."""

# Made-up cases may take as long as they need, for other work shares the machine. `make test-fast` tries a tenth of
# them; `make test` tries all.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("patient"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))


def interrupt(number: int, frame: FrameType | None) -> None:
    """End the tests as Python's own handler does.

    In the place of that one asyncio would put another for each test and each fixture, and `signal` would describe all
    that the fixture gives, pictures too, only to find that it is no number.
    """
    signal.default_int_handler(number, frame)


# Who starts the tests in the background may let them ignore this signal, and then all that they start ignores it too.
signal.signal(signal.SIGINT, interrupt)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the name of its folder, and what runs on PostgreSQL or an S3 server."""
    for item in items:
        item.add_marker(item.path.relative_to(FOLDERS).parts[0])
        if "postgres" in item.path.stem or _engine_of(item) == "postgres":
            item.add_marker("postgres")
        if "s3" in getattr(item, "fixturenames", ()):
            item.add_marker("s3")


def _engine_of(item: pytest.Item) -> object:
    """Name the engine that a test of both runs on this time."""
    call = getattr(item, "callspec", None)
    return call and call.params.get("engine")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no one look for rubbish meanwhile, nor later among the thousands of tests: all of them stay to the end."""
    make_table_of_texts()
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def make_table_of_texts() -> None:
    """Let another process make the table of all texts that hypothesis keeps: that takes 200 MB for a moment."""
    if not any(charmap_file().parent.glob(f"codec-*{TEXTS}.*")):
        make = f"from hypothesis.internal.charmap import intervals_from_codec; intervals_from_codec({TEXTS!r})"
        subprocess.run([sys.executable, "-c", make], check=True)


@pytest.fixture(scope="module", autouse=True)
def within_memory(request: pytest.FixtureRequest) -> Generator[None]:
    """Fail the file that takes its process beyond what a test process may hold, where the Makefile asks for it."""
    before = peak_mb()
    yield
    after = peak_mb()
    if os.environ.get("HOLD_MEMORY") and before <= MOST_MB < after:
        pytest.fail(f"{request.node.nodeid} took its process from {before} to {after} MB; {MOST_MB} are allowed")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the peak of a worker to the process that started it, which prints it."""
    output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["peak_mb"] = peak_mb()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    """Keep what a worker says of its peak."""
    output: dict[str, object] = getattr(node, "workeroutput", {})
    PEAKS.append(f"{output.get('peak_mb', '?')} MB")


PEAKS: list[str] = []
"""The most memory that each worker held."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much memory the tests held at most."""
    terminalreporter.write_line(f"peak memory of a process: {', '.join(PEAKS) or f'{peak_mb()} MB'}")
