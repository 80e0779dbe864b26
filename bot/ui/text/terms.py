"""What members choose among and what jobs make, in the words that sentences, cards and modals share."""

from bot.domain.image_actions import ACTIONS
from bot.domain.job import Job, Kind, State
from bot.domain.params import Motion, PromptMode, Resolution, Shape, Speed
from bot.ui.text import buttons
from bot.ui.text.format import format_number
from bot.ui.text.translate import _, ngettext, pgettext


def motion_phrase(motion: Motion) -> str:
    """Name how much moves."""
    match motion:
        case Motion.LOW:
            return _("low motion")
        case Motion.HIGH:
            return _("high motion")


def motion_word(motion: Motion) -> str:
    """Name how much moves, where the sentence says that motion is meant."""
    match motion:
        case Motion.LOW:
            return pgettext("motion", "low")
        case Motion.HIGH:
            return pgettext("motion", "high")


def resolution_name(resolution: Resolution) -> str:
    """Name a clip's size."""
    match resolution:
        case Resolution.SD:
            return _("SD")
        case Resolution.HD:
            return _("HD")


def speed_phrase(speed: Speed) -> str:
    """Name how fast a provider works."""
    match speed:
        case Speed.RELAX:
            return _("relax speed")
        case Speed.FAST:
            return _("fast speed")
        case Speed.TURBO:
            return _("turbo speed")


def speed_word(speed: Speed) -> str:
    """Name how fast a provider works, where the sentence says that speed is meant."""
    match speed:
        case Speed.RELAX:
            return pgettext("speed", "relax")
        case Speed.FAST:
            return pgettext("speed", "fast")
        case Speed.TURBO:
            return pgettext("speed", "turbo")


def animation_phrase(prompt_mode: PromptMode) -> str:
    """Name who says what happens in a clip."""
    match prompt_mode:
        case PromptMode.AUTO:
            return _("auto animation")
        case PromptMode.MANUAL:
            return _("manual animation")


def translation_phrase(*, translated: bool) -> str:
    """Say what becomes of the prompts of pictures."""
    return _("translated into English") if translated else _("left as they are")


def shape_word(shape: Shape) -> str:
    """Name the shape of a blended picture."""
    match shape:
        case Shape.PORTRAIT:
            return pgettext("shape", "portrait")
        case Shape.SQUARE:
            return pgettext("shape", "square")
        case Shape.LANDSCAPE:
            return pgettext("shape", "landscape")


def clips_phrase(number: int) -> str:
    """Count clips."""
    return ngettext("{number} clip", "{number} clips", number).format(number=format_number(number))


def kind_of(job: Job) -> str:
    """Name what a job makes, as lists of jobs do."""
    match job.kind:
        case Kind.VIDEO:
            return pgettext("kind of job", "video")
        case Kind.EXTEND:
            return pgettext("kind of job", "extension")
        case Kind.IMAGINE:
            return pgettext("kind of job", "imagine")
        case Kind.ACTION:
            return action_title(job.params.action)
        case Kind.BLEND:
            return pgettext("kind of job", "blend")
        case Kind.DESCRIBE:
            return pgettext("kind of job", "describe")
        case Kind.REGION:
            return pgettext("kind of job", "region")
        case Kind.SEED:
            return pgettext("kind of job", "seed")


def kind_title(kind: Kind) -> str:
    """Name what a job makes, as its card does."""
    match kind:
        case Kind.VIDEO:
            return _("Video")
        case Kind.EXTEND:
            return _("Extension")
        case Kind.IMAGINE | Kind.ACTION:
            return _("Pictures")
        case Kind.BLEND:
            return _("Blend")
        case Kind.DESCRIBE:
            return _("Description")
        case Kind.REGION:
            return _("New region")
        case Kind.SEED:
            return _("Seed")


def action_title(name: str | None) -> str:
    """Name what was done with a picture, in words where its button has a symbol."""
    match name:
        case "reroll":
            return _("Drawn again")
        case "pan_left":
            return _("Pan left")
        case "pan_right":
            return _("Pan right")
        case "pan_up":
            return _("Pan up")
        case "pan_down":
            return _("Pan down")
        case None:
            return kind_title(Kind.IMAGINE)
        case _:
            return buttons.action(name) if name in ACTIONS else kind_title(Kind.IMAGINE)


def state_phrase(job: Job) -> str:
    """Say how far a job is."""
    match job.state:
        case State.FAILING | State.FAILED if job.error_code == "cancelled":
            return _("cancelled")
        case State.RECEIVED:
            return _("just asked for")
        case State.QUEUED:
            return _("waiting")
        case State.SUBMITTING:
            return _("being handed over")
        case State.RUNNING:
            return _("being made")
        case State.READY:
            return _("made, being delivered")
        case State.DONE:
            return _("done")
        case State.FAILING | State.FAILED:
            return _("failed")
