"""What a joined film's message shows, and what whoever wants one is asked and told."""

from typing import Any

import pytest
from discord.ui import DynamicItem, LayoutView, TextDisplay

from bot.errors import (
    FilmNotJoined,
    FilmNotPosted,
    FilmOfOne,
    FilmPartGone,
    FilmsOff,
    FilmTooLarge,
    NoFilmClip,
)
from bot.ui.film import ShownFilm, draw_choice, draw_film, draw_sentence
from bot.ui.text.errors import describe_error

JOB = "1jd8x3k2m9f4qz"


def texts(view: LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, TextDisplay)]


def film(**fields: Any) -> ShownFilm:
    values: dict[str, Any] = {"parts": 3, "seconds": 14.7, "cards": ["a", "b", "c"], **fields}
    return ShownFilm(JOB, 1, **values)


def gallery(view: LayoutView) -> list[Any]:
    return [part for part in view.to_components()[0]["components"] if part["type"] == 12]  # pyright: ignore


def test_a_film_says_of_how_many_parts_it_is_and_leads_to_them() -> None:
    view = draw_film(film(filename="film.mp4"))
    assert texts(view) == ["**Film of 3 parts, 15 s**", f"-# Parts: [1](a), [2](b), [3](c)\n-# up to {JOB}#2"]
    [shown] = gallery(view)
    [item] = shown["items"]
    assert item["media"]["url"] == "attachment://film.mp4"
    assert (item["description"], item["spoiler"]) == ("Film of 3 parts, 15 s", False)
    [hidden] = gallery(draw_film(film(filename="film.mp4", spoiler=True)))
    assert hidden["items"][0]["spoiler"] is True
    assert view.timeout is None


def test_a_film_that_is_too_large_is_linked() -> None:
    view = draw_film(film(link="https://films.example/1", bytes=60 * 2**20))
    assert texts(view)[1] == "The film is 60 MiB, too large for this chat: [watch it here](https://films.example/1)"
    assert gallery(view) == []


def test_of_a_very_long_film_the_last_parts_are_linked_and_it_fits() -> None:
    long = draw_film(film(parts=400, cards=[f"https://discord.com/channels/{'9' * 60}/{n}" for n in range(400)]))
    [_, links] = texts(long)
    assert links.startswith("-# Parts: [381](")
    assert sum(map(len, texts(long))) < 4000


def test_the_question_has_a_button_for_each_clip() -> None:
    view = draw_choice(JOB, [0, 1, 3])
    ids = [item.custom_id for item in view.walk_children() if isinstance(item, DynamicItem)]
    assert ids == [f"film:{JOB}:1", f"film:{JOB}:2", f"film:{JOB}:4"]
    assert view.timeout is None
    assert texts(draw_sentence("it is said")) == ["it is said"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NoFilmClip(JOB, 3), f"Job {JOB} has no clip 3. Nothing was charged. Choose one that its card shows."),
        (
            FilmOfOne(JOB),
            f"Nothing comes before the clips of job {JOB}, so each is a whole film already. Nothing was charged. "
            "Extend one, and join what comes of it.",
        ),
        (
            FilmPartGone(2, JOB, 4),
            f"Part 2 of this film is missing: clip 4 of job {JOB} is no longer kept here, on its card or at its "
            "provider. Nothing was charged. The other parts are on their cards.",
        ),
        (
            FilmNotJoined(),
            "The parts of this film could not be joined. Nothing was charged. Each of them is still on its card.",
        ),
        (
            FilmsOff(),
            "I cannot join films here. Nothing was charged. Whoever runs me can install animatic[film] for that.",
        ),
        (
            FilmTooLarge(),
            "The film is joined, but it is too large for this chat, and I have no other way to show it. Nothing was "
            "charged. Join it up to an earlier clip, or ask whoever runs me to set PUBLIC_URL.",
        ),
        (
            FilmNotPosted("a link"),
            "The film is joined, but I cannot post in the channel of its card, <a link>. Nothing was charged. Ask an "
            "admin to allow it, or show the card elsewhere with /jobs show.",
        ),
    ],
)
def test_it_is_said_in_one_sentence_why_there_is_no_film(error: Exception, sentence: str) -> None:
    assert describe_error(error) == sentence
