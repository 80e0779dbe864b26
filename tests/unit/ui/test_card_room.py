"""The fullest card that a kind of job can have fits into a message, with every paid button and the menu at its end."""

from collections.abc import Iterator
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.film import Ancestor
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Kind, Result, State
from bot.domain.params import JobParams, Motion
from bot.ui.cards import Card, ShownClip, draw
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
}
"""The fullest real card of each kind, and how many of its buttons are paid for."""


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
    assert (f"film:{JOB_ID}" in [part.get("custom_id") for part in sent]) is (card.job.kind is Kind.EXTEND)
    assert [part["custom_id"] for part in sent if part["type"] == 3] == [f"more:{JOB_ID}"]


def test_every_kind_is_among_them() -> None:
    assert {card.job.kind for card, _ in CARDS.values()} == set(Kind) - {Kind.SEED}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("state", list(State))
def test_the_menu_stands_on_ended_cards_alone_and_just_above_where_they_come_from(state: State, kind: Kind) -> None:
    sent = draw(full_card(kind, state=state)).to_components()[0]["components"]
    menus = [place for place, part in enumerate(sent) if f"more:{JOB_ID}" in str(part)]
    ended = state in (State.DONE, State.FAILING, State.FAILED)
    assert menus == ([len(sent) - 2] if ended else [])
