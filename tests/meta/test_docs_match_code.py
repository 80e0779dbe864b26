"""What surrounds the code says what the code does: the documents, the settings' sample, the locks and the image."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import discord
import pytest
import yaml
from aiohttp.test_utils import TestServer

from bot.config import Settings, load_settings
from bot.providers.registry import provider_names
from bot.web import build_web
from tests.meta.source_tree import (
    ROOT,
    SOURCES,
    imports_of,
    project_files,
    read,
    within,
)
from tests.support.settings import DEFAULTS

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
)

# In parts, so that this file does not hold what it forbids.
INDEXES = tuple("".join(parts) for parts in (("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org")))
OUTSIDE = tuple("".join(parts) for parts in (("..", "/shared"), ("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/")))


def spelled(default: Any) -> str | None:
    """Write a default as it stands in the environment; None when it is no value at all."""
    match default:
        case None | frozenset():
            return None
        case bool():
            return str(default).lower()
        case float():
            return f"{default:g}"
        case _:
            return str(default)


def defaults() -> dict[str, str | None]:
    """Give every setting's name, with its default."""
    return {name: spelled(default) for name, default in DEFAULTS.items()}


def pins(lock: str) -> dict[str, frozenset[str]]:
    """Read a lock file: each requirement as it stands there, with its hashes."""
    blocks = re.split(r"\n(?=\S)", read(lock).strip())
    return {block.split(" \\")[0]: frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", block)) for block in blocks}


def distributions(lock: str) -> set[str]:
    """Name what a lock file installs."""
    return {pin.partition("==")[0] for pin in pins(lock)}


def citations(path: Path) -> set[tuple[str, str]]:
    """Find the facts that a file cites; a section without a document's name, beside the providers, is of theirs."""
    cited = set(re.findall(r"\b([a-z]+\.md), section (\d+(?:\.\d+)?)", path.read_text("utf-8")))
    if "providers" in path.parts:
        cited |= {("providers.md", section) for section in re.findall(r"\(section ([\d.]+)\)", path.read_text("utf-8"))}
    return cited


async def exit_code_of(arguments: list[str], environment: Mapping[str, str]) -> int:
    process = await asyncio.create_subprocess_exec(*arguments, env=environment, stderr=subprocess.DEVNULL)
    return await process.wait()


def test_the_document_of_the_settings_lists_each_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| [^|]+ \|$", read("docs/settings.md"), re.MULTILINE)
    listed = {name: None if default == "none" else default.strip("`") for name, default in rows}
    assert listed == defaults()
    assert len(rows) == len(listed)


def test_the_sample_of_the_settings_names_each_with_its_default() -> None:
    lines = re.findall(r"^(# )?([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE)
    left_to_fill = [name for commented, name, _ in lines if not commented]
    assert left_to_fill == ["DISCORD_TOKEN", "TTAPI_API_KEY"]
    assert {name: value or None for _, name, value in lines if name != "DISCORD_TOKEN"} == {
        name: default for name, default in defaults().items() if name != "DISCORD_TOKEN"
    }
    assert len(lines) == len(DEFAULTS)


def test_the_sample_of_the_settings_can_be_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DEFAULTS:
        monkeypatch.delenv(name, raising=False)
    lines = re.findall(r"^(?:# )?([A-Z_]+=.*)$", read(".env.example"), re.MULTILINE)
    filled = [f"{line}filled" if line in ("DISCORD_TOKEN=", "TTAPI_API_KEY=") else line for line in lines]
    (tmp_path / ".env").write_text("\n".join(filled))
    monkeypatch.chdir(tmp_path)
    loaded = load_settings(provider_names())
    assert list(loaded.accounts) == ["ttapi"]
    assert loaded.model_dump(exclude={"discord_token", *provider_names()}) == {
        name.lower(): default
        for name, default in DEFAULTS.items()
        if name.lower() in Settings.model_fields and default != "required"
    }
    assert loaded.prices.at("ttapi") == loaded.prices.usual


def test_the_invitation_asks_for_exactly_what_the_bot_needs() -> None:
    readme, operations = read("README.md"), read("docs/operations.md")
    assert re.findall(r"scope=(\S+?)&permissions=(\d+)", readme) == [("bot+applications.commands", str(NEEDED.value))]
    rows = re.findall(r"^\| ([A-Z][A-Za-z ]+) \| (\d+) \| (\d+) \|$", operations, re.MULTILINE)
    assert all(1 << int(bit) == int(value) for _, bit, value in rows)
    assert sum(int(value) for _, _, value in rows) == NEEDED.value
    assert f"| **{NEEDED.value}** |" in operations


def test_a_fact_that_the_code_cites_is_written_down() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    cited = {cite for path in (*SOURCES.values(), *tests) for cite in citations(path)}
    written = {
        (path.name, section)
        for path in (ROOT / "docs").glob("*.md")
        for section in re.findall(r"^(?:#{2,3} |- \*\*)(\d+(?:\.\d+)?)\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert cited - written == set()
    assert {name for name, _ in cited} == {"discord.md", "providers.md"}


def test_no_file_names_a_package_index_or_a_place_outside() -> None:
    forbidden = [word.encode() for word in (*INDEXES, *OUTSIDE)]
    found = [
        f"{path.relative_to(ROOT)}: {word.decode()}"
        for path in project_files()
        for word in forbidden
        if word in path.read_bytes()
    ]
    assert found == []


def test_the_locks_agree_and_hash_every_line() -> None:
    running, developing = pins("requirements.lock"), pins("requirements-dev.lock")
    assert [pin for pin, hashes in (running | developing).items() if not hashes or "==" not in pin] == []
    assert running.items() <= developing.items()


def test_the_lock_holds_everything_that_the_bot_imports() -> None:
    of = packages_distributions()
    needed = {
        of[top][0].lower().replace("_", "-").replace(".", "-")
        for module in SOURCES
        if not within(module, "sandbox")
        for top in {name.partition(".")[0] for name in imports_of(module)} - sys.stdlib_module_names - {"bot", "cogs"}
    }
    assert needed - {name.replace("_", "-").replace(".", "-") for name in distributions("requirements.lock")} == set()
    assert "av" in distributions("requirements.lock")


def test_the_image_copies_what_there_is_and_runs_without_rights() -> None:
    dockerfile, let_in = read("Dockerfile"), read(".dockerignore")
    copied = re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE)
    assert copied == ["requirements.lock", "bot", "cogs"]
    assert set(re.findall(r"^!(\S+)$", let_in, re.MULTILINE)) == set(copied)
    assert let_in.startswith("*\n")
    last_stage = dockerfile.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", last_stage, re.MULTILINE) == ["animatic"]
    assert "VOLUME /app/data" in last_stage
    assert "--require-hashes" in dockerfile


@pytest.mark.parametrize(("ailment", "code"), [(None, 0), ("The gateway is not ready.", 1)])
async def test_the_image_is_healthy_when_the_bot_is(ailment: str | None, code: int) -> None:
    async def ask() -> str | None:
        return ailment

    async def receive(_job: str, _secret: str, _read: object) -> bool:
        return False

    async def find_film(_job: str, _clip: int, _secret: str, _method: str) -> None:
        return None

    found = re.search(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", read("Dockerfile"), re.MULTILINE)
    assert found is not None
    _, *arguments = json.loads(found[1])
    async with TestServer(build_web(ask, receive, find_film), host="127.0.0.1") as server:
        port = str(server.make_url("/").port)
        environment = {**os.environ, "HTTP_PORT": port, "http_proxy": "http://127.0.0.1:1"}
        assert await exit_code_of([sys.executable, *arguments], environment) == code


def test_compose_runs_one_service_that_keeps_its_data() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    (service,) = compose["services"].values()
    assert service["env_file"] == ".env"
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "15s"
    (mount,) = service["volumes"]
    name, _, place = mount.partition(":")
    assert name in compose["volumes"]
    assert f"VOLUME {place}\n" in read("Dockerfile")


def test_compose_gives_the_service_no_more_than_it_needs() -> None:
    (service,) = yaml.safe_load(read("compose.yaml"))["services"].values()
    assert service["read_only"] is True
    assert [place.partition(":")[0] for place in service["tmpfs"]] == ["/tmp"]  # noqa: S108  # the container's own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] == "2g"
    assert service["pids_limit"] == 256
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}


def test_the_hooks_check_what_make_checks_and_need_no_network() -> None:
    (local,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    recipe = read("Makefile").partition("\ncheck:")[2].partition("\n\n")[0]
    assert local["repo"] == "local"
    assert {hook["language"] for hook in local["hooks"]} == {"system"}
    assert [hook["entry"] for hook in local["hooks"]] == [
        f".venv/bin/{command}" for command in re.findall(r"^\t\$\(BIN\)/(.+)$", recipe, re.MULTILINE)
    ]


def test_the_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "for target in check test; do" in read(".ci/run")
