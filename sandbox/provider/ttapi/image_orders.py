"""TTAPI's image orders, read as strictly as its image page allows (prompt flags as in the /mj family)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sandbox.provider.engine.request_fields import banned_words, prompt_flags
from sandbox.provider.model.image_jobs import ImageOperation, ImageOrder, image_order_of
from sandbox.provider.model.job import Job, Json, Options
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.ttapi.image_actions import (
    ACTIONS,
    SPEEDS,
    offered_actions,
    price,
    version_of,
)
from sandbox.provider.ttapi.image_fields import EmptyError, Fields, ParameterError
from sandbox.provider.ttapi.video_orders import refuse_banned_words

COMMON = frozenset({"hookUrl", "timeout"})
IMAGINE_FIELDS = COMMON | {"prompt", "getUImages", "translation"}
ACTION_FIELDS = COMMON | {"jobId", "action", "getUImages"}
SEED_FIELDS = COMMON | {"jobId"}
BLEND_FIELDS = COMMON | {"imgBase64Array", "dimensions", "getUImages"}
DESCRIBE_FIELDS = COMMON | {"base64", "url"}
INPAINT_FIELDS = COMMON | {"jobId", "mask", "prompt"}
DIMENSIONS = {"PORTRAIT": (2, 3), "SQUARE": (1, 1), "LANDSCAPE": (3, 2)}
FEWEST, MOST = 2, 5
"""How many images may be blended."""
ASPECT = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})", re.ASCII)


def read_imagine(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/imagine``; flags in the prompt set aspect and version, and overrule the speed.

    Raises:
        InvalidError: when the documents do not allow the body; so do all others here.
    """
    fields = Fields(body, IMAGINE_FIELDS, settings, has_speed=True)
    prompt = fields.required_text("prompt")
    flags = prompt_flags(prompt)
    speed = fields.speed()
    timeout = fields.timeout(speed)
    for name in SPEEDS:
        speed = name if name in flags else speed
    _refuse_banned(prompt, settings)
    translate = fields.switch("translation", default=True)
    return ImageOrder(
        action="imagine",
        prompt=_translated(prompt) if translate else prompt,
        options=Options(),
        sent_fields=frozenset(body),
        callback_url=fields.link("hookUrl"),
        timeout=timeout,
        overridden_by_prompt=flags,
        operation=ImageOperation("imagine"),
        quota=price(ImageOperation("imagine"), speed),
        speed=speed,
        aspect=aspect_of(flags) or (1, 1),
        version=version_of(flags),
        singles=fields.switch("getUImages", default=False),
        translate=translate,
    )


