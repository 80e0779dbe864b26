"""The menu at a card's end offers what fits the job, and hands over what was chosen."""

from collections.abc import Collection
from typing import Any

import pytest

from bot.domain.job import Kind, State
from bot.ui.more_menu import ENTRIES, more_row, withheld_entries
from tests.support.jobs import JOB_ID, sample_job


def offered(withheld: Collection[str] = (), **fields: Any) -> dict[str, str]:
    """Give the entries of a job's menu by what is sent for them."""
    rows: list[Any] = more_row(sample_job(**fields), 1, withheld=withheld)
    return {
        option["value"]: option["label"]
        for row in rows
        for option in row.to_component_dict()["components"][0]["options"]
    }


HIDE, EDIT = {"hide": "Hide behind a spoiler"}, {"edit": "Edit and run again"}
DRAW = {"edit": "Edit and draw four new pictures"}
STAR, SHARE, REMOVE = {"star": "Star"}, {"share": "Share in the showcase"}, {"remove": "Remove"}


@pytest.mark.parametrize(
    ("kind", "done", "failed"),
    [
        (Kind.VIDEO, EDIT | SHARE | HIDE, EDIT | HIDE),
        (Kind.EXTEND, EDIT | SHARE | HIDE, EDIT | HIDE),
        (Kind.IMAGINE, EDIT | SHARE | HIDE, EDIT),
        (Kind.ACTION, DRAW | SHARE | HIDE, DRAW),
        (Kind.BLEND, EDIT | SHARE | HIDE, EDIT),
        (Kind.REGION, EDIT | SHARE | HIDE, EDIT),
        (Kind.DESCRIBE, {"again": "Describe again, 1 credit"}, {}),
        (Kind.SEED, {}, {}),
    ],
)
def test_each_kind_offers_what_can_be_done_with_it(kind: Kind, done: dict[str, str], failed: dict[str, str]) -> None:
    assert offered(kind=kind, state=State.DONE) == STAR | done | REMOVE
    assert offered(kind=kind, state=State.FAILED) == STAR | failed | REMOVE
    assert offered(kind=kind, state=State.FAILING) == STAR | failed | REMOVE


def test_what_is_hidden_can_be_shown() -> None:
    assert offered(state=State.DONE, spoiler=1) == STAR | EDIT | SHARE | {"unhide": "Show without spoiler"} | REMOVE


def test_what_the_server_would_refuse_is_not_offered() -> None:
    withheld = withheld_entries(has_showcase=False, hides_all=True)
    assert offered(withheld, state=State.DONE, spoiler=1) == STAR | EDIT | REMOVE
    assert offered(withheld, state=State.DONE) == STAR | EDIT | HIDE | REMOVE
    withheld = withheld_entries(has_showcase=True, hides_all=False)
    assert offered(withheld, state=State.DONE, spoiler=1).keys() >= {"share", "unhide"}


@pytest.mark.parametrize("state", [state for state in State if state not in (State.DONE, State.FAILING, State.FAILED)])
def test_what_is_under_way_can_only_be_removed(state: State) -> None:
    assert offered(state=state) == REMOVE


def test_a_choice_can_be_taken_back_so_that_it_can_be_made_again() -> None:
    rows: list[Any] = more_row(sample_job(state=State.DONE), 1)
    [menu] = rows[0].to_component_dict()["components"]
    assert (menu["custom_id"], menu["min_values"], menu["max_values"]) == (f"more:{JOB_ID}", 0, 1)


def test_no_two_entries_are_taken_for_each_other() -> None:
    values = [entry.value for entry in ENTRIES]
    assert len(set(values)) == len(values) <= 25


def test_a_storyboards_form_is_offered_for_its_shots_alone() -> None:
    assert "shots" not in offered(state=State.DONE)
    assert offered(state=State.DONE, storyboard_id="one", shot=0)["shots"] == "Edit and run again"
