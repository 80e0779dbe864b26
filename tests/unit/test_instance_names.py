"""Names and their locks: held as long as their process lives, and free the moment it is gone."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.locks import FileInstanceNames
from tests.meta.source_tree import ROOT

TIMEOUT_SECONDS = 30
"""Seconds after which another process is surely stuck."""

HOLD = """
import sys
from pathlib import Path

from bot.locks import FileInstanceNames

with FileInstanceNames(Path(sys.argv[1])).hold() as name:
    print(name, flush=True)
    sys.stdin.readline()
"""

ASK = """
import sys
from pathlib import Path

from bot.locks import FileInstanceNames

print(FileInstanceNames(Path(sys.argv[1])).held(sys.argv[2]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "locks"


@contextmanager
def holder(folder: Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Let another process hold a name until a line comes in, or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def asked_elsewhere(folder: Path, name: str) -> bool:
    """Ask from another process whether a name is held."""
    answer = subprocess.run(
        [sys.executable, "-c", ASK, str(folder), name],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
        cwd=ROOT,
    )
    return answer.stdout.strip() == "True"


def test_a_name_is_held_for_everybody_until_it_is_let_go(folder: Path) -> None:
    names = FileInstanceNames(folder)
    with names.hold() as name:
        assert names.held(name)
        assert FileInstanceNames(folder).held(name)
        assert asked_elsewhere(folder, name)
    assert not names.held(name)
    assert list(folder.iterdir()) == []


def test_asking_for_a_held_name_does_not_take_it_away(folder: Path) -> None:
    with FileInstanceNames(folder).hold() as name:
        for _ in range(3):
            assert FileInstanceNames(folder).held(name)


def test_a_name_is_let_go_when_its_block_raises(folder: Path) -> None:
    seen: list[str] = []

    def hold_and_raise() -> None:
        with FileInstanceNames(folder).hold() as name:
            seen.append(name)
            raise LookupError

    with pytest.raises(LookupError):
        hold_and_raise()
    assert not FileInstanceNames(folder).held(seen[0])


def test_a_name_of_another_process_is_held_until_that_process_lets_it_go(folder: Path) -> None:
    with holder(folder) as (process, name):
        assert FileInstanceNames(folder).held(name)
        process.communicate("\n", timeout=TIMEOUT_SECONDS)
        assert process.returncode == 0
        assert not FileInstanceNames(folder).held(name)


def test_the_name_of_a_killed_process_is_free_at_once_and_its_file_is_removed(folder: Path) -> None:
    with holder(folder) as (process, name):
        assert FileInstanceNames(folder).held(name)
        process.send_signal(signal.SIGKILL)
        process.wait(TIMEOUT_SECONDS)
        assert [path.stem for path in folder.iterdir()] == [name]
        assert not FileInstanceNames(folder).held(name)
        assert list(folder.iterdir()) == []
        assert not FileInstanceNames(folder).held(name)


def test_a_process_that_is_stopped_but_alive_keeps_its_name(folder: Path) -> None:
    with holder(folder) as (process, name):
        process.send_signal(signal.SIGSTOP)
        assert FileInstanceNames(folder).held(name)
        process.send_signal(signal.SIGCONT)


def test_a_child_of_the_holder_does_not_keep_the_name_alive(folder: Path) -> None:
    with ExitStack() as stack:
        with FileInstanceNames(folder).hold() as name:
            child = stack.enter_context(subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE))
            lock = folder / f"{name}.lock"
            kept = folder / "kept"
            os.link(lock, kept)
        # The child still runs; had it inherited the lock, the old file would still be locked.
        kept.rename(lock)
        assert not FileInstanceNames(folder).held(name)
        child.kill()


def test_processes_get_names_of_their_own(folder: Path) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(FileInstanceNames(folder).hold()) for _ in range(50)]
        assert len(set(held)) == 50
        assert all(FileInstanceNames(folder).held(name) for name in held)


@pytest.mark.parametrize("name", ["nobody", "../outside", "", "/etc/passwd"])
def test_a_name_that_nobody_ever_held_is_free_and_touches_no_other_file(folder: Path, name: str) -> None:
    outside = folder.parent / "outside.lock"
    outside.touch()
    folder.mkdir()
    assert not FileInstanceNames(folder).held(name)
    assert outside.exists()
    assert list(folder.iterdir()) == []


def test_a_folder_that_does_not_exist_holds_nobody(folder: Path) -> None:
    assert not FileInstanceNames(folder).held("nobody")


def test_many_who_remove_the_same_dead_name_at_once_do_not_stumble(folder: Path) -> None:
    folder.mkdir()
    for number in range(50):
        name = f"dead{number}"
        (folder / f"{name}.lock").touch()
        together = threading.Barrier(4)

        def ask(name: str = name, together: threading.Barrier = together) -> bool:
            together.wait(TIMEOUT_SECONDS)
            return FileInstanceNames(folder).held(name)

        with ThreadPoolExecutor(4) as pool:
            answers = [asked.result() for asked in [pool.submit(ask) for _ in range(4)]]
        # Whoever looks while another removes the file may see it locked; all see it gone the next time.
        assert not all(answers)
        assert not FileInstanceNames(folder).held(name)
    assert list(folder.iterdir()) == []


def test_a_lock_file_that_somebody_removed_lets_the_holder_leave_in_peace(folder: Path) -> None:
    with FileInstanceNames(folder).hold() as name:
        (folder / f"{name}.lock").unlink()
        assert not FileInstanceNames(folder).held(name)


def test_whoever_comes_removes_the_lock_files_of_the_dead_and_of_nobody_else(folder: Path) -> None:
    with holder(folder) as (killed, dead), holder(folder) as (_, alive):
        killed.send_signal(signal.SIGKILL)
        killed.wait(TIMEOUT_SECONDS)
        (folder / "turns").touch()
        with FileInstanceNames(folder).hold() as own:
            assert {path.name for path in folder.iterdir()} == {f"{own}.lock", f"{alive}.lock", "turns"}
            assert asked_elsewhere(folder, own)
        assert not FileInstanceNames(folder).held(dead)


def test_many_who_come_at_once_remove_no_living_ones_file(folder: Path) -> None:
    def come_and_look(_: int) -> bool:
        with FileInstanceNames(folder).hold() as name:
            return FileInstanceNames(folder).held(name)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(come_and_look, range(400)))
    assert list(folder.iterdir()) == []
