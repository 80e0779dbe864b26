"""TTAPI's wire format for images (Midjourney API; providers.md, section 1.6)."""

from base64 import b64encode
from dataclasses import replace

from bot.domain.params import Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImageFile,
    ImageSnapshot,
    ImagineRequest,
    RegionRequest,
    SeedRequest,
)
from bot.providers.json_fields import Json
from bot.providers.ttapi.image_responses import (
    ACTIONS,
    banned_words,
    makes_one_image,
    read_result,
)
from bot.providers.ttapi.wire import ERROR_MAPPING, TtapiWire
from bot.providers.types import Submitted

TIMEOUT_BY_SPEED = {Speed.RELAX: 600, Speed.FAST: 300, Speed.TURBO: 300}
"""Seconds that TTAPI may work on a job: the documented default of each speed, which is also the least."""

DEFAULT_TIMEOUT = max(TIMEOUT_BY_SPEED.values())
"""Seconds for a page without a speed: the least that every speed takes, for the image may have been made slowly."""

BLEND_COUNTS = (2, 5)
"""How many images may be blended, at least and at most."""

_FETCH = "/midjourney/v1/fetch"


class TtapiImages:
    """Make images with TTAPI, over the client that its videos go through."""

    def __init__(self, wire: TtapiWire) -> None:
        self._wire = wire

    async def imagine(self, request: ImagineRequest) -> Submitted:
        """Start a job of four images.

        `getUImages` asks for the four single images beside the grid, which is no upscale of its own: their links last
        a month where the grid's last a day, and a film starts from one of them.
        """
        body: Json = {
            "prompt": request.prompt,
            "mode": request.speed.value,
            "timeout": TIMEOUT_BY_SPEED[request.speed],
            "getUImages": True,
            "translation": request.translate,
        }
        return await self._wire.start("/midjourney/v1/imagine", body, request.callback_url)

    async def run_action(self, request: ActionRequest) -> Submitted:
        """Run a button's action; the page has no speed, so the parent's is assumed."""
        if request.action not in ACTIONS:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "this action is not on offer")
        body: Json = {
            "jobId": request.parent_ref,
            "action": request.action,
            "timeout": DEFAULT_TIMEOUT,
            "getUImages": not makes_one_image(request.action),
        }
        return await self._wire.start("/midjourney/v1/action", body, request.callback_url)

    async def blend(self, request: BlendRequest) -> Submitted:
        """Mix images, which are sent as data URIs."""
        if not BLEND_COUNTS[0] <= len(request.images) <= BLEND_COUNTS[1]:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "this number of pictures is not on offer")
        body: Json = {
            "imgBase64Array": [_data_uri(image) for image in request.images],
            "dimensions": request.shape.name,
            "mode": request.speed.value,
            "timeout": TIMEOUT_BY_SPEED[request.speed],
            "getUImages": True,
        }
        return await self._wire.start("/midjourney/v1/blend", body, request.callback_url)

    async def describe(self, request: DescribeRequest) -> Submitted:
        """Describe an image, which is sent as a data URI; its `mode` is struck out on the page."""
        body: Json = {"base64": _data_uri(request.image), "timeout": DEFAULT_TIMEOUT}
        return await self._wire.start("/midjourney/v1/describe", body, request.callback_url)

    async def inpaint(self, request: RegionRequest) -> Submitted:
        """Redraw a region; the mask is sent in base64 alone, without what makes it a data URI."""
        body: Json = {"jobId": request.parent_ref, "mask": _base64(request.mask), "timeout": DEFAULT_TIMEOUT}
        if request.prompt is not None:
            body["prompt"] = request.prompt
        return await self._wire.start("/midjourney/v1/inpaint", body, request.callback_url)

    async def seed(self, request: SeedRequest) -> Submitted:
        """Ask for a seed, which a job of its own finds."""
        body: Json = {"jobId": request.parent_ref, "timeout": DEFAULT_TIMEOUT}
        return await self._wire.start("/midjourney/v1/seed", body, request.callback_url)

    async def poll(self, remote_id: str) -> ImageSnapshot:
        """Fetch a job: this page shows POST, a newer one GET."""
        job = await self._wire.fetch(_FETCH, remote_id, ("POST", "GET"))
        return replace(read_result(job), echo=json_fields.link(job.data.get("hookUrl")))

    async def check_prompt(self, prompt: str) -> tuple[str, ...]:
        """Name the forbidden words; only English ones are known to it. HTTP says 200 to a refusal too."""
        try:
            answer = await self._wire.api.ask("POST", "/midjourney/v1/promptCheck", body={"prompt": prompt})
        except ProviderError as error:
            if error.kind is ErrorKind.MODERATED_PROMPT and (banned := banned_words(error.message)):
                return banned
            raise
        message = json_fields.words(answer.get("message"))
        if answer.get("status") == "SUCCESS":
            return ()
        if answer.get("status") == "FAILED" and (banned := banned_words(message)):
            return banned
        raise ProviderError(
            ERROR_MAPPING.classify(message, ErrorKind.BAD_RESPONSE), "yes", message or "no verdict", 200
        )


def _base64(image: ImageFile) -> str:
    return b64encode(image.data).decode("ascii")


def _data_uri(image: ImageFile) -> str:
    return f"data:{image.mime};base64,{_base64(image)}"
