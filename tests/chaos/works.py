"""What the provider made of an order, films or pictures: what the card has to show, offer and cost."""

from bot.sandbox.studio.drawing import Drawn, is_picture_job, order_of
from bot.sandbox.studio.job import Job as Order
from bot.sandbox.studio.knobs import Knobs
from bot.sandbox.studio.ttapi_images_actions import offered

PRICES = {"sd": 2, "hd": 6}
"""Credits for a clip, as the README says."""

PICTURES_PRICE = 1
"""Credits for four pictures, and for one larger one."""

PICTURES = ("imagine", "action")
"""The kinds of jobs that make pictures here."""


def results(order: Order) -> list[bytes]:
    """Give the files that came of an order, in their order, as members have to see them."""
    if not is_picture_job(order):
        return [order.clip_bytes(slot) for slot in range(len(order.clips))]
    files = (order.drawn or Drawn()).files
    names = [str(slot) for slot in range(4)] if order_of(order).singles else ["picture"]
    return [files[name].read_bytes() for name in names if name in files]


def suffix(order: Order) -> str:
    """Give the ending of its files' names."""
    return ".png" if is_picture_job(order) else ".mp4"


def price(order: Order) -> int:
    """Tell what it has to cost the member."""
    if is_picture_job(order):
        return PICTURES_PRICE if results(order) else 0
    return PRICES[order.options.resolution] * len(order.clips)


def buttons(job_id: str, order: Order, knobs: Knobs) -> list[str]:
    """Name the buttons that its card has to offer, in any order."""
    numbers = range(1, len(results(order)) + 1)
    verb = "animate" if is_picture_job(order) else "extend"
    onward = [f"{verb}:{job_id}:{number}:{motion}" for motion in ("low", "high") for number in numbers]
    return onward + ([f"act:{job_id}:{action}" for action in offered(order, knobs)] if is_picture_job(order) else [])
