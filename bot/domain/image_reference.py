"""Pictures that a video may start from instead of an attached one, as members name them.

`job` and `job#end` are what a card began or ended with, `job#2` is a picture that it made, `task#2` is one of a
provider's own.
"""

import re

from bot.domain.job_id import bare
from bot.domain.params import JobImageRef, ProviderImageRef
from bot.errors import BadSource

_CARD = re.compile(r"([0-9a-hjkmnp-tv-z]{14})(?:#(start|end|[1-4]))?")
_OURS = re.compile(r"[0-9a-hjkmnp-tv-z]{14}#")
_TASK = re.compile(r"([A-Za-z0-9][A-Za-z0-9._:-]{0,127})#([1-4])")


def read_source(typed: str) -> tuple[JobImageRef | None, ProviderImageRef | None]:
    """Tell a picture on one of our cards from one of a provider's imagine task; raises `BadSource` for neither."""
    named = bare(typed)
    if card := _CARD.fullmatch(named.lower()):
        return JobImageRef(card[1], card[2] or "start"), None
    task = _TASK.fullmatch(named)
    if task and not _OURS.match(named.lower()):
        return None, ProviderImageRef(task[1], int(task[2]) - 1)
    raise BadSource(named[:60])
