"""TTAPI's wire format for pictures (Midjourney API; providers.md, section 1.6)."""

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
    gives_one,
    read_result,
)
from bot.providers.ttapi.wire import VOCABULARY, TtapiWire
from bot.providers.types import Submitted

TIMEOUTS = {Speed.RELAX: 600, Speed.FAST: 300, Speed.TURBO: 300}
"""Seconds that TTAPI may work on a job: the documented default of each speed, which is also the least."""

ANY_TIMEOUT = max(TIMEOUTS.values())
"""Seconds for a page without a speed: the least that every speed takes, for the picture may have been made slowly."""

BLENDED = (2, 5)
"""How many pictures may be blended, at least and at most."""

_FETCH = "/midjourney/v1/fetch"


class TtapiPictures:
    """Make pictures with TTAPI, over the client that its films go through."""

    def __init__(self, wire: TtapiWire) -> None:
        self._wire = wire

    async def imagine(self, request: ImagineRequest) -> Submitted:
        """Start a job of four pictures.

        `getUImages` asks for the four single pictures beside the grid, which is no upscale of its own: their links last
        a month where the grid's last a day, and a film starts from one of them.
        """
        body: Json = {
            "prompt": request.prompt,
            "mode": request.speed.value,
            "timeout": TIMEOUTS[request.speed],
            "getUImages": True,
            "translation": request.translate,
        }
        return await self._wire.start("/midjourney/v1/imagine", body, request.callback_url)

    async def act(self, request: ActionRequest) -> Submitted:
        """Press a button; the page has no speed, so the parent's is assumed."""
        if request.action not in ACTIONS:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "this action is not on offer")
        body: Json = {
            "jobId": request.parent_ref,
            "action": request.action,
            "timeout": ANY_TIMEOUT,
            "getUImages": not gives_one(request.action),
        }
        return await self._wire.start("/midjourney/v1/action", body, request.callback_url)

    async def blend(self, request: BlendRequest) -> Submitted:
        """Mix pictures, which are sent as data URIs."""
        if not BLENDED[0] <= len(request.images) <= BLENDED[1]:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "this number of pictures is not on offer")
        body: Json = {
            "imgBase64Array": [_data_uri(image) for image in request.images],
            "dimensions": request.shape.name,
            "mode": request.speed.value,
            "timeout": TIMEOUTS[request.speed],
            "getUImages": True,
        }
        return await self._wire.start("/midjourney/v1/blend", body, request.callback_url)

    async def describe(self, request: DescribeRequest) -> Submitted:
        """Describe a picture, which is sent as a data URI; its `mode` is struck out on the page."""
        body: Json = {"base64": _data_uri(request.image), "timeout": ANY_TIMEOUT}
        return await self._wire.start("/midjourney/v1/describe", body, request.callback_url)

    async def redraw(self, request: RegionRequest) -> Submitted:
        """Draw a region anew; the mask is sent in base64 alone, without what makes it a data URI."""
        body: Json = {"jobId": request.parent_ref, "mask": _base64(request.mask), "timeout": ANY_TIMEOUT}
        if request.prompt is not None:
            body["prompt"] = request.prompt
        return await self._wire.start("/midjourney/v1/inpaint", body, request.callback_url)

    async def seed(self, request: SeedRequest) -> Submitted:
        """Ask for a seed, which a job of its own finds."""
        body: Json = {"jobId": request.parent_ref, "timeout": ANY_TIMEOUT}
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
        raise ProviderError(VOCABULARY.kind(message, ErrorKind.BAD_RESPONSE), "yes", message or "no verdict", 200)


def _base64(image: ImageFile) -> str:
    return b64encode(image.data).decode("ascii")


def _data_uri(image: ImageFile) -> str:
    return f"data:{image.mime};base64,{_base64(image)}"
