"""Reading one field of TTAPI's image endpoints at a time, refused in the two sentences that its image page shows."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import cast

from PIL import Image

from sandbox.provider.engine.image_fetch import is_data_link, is_web_link
from sandbox.provider.engine.request_fields import InvalidError, is_int
from sandbox.provider.model.image_jobs import Speed, is_image_job
from sandbox.provider.model.job import Job, Json, State
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.rendering.video import NotAnImageError, open_image
from sandbox.provider.ttapi.image_actions import SPEEDS

MIN_TIMEOUT, MAX_TIMEOUT = {"fast": 300, "turbo": 300, "relax": 600}, 1200
"""The bounds of an imagine's timeout in seconds; the lower one is also the default."""
USUAL_TIMEOUT = 300


class ParameterError(InvalidError):
    """A field has a value that cannot be."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' parameter error!")


class EmptyError(InvalidError):
    """A required field is missing or empty."""

    def __init__(self, name: str) -> None:
        super().__init__(f'"{name}" cannot be empty.')


class Fields:
    """The fields of one body; ``known`` are those that the endpoint's table or samples have, besides the speed's.

    Every method raises InvalidError where the documents do not allow what was sent.
    """

    def __init__(self, body: Json, known: frozenset[str], settings: ProviderSettings, has_speed: bool = False) -> None:
        self._body = body
        self._settings = settings
        self._speed_names = {"mode", "model"} if settings.ttapi_speed == "both" else {settings.ttapi_speed}
        if settings.strict_fields:
            for name in sorted(set(body) - known - (self._speed_names if has_speed else set())):
                raise ParameterError(name)

    def value(self, name: str) -> object:
        return self._body.get(name)

    def text(self, name: str) -> str | None:
        """Return a text; None when it was not sent or is empty, as a hookUrl is in all samples."""
        value = self.value(name)
        if name in self._body and not isinstance(value, str):
            raise ParameterError(name)
        return cast("str", value) if value and str(value).strip() else None

    def required_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise EmptyError(name)
        return value

    def link(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and not is_web_link(value):
            raise ParameterError(name)
        return value

    def switch(self, name: str, default: bool) -> bool:
        value = self._body.get(name, default)
        if not isinstance(value, bool):
            raise ParameterError(name)
        return value

    def speed(self) -> Speed:
        """Return the speed under whichever of its two names; both at once must agree."""
        sent = {name: self._body[name] for name in sorted(self._speed_names) if name in self._body}
        for name, value in sent.items():
            if value not in SPEEDS or value != next(iter(sent.values())):
                raise ParameterError(name)
        return cast("Speed", next(iter(sent.values()), "fast"))

    def timeout(self, speed: Speed | None = None) -> int:
        """Return the timeout in seconds; only an imagine's, which has a speed, is bounded by the documents."""
        least, most = (1, None) if speed is None else (MIN_TIMEOUT[speed], MAX_TIMEOUT)
        value = self._body.get("timeout", USUAL_TIMEOUT if speed is None else least)
        if not is_int(value) or value < least or (most is not None and value > most):
            raise ParameterError("timeout")
        return value

    def parent(self, jobs: Mapping[str, Job]) -> Job:
        """Return the finished image job that ``jobId`` names."""
        parent = jobs.get(self.required_text("jobId"))
        if parent is None or not is_image_job(parent) or parent.state is not State.DONE:
            raise ParameterError("jobId")
        return parent

    def image(self, name: str, text: object, prefixed: bool) -> bytes:
        """Return the image in a text of base64, which has or must not have ``data:image/png;base64,`` before it."""
        if not isinstance(text, str) or is_data_link(text) is not prefixed:
            raise ParameterError(name)
        try:
            data = base64.b64decode(text.partition(",")[2] if prefixed else text, validate=True)
            open_image(data)
        except (binascii.Error, ValueError, NotAnImageError) as error:
            raise ParameterError(name) from error
        if len(data) > self._settings.max_image_bytes:
            raise ParameterError(name)
        return data

    def mask(self, size: tuple[int, int] | None) -> bytes:
        """Return a mask: as large as the image, and nothing but black and white."""
        data = self.image("mask", self.required_text("mask"), prefixed=False)
        if not is_black_and_white(open_image(data)) or open_image(data).size != size:
            raise ParameterError("mask")
        return data


def is_black_and_white(mask: Image.Image) -> bool:
    """Say whether an image has no grey and no colour."""
    bands = mask.split()
    return len({band.tobytes() for band in bands}) == 1 and not any(bands[0].histogram()[1:255])
