"""The trail of one job: it may get shorter, and not longer again."""

import asyncio
import re
import sys

import pytest

from tests.meta.source_tree import ROOT

MOST = {
    "files entered": 128,
    "packages entered": 12,
    "crossings between files": 1900,
    "crossings between packages": 720,
}
"""What was reached, with a margin for a machine on which the worker looks for due jobs more often meanwhile.

Of the crossings between files some hundreds are sentences: each asks for its language, and for the way that numbers are
written there. They stay in one package, but for whoever draws something and says in which language. Some thirty of the
files only see that there is nothing for them to do: settings and presets, films and storyboards, pings, thumbnails and
words, a server's rules, blocks, removals, and what moderators are told.
"""

LEAST_FILES = 50
"""Fewer would say that the trail was not followed to its end."""


@pytest.mark.slow  # it follows a bot through a film and an extension, line by line
async def test_one_video_and_one_extend_cross_no_more_borders_than_was_reached() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.meta.trace", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    figures = {name: int(figure) for name, figure in re.findall(r"^([a-z ]+): (\d+)$", printed.decode(), re.MULTILINE)}
    assert process.returncode == 0
    assert set(figures) == set(MOST)
    assert {name: figure for name, figure in figures.items() if figure > MOST[name]} == {}
    assert figures["files entered"] >= LEAST_FILES
