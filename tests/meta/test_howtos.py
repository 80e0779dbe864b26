"""The how-tos are true: the files that they name are there, and their own list is all that a fifth provider takes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.source_tree import ROOT, SOURCES, read

HOWTOS = ("add-a-provider", "add-a-migration")
MODEL, NEW = "cometapi", "example"

FIFTH = """
from bot.config import load_settings
from bot.domain.credits import PriceList
from bot.providers.registry import PROVIDERS, find_provider, open_providers, provider_names, title_of
from bot.services.validation import RequestValidator
from contextlib import AsyncExitStack
from sandbox.provider.vendors import VENDORS
import asyncio

async def main():
    settings = load_settings(provider_names())
    async with AsyncExitStack() as stack:
        providers = open_providers(stack, settings.accounts)
        options = RequestValidator(providers, settings.prices, frozenset()).available_options()
        print(settings.video_provider, *settings.accounts)
        print(title_of("example"), find_provider(providers.values(), "example").name)
        print(settings.prices.at("example").sd, options.clips, VENDORS["example"].title)

asyncio.run(main())
"""


def files_of(provider: str) -> list[str]:
    """Read the how-to's own list of files, as it is for a provider."""
    table = read("docs/howto/add-a-provider.md").partition("<!-- files -->\n")[2]
    return [name.replace("<example>", provider) for name in re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)]


def renamed(text: str) -> str:
    """Write the model's code as another provider's."""
    for old, new in (
        ("cometapi", "example"),
        ("CometApi", "Example"),
        ("CometAPI", "Example"),
        ("COMETAPI", "EXAMPLE"),
    ):
        text = text.replace(old, new)
    return text


def add_to_list(file: Path, last: str, added: str, imported: str) -> None:
    """Add a name behind the last of a registry, and import it."""
    text = file.read_text("utf-8")
    assert f"{last})" in text
    head, first, rest = text.partition("from ")
    file.write_text(f"{head}{imported}\n{first}" + rest.replace(f"{last})", f"{last}, {added})", 1), "utf-8")


@pytest.mark.parametrize("howto", HOWTOS)
def test_a_howto_names_only_files_that_are_there(howto: str) -> None:
    text = read(f"docs/howto/{howto}.md")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert len(links) > 2
    assert [link for link in links if not (ROOT / "docs/howto" / link).resolve().is_file()] == []


def test_the_model_of_a_provider_has_each_file_of_the_list() -> None:
    named = files_of(MODEL)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_only_the_files_of_the_list_name_a_provider() -> None:
    code = {str(path.relative_to(ROOT)) for module, path in SOURCES.items() if not module.startswith("sandbox")}
    naming = {name for name in code if re.search(MODEL, read(name), re.IGNORECASE)}
    assert naming <= set(files_of(MODEL))


def test_a_fifth_provider_takes_no_more_than_the_list(tmp_path: Path) -> None:
    for top in ("bot", "cogs", "sandbox"):
        shutil.copytree(ROOT / top, tmp_path / top, ignore=shutil.ignore_patterns("__pycache__", "static"))
    provider, registry, vendor, vendors = files_of(NEW)[:4]
    model_provider, _, model_vendor, _ = files_of(MODEL)[:4]
    (tmp_path / provider).write_text(renamed(read(model_provider)), "utf-8")
    (tmp_path / vendor).parent.mkdir()
    for file in (ROOT / model_vendor).parent.glob("*.py"):
        (tmp_path / vendor).with_name(file.name).write_text(renamed(file.read_text("utf-8")), "utf-8")
    add_to_list(tmp_path / registry, "CometApi", "Example", "from bot.providers.example import Example")
    add_to_list(tmp_path / vendors, "COMETAPI", "EXAMPLE", "from sandbox.provider.example.vendor import EXAMPLE")
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(tmp_path),
        "DISCORD_TOKEN": "token",
        "EXAMPLE_API_KEY": "key",
        "EXAMPLE_PRICE_SD": "9",
        "TTAPI_API_KEY": "key",
        "VIDEO_PROVIDER": "Example",
    }
    done = subprocess.run(
        [sys.executable, "-c", FIFTH], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["example example ttapi", "Example example", "9 (4, 2, 1) Example"]