def read_action(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/action``: one of those that the named job's result offers."""
    fields = Fields(body, ACTION_FIELDS, settings)
    parent = fields.parent(jobs)
    action = fields.value("action")
    if not isinstance(action, str) or action not in offered_actions(parent, settings):
        raise ParameterError("action")
    return _follow(fields, body, parent, action, ACTIONS[action], singles=fields.switch("getUImages", default=False))


def read_seed(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/seed``."""
    fields = Fields(body, SEED_FIELDS, settings)
    parent = fields.parent(jobs)
    if parent.image_result is None or not parent.image_result.tiles:
        raise ParameterError("jobId")
    return _follow(fields, body, parent, "seed", ImageOperation("seed"))


def read_inpaint(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/inpaint``, which is Vary (Region): Midjourney has that under single images only."""
    fields = Fields(body, INPAINT_FIELDS, settings)
    parent = fields.parent(jobs)
    if parent.image_result is None or parent.image_result.grid or not parent.image_result.tiles:
        raise ParameterError("jobId")
    prompt = fields.text("prompt")
    if prompt is not None:
        _refuse_banned(prompt, settings)
    mask = fields.mask(parent.image_result.size)
    return _follow(fields, body, parent, "inpaint", ImageOperation("repaint"), prompt=prompt, mask=mask)


def read_blend(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/blend``: two to five images as data URIs."""
    fields = Fields(body, BLEND_FIELDS, settings, has_speed=True)
    sent = fields.value("imgBase64Array")
    if sent is None:
        raise EmptyError("imgBase64Array")
    if not isinstance(sent, list) or not FEWEST <= len(cast("list[object]", sent)) <= MOST:
        raise ParameterError("imgBase64Array")
    dimensions = fields.text("dimensions") or "SQUARE"
    if dimensions not in DIMENSIONS:
        raise ParameterError("dimensions")
    speed = fields.speed()
    return ImageOrder(
        action="blend",
        prompt="",
        options=Options(),
        sent_fields=frozenset(body),
        callback_url=fields.link("hookUrl"),
        timeout=fields.timeout(),
        operation=ImageOperation("blend"),
        quota=price(ImageOperation("blend"), speed),
        speed=speed,
        aspect=DIMENSIONS[dimensions],
        singles=fields.switch("getUImages", default=False),
        images=tuple(fields.image("imgBase64Array", one, prefixed=True) for one in cast("list[object]", sent)),
    )


def read_describe(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> ImageOrder:
    """Return the order of ``/describe``; base64 wins over the url, and the speed, struck out there, does nothing."""
    fields = Fields(body, DESCRIBE_FIELDS, settings, has_speed=True)
    fields.speed()
    sent = fields.text("base64")
    url = None if sent is not None else fields.link("url")
    if sent is None and url is None:
        raise EmptyError("base64")
    return ImageOrder(
        action="describe",
        prompt="",
        options=Options(),
        sent_fields=frozenset(body),
        image=None if sent is None else fields.image("base64", sent, prefixed=True),
        image_url=url,
        callback_url=fields.link("hookUrl"),
        timeout=fields.timeout(),
        operation=ImageOperation("describe"),
        quota=price(ImageOperation("describe"), "fast"),
    )


def aspect_of(flags: dict[str, str]) -> tuple[int, int] | None:
    """Return width to height as ``--ar`` says; None when it does not say so."""
    found = ASPECT.fullmatch(flags.get("ar", flags.get("aspect", "")))
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class LaterFailure:
    """Why an order that was accepted will fail, in the words of TTAPI's FAQ."""

    message: str
    banned: bool = False


def later_failure(order: ImageOrder, settings: ProviderSettings) -> LaterFailure | None:
    """Return why an order fails later, if it does: banned words, or an ``--ar`` that is none."""
    flags = order.overridden_by_prompt
    if banned_words(order.prompt, settings):
        return LaterFailure("[Banned prompt detected]", banned=True)
    if ("ar" in flags or "aspect" in flags) and aspect_of(flags) is None:
        return LaterFailure("[Invalid parameter] --ar")
    return None


def _refuse_banned(prompt: str, settings: ProviderSettings) -> None:
    if settings.ttapi_moderation == "at_once":
        refuse_banned_words(prompt, settings)


def _translated(prompt: str) -> str:
    """Mark a prompt as translated, unless it may be English: that much shows in what is drawn, listed and fetched."""
    return prompt if prompt.isascii() else f"(in English) {prompt}"


def _follow(
    fields: Fields,
    body: Json,
    parent: Job,
    action: str,
    operation: ImageOperation,
    *,
    prompt: str | None = None,
    singles: bool = False,
    mask: bytes | None = None,
) -> ImageOrder:
    """Return an order that goes on from another job, in its speed, as no field names one."""
    before = image_order_of(parent)
    return ImageOrder(
        action=action,
        prompt=prompt or parent.prompt,
        options=Options(),
        sent_fields=frozenset(body),
        parent=parent,
        index=operation.slot,
        callback_url=fields.link("hookUrl"),
        timeout=fields.timeout(),
        overridden_by_prompt=prompt_flags(prompt or parent.prompt),
        operation=operation,
        quota=price(operation, before.speed),
        speed=before.speed,
        aspect=before.aspect,
        version=before.version,
        singles=singles,
        mask=mask,
    )
