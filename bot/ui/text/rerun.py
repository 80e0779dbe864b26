"""What stands in the modal that asks for an ended job once more: its choices, and what is taken over."""

from bot.domain.job import Job, Kind
from bot.domain.params import Shape, Speed
from bot.ui.text import buttons, terms
from bot.ui.text.format import format_credits, join_list, join_sentences
from bot.ui.text.modals import LONGEST_TITLE
from bot.ui.text.translate import _


def title(kind: Kind) -> str:
    """Name the modal: by what comes of it, where that is not what was run before."""
    return buttons.edit(kind)[:LONGEST_TITLE]


def drawing_hint() -> str:
    """Say in the empty field what belongs there."""
    return _("What to draw")


def region_hint() -> str:
    """Say in the empty field what belongs there, or nothing."""
    return _("What to draw there; the picture's own prompt if you leave it out")


def words_start_anew() -> str:
    """Say what becomes of an extension with other words, where the provider's extend takes none."""
    return _("With other words it becomes a new film that starts at the clip's last frame.")


def speed_label() -> str:
    """Name the choice of speed."""
    return _("Speed")


def speed_choice(speed: Speed, price: int) -> str:
    """Name a speed, with what all pictures cost together in credits."""
    return _("{choice}: {price}").format(choice=terms.speed_phrase(speed), price=format_credits(price))


def shape_label() -> str:
    """Name the choice of the new pictures' shape."""
    return _("Shape")


def shape_choice(shape: Shape) -> str:
    """Name a shape."""
    return terms.shape_word(shape)


def taken_over(job: Job, provider: str, price: int) -> str:
    """Say what has no field and stays as it was, and where no choice names a price, the price in credits."""
    if job.kind is Kind.ACTION:
        return join_sentences(
            _("{action} takes no words, so it is not run again: four new pictures are drawn of the prompt.").format(
                action=terms.action_title(job.params.action)
            ),
            _taken_over([_("the prompt with its flags"), *_image_facts(job)]),
        )
    if job.kind is Kind.REGION:
        return join_sentences(
            _taken_over([_("the picture"), _("the mask")]), _("It costs {price}.").format(price=format_credits(price))
        )
    facts = _video_facts(job, provider) if job.kind.makes_video else _image_facts(job)
    return _taken_over(facts)


def _taken_over(facts: list[str]) -> str:
    return _("Taken over: {facts}.").format(facts=join_list(facts)) if facts else ""


def _image_facts(job: Job) -> list[str]:
    facts = [_("the pictures")] if job.params.images else []
    return [*facts, _("the translation into English")] if job.params.translate else facts


def _video_facts(job: Job, provider: str) -> list[str]:
    params = job.params
    if job.kind is Kind.EXTEND:
        facts = [_("the clip that it goes on from"), terms.resolution_name(params.resolution), provider]
        facts += _ending(job)
        return [*facts, terms.animation_phrase(params.prompt_mode)] if params.prompt_mode else facts
    facts = [_("the picture to start with"), *_ending(job)]
    facts += [terms.animation_phrase(params.prompt_mode)] if params.prompt_mode else []
    facts += [terms.speed_phrase(params.speed)] if params.speed and "speed" in params.explicit_options else []
    return [*facts, provider] if "provider" in params.explicit_options else facts


def _ending(job: Job) -> list[str]:
    facts = [_("the picture to end with")] if job.params.end_image is not None else []
    return [*facts, _("loop")] if job.params.loop else facts
