"""Draw a list of jobs."""

from collections.abc import Sequence

from discord.ui import LayoutView, TextDisplay

from bot.domain.job import Job, card_link
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.text import captions

PROMPT = 60
"""Characters of each prompt that a list shows."""


def draw_list(jobs: Sequence[Job]) -> LayoutView:
    """Draw jobs, one a line, as many as one message holds."""
    lines: list[str] = []
    for job in jobs:
        line = captions.listed(job, escape(" ".join(job.params.prompt.split()), PROMPT), card_link(job))
        if sum(len(one) + 1 for one in lines) + len(line) > MAX_TEXT:
            break
        lines.append(line)
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay("\n".join(lines) or captions.no_jobs()))
    return view
