"""The images that members give with a request: what each is called, and what its claims show to be wrong."""

from collections.abc import Sequence

from bot.domain.links import is_link, without_brackets
from bot.domain.params import ImageUpload
from bot.errors import BadImage, ImageProblem
from bot.media import MAX_IMAGE_BYTES

_ORDINALS = ("first", "second", "third", "fourth", "fifth")

_NEVER_IMAGES = ("video/", "audio/", "text/")
"""Claimed types that are refused at once; of all others the bytes decide."""


def linked(address: str) -> ImageUpload:
    """Describe a picture that is named by its address."""
    return ImageUpload(without_brackets(address), "picture", 0)


def image_label(images: Sequence[ImageUpload], number: int) -> str:
    """Name the role of one of a request's pictures, counted from 0; a link's has no size beforehand."""
    if len(images) > 1:
        return _ORDINALS[number]
    return "start" if images[number].size else "link"


def frame_label(role: str, image: ImageUpload) -> str:
    """Name the role of a film's start or end image; an end image may be named by its address."""
    return "link" if role == "end" and not image.size else role


def check_claims(image: ImageUpload, role: str) -> None:
    """Refuse an image whose address, size or type the payload shows to be wrong."""
    if role == "link" and not is_link(image.url):
        raise BadImage(ImageProblem.NOT_A_LINK, role)
    if image.size > MAX_IMAGE_BYTES:
        raise BadImage(ImageProblem.TOO_LARGE, role, MAX_IMAGE_BYTES)
    if (image.content_type or "").lower().startswith(_NEVER_IMAGES):
        raise BadImage(ImageProblem.NOT_AN_IMAGE, role)
