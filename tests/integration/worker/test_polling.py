"""One poll, whatever a job makes: pictures' snapshots become those of films, with the rest in their result."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind, Result, State
from bot.domain.params import JobParams
from bot.errors import ErrorKind, ProviderError
from bot.providers.images import ImageSnapshot
from bot.providers.polling import TILES, poll_job
from bot.providers.types import RemoteState, Snapshot
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import Script, ScriptedProvider

PICTURES = tuple(f"https://cdn.example/{number}.png" for number in (1, 2, 3, 4))
GRID = "https://cdn.example/grid.png"
NOTHING = Result()


def job(kind: Kind = Kind.IMAGINE, clips: int = 4) -> Job:
    return Job("id", "request", kind, State.RUNNING, 1, 2, 3, JobParams("a kite", clips=clips), "ttapi", 0)


async def seen(found: ImageSnapshot, clips: int = 4) -> Snapshot:
    provider, maker = ScriptedProvider(()), ScriptedImageProvider()
    provider.images, maker.polls = maker, Script(found)
    return await poll_job(provider, job(clips=clips), "remote")


@pytest.mark.parametrize("kind", list(Kind))
async def test_films_are_asked_of_the_provider_and_all_else_of_its_picture_maker(kind: Kind) -> None:
    provider, maker = ScriptedProvider(()), ScriptedImageProvider()
    provider.images = maker
    await poll_job(provider, job(kind), "remote")
    assert (provider.polls.calls, maker.polls.calls) == ((0, 1) if not kind.makes_video else (1, 0))


async def test_a_provider_that_makes_no_pictures_does_not_know_the_job() -> None:
    with pytest.raises(ProviderError) as error:
        await poll_job(ScriptedProvider(()), job(), "remote")
    assert error.value.kind is ErrorKind.NOT_FOUND


async def test_what_the_picture_maker_raises_goes_on() -> None:
    provider, maker = ScriptedProvider(()), ScriptedImageProvider()
    provider.images, maker.polls = maker, Script(ProviderError(ErrorKind.UPSTREAM, "yes"))
    with pytest.raises(ProviderError) as error:
        await poll_job(provider, job(), "remote")
    assert error.value.kind is ErrorKind.UPSTREAM


@pytest.mark.parametrize(
    ("links", "asked", "clips"),
    [
        ({"grid": GRID, "images": PICTURES}, 4, PICTURES),
        ({"grid": GRID, "images": PICTURES[:1]}, 4, PICTURES[:1]),
        ({"grid": GRID}, 4, tuple(f"{GRID}{tile}" for tile in TILES)),
        ({"grid": GRID}, 1, (GRID,)),
        ({"images": PICTURES[:1]}, 4, PICTURES[:1]),
        ({}, 4, ()),
    ],
    ids=["single pictures win", "one of four", "a grid to be cut", "one picture", "no grid", "nothing"],
)
async def test_single_pictures_come_before_the_grid(links: dict[str, Any], asked: int, clips: tuple[str, ...]) -> None:
    snapshot = await seen(ImageSnapshot(RemoteState.SUCCEEDED, 100, **links), asked)
    assert (snapshot.state, snapshot.progress, snapshot.clips) == (RemoteState.SUCCEEDED, 100, clips)


async def test_a_result_is_kept_whole() -> None:
    found = ImageSnapshot(
        RemoteState.SUCCEEDED,
        grid=GRID,
        actions=("upsample1", "reroll"),
        texts=("a kite",),
        seed="7",
        width=960,
        height=540,
        cost="3",
        echo="https://bot.example/secret",
    )
    snapshot = await seen(found)
    assert snapshot.result == Result(("upsample1", "reroll"), ("a kite",), "7", 960, 540)
    assert (snapshot.cost, snapshot.echo, snapshot.extend_ref) == ("3", "https://bot.example/secret", "remote")


@pytest.mark.parametrize("state", [RemoteState.WAITING, RemoteState.RUNNING])
async def test_what_is_under_way_brings_its_progress(state: RemoteState) -> None:
    assert await seen(ImageSnapshot(state, 42)) == Snapshot(state, 42, extend_ref="remote", result=NOTHING)


async def test_a_failure_brings_its_reason_and_a_missing_result_too() -> None:
    failure = ProviderError(ErrorKind.MODERATED_PROMPT, "yes")
    assert (await seen(ImageSnapshot(RemoteState.FAILED, error=failure))).error is failure
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes")
    snapshot = await seen(ImageSnapshot(RemoteState.RUNNING, 100, grid=GRID, error=missing))
    assert (snapshot.state, len(snapshot.clips), snapshot.error) == (RemoteState.RUNNING, 4, missing)
