"""What the provider made of an order, films, pictures or words: what the card has to show, offer and cost."""

import io
import json
from pathlib import Path

from PIL import Image, ImageChops

from sandbox.provider.model.image_jobs import image_order_of, is_image_job
from sandbox.provider.model.job import ImageResult
from sandbox.provider.model.job import Job as Order
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.ttapi.image_actions import offered_actions
from tests.chaos.engines import Row

PRICES = {"sd": 2, "hd": 6}
"""Credits for a clip, as docs/credits.md says."""

PICTURE_PRICES = {"imagine": 1, "action": 1, "blend": 1, "region": 1, "describe": 1, "seed": 0}
"""Credits for what else is made: four pictures or one, a description, a seed."""

PNG = b"\x89PNG"


def results(order: Order) -> list[bytes]:
    """Give the films or pictures that came of an order, in their order, as members have to see them."""
    if not is_image_job(order):
        return [order.clip_bytes(slot) for slot in range(len(order.clips))]
    drawn = order.image_result or ImageResult()
    if "image" not in drawn.files:
        return []
    if not drawn.grid:
        return [drawn.files["image"].read_bytes()]
    if image_order_of(order).singles:
        return [drawn.files[str(slot)].read_bytes() for slot in range(len(drawn.tiles))]
    return _quarters(drawn.files["image"])


def same(one: bytes, other: bytes) -> bool:
    """Tell whether two files are the same film, or show the same picture."""
    if not one.startswith(PNG) or not other.startswith(PNG):
        return one == other
    with Image.open(io.BytesIO(one)) as first, Image.open(io.BytesIO(other)) as second:
        pixels = [picture.convert("RGB") for picture in (first, second)]
        return first.size == second.size and ImageChops.difference(*pixels).getbbox() is None


def words(order: Order) -> list[str]:
    """Give the words that came of it, as members have to read them."""
    drawn = (order.image_result if is_image_job(order) else None) or ImageResult()
    seed = [] if drawn.seed is None else [f"The seed is **{drawn.seed}**"]
    return [f"**{number}** {text}" for number, text in enumerate(drawn.prompts, 1)] + seed


def bore_fruit(order: Order) -> bool:
    """Tell whether anything came of it."""
    return bool(results(order) or words(order))


def suffix(order: Order) -> str:
    """Give the ending of its files' names."""
    return ".png" if is_image_job(order) else ".mp4"


def due(job: Row) -> int:
    """Tell what a job has to reserve before it is ordered."""
    params = json.loads(job["params"])
    if job["kind"] in PICTURE_PRICES:
        return PICTURE_PRICES[job["kind"]]
    return PRICES[params["resolution"]] * params["clips"]


def price(job: Row, order: Order) -> int:
    """Tell what has to be paid for what came of a job's order."""
    if job["kind"] in PICTURE_PRICES:
        return PICTURE_PRICES[job["kind"]] if bore_fruit(order) else 0
    return PRICES[order.options.resolution] * len(order.clips)


def buttons(job_id: str, order: Order, knobs: ProviderSettings) -> list[str]:
    """Name the buttons that its card has to offer, in any order."""
    drawn = (order.image_result if is_image_job(order) else None) or ImageResult()
    if drawn.prompts:
        return [f"imagine:{job_id}:{number}" for number in range(1, len(drawn.prompts) + 1)]
    verb, actions = ("animate", offered_actions(order, knobs)) if is_image_job(order) else ("extend", [])
    numbers = range(1, len(results(order)) + 1)
    onward = [f"{verb}:{job_id}:{number}:{motion}" for motion in ("low", "high") for number in numbers]
    words = [] if is_image_job(order) else [f"words:{job_id}"]
    return onward + words + [f"act:{job_id}:{action}" for action in actions]


def _quarters(grid: Path) -> list[bytes]:
    """Cut four pictures out of the one that shows them all."""
    with Image.open(grid) as image:
        x, y = image.width // 2, image.height // 2
        boxes = [(left, top, left + x, top + y) for top in (0, y) for left in (0, x)]
        return [_png(image.crop(box)) for box in boxes]


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
