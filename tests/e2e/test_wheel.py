"""The wheel is enough: installed where nothing of the checkout can be seen, it makes a film."""

import os
import re
import subprocess
import sys
import tomllib
import venv
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.meta.source_tree import ROOT, project_files, read

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")
NOTHING_IS_SET = {"PATH": os.environ.get("PATH", "")}


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with an environment of its own."""
    return subprocess.run(command, cwd=folder, env=NOTHING_IS_SET, capture_output=True, text=True, timeout=300)


def _name(requirement: str) -> str:
    """Give the distribution that a requirement asks for."""
    return re.split(r"[^\w.-]", requirement)[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend that the lock pins; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(*PIP, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", folder, ROOT, folder=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into an environment of its own, which borrows the dependencies of this one; give its `bin`."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    command = (*PIP, "--python", folder / "bin" / "python", "install", "--no-compile", "--no-deps", "--no-index", wheel)
    done = run(*command, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (packages,) = folder.glob("lib/python*/site-packages")
    borrowed = [place for place in sys.path if place.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))
    return folder / "bin"


def test_the_wheel_holds_the_packages_with_their_data_and_no_tests(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        names = set(file.namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot", "cogs", "sandbox"}
    sources = {str(path.relative_to(ROOT)) for path in project_files()}
    assert {"bot/doctor/clip.mp4", "sandbox/discord/openapi.LICENSE", "sandbox/web/static/index.html"} <= names
    assert {name for name in sources if name.startswith(("bot/", "cogs/", "sandbox/"))} <= names


def test_extras_add_what_they_are_named_for(wheel: Path) -> None:
    with ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(file.read(name))
    needed = metadata.get_all("Requires-Dist", [])
    added = {extra: {line for line in needed if f"extra == '{extra}'" in line} for extra in ("film", "sandbox")}
    asked = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    assert {extra: {_name(line) for line in lines} for extra, lines in added.items()} == {
        extra: {_name(line) for line in asked[extra]} for extra in added
    }
    assert _name("av>=17") in {_name(line) for line in added["film"]}


def test_the_command_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "animatic", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "DISCORD_TOKEN is not set; put it into the environment or .env.\n"


def test_a_film_is_made_by_what_was_installed(installed: Path, tmp_path: Path) -> None:
    script = Path(__file__).with_name("support") / "order_film.py"
    done = run(installed / "python", "-I", script, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    *packages, synced, film = sorted(done.stdout.splitlines(), key=lambda line: not line.startswith("/"))
    assert [Path(package).parents[3] for package in packages] == [installed.parent] * 3
    assert re.fullmatch(r"\d+ commands are registered\.", synced)
    assert re.findall(r"\S+\.mp4", film) == film.split()
    assert len(film.split()) == 4
