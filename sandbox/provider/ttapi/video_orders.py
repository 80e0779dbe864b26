"""Reading TTAPI's request bodies as strictly as its documents allow (video page; prompt flags as in the /mj family)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

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
from sandbox.provider.model.job import Job, Json, Options, Order, State
from sandbox.provider.model.settings import ProviderSettings


class BannedError(InvalidError):
    """The prompt has a banned word."""


SUBMIT_FIELDS = frozenset({"prompt", "imageUrl", "endingUrl", "mode", "manual", "resolution", "bs", "hookUrl"})
EXTEND_FIELDS = frozenset({"jobId", "index", "manual", "animateMode", "bs", "hookUrl"})


def read_submit(body: Json, settings: ProviderSettings) -> Order:
    """Return the order of a ``/midjourney/video/submit`` body.

    Raises:
        InvalidError: when the documents do not allow the body.
    """
    refuse_unknown_fields(body, SUBMIT_FIELDS, settings)
    prompt = text(body, "prompt")
    if prompt is None:
        raise InvalidError("prompt is required")
    refuse_banned_words(prompt, settings)
    image_url = link(body, "imageUrl")
    if image_url is None:
        raise InvalidError("imageUrl is required")
    choice(body, "mode", ("fast",))
    flags = prompt_flags(prompt)
    return Order(
        action="generate",
        prompt=prompt,
        options=Options(
            motion=overridden(flags.get("motion"), {"low": "low", "high": "high"}, _motion(body)),
            resolution=cast("Literal['sd', 'hd']", choice(body, "resolution", ("sd", "hd")) or "sd"),
            clips=overridden(flags.get("bs"), {"1": 1, "2": 2, "4": 4}, _clips(body)),
            animate="manual",
        ),
        sent_fields=frozenset(body),
        image_url=image_url,
        end_url=link(body, "endingUrl"),
        callback_url=link(body, "hookUrl"),
        overridden_by_prompt=flags,
    )


def read_extend(body: Json, jobs: Mapping[str, Job], settings: ProviderSettings) -> Order:
    """Return the order of a ``/midjourney/video/extend`` body; prompt and resolution are the parent's.

    Raises:
        InvalidError: when the documents do not allow the body.
    """
    refuse_unknown_fields(body, EXTEND_FIELDS, settings)
    job_id = text(body, "jobId")
    if job_id is None:
        raise InvalidError("jobId is required")
    parent = jobs.get(job_id)
    if parent is None:
        raise InvalidError("jobId is unknown")
    if parent.state is not State.DONE:
        raise InvalidError("the job is not completed")
    index: object = body.get("index")
    if not is_int(index):
        raise InvalidError("index is required and must be an int")
    if not 0 <= index < len(parent.clips):
        raise InvalidError("index is out of range")
    animate = choice(body, "animateMode", ("auto", "manual")) or "auto"
    return Order(
        action="extend",
        prompt=parent.prompt,
        options=Options(
            motion=_motion(body),
            resolution=parent.options.resolution,
            clips=_clips(body),
            animate=cast("Literal['auto', 'manual']", animate),
        ),
        sent_fields=frozenset(body),
        parent=parent,
        index=index,
        callback_url=link(body, "hookUrl"),
    )


def _motion(body: Json) -> Literal["low", "high"]:
    return cast("Literal['low', 'high']", choice(body, "manual", ("low", "high")) or "low")


def _clips(body: Json) -> Literal[1, 2, 4]:
    value: object = body.get("bs", 4)
    if not is_int(value) or value not in (1, 2, 4):
        raise InvalidError("bs must be the int 1, 2 or 4")
    return value


def refuse_banned_words(prompt: str, settings: ProviderSettings) -> None:
    """Refuse a prompt with a banned word, in the words of TTAPI's promptCheck.

    Raises:
        BannedError: when there is one.
    """
    if banned := banned_words(prompt, settings):
        raise BannedError(f"banned prompt words：{','.join(banned)}")
