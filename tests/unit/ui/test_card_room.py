"""The fullest card that a kind of job can have fits into a message, with every paid button and the menu at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.film import Ancestor
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Kind, Result, State
from bot.domain.params import JobParams, Motion
from bot.domain.storyboard import FILM_PLACE, MOST_SHOTS, Shot, frame_role
from bot.publisher.shown_files import MOST_FILES
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.storyboard_card import GoingOn, ShownShot, StoryboardLook
from tests.support.jobs import JOB_ID, sample_job

MOST = 40
"""Components that Discord takes in a message, those within others counted."""

GRID = (*(f"upsample{number}" for number in range(1, 5)), *(f"variation{number}" for number in range(1, 5)), "reroll")
UPSCALED = tuple(action for action in ACTIONS if action not in GRID and not action.startswith("redo_"))
ENLARGED = tuple(
    action for action in ACTIONS if action not in GRID and not action.startswith("upscale")
)  # one that was upscaled again

LINK = "https://discord.com/channels/9223372036854775807/9223372036854775807/9223372036854775807"


def full_card(
    kind: Kind, result: Result | None = None, *, clips: int = 4, state: State = State.DONE, **params: Any
) -> Card:
    """Give a card that shows all that its kind can show at once."""
    asked = JobParams("a red kite", clips, removed=("--x",), read=("--loop",), **params)
    job = sample_job(
        kind=kind, state=state, params=asked, result=result, parent_job_id="parent", period="2026-11-30", cost=8
    )
    shown = [ShownClip(slot, f"clip-{slot}.mp4", note="It is too large.") for slot in range(clips)]
    return Card(
        job,
        "TTAPI",
        8,
        parent_link=LINK,
        frames={"start": "start.jpg", **({"end": "end.jpg"} if kind is Kind.VIDEO else {})},
        clips=shown if kind is not Kind.DESCRIBE else [],
        motions=(Motion.LOW, Motion.HIGH),
        with_words=kind.makes_video,
        joins_films=kind.makes_video,
        lineage=[Ancestor(None, LINK), *[Ancestor(3, LINK)] * 20, Ancestor(3, None)] if kind is Kind.EXTEND else [],
    )


CARDS: dict[str, tuple[Card, int]] = {
    "video": (full_card(Kind.VIDEO), 8 + 1),
    "extend": (full_card(Kind.EXTEND), 8 + 1),
    "imagine": (full_card(Kind.IMAGINE, Result(GRID)), 9 + 8),
    "blend": (full_card(Kind.BLEND, Result(GRID)), 9 + 8),
    "region": (full_card(Kind.REGION, Result(GRID)), 9 + 8),
    "four new ones": (full_card(Kind.ACTION, Result(GRID), action="reroll"), 9 + 8),
    "upscaled": (full_card(Kind.ACTION, Result(UPSCALED), clips=1, action="upsample1"), len(UPSCALED) + 2),
    "upscaled again": (full_card(Kind.ACTION, Result(ENLARGED), clips=1, action="upscale2"), len(ENLARGED) + 2),
    "describe": (full_card(Kind.DESCRIBE, Result(texts=("a kite",) * 4)), 4),
    "failed": (replace(full_card(Kind.VIDEO, state=State.FAILED), again=(4, 8)), 1),
    "failed extend": (replace(full_card(Kind.EXTEND, state=State.FAILED), again=(8, 8)), 1),
    "failed pictures": (replace(full_card(Kind.IMAGINE, state=State.FAILED), again=(8, 8)), 1),
}
"""The fullest real card of each kind, and how many of its buttons are paid for."""


def board(states: Sequence[State], *, film: bool, **fields: Any) -> Card:
    """Give a storyboard's card with a clip of each shot that is made, and the image of the one that is being made."""
    shots = [
        ShownShot(Shot("a boat", Motion.HIGH), state, "is " + "x" * 120, frame_role(place))
        for place, state in enumerate(states)
    ]
    made = [place for place, state in enumerate(states) if state is State.DONE]
    own = [frame_role(place) for place, state in enumerate(states) if state is State.RUNNING]
    look = StoryboardLook(
        "board",
        1,
        JobParams(""),
        shots,
        16,
        "TTAPI",
        sample_job(state=State.DONE),
        film=(len(made), 40.0) if film else None,
        **fields,
    )
    return Card(
        sample_job(state=State.DONE),
        "TTAPI",
        0,
        frames={role: f"{role}.jpg" for role in ("start", *own)},
        clips=[ShownClip(place, f"{place}.mp4") for place in (*made, *([FILM_PLACE] if film else []))],
        storyboard=look,
    )


