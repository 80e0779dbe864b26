"""What is opened at the start: as many files as the system lets the bot have."""

import resource
import subprocess
import sys

from tests.meta.source_tree import ROOT

RAISE = """
import resource
from bot.resources import _raise_file_limit

_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
_raise_file_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def test_the_limit_of_open_files_is_raised() -> None:
    """In another process, because this one's limit is everybody's."""
    said = subprocess.run([sys.executable, "-c", RAISE], capture_output=True, text=True, check=True, cwd=ROOT)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert int(said.stdout) == (65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536))
