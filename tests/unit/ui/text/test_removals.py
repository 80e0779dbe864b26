"""What is said of removed jobs: what came back, what stays charged, and whether there are more."""

import pytest

from bot.domain.job import State
from bot.domain.removal import Removed
from bot.services.removals import MOST
from bot.ui.removal import draw_all_form
from bot.ui.text.removals import removed
from tests.support.jobs import sample_job

WAITED = [sample_job(id=f"{number}", state=State.FAILING, cost=cost) for number, cost in ((1, 5), (2, 0))]
MADE = sample_job(id="3", state=State.DONE, cost=90)
KEPT = "What was charged stays charged."


@pytest.mark.parametrize(
    ("done", "ends"),
    [
        (Removed((WAITED[0],), (WAITED[0],)), "deleted. All 5 credits came back."),
        (Removed((WAITED[1],), (WAITED[1],)), "are being deleted."),
        (Removed((MADE,)), f"deleted. {KEPT}"),
        (Removed((MADE, WAITED[1]), (WAITED[1],)), f"deleted. {KEPT}"),
        (
            Removed((MADE, WAITED[0]), (WAITED[0],)),
            "deleted. 5 credits of what waited came back; what else was charged stays charged.",
        ),
        (Removed((MADE,), more=True), f"deleted. {KEPT} There are more, which are older: ask again for them."),
    ],
)
def test_what_is_removed_says_what_came_back_and_what_stays_charged(done: Removed, ends: str) -> None:
    assert removed(done).endswith(ends)


@pytest.mark.parametrize(("number", "more"), [(MOST, False), (MOST + 1, True)])
def test_of_too_many_the_form_says_that_there_are_more(number: int, more: bool) -> None:
    form = draw_all_form(number, 12, 0, "")
    assert form.title == f"Remove {MOST} jobs for good?"
    assert ("These are the newest; there are more, so ask again after it." in str(form.to_dict())) == more
