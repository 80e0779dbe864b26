"""The README is short, and no document leads anywhere that is not there."""

import re
from pathlib import Path

import pytest

from tests.meta.documents import anchors, documents, links, prose
from tests.meta.source_tree import ROOT, read

MOST_WORDS = 1600
"""Words of the README without its code blocks: what is longer is read by nobody; the rest stands in docs/."""

MOST_BYTES = 2 * 1024 * 1024
"""How large a picture in the documents may be."""


def test_the_readme_stays_short() -> None:
    assert len(prose("README.md").split()) <= MOST_WORDS


def followed(name: str) -> set[str]:
    """Give the documents that another leads to; a link to a folder shows all that are in it."""
    targets = {target for target, _ in links(name)}
    return {one for one in documents() if one in targets or str(Path(one).parent) in targets}


def test_every_document_is_reached_from_the_readme() -> None:
    reached: set[str] = set()
    ahead = {"README.md"}
    while ahead:
        reached |= ahead
        ahead = {target for name in ahead for target in followed(name)} - reached
    assert {name for name in documents() if name.startswith("docs/")} - reached == set()


@pytest.mark.parametrize("document", documents())
def test_a_documents_links_lead_to_files_and_headings_that_are_there(document: str) -> None:
    targets = set(links(document))
    assert {path for path, _ in targets if not (ROOT / path).exists()} == set()
    assert {(path, part) for path, part in targets if part and part not in anchors(path)} == set()


@pytest.mark.parametrize("document", documents())
def test_what_a_document_says_to_make_can_be_made(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", prose(document))) <= targets


def test_the_pictures_of_the_documents_are_small_and_all_are_shown() -> None:
    shown = {path for name in documents() for path, _ in links(name) if path.startswith("docs/pictures/")}
    assert shown == {str(path.relative_to(ROOT)) for path in (ROOT / "docs/pictures").iterdir()}
    assert [path for path in shown if (ROOT / path).stat().st_size > MOST_BYTES] == []
