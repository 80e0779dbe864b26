"""Why a part of a picture is not redrawn; only the asker sees it, and nothing was reserved."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors.refusals import Refused


class MaskProblem(StrEnum):
    """Name what is wrong with a mask that is a good picture."""

    WRONG_SIZE = "wrong_size"
    GREY = "grey"
    NOTHING_WHITE = "nothing_white"


@dataclass(eq=False)
class BadMask(Refused):
    """A mask cannot be used; of a WRONG_SIZE the picture's size and the one given, in pixels."""

    problem: MaskProblem
    width: int = 0
    height: int = 0
    given_width: int = 0
    given_height: int = 0
    code = "bad_mask"


@dataclass(eq=False)
class SinglePictureNeeded(Refused):
    """A job made four pictures, and a mask belongs to one."""

    job_id: str
    code = "single_picture_needed"


@dataclass(eq=False)
class PictureGone(Refused):
    """A made picture's file is no longer in the media store."""

    job_id: str
    code = "picture_gone"


class PreviewGone(Refused):
    """A preview was discarded or is too old, so its mask is not kept any more."""

    code = "preview_gone"


@dataclass(eq=False)
class PreviewUsed(Refused):
    """A preview was confirmed before, and what came of it has ended; `link` leads to its card."""

    link: str
    code = "preview_used"


class NotYourPreview(Refused):
    """Only who asked for a preview may confirm or discard it."""

    code = "not_your_preview"
