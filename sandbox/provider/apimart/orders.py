"""Reading APIMart's request body as strictly as its video page allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sandbox.provider.apimart.envelope import RefusedError
from sandbox.provider.engine.image_fetch import is_web_link
from sandbox.provider.engine.request_fields import (
    InvalidError,
    banned_words,
    choice,
    is_int,
    link,
    overridden,
    prompt_flags,
    refuse_unknown_fields,
    text,
)
from sandbox.provider.model.imagine_tasks import IMAGES, ImagineTask
from sandbox.provider.model.job import Json, Options, Order
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.rendering.imagine_images import draw_imagine_image

FIELDS = frozenset(
    {"prompt", "image_urls", "task_id", "index", "video_type", "animate_mode", "motion", "batch_size", "end_url"}
)
VIDEO_TYPES: dict[str, Literal["sd", "hd"]] = {
    "vid_1.1_i2v_480": "sd",
    "vid_1.1_i2v_720": "hd",
    "vid_1.1_i2v_start_end_480": "sd",
    "vid_1.1_i2v_start_end_720": "hd",
}


@dataclass(frozen=True)
class ApiMartOrder(Order):
    """An order with the body that it came in and the idempotency key of its header."""

    body: Json = field(kw_only=True, repr=False)
    idempotency_key: str | None = None


def read_video(
    body: Json, imagine_tasks: Mapping[str, ImagineTask], settings: ProviderSettings, key: str | None
) -> ApiMartOrder:
    """Return the order of a ``/v1/midjourney/generations/video`` body, sent with an idempotency key or without.

    Raises:
        InvalidError: when the documents do not allow the body.
        RefusedError: when a word is banned, or the imagine task is unknown or another account's.
    """
    refuse_unknown_fields(body, FIELDS, settings)
    if ("image_urls" in body) == ("task_id" in body):
        raise InvalidError("give image_urls or task_id, and not both")
    source = _source(body, imagine_tasks, settings)
    index = _index(body)
    prompt = _prompt(body, source, settings)
    flags = prompt_flags(body.get("prompt", ""))
    end_url = link(body, "end_url")
    video_type = _video_type(body, end_url)

    def flagged(flag: str, field: str, values: Mapping[str, Any], value: Any) -> Any:
        counts = settings.apimart_flags == "win" or field not in body
        return overridden(flags.get(flag), values, value) if counts else value

    return ApiMartOrder(
        action="generate",
        prompt=prompt,
        options=Options(
            motion=flagged("motion", "motion", {"low": "low", "high": "high"}, _motion(body)),
            resolution=VIDEO_TYPES[video_type],
            clips=flagged("bs", "batch_size", {"1": 1, "2": 2, "4": 4}, _clips(body, settings)),
            animate=_animate(body),
        ),
        sent_fields=frozenset(body),
        image_url=_first_image(body),
        image=None if source is None or index is None else draw_imagine_image(source.prompt, index),
        end_url=end_url,
        index=index,
        video_type=video_type,
        overridden_by_prompt=flags,
        body=body,
        idempotency_key=key,
    )


def refuse_hidden(task_id: str, settings: ProviderSettings) -> None:
    """Refuse a task that was forgotten or belongs to another account.

    Raises:
        RefusedError: with 404 or 403.
    """
    if task_id in settings.forgotten:
        raise RefusedError(404)
    if task_id in settings.foreign:
        raise RefusedError(403)


def _first_image(body: Json) -> str | None:
    if "image_urls" not in body:
        return None
    links: object = body["image_urls"]
    if not isinstance(links, list):
        raise InvalidError("image_urls must be a list")
    first, *more = cast("list[object]", links) or [None]
    if more:
        raise InvalidError("image_urls must hold exactly one link")
    if not isinstance(first, str) or not is_web_link(first):
        raise InvalidError("image_urls must hold an http or https link")
    return first


def _source(body: Json, imagine_tasks: Mapping[str, ImagineTask], settings: ProviderSettings) -> ImagineTask | None:
    task_id = text(body, "task_id")
    if task_id is None:
        return None
    refuse_hidden(task_id, settings)
    source = imagine_tasks.get(task_id)
    if source is None:
        raise RefusedError(404, "task_id names no imagine task")
    if not source.finished:
        raise InvalidError("task is not in SUCCESS state")
    return source


def _index(body: Json) -> int | None:
    """Read the index, which is required beside ``task_id``: no page says what its absence would mean."""
    if "index" not in body:
        if "task_id" in body:
            raise InvalidError("index is required with task_id")
        return None
    index: object = body["index"]
    if "task_id" not in body:
        raise InvalidError("index goes with task_id")
    if not is_int(index) or not 0 <= index < IMAGES:
        raise InvalidError(f"index must be an int from 0 to {IMAGES - 1}")
    return index


def _prompt(body: Json, source: ImagineTask | None, settings: ProviderSettings) -> str:
    prompt: object = body.get("prompt", "")
    if not isinstance(prompt, str):
        raise InvalidError("prompt must be a string")
    if not prompt.strip():
        if source is None:
            raise InvalidError("prompt is required without task_id")
        return source.prompt
    if banned := banned_words(prompt, settings):
        raise RefusedError(422, f"Banned prompt detected: {', '.join(banned)}")
    return prompt


def _video_type(body: Json, end_url: str | None) -> str:
    """Read the kind of video, which an end image makes a start-to-end one; without one that kind is refused.

    The refusal is assumed: the page lists those kinds as what ``end_url`` leads to.
    """
    name = text(body, "video_type") or "vid_1.1_i2v_480"
    if "extend" in name:
        raise InvalidError("video_type must not be an extend")
    if name not in VIDEO_TYPES:
        raise InvalidError(f"video_type must be one of {', '.join(VIDEO_TYPES)}")
    if end_url is not None:
        return name if "start_end" in name else name.replace("i2v_", "i2v_start_end_")
    if "start_end" in name:
        raise InvalidError("video_type start_end needs end_url")
    return name


def _motion(body: Json) -> Literal["low", "high"]:
    return cast("Literal['low', 'high']", choice(body, "motion", ("low", "high")) or "high")


def _animate(body: Json) -> Literal["auto", "manual"]:
    mode = cast("Literal['auto', 'manual']", choice(body, "animate_mode", ("auto", "manual")) or "manual")
    if mode == "auto" and "task_id" not in body:
        raise InvalidError("animate_mode auto needs task_id and index")
    return mode


def _clips(body: Json, settings: ProviderSettings) -> Literal[1, 2, 4]:
    value: object = body.get("batch_size", 1)
    if is_int(value) and value in (1, 2, 4):
        return value
    if is_int(value) and settings.apimart_batch == "one":
        return 1
    raise InvalidError("batch_size must be the int 1, 2 or 4")
