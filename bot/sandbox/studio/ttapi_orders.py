"""Reading TTAPI's request bodies as strictly as its documents allow (video page; prompt flags as in the /mj family)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeGuard, cast

from bot.sandbox.studio.job import Job, Json, Options, Order, State
from bot.sandbox.studio.knobs import Knobs
from bot.sandbox.studio.pictures import is_web_link
from bot.sandbox.studio.ttapi_envelope import InvalidError

SUBMIT_FIELDS = frozenset({"prompt", "imageUrl", "endingUrl", "mode", "manual", "resolution", "bs", "hookUrl"})
EXTEND_FIELDS = frozenset({"jobId", "index", "manual", "animateMode", "bs", "hookUrl"})
FLAG = re.compile(r"(?<!-)--(\w+)(?:\s+(?!--)(\S+))?")
LEADING_LINK = re.compile(r"\s*(https?://\S+)")


def read_submit(body: Json, knobs: Knobs) -> Order:
    """Return the order of a ``/midjourney/video/submit`` body.

    Raises:
        InvalidError: when the documents do not allow the body.
    """
    _refuse_unknown_fields(body, SUBMIT_FIELDS, knobs)
    prompt = _text(body, "prompt")
    if prompt is None:
        raise InvalidError("prompt is required")
    refuse_banned_words(prompt, knobs)
    image_url = _link(body, "imageUrl")
    if image_url is None:
        raise InvalidError("imageUrl is required")
    _choice(body, "mode", ("fast",))
    flags = prompt_flags(prompt)
    return Order(
        action="generate",
        prompt=prompt,
        options=Options(
            motion=_overridden(flags.get("motion"), {"low": "low", "high": "high"}, _motion(body)),
            resolution=cast("Literal['sd', 'hd']", _choice(body, "resolution", ("sd", "hd")) or "sd"),
            clips=_overridden(flags.get("bs"), {"1": 1, "2": 2, "4": 4}, _clips(body)),
            animate="manual",
        ),
        given=frozenset(body),
        image_url=image_url,
        end_url=_link(body, "endingUrl"),
        hook_url=_link(body, "hookUrl"),
        overridden_by_prompt=flags,
    )


def read_extend(body: Json, jobs: Mapping[str, Job], knobs: Knobs) -> Order:
    """Return the order of a ``/midjourney/video/extend`` body; prompt and resolution are the parent's.

    Raises:
        InvalidError: when the documents do not allow the body.
    """
    _refuse_unknown_fields(body, EXTEND_FIELDS, knobs)
    job_id = _text(body, "jobId")
    if job_id is None:
        raise InvalidError("jobId is required")
    parent = jobs.get(job_id)
    if parent is None:
        raise InvalidError("jobId is unknown")
    if parent.state is not State.DONE:
        raise InvalidError("the job is not completed")
    index: object = body.get("index")
    if not _is_int(index):
        raise InvalidError("index is required and must be an int")
    if not 0 <= index < len(parent.clips):
        raise InvalidError("index is out of range")
    animate = _choice(body, "animateMode", ("auto", "manual")) or "auto"
    return Order(
        action="extend",
        prompt=parent.prompt,
        options=Options(
            motion=_motion(body),
            resolution=parent.options.resolution,
            clips=_clips(body),
            animate=cast("Literal['auto', 'manual']", animate),
        ),
        given=frozenset(body),
        parent=parent,
        index=index,
        hook_url=_link(body, "hookUrl"),
    )


def prompt_flags(prompt: str) -> dict[str, str]:
    """Return the ``--flags`` of a prompt with their values, and a leading link as ``image``."""
    flags = {name.lower(): value for name, value in FLAG.findall(prompt)}
    if link := LEADING_LINK.match(prompt):
        flags["image"] = link[1]
    return flags


def refuse_banned_words(prompt: str, knobs: Knobs) -> None:
    """Refuse a prompt with a banned word, in the words of TTAPI's promptCheck.

    Raises:
        InvalidError: when there is one.
    """
    words = set(re.findall(r"\w+", prompt.lower()))
    if banned := sorted(word for word in knobs.banned_words if word.lower() in words):
        raise InvalidError(f"banned prompt words：{','.join(banned)}")


def _refuse_unknown_fields(body: Json, known: frozenset[str], knobs: Knobs) -> None:
    if knobs.strict_fields and (unknown := sorted(set(body) - known)):
        raise InvalidError(f"unknown field {unknown[0]}")


def _text(body: Json, name: str) -> str | None:
    value: object = body.get(name)
    if value is None and name not in body:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InvalidError(f"{name} must be a string with something in it")
    return value


def _link(body: Json, name: str) -> str | None:
    value = _text(body, name)
    if value is not None and not is_web_link(value):
        raise InvalidError(f"{name} must be an http or https link")
    return value


def _choice(body: Json, name: str, choices: tuple[str, ...]) -> str | None:
    value = _text(body, name)
    if value is not None and value not in choices:
        raise InvalidError(f"{name} must be one of {', '.join(choices)}")
    return value


def _motion(body: Json) -> Literal["low", "high"]:
    return cast("Literal['low', 'high']", _choice(body, "manual", ("low", "high")) or "low")


def _clips(body: Json) -> Literal[1, 2, 4]:
    value: object = body.get("bs", 4)
    if not _is_int(value) or value not in (1, 2, 4):
        raise InvalidError("bs must be the int 1, 2 or 4")
    return value


def _overridden(flag: str | None, values: Mapping[str, Any], field: Any) -> Any:
    return values.get(flag, field) if flag is not None else field


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