SEVEN = (State.DONE,) * (MOST_SHOTS - 1)

BOARDS: dict[str, tuple[Card, list[str]]] = {
    "all made": (board((*SEVEN, State.DONE), film=True, is_over=True), [f"more:{JOB_ID}"]),
    "the last is made": (board((*SEVEN, State.RUNNING), film=False, can_stop=True), ["stop:board", f"more:{JOB_ID}"]),
    "the last failed": (
        board((*SEVEN, State.FAILED), film=True, is_over=True, going_on=GoingOn(7, 2)),
        ["goon:board:8:2", f"more:{JOB_ID}"],
    ),
}
"""The fullest cards of storyboards, and what can be pressed on them."""


@pytest.mark.parametrize("name", BOARDS)
def test_the_fullest_storyboard_has_room_for_its_files_and_what_can_be_pressed(name: str) -> None:
    card, offered = BOARDS[name]
    sent = list(parts(draw(card)))
    assert len(sent) <= MOST
    assert [part["custom_id"] for part in sent if part["type"] in (2, 3)] == offered


@pytest.mark.parametrize("card", [card for card, _ in (*CARDS.values(), *BOARDS.values())])
def test_no_card_shows_more_files_than_a_message_carries(card: Card) -> None:
    media = [part["media"]["url"] for part in parts(draw(card)) if "media" in part]
    media += [item["media"]["url"] for part in parts(draw(card)) for item in part.get("items", [])]
    assert len([url for url in media if url.startswith("attachment://")]) == len(set(media)) <= MOST_FILES
    shown = sum(clip.filename is not None for clip in card.clips) if card.job.state is State.DONE else 0
    assert len(media) >= shown


@pytest.mark.parametrize("card", [card for card, _ in CARDS.values() if card.job.result is not None])
def test_all_that_a_real_result_offers_has_room(card: Card) -> None:
    offered = {f"act:{JOB_ID}:{action}" for action in ACTIONS if card.job.result and action in card.job.result.actions}
    assert offered <= {part.get("custom_id") for part in parts(draw(card))}


def parts(view: LayoutView) -> Iterator[dict[str, Any]]:
    """Give every component as it is sent, however deep it stands."""
    waiting = view.to_components()
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *filter(None, [part.get("accessory")]), *waiting]


@pytest.mark.parametrize("name", CARDS)
def test_the_fullest_card_has_room_for_every_paid_button_and_the_menu(name: str) -> None:
    card, paid = CARDS[name]
    sent = list(parts(draw(card)))
    assert len(sent) <= MOST
    assert sum(part["type"] == 2 and part["custom_id"] != f"film:{JOB_ID}" for part in sent) == paid
    is_extension = card.job.kind is Kind.EXTEND and card.job.state is State.DONE
    assert (f"film:{JOB_ID}" in [part.get("custom_id") for part in sent]) is is_extension
    assert [part["custom_id"] for part in sent if part["type"] == 3] == [f"more:{JOB_ID}"]


def test_every_kind_is_among_them() -> None:
    assert {card.job.kind for card, _ in CARDS.values()} == set(Kind) - {Kind.SEED}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("state", list(State))
def test_the_menu_stands_on_every_card_just_above_where_it_comes_from(state: State, kind: Kind) -> None:
    sent = draw(full_card(kind, state=state)).to_components()[0]["components"]
    menus = [place for place, part in enumerate(sent) if f"more:{JOB_ID}" in str(part)]
    assert menus == [len(sent) - 2]
