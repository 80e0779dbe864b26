"""The lock files pin all that is installed, and name no index: they work behind any mirror."""

import json
import re
import tomllib
from typing import Any

import pytest

from tests.meta.source_tree import read

LOCK_FILES = ("requirements.lock", "requirements-dev.lock", "package-lock.json")

ADDRESS = re.compile(r"https?://\S+")

THANKS = ("https://opencollective.com/", "https://github.com/sponsors/")
"""Whom a package may name to be thanked: no address of what is installed."""


def lock() -> dict[str, Any]:
    return json.loads(read("package-lock.json"))


@pytest.mark.parametrize("name", LOCK_FILES)
def test_no_lock_file_names_an_index(name: str) -> None:
    assert [found for found in ADDRESS.findall(read(name)) if not found.startswith(THANKS)] == []
    assert '"resolved"' not in read(name)
    assert "--index-url" not in read(name)


def test_npm_leaves_the_addresses_out_of_what_it_writes() -> None:
    assert read(".npmrc").split() == ["omit-lockfile-registry-resolved=true"]


def test_the_scripts_are_checked_by_two_packages_and_no_more() -> None:
    wanted = json.loads(read("package.json"))
    assert set(wanted["devDependencies"]) == {"typescript", "@biomejs/biome"}
    assert "dependencies" not in wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["devDependencies"].values())
    assert lock()["packages"][""]["devDependencies"] == wanted["devDependencies"]


def test_every_package_of_the_scripts_is_pinned_by_its_hash() -> None:
    packages = {name: package for name, package in lock()["packages"].items() if name}
    assert {"node_modules/typescript", "node_modules/@biomejs/biome"} <= set(packages)
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_the_page_and_its_tests_need_no_npm() -> None:
    recipes = dict(re.findall(r"^(\w+): (.*)$", read("Makefile"), re.MULTILINE))
    assert "$(SCRIPTS_READY)" in recipes["check"]
    assert [name for name in ("demo", "page", "test") if recipes[name] != "$(READY)"] == []


def test_the_sandbox_declares_what_its_types_come_from() -> None:
    extras = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    assert any(one.startswith("typing-extensions") for one in extras["sandbox"])
