"""Reading CometAPI's video orders as strictly as its page and the /mj family allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.provider.cometapi.envelope import Code, RefusedError
from sandbox.provider.engine.image_fetch import is_data_link, is_web_link
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

FIELDS = frozenset({"motion", "image", "prompt", "action", "index", "taskId", "state", "noStorage", "videoType"})
FAMILY_FIELDS = frozenset({"endImage", "loop", "batchSize", "notifyHook"})
STATE_LENGTH = 255
CALLBACK_LENGTH = 2000
BROKEN_DATA_LINK = "data:image/png;base64,"
"""Stands in for a data URI that fails its job."""

MOTIONS: Mapping[str, Literal["low", "high"]] = {"low": "low", "high": "high"}
SIZES: Mapping[str, Literal["sd", "hd"]] = {"vid_1.1_i2v_480": "sd", "vid_1.1_i2v_720": "hd"}
BATCHES: Mapping[str, Literal[1, 2, 4]] = {"1": 1, "2": 2, "4": 4}


@dataclass(frozen=True)
class CometOrder(Order):
    """An order with the client's own ``state``, and whether its clips are shown under their first address."""

    state: str = ""
    no_storage: bool = False


def read_video(body: Json, tasks: Mapping[str, Job], settings: ProviderSettings) -> CometOrder:
    """Return the order of a ``/mj/submit/video`` body; ``tasks`` are those that it may extend.

    Fields that only midjourney-proxy names count where the setting says so.

    Raises:
        InvalidError: when the documents do not allow the body.
        RefusedError: when there is no such task, it is not finished, or a word is banned.
    """
    extra = {name: body[name] for name in FAMILY_FIELDS & set(body)} if settings.comet_family_fields else {}
    refuse_unknown_fields(body, FIELDS | set(extra), settings)
    motion = choice(body, "motion", ("low", "high"))
    if motion is None:
        raise InvalidError("motion is required")
    parent, index = _parent(body, tasks)
    image = _image(body, "image", settings)
    if image is None and (parent is None or settings.comet_extend_needs_image):
        raise InvalidError("image is required")
    prompt = _prompt(body, settings)
    flags = prompt_flags(prompt)
    loop = _flag(extra, "loop")
    size = choice(body, "videoType", tuple(SIZES)) or "vid_1.1_i2v_480"
    return CometOrder(
        action="generate" if parent is None else "extend",
        prompt=prompt or (parent.prompt if parent is not None else ""),
        options=Options(
            motion=overridden(flags.get("motion"), MOTIONS, MOTIONS[motion]),
            resolution=SIZES[size],
            clips=overridden(flags.get("bs"), BATCHES, _batch(extra)),
            loop=loop,
        ),
        sent_fields=frozenset(body),
        image_url=image if parent is None else None,
        end_url=_ending(extra, loop, flags, settings),
        parent=parent,
        index=index,
        callback_url=_callback(extra),
        callback_tries=1,
        overridden_by_prompt=flags,
        state=_state(body),
        no_storage=_flag(body, "noStorage"),
    )


def _parent(body: Json, tasks: Mapping[str, Job]) -> tuple[Job | None, int | None]:
    action, task_id, index = choice(body, "action", ("extend",)), text(body, "taskId"), body.get("index")
    if "index" in body and not is_int(index):
        raise InvalidError("index must be an integer")
    if action is None:
        if task_id is not None:
            raise InvalidError("任务类型错误")
        return None, None
    if task_id is None or index is None:
        raise InvalidError("index and taskId are required with action")
    parent = tasks.get(task_id)
    if parent is None:
        raise RefusedError(Code.NOT_FOUND, "目标任务不存在")
    if parent.state is not State.DONE:
        raise RefusedError(Code.INVALID, "task_status_not_success")
    if not 0 <= index < len(parent.clips):
        raise InvalidError("index is out of range")
    return parent, index


def _prompt(body: Json, settings: ProviderSettings) -> str:
    prompt: object = body.get("prompt", "")
    if not isinstance(prompt, str):
        raise InvalidError("prompt must be a string")
    if not prompt.strip() and settings.comet_needs_prompt:
        raise InvalidError("Prompt 不能为空")
    if banned := banned_words(prompt, settings):
        raise RefusedError(Code.BANNED, promptEn=prompt, bannedWord=banned[0])
    return prompt


def _image(body: Json, name: str, settings: ProviderSettings) -> str | None:
    value = text(body, name)
    if value is None or is_web_link(value):
        return value
    if not is_data_link(value):
        raise InvalidError(f"{name} must be an http or https link or a data URI")
    if settings.comet_data_links == "refuse":
        raise InvalidError("disabled upload base64")
    return value if settings.comet_data_links == "accept" else BROKEN_DATA_LINK


def _ending(extra: Json, loop: bool, flags: Mapping[str, str], settings: ProviderSettings) -> str | None:
    """Return the last frame; a loop has none, and a prompt's flag goes before the field."""
    field, flag = _image(extra, "endImage", settings), flags.get("end", "")
    if loop:
        return None
    return flag if is_web_link(flag) else field


def _batch(extra: Json) -> Literal[1, 2, 4]:
    value: object = extra.get("batchSize", 4)
    if not is_int(value) or value not in (1, 2, 4):
        raise InvalidError("batchSize must be 1, 2 or 4")
    return value


def _state(body: Json) -> str:
    value: object = body.get("state", "")
    if not isinstance(value, str) or len(value) > STATE_LENGTH:
        raise InvalidError(f"state must be a string of at most {STATE_LENGTH} characters")
    return value


def _callback(extra: Json) -> str | None:
    value = link(extra, "notifyHook")
    if value is not None and len(value) > CALLBACK_LENGTH:
        raise InvalidError(f"notifyHook must have at most {CALLBACK_LENGTH} characters")
    return value


def _flag(body: Json, name: str) -> bool:
    value: object = body.get(name, False)
    if not isinstance(value, bool):
        raise InvalidError(f"{name} must be true or false")
    return value
