"""The card of a storyboard: every shot with its state, the clips, the film, and what can be pressed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from discord.ui import LayoutView

from bot.domain.job import State
from bot.domain.params import JobParams, Motion
from bot.domain.storyboard import FILM_PLACE, MADE_ANEW, MAX_LINES, MOST_SHOTS, Shot, Storyboard, StoryboardState
from bot.services.storyboard_previews import PricedStoryboard
from bot.ui.cards import Card, draw
from bot.ui.shown_clip import ShownClip
from bot.ui.storyboard_card import GoingOn, ShownShot, StoryboardLook
from bot.ui.storyboard_preview import draw_storyboard_preview
from tests.support.jobs import JOB_ID, MIRA, sample_job

MOST_COMPONENTS, MOST_CHARACTERS = 40, 4000

GREEN, RED, BLURPLE, GREY = 0x2ECC71, 0xE74C3C, 0x5865F2, 0x979C9F


def shots(*states: State, prompt: str = "a paper boat") -> list[ShownShot]:
    return [ShownShot(Shot(prompt), state, f"is {state}") for state in states]


def look(shown: list[ShownShot], **fields: Any) -> StoryboardLook:
    return StoryboardLook(
        "storyboard", MIRA, JobParams(""), shown, 2 * len(shown), "TTAPI", sample_job(state=State.DONE), **fields
    )


def card(look: StoryboardLook, **fields: Any) -> Card:
    return Card(sample_job(), "TTAPI", 0, storyboard=look, **fields)


def parts(view: LayoutView) -> Iterator[dict[str, Any]]:
    waiting = view.to_components()
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *filter(None, [part.get("accessory")]), *waiting]


def texts(view: LayoutView) -> list[str]:
    return [part["content"] for part in parts(view) if "content" in part]


def buttons(view: LayoutView) -> list[tuple[str, str]]:
    return [(part["custom_id"], part["label"]) for part in parts(view) if part["type"] == 2]


def files(view: LayoutView) -> list[list[str]]:
    galleries = [part for part in parts(view) if part["type"] == 12]
    return [[item["media"]["url"].removeprefix("attachment://") for item in one["items"]] for one in galleries]


def test_the_fullest_card_has_room_for_all_shots_and_their_buttons() -> None:
    prompt = "@`*" * (MAX_LINES // MOST_SHOTS // 3)
    shown = [
        ShownShot(Shot(prompt, Motion.HIGH), State.DONE, "made, job " + "x" * 120, f"start-{place + 1}")
        for place in range(MOST_SHOTS)
    ]
    full = look(
        shown, film=(8, 40.0), can_stop=True, going_on=GoingOn(3, 10), notes=["It is too large." * 8], is_over=True
    )
    frames = {
        "start": "start.jpg",
        **{f"start-{place + 1}": f"start-{place + 1}.jpg" for place in range(1, MOST_SHOTS)},
    }
    clips = [ShownClip(place, f"{place}.mp4") for place in (*range(MOST_SHOTS), FILM_PLACE)]
    view = draw(card(full, frames=frames, clips=clips))
    assert len(list(parts(view))) <= MOST_COMPONENTS
    assert sum(map(len, texts(view))) <= MOST_CHARACTERS
    assert [custom_id for custom_id, _ in buttons(view)] == ["stop:storyboard", "goon:storyboard:4:10"]


@pytest.mark.parametrize(("note", "told"), [(170, MOST_SHOTS), (550, 3)])
def test_a_card_that_says_of_each_clip_where_it_is_has_room_for_that(note: int, told: int) -> None:
    shown = shots(*[State.DONE] * MOST_SHOTS, prompt="@`*" * (MAX_LINES // MOST_SHOTS // 3))
    clips = [ShownClip(place, note=f"{place}" * note) for place in range(MOST_SHOTS)]
    said = texts(draw(card(look(shown, is_over=True), clips=clips)))
    assert sum(map(len, said)) <= MOST_CHARACTERS
    assert sum(f"{place}" * note in "\n".join(said) for place in range(MOST_SHOTS)) == told
    assert ("no room to say" in "\n".join(said)) is (told < MOST_SHOTS)


def test_the_longest_preview_has_room_for_all_lines() -> None:
    lines = tuple(Shot("@`*" * 166, removed=("--x" * 20,) * 5) for _ in range(MOST_SHOTS))
    storyboard = Storyboard("storyboard", StoryboardState.PREVIEWED, 1, MIRA, "ttapi", JobParams(""), lines, 0)
    view = draw_storyboard_preview(PricedStoryboard(storyboard, 16, 100, sample_job()))
    assert sum(map(len, texts(view))) <= MOST_CHARACTERS
    assert buttons(view) == [("make:storyboard:16", "Make it, 16 credits"), ("drop:storyboard", "Discard")]


def test_each_shot_says_how_it_is_doing_and_nothing_in_it_is_markdown() -> None:
    said = "\n".join(texts(draw(card(look(shots(State.DONE, State.RUNNING, prompt="@here *now*"))))))
    assert "**Storyboard** by <@11>, low motion, SD, 2 shots, 4 credits" in said
    assert "**1** \\@here \\*now\\*\n-# is done\n**2** \\@here \\*now\\*\n-# is running" in said
    assert said.endswith(f"-# for TTAPI, job {JOB_ID}")


def test_a_shot_that_begins_with_a_picture_of_its_own_shows_it() -> None:
    shown = shots(State.DONE, State.RUNNING)
    shown[1] = ShownShot(shown[1].shot, shown[1].state, shown[1].progress, "start-2")
    frames = {"start": "start.jpg", "start-2": "start-2.jpg"}
    thumbnails = [part["media"]["url"] for part in parts(draw(card(look(shown), frames=frames))) if part["type"] == 11]
    assert thumbnails == ["attachment://start.jpg", "attachment://start-2.jpg"]


def test_the_film_stands_before_the_clips_and_those_made_anew_behind_them() -> None:
    clips = [ShownClip(place, f"{place}.mp4") for place in (0, 1, MADE_ANEW, FILM_PLACE)]
    view = draw(card(look(shots(State.DONE, State.DONE), film=(2, 10.0)), clips=clips))
    assert files(view) == [["99.mp4"], ["0.mp4", "1.mp4", "100.mp4"]]
    assert "**Film of 2 shots, 10 s**" in texts(view)


def test_more_clips_than_a_gallery_shows_are_in_two() -> None:
    clips = [ShownClip(place, f"{place}.mp4") for place in range(12)]
    view = draw(card(look(shots(State.DONE, State.DONE)), clips=clips))
    assert [len(gallery) for gallery in files(view)] == [10, 2]


@pytest.mark.parametrize(
    ("states", "going_on", "colour"),
    [
        ((State.QUEUED, State.QUEUED), None, GREY),
        ((State.RUNNING, State.QUEUED), None, BLURPLE),
        ((State.READY, State.QUEUED), None, BLURPLE),
        ((State.DONE, State.FAILED), GoingOn(1, 2), RED),
        ((State.DONE, State.DONE), None, GREEN),
    ],
)
def test_its_colour_says_how_all_shots_are(states: tuple[State, ...], going_on: GoingOn | None, colour: int) -> None:
    view = draw(card(look(shots(*states), going_on=going_on)))
    assert view.to_components()[0]["accent_color"] == colour


def test_going_on_names_its_price() -> None:
    view = draw(card(look(shots(State.DONE, State.FAILED, State.FAILED), going_on=GoingOn(1, 4))))
    assert buttons(view) == [("goon:storyboard:2:4", "Go on from shot 2, 4 credits")]


def test_what_is_hidden_is_hidden_everywhere_and_shown_again_by_the_menu() -> None:
    hidden = replace(
        look(shots(State.DONE, State.DONE), film=(2, 10.0)),
        card_job=sample_job(state=State.DONE, spoiler=1, storyboard_id="storyboard"),
    )
    clips = [ShownClip(place, f"{place}.mp4") for place in (0, 1, FILM_PLACE)]
    view = draw(card(replace(hidden, is_over=True), clips=clips, frames={"start": "start.jpg"}))
    media = [item for part in parts(view) for item in part.get("items", [])]
    assert [item["spoiler"] for item in media] == [True] * 3
    assert [part["spoiler"] for part in parts(view) if part["type"] == 11] == [True]
    [menu] = [part for part in parts(view) if part["type"] == 3]
    assert [option["value"] for option in menu["options"] if option["value"] != "star"] == ["shots", "unhide", "remove"]
    assert [part["type"] for part in parts(draw(card(hidden, clips=clips))) if part["type"] == 3] == []
