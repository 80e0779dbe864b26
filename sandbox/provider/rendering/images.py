"""From an accepted image job to its files; runs in a thread."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageFilter

from sandbox.provider.model.image_jobs import (
    SINGLES,
    ImageOperation,
    ImageOrder,
    image_order_of,
)
from sandbox.provider.model.job import ImageResult, Job
from sandbox.provider.rendering.image_description import describe_image, seed_of
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
from sandbox.provider.rendering.video import open_image

READY_MADE_SIDE = 96
GRID = 4
ROOM = 2.5
"""An image of more than this many times the usual area is scaled down before more is drawn from it."""


def make_images(folder: Path, job: Job, count: int, side: int) -> ImageResult:
    """Draw an image job's result; a square image is ``side`` pixels wide, others have the same area.

    A grid gets ``count`` images at most; with 0 nothing at all is drawn.
    """
    order = image_order_of(job)
    match order.operation.kind:
        case "seed":
            return ImageResult(seed=_seed(job))
        case "describe":
            image = open_image(job.image or b"")
            return ImageResult(size=image.size, files=_save(folder, image), prompts=describe_image(image)[:count])
        case kind if kind in SINGLES:
            tiles = [_draw_tile(job, 0, side)] if count else []
            return _bind(folder, tiles, grid=False, singles=False)
        case _:
            tiles = [_draw_tile(job, slot, side) for slot in range(min(GRID, count))]
            return _bind(folder, tiles, grid=True, singles=order.singles)


def image_size(aspect: Size, side: int) -> Size:
    """Return width and height of an image of ``side`` times ``side`` pixels' area, in multiples of 4 pixels."""
    shape = min(4.0, max(1 / 4, aspect[0] / aspect[1]))
    return _fours(side * math.sqrt(shape)), _fours(side / math.sqrt(shape))


def _draw_tile(job: Job, slot: int, side: int) -> Image.Image:
    model = _first_of_rerolls(job)
    order = image_order_of(model)
    name = f"{order.prompt}/{slot}" if job.parent is None else f"{order.prompt}/{slot}/{job.number}"
    size = image_size(order.aspect, side)
    operation = order.operation
    match operation.kind:
        case "imagine":
            return draw_scene(name, size)
        case "blend":
            return mix([open_image(data) for data in order.images], size, name)
        case "pick":
            return _source(model)
        case "enlarge":
            return enlarge(_source(model), name, operation.amount, operation.variant)
        case _:
            return _redraw(_moderate(_source(model), side), order, operation, name)


def _redraw(image: Image.Image, order: ImageOrder, operation: ImageOperation, name: str) -> Image.Image:
    match operation.kind:
        case "vary":
            return vary(image, name, operation.amount)
        case "widen":
            return widen(image, name, operation.amount, operation.variant)
        case "square":
            return make_square(image, name)
        case "repaint":
            return repaint(image, open_image(order.mask or b""), name)
        case _:
            raise ValueError(f"no way to draw {operation.kind}")


def _first_of_rerolls(job: Job) -> Job:
    """Return the job that a reroll does again; any other job is that itself."""
    while image_order_of(job).operation.kind == "reroll" and job.parent is not None:
        job = job.parent
    return job


def _source(job: Job) -> Image.Image:
    """Return the image that a job starts from."""
    operation, parent = image_order_of(job).operation, job.parent
    while operation.redo and parent is not None and image_order_of(parent).operation.kind == "enlarge":
        parent = parent.parent
    if parent is None or parent.image_result is None:
        raise ValueError("the job starts from another one's image")
    return open_image(parent.image_result.tiles[operation.slot or 0].read_bytes())


def _seed(job: Job) -> int:
    """Return the seed that the prompt names, else one that follows from the job that is asked about."""
    named = image_order_of(job).overridden_by_prompt.get("seed", "")
    if named.isascii() and named.isdecimal():
        return int(named)
    return seed_of(job.id if job.parent is None else job.parent.id)


def _bind(folder: Path, tiles: list[Image.Image], grid: bool, singles: bool) -> ImageResult:
    if not tiles:
        return ImageResult(grid)
    shown = lay_out(tiles) if grid else tiles[0]
    files = _save(folder, shown)
    paths = [folder / f"{number}.ppm" for number in range(len(tiles))]
    for number, (tile, path) in enumerate(zip(tiles, paths, strict=True)):
        tile.save(path)
        if singles:
            files[str(number)] = _save_png(folder / f"{number}.png", tile)
    return ImageResult(grid, shown.size, tuple(paths), files)


def _save(folder: Path, shown: Image.Image) -> dict[str, Path]:
    unfinished = shown.reduce(4).filter(ImageFilter.BoxBlur(4))
    return {
        "image": _save_png(folder / "image.png", shown),
        "preview": _save_png(folder / "preview.png", unfinished),
    }


def _save_png(path: Path, image: Image.Image) -> Path:
    image.save(path, "PNG", compress_level=1)
    return path


def _moderate(image: Image.Image, side: int) -> Image.Image:
    excess = image.width * image.height / (ROOM * side * side)
    if excess <= 1:
        return image
    less = 1 / math.sqrt(excess * ROOM)
    return scale(image, (_fours(image.width * less), _fours(image.height * less)))


def _fours(length: float) -> int:
    return max(8, round(length / 4) * 4)
