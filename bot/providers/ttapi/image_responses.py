"""What TTAPI answers about images: how a job is doing, what came of it, and which words it forbids (section 1.6)."""

import logging
import re
from dataclasses import replace

from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.images import ImageSnapshot
from bot.providers.json_fields import Json
from bot.providers.midjourney import numbered, read_texts
from bot.providers.ttapi.wire import ERROR_MAPPING, Job, cost
from bot.providers.types import RemoteState

ACTIONS = (
    *("upsample1", "upsample2", "upsample3", "upsample4"),
    "reroll",
    *("variation1", "variation2", "variation3", "variation4"),
    *("high_variation", "low_variation"),
    *("zoom_out_1_5", "zoom_out_2"),
    "make_square",
    *("pan_left", "pan_right", "pan_up", "pan_down"),
    *("upscale_subtle", "upscale_creative", "upscale2", "upscale4"),
    *("redo_upscale_subtle", "redo_upscale_creative", "redo_upscale2", "redo_upscale4"),
)
"""Every action of the documented table, in the order in which its buttons are shown."""

IMAGE_JOBS = frozenset({"imagine", "blend", "describe", "inpaint", "seed", *ACTIONS})
"""What a list of jobs calls those that are images' and not videos'."""

MAX_IMAGES = 4
LARGEST_SIDE = 100_000
LARGEST_SEED = 2**53

# The colon may be a full-width one, and so may the commas; other copies of the page put the word in brackets.
_BANNED = re.compile(r"banned prompt words?\s*[:：](?P<words>.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN_WORDS = re.compile(r"[,，、;；|]")
_AROUND_WORDS = " \t\"'“”‘’[]【】.。"
_MAX_WORDS = 20

_log = logging.getLogger(__name__)


def makes_one_image(action: str) -> bool:
    """Tell whether an action makes one image, and not four."""
    return action.startswith(("upsample", "upscale", "redo_upscale"))


def banned_words(message: str) -> tuple[str, ...]:
    """Read which words a refused prompt holds; none where the message names none."""
    found = _BANNED.search(message)
    words = _BETWEEN_WORDS.split(found["words"]) if found else []
    return tuple(dict.fromkeys(filter(None, (word.strip(_AROUND_WORDS) for word in words))))[:_MAX_WORDS]


def read_result(job: Job) -> ImageSnapshot:
    """Read a job; `progess` is how the page's table spells it."""
    progress = json_fields.percent(job.data.get("progress") or job.data.get("progess"))
    if job.state is RemoteState.FAILED:
        kind = ERROR_MAPPING.classify(job.message, ErrorKind.UPSTREAM)
        return ImageSnapshot(job.state, progress, error=ProviderError(kind, "yes", job.message))
    if job.state is not RemoteState.SUCCEEDED:
        return ImageSnapshot(job.state, progress)
    result = _parse_result(job.data, progress)
    if _is_complete(job.data, result):
        return result
    names = json_fields.words(", ".join(sorted(job.data)[:40]), 300)
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes", f"finished, but nothing to show among: {names}")
    return replace(result, state=RemoteState.RUNNING, error=missing)


def _parse_result(data: Json, progress: int | None) -> ImageSnapshot:
    images = _single_images(data.get("images"))
    grid = next(filter(None, map(json_fields.link, (data.get("cdnImage"), data.get("discordImage")))), None)
    if makes_one_image(_action(data)):
        # Its own link lasts longer than the grid's; where there are more, they are the parent's.
        grid = images[0] if len(images) == 1 else grid
        images = () if grid else images
    return ImageSnapshot(
        RemoteState.SUCCEEDED,
        progress,
        grid=grid,
        images=images,
        actions=_actions(data.get("components")),
        texts=_texts(data, has_images=bool(grid or images)),
        seed=_seed(data.get("seed")),
        width=_side(data.get("width")),
        height=_side(data.get("height")),
        cost=cost(data.get("quota")),
    )


def _texts(data: Json, *, has_images: bool) -> tuple[str, ...]:
    """Read a description from where any other job has its prompt (assumed: the page does not show one)."""
    if "describe" in _action(data):
        return read_texts(data.get("prompt"))
    return () if _action(data) or has_images else numbered(data.get("prompt"))


def _is_complete(data: Json, result: ImageSnapshot) -> bool:
    """Tell whether a result is one: a description needs texts, a seed's job its seed, any other something at all."""
    if "describe" in _action(data):
        return bool(result.texts)
    if _action(data) == "seed":
        return result.seed is not None
    return bool(result.grid or result.images or result.texts or result.seed)


def _action(data: Json) -> str:
    """Read what a job did: `actions` on this page, `action` on newer ones."""
    return (json_fields.text(data.get("actions"), 40) or json_fields.text(data.get("action"), 40)).lower()


def _single_images(images: object) -> tuple[str, ...]:
    """Read the single images; none where one of them cannot be read, for its place says which one it is."""
    links = [json_fields.link(entry) for entry in json_fields.entries(images)[:MAX_IMAGES]]
    if None in links:
        _log.warning("TTAPI gave %d single images that cannot all be read", len(links))
        return ()
    return tuple(filter(None, links))


def _actions(components: object) -> tuple[str, ...]:
    """Keep the documented actions, in our order."""
    offered = [json_fields.words(entry, 40) for entry in json_fields.entries(components)[:50]]
    undocumented = sorted({one for one in offered if one not in ACTIONS})
    if undocumented:
        _log.warning("TTAPI offered unknown actions, left out: %s", ", ".join(map(repr, undocumented)))
    return tuple(action for action in ACTIONS if action in offered)


def _seed(value: object) -> str | None:
    """Read a seed, a whole number; an empty string stands for none."""
    found = json_fields.number(value)
    is_seed = found is not None and found.is_integer() and 0 <= found < LARGEST_SEED
    return f"{found:.0f}" if is_seed else None


def _side(value: object) -> int | None:
    found = json_fields.number(value)
    return int(found) if found is not None and 1 <= found <= LARGEST_SIDE else None
