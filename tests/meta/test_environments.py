"""Each version of Python has an environment of its own, and tries all tests but those with bots on each machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.meta.source_tree import ROOT, read

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def python(path: Path, version: str) -> Path:
    """Write something that answers as a Python of this version does when it is asked for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a clone of the project, as far as make looks at it."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Makefile", "requirements-dev.lock", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    (folder / "node_modules").mkdir()
    return folder


def set_up(project: Path, environment: str, version: str, key: str = "version") -> None:
    """Leave an environment behind that is ready."""
    folder = project / environment
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\n{key} = {version}.7\n")
    for ready in (folder, project / "node_modules"):
        (ready / ".ready").touch()


def make(project: Path, target: str, version: str) -> str:
    """Give what make would do."""
    asked = f"PYTHON={python(project.parent / 'bin' / 'python', version)}"
    done = subprocess.run(["make", "--dry-run", target, asked], cwd=project, capture_output=True, text=True, check=True)  # noqa: S607  # make is on the PATH
    return done.stdout


def environments(said: str) -> set[str]:
    """Name the environments that commands are run from."""
    return set(re.findall(r"(?<!\S)(\.venv[^/\s]*)/bin/", said))


@pytest.mark.parametrize("version", ["3.11", "3.13"])
def test_the_first_version_has_the_environment_that_editors_and_hooks_use(project: Path, version: str) -> None:
    said = make(project, "test", version)
    assert "-m venv .venv\n" in said
    assert environments(said) == {".venv"}


@pytest.mark.parametrize("key", ["version", "version_info"])
@pytest.mark.parametrize("target", ["test", "test-fast"])
def test_another_version_has_one_of_its_own(project: Path, target: str, key: str) -> None:
    set_up(project, ".venv", "3.11", key)
    said = make(project, target, "3.13")
    assert "-m venv .venv-3.13\n" in said
    assert environments(said) == {".venv-3.13"}
    set_up(project, ".venv-3.13", "3.13", key)
    assert "-m venv" not in make(project, target, "3.13")
    back = make(project, target, "3.11")
    assert "-m venv" not in back
    assert environments(back) == {".venv"}


@pytest.mark.parametrize("target", ["check", "test", "test-fast"])
def test_what_is_run_is_said_before_it_begins(project: Path, target: str) -> None:
    set_up(project, ".venv", "3.11")
    set_up(project, ".venv-3.12", "3.12")
    first = next(line for line in make(project, target, "3.12").splitlines() if line.startswith(".venv-3.12/bin/"))
    assert "print('== Python', platform.python_version(), 'in .venv-3.12'" in first


def test_a_python_that_cannot_be_run_runs_nothing_on_another_one(project: Path) -> None:
    set_up(project, ".venv", "3.11")
    command = ["make", "--no-print-directory", "--dry-run", "test", "PYTHON=/nowhere/python3.13"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "/nowhere/python3.13 cannot be run; set PYTHON to Python 3.11 or newer" in done.stderr
    assert done.stdout == ""


def test_a_clean_checkout_keeps_no_environment(project: Path) -> None:
    assert ".venv .venv-*" in make(project, "clean", "3.12")
    assert {".venv/", ".venv-*/"} <= set(read(".gitignore").split())


def test_the_machines_other_versions_are_found_once_each(tmp_path: Path) -> None:
    path, pyenv = tmp_path / "bin", tmp_path / "pyenv" / "versions"
    for name in ("bash", "grep", "sort"):
        path.mkdir(exist_ok=True)
        (path / name).symlink_to(shutil.which(name) or name)
    python(path / "python3", "3.11")
    python(path / "python3.11", "3.11")
    python(path / "python3.14", "3.14")
    python(path / "python3.15", "")  # not released, or something is missing in it
    (path / "python3.12").write_text("#!/bin/sh\nexit 127\n")  # what pyenv leaves for a version that is not chosen
    (path / "python3.12").chmod(0o755)
    python(pyenv / "3.12.1" / "bin" / "python", "3.12")
    python(pyenv / "3.12.9" / "bin" / "python", "3.12")
    python(pyenv / "3.14.0" / "bin" / "python", "3.14")
    found = subprocess.run(
        [ROOT / ".ci" / "pythons"],
        env={"PATH": str(path), "PYENV_ROOT": str(pyenv.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["python3.14", str(pyenv / "3.12.1" / "bin" / "python")]


def test_the_ci_script_runs_all_but_the_bots_on_each_of_them() -> None:
    script = read(".ci/run")
    assert "others=$(.ci/pythons)\n" in script
    assert 'make --no-print-directory test-without-bots PYTHON="$python"' in script


def test_make_runs_every_file_of_tests_once(project: Path) -> None:
    runs = [line for line in make(project, "test", "3.11").splitlines() if " -m pytest " in line]
    tried = [file for line in runs for file in files_of(line)]
    assert sorted(tried) == sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))


def files_of(command: str) -> list[str]:
    """List the files that a run of pytest tries."""
    left_out = re.findall(r"--ignore (\S+)", command)
    named = set(re.findall(r"(?<!--ignore )\btests/[\w/]+", command))
    files = {path.relative_to(ROOT) for one in named for path in (ROOT / one).rglob("test_*.py")}
    return [path.as_posix() for path in files if not any(path.is_relative_to(folder) for folder in left_out)]


def test_the_fast_tests_are_units_and_several_of_them_together(project: Path) -> None:
    runs = [line for line in make(project, "test-fast", "3.11").splitlines() if " -m pytest " in line]
    folders = {file.split("/")[1] for line in runs for file in files_of(line)}
    assert folders == {"unit", "integration"}
    assert all('-m "not slow and not postgres and not s3"' in line for line in runs)
