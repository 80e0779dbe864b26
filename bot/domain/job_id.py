"""The id of a job as members paste it: from a card, a list or a sentence, in backticks or with a sign before it."""

import re

from bot.errors import BadJobId

EXAMPLE_JOB_ID = "1m7wte9b7e357w"
"""What a good id looks like, for sentences."""

_AROUND = "`*_<>()[]\"'“”.,:; \t\n"
_WORD = re.compile(r"(?:job|id)[\s:#]+", re.IGNORECASE)
_ID = re.compile(r"[0-9a-z]{1,32}")


def read_job_id(typed: str) -> str:
    """Give the id that was meant; raises `BadJobId` for what can be none."""
    named = _ID.fullmatch(bare(typed).lower())
    if named is None:
        raise BadJobId(typed.strip()[:60])
    return named[0]


def bare(typed: str) -> str:
    """Take away what stands around a pasted id: backticks, signs, and the word for it."""
    named = typed.lstrip(_AROUND + "#").rstrip(_AROUND)
    word = _WORD.match(named)
    return named[word.end() :].lstrip(_AROUND + "#") if word else named
