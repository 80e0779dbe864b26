"""What is wrong with images, said of each by what it is for."""

import pytest

from bot.errors import AnimaticError, BadImage, ClipGone, ImageProblem, NoLastFrame
from bot.ui.text.errors import describe_error, not_charged

NAMES = {
    "start": "image",
    "end": "end image",
    "mask": "mask",
    "link": "linked file",
    "first": "first image",
    "second": "second image",
    "third": "third image",
    "fourth": "fourth image",
    "fifth": "fifth image",
}


def told(problem: ImageProblem, role: str, limit: int | None = None) -> tuple[str, str]:
    what, then = describe_error(BadImage(problem, role, limit)).split(f" {not_charged()} ")
    return what, then


@pytest.mark.parametrize(("role", "name"), NAMES.items())
def test_each_problem_is_told_of_the_image_that_has_it(role: str, name: str) -> None:
    assert told(ImageProblem.NOT_AN_IMAGE, role)[0] == f"The {name} is not a picture that I can read."
    assert told(ImageProblem.BROKEN, role)[0] == f"The {name} is broken or incomplete."
    assert told(ImageProblem.TOO_LARGE, role, 10 * 2**20)[0] == f"The {name} is larger than 10 MiB."
    assert told(ImageProblem.TOO_MANY_PIXELS, role, 40 * 10**6)[0] == f"The {name} has more than 40 million pixels."
    assert told(ImageProblem.FORBIDDEN_ADDRESS, role)[0] == f"The {name} lies at an address that I do not open."


@pytest.mark.parametrize(("role", "name"), [item for item in NAMES.items() if item[0] != "link"])
def test_an_image_that_is_gone_was_at_discord(role: str, name: str) -> None:
    assert told(ImageProblem.UNREACHABLE, role)[0] == f"The {name} could not be fetched from Discord."
    assert told(ImageProblem.GONE, role)[0] == f"Discord no longer has the {name}."


@pytest.mark.parametrize("problem", [ImageProblem.UNREACHABLE, ImageProblem.GONE])
def test_a_link_that_leads_nowhere_is_not_discords_fault(problem: ImageProblem) -> None:
    assert told(problem, "link")[0] == "The link leads to nothing that I can fetch."


def test_what_is_no_link_is_not_an_address() -> None:
    assert told(ImageProblem.NOT_A_LINK, "link") == (
        "What you gave as the picture's link is not a link.",
        "A link begins with https://: copy it once more, or attach the picture as a file.",
    )


def test_a_mask_of_too_many_pixels_is_painted_anew_and_not_scaled() -> None:
    assert told(ImageProblem.TOO_MANY_PIXELS, "mask")[1].startswith("Paint it over the saved picture")
    assert told(ImageProblem.TOO_MANY_PIXELS, "start")[1] == "Scale it down and attach it again."


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ClipGone("1jd8x3k2m9f4qz", 2),
            "Clip 2 of job 1jd8x3k2m9f4qz is gone: I keep it no longer, nor do its card and its provider have it."
            " Nothing was charged. Go on from another clip.",
        ),
        (
            ClipGone("1jd8x3k2m9f4qz", 2, final=False),
            "Clip 2 of job 1jd8x3k2m9f4qz is kept here no longer, and cannot be fetched again just now. Nothing was"
            " charged. Try again in a while.",
        ),
        (
            NoLastFrame("1jd8x3k2m9f4qz", 2, read=False),
            "Clip 2 of job 1jd8x3k2m9f4qz could only go on from its last frame, and I cannot read films here. Nothing"
            " was charged. Whoever runs me can install the extra “film”.",
        ),
        (
            NoLastFrame("1jd8x3k2m9f4qz", 2),
            "The last frame of clip 2 of job 1jd8x3k2m9f4qz cannot be read. Nothing was charged. Go on from another"
            " clip.",
        ),
    ],
)
def test_a_clip_that_cannot_be_gone_on_from_says_why_and_what_to_do(error: AnimaticError, sentence: str) -> None:
    assert describe_error(error) == sentence
