"""Cards of picture jobs fit into a message however much they show, and offer what the result names and no more."""

from collections.abc import Iterator
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.image_actions import ACTIONS
from bot.domain.job import Job, Kind, Result, State
from bot.domain.params import JobParams, Motion
from bot.ui.cards import Card, ShownClip, draw, draw_result
from bot.ui.text import captions

MOST_COMPONENTS, MOST_TEXT, MOST_IN_A_ROW = 40, 4000, 5
"""What Discord allows of one message, and of one row."""

GRID = (*(f"upsample{number}" for number in range(1, 5)), *(f"variation{number}" for number in range(1, 5)), "reroll")
UPSCALED = tuple(action for action in ACTIONS if action not in GRID and not action.startswith("redo_"))
BOTH_MOTIONS = (Motion.LOW, Motion.HIGH)


def card(
    result: Result, pictures: int = 4, kind: Kind = Kind.IMAGINE, prompt: str = "a red kite", **fields: Any
) -> Card:
    job = Job(
        id="1jd8x3k2m9f4qz",
        request_id="1",
        kind=kind,
        state=State.DONE,
        guild_id=2**63,
        channel_id=2**63,
        user_id=2**63,
        params=JobParams(prompt, removed=("--" + "x" * 200,) * 9),
        provider="ttapi",
        created_ms=0,
        period="2026-11-20",
        parent_job_id="1jd8x3k2m9f4qy",
        result=result,
    )
    link = "https://discord.com/channels/9223372036854775807/9223372036854775807/9223372036854775807"
    clips = [ShownClip(slot, f"picture-{slot}.png", note="x" * 200) for slot in range(pictures)]
    whole: dict[str, Any] = {
        "clips": clips,
        "motions": BOTH_MOTIONS,
        "parent_link": link,
        **fields,
    }
    return Card(job, "TTAPI", 1000, **whole)


def parts(view: LayoutView) -> Iterator[dict[str, Any]]:
    """Give every component as it is sent, however deep it stands."""
    waiting = view.to_components()
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *filter(None, [part.get("accessory")]), *waiting]


def ids(view: LayoutView, kind: str) -> list[str]:
    found = [str(part.get("custom_id", "")) for part in parts(view)]
    return [custom_id for custom_id in found if custom_id.startswith(f"{kind}:")]


def assert_fits(view: LayoutView) -> None:
    sent = list(parts(view))
    assert len(sent) <= MOST_COMPONENTS
    assert sum(len(part.get("content", "")) for part in sent) <= MOST_TEXT
    assert max([len(part["components"]) for part in sent if part["type"] == 1], default=0) <= MOST_IN_A_ROW
    custom_ids = [part["custom_id"] for part in sent if "custom_id" in part]
    assert len(set(custom_ids)) == len(custom_ids)
    assert all(len(custom_id) <= 100 for custom_id in custom_ids)


@pytest.mark.parametrize("prompt", ["a red kite", "*" * 2000, "@everyone " * 200, "é<" * 1000])
@pytest.mark.parametrize("actions", [GRID, UPSCALED, tuple(ACTIONS)], ids=["grid", "single", "everything"])
def test_the_fullest_card_fits_into_a_message(prompt: str, actions: tuple[str, ...]) -> None:
    full = card(Result(actions), prompt=prompt, frames={"start": "start.jpg"})
    assert_fits(draw(full))
    assert_fits(draw_result(full))


@pytest.mark.parametrize("text", ["a kite over the sea", "*_" * 2000, "<@1>" * 1000])
def test_the_longest_description_fits_into_a_message(text: str) -> None:
    view = draw(card(Result(texts=(text,) * 4), 1, Kind.DESCRIBE, ""))
    assert_fits(view)
    assert ids(view, "imagine") == [f"imagine:1jd8x3k2m9f4qz:{number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("actions", [GRID, UPSCALED, ("upsample2",), ()])
def test_a_card_offers_what_its_result_names_and_nothing_else(actions: tuple[str, ...]) -> None:
    offered = ids(draw(card(Result(actions))), "act")
    assert sorted(offered) == sorted(f"act:1jd8x3k2m9f4qz:{action}" for action in actions)


def test_an_action_that_we_do_not_know_gets_no_button() -> None:
    assert ids(draw(card(Result(("upsample1", "explode")))), "act") == ["act:1jd8x3k2m9f4qz:upsample1"]


def test_each_picture_that_is_shown_can_be_animated_in_each_motion() -> None:
    shown = ids(draw(card(Result(GRID))), "animate")
    assert shown == [
        f"animate:1jd8x3k2m9f4qz:{number}:{motion}" for motion in ("low", "high") for number in (1, 2, 3, 4)
    ]
    assert ids(draw(card(Result(GRID), motions=(None,))), "animate") == [
        f"animate:1jd8x3k2m9f4qz:{number}:none" for number in (1, 2, 3, 4)
    ]


def test_where_the_provider_makes_no_films_nothing_can_be_animated() -> None:
    assert ids(draw(card(Result(GRID), motions=())), "animate") == []


@pytest.mark.parametrize("pictures", [0, 1])
def test_a_result_of_no_picture_at_all_is_drawn_all_the_same(pictures: int) -> None:
    assert_fits(draw(card(Result(seed="42"), pictures, Kind.SEED)))
    assert_fits(draw(card(Result(), pictures)))


def test_a_seed_is_told_so_that_it_can_be_used() -> None:
    said = " ".join(str(part.get("content", "")) for part in parts(draw(card(Result(seed="42"), 0, Kind.SEED))))
    assert "`--seed 42`" in said


def test_a_job_without_words_is_suggested_by_what_it_is() -> None:
    wordless, worded = card(Result(()), prompt="").job, card(Result(())).job
    assert captions.suggested(wordless) == f"imagine, {wordless.id}"
    assert captions.suggested(worded) == f"a red kite (imagine, {worded.id})"
