"""What is wrong with an image or a mask that somebody gave, or with what they named as one."""

from collections.abc import Mapping
from typing import Any

from bot.errors import ImageProblem, MaskProblem
from bot.ui.text.format import escape_for_sentence, format_number, format_round_number
from bot.ui.text.translate import _, pgettext

Data = Mapping[str, Any]


def bad_image(data: Data) -> tuple[str, str]:
    """Say what is wrong with an image, and what to do."""
    role, limit = str(data["role"]), data.get("limit") or 0
    match data["problem"]:
        case ImageProblem.NOT_AN_IMAGE:
            return _not_an_image(role), _("Attach a PNG, JPEG, WebP or GIF.")
        case ImageProblem.BROKEN:
            return _broken(role), _("Save it again and attach the new file.")
        case ImageProblem.TOO_LARGE:
            return _too_large(role, limit // 2**20), _("Attach a smaller file.")
        case ImageProblem.TOO_MANY_PIXELS if role == "mask":
            then = _("Paint it over the saved picture, and save it as PNG in that size.")
            return _too_many_pixels(role, limit), then
        case ImageProblem.TOO_MANY_PIXELS:
            return _too_many_pixels(role, limit), _("Scale it down and attach it again.")
        case ImageProblem.NOT_A_LINK:
            what = _("What you gave as the picture's link is not a link.")
            return what, _("A link begins with https://: copy it once more, or attach the picture as a file.")
        case ImageProblem.FORBIDDEN_ADDRESS:
            return _forbidden_address(role), _("Attach it as a file.")
        case ImageProblem.UNREACHABLE | ImageProblem.GONE if role == "link":
            what = _("The link leads to nothing that I can fetch.")
            return what, _("Check it, or attach the picture as a file.")
        case ImageProblem.UNREACHABLE:
            return _unreachable(role), _("Try again in a while.")
        case _:
            return _gone(role), _("Run the command again with the picture attached.")


def bad_mask(data: Data) -> tuple[str, str]:
    """Say what is wrong with a mask that is a good picture, and how to paint it."""
    match data["problem"]:
        case MaskProblem.WRONG_SIZE:
            what = _(
                "The mask has {given_width} × {given_height} pixels, and the picture {wanted_width} × {wanted_height}."
            ).format(
                given_width=format_number(data["given_width"]),
                given_height=format_number(data["given_height"]),
                wanted_width=format_number(data["width"]),
                wanted_height=format_number(data["height"]),
            )
            return what, _("Paint the mask over the saved picture, and keep its size.")
        case MaskProblem.GREY:
            what = _("The mask has greys or colours, and only what is nearly black or nearly white is clear.")
            return what, _("Paint it with a hard brush, or erase a hole into the picture, and save it as PNG.")
        case _:
            what = _("The mask has no white, so nothing would be redrawn.")
            return what, _("Paint white what is to be redrawn, or erase it from the picture.")


def bad_source(data: Data) -> tuple[str, str]:
    """Say what names a picture."""
    what = _("“{typed}” names no picture.").format(typed=escape_for_sentence(data["typed"]))
    return what, _("Name a job as its card does, with #end for its last picture, or a provider's picture as id#2.")


def no_such_image(data: Data) -> tuple[str, str]:
    """Say that a job has no picture that the requester may use."""
    message = (
        _("Job {job} has no end picture here that you may use.")
        if data["position"] == "end"
        else _("Job {job} has no picture here that you may use.")
    )
    return message.format(job=escape_for_sentence(data["job_id"])), _("Attach the picture instead.")


def clip_gone(data: Data) -> tuple[str, str]:
    """Say that a clip's file can be had nowhere."""
    message = (
        _("Clip {number} of job {job} is gone: I keep it no longer, nor do its card and its provider have it.")
        if data["final"]
        else _("Clip {number} of job {job} is kept here no longer, and cannot be fetched again just now.")
    )
    what = message.format(number=format_number(data["clip"]), job=escape_for_sentence(data["parent"]))
    return what, _("Go on from another clip.") if data["final"] else _("Try again in a while.")


def no_last_frame(data: Data) -> tuple[str, str]:
    """Say that a clip cannot be gone on from its last frame."""
    if not data["read"]:
        what = _("Clip {number} of job {job} could only go on from its last frame, and I cannot read films here.")
        then = _("Whoever runs me can install the extra “film”.")
    else:
        what = _("The last frame of clip {number} of job {job} cannot be read.")
        then = _("Go on from another clip.")
    return what.format(number=format_number(data["clip"]), job=escape_for_sentence(data["parent"])), then


def start_needed(data: Data) -> tuple[str, str]:
    """Say that a picture is missing, or that one of two must go."""
    match data["other"], bool(data["both"]):
        case "link", True:
            return _("I can describe an image or a link, not both."), _("Leave one of them out.")
        case "link", False:
            return _("There is no picture to describe."), _("Attach one as image, or name its link.")
        case _, True:
            return _("I can start from an image or from a source, not from both."), _("Leave one of them out.")
        case _:
            return _("There is no picture to start from."), _("Attach one as image, or name one as source.")


def _not_an_image(role: str) -> str:
    match role:
        case "start":
            return _("The image is not a picture that I can read.")
        case "end":
            return _("The end image is not a picture that I can read.")
        case "link":
            return _("The linked file is not a picture that I can read.")
        case "mask":
            return _("The mask is not a picture that I can read.")
        case _:
            return _("The {ordinal} image is not a picture that I can read.").format(ordinal=_ordinal(role))


def _broken(role: str) -> str:
    match role:
        case "start":
            return _("The image is broken or incomplete.")
        case "end":
            return _("The end image is broken or incomplete.")
        case "link":
            return _("The linked file is broken or incomplete.")
        case "mask":
            return _("The mask is broken or incomplete.")
        case _:
            return _("The {ordinal} image is broken or incomplete.").format(ordinal=_ordinal(role))


def _too_large(role: str, mebibytes: int) -> str:
    match role:
        case "start":
            message = _("The image is larger than {size} MiB.")
        case "end":
            message = _("The end image is larger than {size} MiB.")
        case "link":
            message = _("The linked file is larger than {size} MiB.")
        case "mask":
            message = _("The mask is larger than {size} MiB.")
        case _:
            message = _("The {ordinal} image is larger than {size} MiB.")
    return message.format(size=format_number(mebibytes), ordinal=_ordinal(role))


def _too_many_pixels(role: str, pixels: int) -> str:
    match role:
        case "start":
            message = _("The image has more than {number} pixels.")
        case "end":
            message = _("The end image has more than {number} pixels.")
        case "link":
            message = _("The linked file has more than {number} pixels.")
        case "mask":
            message = _("The mask has more than {number} pixels.")
        case _:
            message = _("The {ordinal} image has more than {number} pixels.")
    return message.format(number=format_round_number(pixels // 10**6 * 10**6), ordinal=_ordinal(role))


def _forbidden_address(role: str) -> str:
    match role:
        case "start":
            return _("The image lies at an address that I do not open.")
        case "end":
            return _("The end image lies at an address that I do not open.")
        case "link":
            return _("The linked file lies at an address that I do not open.")
        case "mask":
            return _("The mask lies at an address that I do not open.")
        case _:
            return _("The {ordinal} image lies at an address that I do not open.").format(ordinal=_ordinal(role))


def _unreachable(role: str) -> str:
    match role:
        case "start":
            return _("The image could not be fetched from Discord.")
        case "end":
            return _("The end image could not be fetched from Discord.")
        case "mask":
            return _("The mask could not be fetched from Discord.")
        case _:
            return _("The {ordinal} image could not be fetched from Discord.").format(ordinal=_ordinal(role))


def _gone(role: str) -> str:
    match role:
        case "start":
            return _("Discord no longer has the image.")
        case "end":
            return _("Discord no longer has the end image.")
        case "link":
            return _("Discord no longer has the linked file.")
        case "mask":
            return _("Discord no longer has the mask.")
        case _:
            return _("Discord no longer has the {ordinal} image.").format(ordinal=_ordinal(role))


def _ordinal(role: str) -> str:
    """Count images that are asked for together."""
    match role:
        case "first":
            return pgettext("image", "first")
        case "second":
            return pgettext("image", "second")
        case "third":
            return pgettext("image", "third")
        case "fourth":
            return pgettext("image", "fourth")
        case "fifth":
            return pgettext("image", "fifth")
        case _:
            return role
