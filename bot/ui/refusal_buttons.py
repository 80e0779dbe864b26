"""What whoever was refused can do about it, below the sentence that they alone see; such a job has no card."""

from discord.ui import View

from bot.domain.job import Job
from bot.ui.buttons import AgainButton, EditButton
from bot.ui.more_menu import has_form

_NOT_MENDED_BY_WORDS = frozenset(
    {"blocked", "bad_picture", "no_such_picture", "no_such_clip", "not_offered", "preview_gone", "no_provider"}
)
"""The codes of refusals that no change in the form would do away with."""


def refusal_buttons(job: Job, again: tuple[int, int] | None) -> View | None:
    """Draw the buttons of a refusal; `again` is the least and the most that the same costs once more, in credits."""
    view = View(timeout=None)
    if again is not None:
        view.add_item(AgainButton(job.id, again))
    if has_form(job) and job.error_code not in _NOT_MENDED_BY_WORDS:
        view.add_item(EditButton(job.id, job.kind))
    return view if view.children else None
