"""From an accepted picture job to its files; runs in a thread."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageFilter

from sandbox.provider.model.image_jobs import (
    SINGLES,
    PictureOrder,
    Stroke,
    order_of,
)
from sandbox.provider.model.job import Drawn, Job
from sandbox.provider.rendering.image_description import describe_picture, seed_of
from sandbox.provider.rendering.image_edits import (
    enlarge,
    lay_out,
    make_square,
    mix,
    repaint,
    vary,
    widen,
)
from sandbox.provider.rendering.resize import Size, scale
from sandbox.provider.rendering.scenes import draw_scene
from sandbox.provider.rendering.video import open_picture

READY_MADE_SIDE = 96
GRID = 4
ROOM = 2.5
"""A picture of more than this many times the usual area is scaled down before more is drawn from it."""


def draw_job(folder: Path, job: Job, count: int, side: int) -> Drawn:
    """Draw a picture job's result; a square picture is ``side`` pixels wide, others have the same area.

    A grid gets ``count`` pictures at most; with 0 nothing at all is drawn.
    """
    order = order_of(job)
    match order.stroke.kind:
        case "seed":
            return Drawn(seed=_seed(job))
        case "describe":
            picture = open_picture(job.image or b"")
            return Drawn(size=picture.size, files=_save(folder, picture), words=describe_picture(picture)[:count])
        case kind if kind in SINGLES:
            tiles = [_draw_tile(job, 0, side)] if count else []
            return _bind(folder, tiles, grid=False, singles=False)
        case _:
            tiles = [_draw_tile(job, slot, side) for slot in range(min(GRID, count))]
            return _bind(folder, tiles, grid=True, singles=order.singles)


def frame(aspect: Size, side: int) -> Size:
    """Return width and height of a picture of ``side`` times ``side`` pixels' area, in multiples of 4 pixels."""
    shape = min(4.0, max(1 / 4, aspect[0] / aspect[1]))
    return _fours(side * math.sqrt(shape)), _fours(side / math.sqrt(shape))


def _draw_tile(job: Job, slot: int, side: int) -> Image.Image:
    model = _first_of_rerolls(job)
    order = order_of(model)
    name = f"{order.prompt}/{slot}" if job.parent is None else f"{order.prompt}/{slot}/{job.number}"
    size = frame(order.aspect, side)
    stroke = order.stroke
    match stroke.kind:
        case "imagine":
            return draw_scene(name, size)
        case "blend":
            return mix([open_picture(data) for data in order.pictures], size, name)
        case "pick":
            return _source(model)
        case "enlarge":
            return enlarge(_source(model), name, stroke.amount, stroke.manner)
        case _:
            return _redraw(_moderate(_source(model), side), order, stroke, name)


def _redraw(picture: Image.Image, order: PictureOrder, stroke: Stroke, name: str) -> Image.Image:
    match stroke.kind:
        case "vary":
            return vary(picture, name, stroke.amount)
        case "widen":
            return widen(picture, name, stroke.amount, stroke.manner)
        case "square":
            return make_square(picture, name)
        case "repaint":
            return repaint(picture, open_picture(order.mask or b""), name)
        case _:
            raise ValueError(f"no way to draw {stroke.kind}")


def _first_of_rerolls(job: Job) -> Job:
    """Return the job that a reroll does again; any other job is that itself."""
    while order_of(job).stroke.kind == "reroll" and job.parent is not None:
        job = job.parent
    return job


def _source(job: Job) -> Image.Image:
    """Return the picture that a job starts from."""
    stroke, parent = order_of(job).stroke, job.parent
    while stroke.again and parent is not None and order_of(parent).stroke.kind == "enlarge":
        parent = parent.parent
    if parent is None or parent.drawn is None:
        raise ValueError("the job starts from another one's picture")
    return open_picture(parent.drawn.tiles[stroke.slot or 0].read_bytes())


def _seed(job: Job) -> int:
    """Return the seed that the prompt names, else one that follows from the job that is asked about."""
    named = order_of(job).overridden_by_prompt.get("seed", "")
    if named.isascii() and named.isdecimal():
        return int(named)
    return seed_of(job.id if job.parent is None else job.parent.id)


def _bind(folder: Path, tiles: list[Image.Image], grid: bool, singles: bool) -> Drawn:
    if not tiles:
        return Drawn(grid)
    shown = lay_out(tiles) if grid else tiles[0]
    files = _save(folder, shown)
    paths = [folder / f"{number}.ppm" for number in range(len(tiles))]
    for number, (tile, path) in enumerate(zip(tiles, paths, strict=True)):
        tile.save(path)
        if singles:
            files[str(number)] = _save_png(folder / f"{number}.png", tile)
    return Drawn(grid, shown.size, tuple(paths), files)


def _save(folder: Path, shown: Image.Image) -> dict[str, Path]:
    unfinished = shown.reduce(4).filter(ImageFilter.BoxBlur(4))
    return {
        "picture": _save_png(folder / "picture.png", shown),
        "preview": _save_png(folder / "preview.png", unfinished),
    }


def _save_png(path: Path, picture: Image.Image) -> Path:
    picture.save(path, "PNG", compress_level=1)
    return path


def _moderate(picture: Image.Image, side: int) -> Image.Image:
    excess = picture.width * picture.height / (ROOM * side * side)
    if excess <= 1:
        return picture
    less = 1 / math.sqrt(excess * ROOM)
    return scale(picture, (_fours(picture.width * less), _fours(picture.height * less)))


def _fours(length: float) -> int:
    return max(8, round(length / 4) * 4)
