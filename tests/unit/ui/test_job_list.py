"""A page of jobs: a small card for each, with what applies to it, and room for the largest page in one message."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from discord.ui import DynamicItem, LayoutView

from bot.domain.job import Job, Kind, State
from bot.domain.job_lists import JobQuery, Only, Place
from bot.domain.params import JobParams
from bot.services.job_lists import PAGE, Page
from bot.ui.buttons import CancelButton
from bot.ui.job_list import draw_page, thumbnail_name
from bot.ui.list_buttons import LIST_BUTTONS, ListPageButton
from tests.support.jobs import sample_job

ME = 2**63 - 1
QUERY = JobQuery(ME)
STARRED = JobQuery(ME, starred=True)
MODERATED = JobQuery(ME, moderated=True)
JOB = "1jd8x3k2m9f4qz"


def parts(view: LayoutView) -> Iterator[dict[str, Any]]:
    """Give every component as it is sent, however deep it stands."""
    waiting = view.to_components()
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *filter(None, [part.get("accessory")]), *waiting]


def texts(view: LayoutView) -> list[str]:
    return [part["content"] for part in parts(view) if part["type"] == 10]


def ids(view: LayoutView) -> list[str]:
    return [part["custom_id"] for part in parts(view) if part["type"] == 2]


def page(*jobs: Job, query: JobQuery = QUERY, newer: Place | None = None, older: Place | None = None) -> Page:
    return Page(query, jobs, newer, older)


def named(number: int, **fields: Any) -> Job:
    return dataclasses.replace(sample_job(**fields), id=f"1jd8x3k2m9f4q{number}")


def test_a_card_begins_with_the_prompt_and_says_what_when_and_how_far() -> None:
    done = sample_job(state=State.DONE, message_id=7)
    heading, card = texts(draw_page(page(done)))
    assert heading == "### Your jobs"
    assert card == (f"a paper boat\n-# video, done, <t:1795003200:R>: https://discord.com/channels/1/5/7, job `{JOB}`")


def test_what_applies_to_a_job_is_below_it() -> None:
    jobs = {State.DONE: f"show:{JOB}", State.QUEUED: f"cancel:{JOB}"}
    for state in State:
        own = sample_job(state=state, user_id=ME)
        found = [one for one in ids(draw_page(page(own))) if not one.startswith("list:")]
        assert found == ([jobs[state]] if state in jobs else [])


def test_a_starred_job_of_another_is_shown_and_not_cancelled_and_its_star_can_go() -> None:
    for state, first in ((State.DONE, [f"show:{JOB}"]), (State.QUEUED, [])):
        assert ids(draw_page(page(sample_job(state=state), query=STARRED))) == [*first, f"unstar:{JOB}"]


def test_a_starred_job_that_its_member_may_not_see_tells_nothing() -> None:
    view = draw_page(page(sample_job(state=State.DONE), query=STARRED), {JOB}, {JOB})
    assert texts(view) == ["### Your stars", "You can no longer see where this was asked for."]
    assert ids(view) == [f"unstar:{JOB}"]
    assert not [part for part in parts(view) if part["type"] == 11]


def test_only_what_is_kept_has_a_thumbnail_hidden_where_the_job_is() -> None:
    plain, hidden, none = named(1), named(2, spoiler=1), named(3)
    view = draw_page(page(plain, hidden, none), {plain.id, hidden.id})
    shown = [(part["media"]["url"], part["spoiler"]) for part in parts(view) if part["type"] == 11]
    assert shown == [
        (f"attachment://{thumbnail_name(plain.id)}", False),
        (f"attachment://{thumbnail_name(hidden.id)}", True),
    ]


def test_pages_are_turned_and_narrowed_down_by_buttons_that_hold_all_of_it() -> None:
    query = JobQuery(ME, only=Only.FILMS, words="boat 黑猫")
    view = draw_page(page(sample_job(), query=query, newer=Place(2, "b", newer=True), older=Place(1, "a")))
    found = [one for one in ids(view) if one.startswith("list:")]
    assert found == [
        *(f"list:{ME}:j{letter}:t0.:boat 黑猫" for letter in "avpf"),
        f"list:{ME}:jv:n2.b:boat 黑猫",
        f"list:{ME}:jv:o1.a:boat 黑猫",
    ]
    disabled = [part["custom_id"] for part in parts(view) if part["type"] == 2 and part["disabled"]]
    assert disabled == [found[1]]
    assert texts(view)[0] == "### Your jobs with “boat 黑猫”"


@pytest.mark.parametrize(
    "query", [QUERY, STARRED, MODERATED, JobQuery(ME, starred=True, only=Only.FAILED, words="a:b" * 13)]
)
@pytest.mark.parametrize("place", [None, Place(2**53, ""), Place(1_795_003_200_000, "z" * 14, newer=True)])
def test_a_button_is_read_back_as_it_was_and_is_no_longer_than_discord_takes(
    query: JobQuery, place: Place | None
) -> None:
    button = ListPageButton(query, place)
    assert len(button.custom_id) <= 100
    found = ListPageButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert found is not None
    again = ListPageButton.from_match(found)
    assert (again.query, again.place) == (query, place)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (QUERY, "You have no jobs in this server yet. Attach a picture to **/video** to begin."),
        (STARRED, "You have starred nothing in this server yet. Choose *Star* in the *More…* menu"),
        (MODERATED, "They have no jobs in this server."),
        (JobQuery(ME, words="boat"), "Nothing fits."),
        (JobQuery(ME, only=Only.FAILED), "Nothing fits."),
    ],
)
def test_an_empty_list_says_what_to_do(query: JobQuery, told: str) -> None:
    assert texts(draw_page(page(query=query)))[1].startswith(told)


def test_another_members_list_has_a_note_and_one_menu_of_the_jobs_that_may_be_seen() -> None:
    seen, hidden, waiting = named(1, state=State.DONE), named(2), named(3, state=State.QUEUED)
    view = draw_page(page(seen, hidden, waiting, query=MODERATED), (), {hidden.id}, note="Spent all.")
    head, first, second, _ = texts(view)
    assert head == f"### Jobs of <@{ME}>\nSpent all."
    assert first.startswith("a paper boat")
    assert second == "This was asked for where you may not read."
    assert [one for one in ids(view) if not one.startswith("list:")] == []
    [menu] = [part for part in parts(view) if part["type"] == 3]
    assert menu["custom_id"] == "remove-listed"
    assert [option["value"] for option in menu["options"]] == [seen.id, waiting.id]
    assert hidden.id not in str(view.to_components())


def test_a_list_of_nothing_that_may_be_seen_has_no_menu() -> None:
    view = draw_page(page(named(1), query=MODERATED), (), {named(1).id})
    assert [part for part in parts(view) if part["type"] == 3] == []


@pytest.mark.parametrize("query", [QUERY, STARRED, MODERATED])
def test_the_largest_page_fits_into_a_message_whatever_was_typed(query: JobQuery) -> None:
    typed = JobParams("*[x](https://y) " * 125)
    jobs = [
        named(number, params=typed, state=State.DONE, error_code="undeliverable", kind=Kind.ACTION)
        for number in range(PAGE)
    ]
    place = Place(1_795_003_200_000, "z" * 14)
    note = "n" * 300 if query.moderated else ""
    view = draw_page(page(*jobs, query=query, newer=place, older=place), {job.id for job in jobs}, note=note)
    sent = list(parts(view))
    assert len(sent) <= 40
    assert sum(len(part["content"]) for part in sent if part["type"] == 10) <= 4000
    assert "\\*\\[x\\]" in texts(view)[1]


def test_a_job_without_a_prompt_is_named_by_what_it_is() -> None:
    job = sample_job(params=JobParams(""), kind=Kind.DESCRIBE)
    assert texts(draw_page(page(job)))[1].startswith("No prompt: describe\n-# describe, ")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": State.DONE, "error_code": "undeliverable"}, f"made, but not delivered: `/jobs show id:{JOB}`, <t:"),
        ({"state": State.DONE, "undelivered": 1}, f"made, but not all of it delivered: `/jobs show id:{JOB}`, <t:"),
        (
            {"state": State.FAILED, "error_code": "job_failed", "undelivered": 1},
            "given up and refunded, though it may have been made: ask an admin for it, <t:",
        ),
    ],
)
def test_what_did_not_reach_its_member_says_how_to_get_it(fields: dict[str, Any], told: str) -> None:
    assert told in texts(draw_page(page(sample_job(**fields))))[1]


@pytest.mark.parametrize("query", [QUERY, STARRED])
def test_only_dynamic_items_stand_on_it_and_it_never_times_out(query: JobQuery) -> None:
    jobs = [named(number, state=state, user_id=ME) for number, state in enumerate(list(State)[:PAGE])]
    view = draw_page(page(*jobs, query=query, newer=Place(1, "a", newer=True), older=Place(1, "a")))
    assert view.timeout is None
    items: list[Any] = [item for item in view.walk_children() if item.is_dispatchable()]
    ours: list[Any] = [item for item in items if isinstance(item, DynamicItem)]
    wrapped = [item.item for item in ours]
    assert [item for item in items if item not in ours and item not in wrapped] == []
    assert {type(item) for item in ours} <= {*LIST_BUTTONS, CancelButton}
    assert len(ours) > PAGE
