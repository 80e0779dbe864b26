"""What stands on a job's card: its title, how far it is, where it comes from, and what its buttons cost."""

from collections.abc import Sequence

from bot.domain.film import Ancestor
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams, Motion, Speed
from bot.domain.prompts import option_for
from bot.ui.text import terms
from bot.ui.text.format import (
    format_credits,
    format_number,
    join_facts,
    join_list,
    join_path,
    join_sentences,
    mention,
)
from bot.ui.text.translate import _, ngettext

REMOVED_SHOWN = 5
"""How many of the words that were taken out of a prompt are named."""


ANCESTORS_SHOWN = 8
"""How many parts of a lineage a card names: the first, and the last ones."""


def title(job: Job, price: int) -> str:
    """Say what is made for whom, how, and what it costs; what they have left is nobody else's business."""
    return _("**{title}** by {member}, {details}").format(
        title=terms.action_title(job.params.action) if job.kind is Kind.ACTION else terms.kind_title(job.kind),
        member=mention(job.user_id),
        details=join_list([*_details(job), format_credits(price)]),
    )


def _details(job: Job) -> list[str]:
    return _clip_details(job.params) if job.kind.makes_video else _image_details(job)


def _clip_details(params: JobParams) -> list[str]:
    details = [terms.motion_phrase(params.motion)] if params.motion else []
    details += [terms.resolution_name(params.resolution), terms.clips_phrase(params.clips)]
    details += [_("loop")] if params.loop else []
    details += [terms.animation_phrase(params.prompt_mode)] if params.prompt_mode else []
    details += [terms.speed_phrase(params.speed)] if params.speed not in (None, Speed.FAST) else []
    return details


def _image_details(job: Job) -> list[str]:
    params = job.params
    details = [terms.speed_phrase(params.speed)] if params.speed else []
    details += [terms.shape_word(params.shape)] if params.shape else []
    details += [_("translated")] if params.translate and job.kind is Kind.IMAGINE else []
    return details


def end_image() -> str:
    """Say what the second small picture is."""
    return _("ending with this picture")


def read(flags: Sequence[str]) -> str:
    """Say which flags of a prompt count as options."""
    return _("Read from the prompt: {words}.").format(words=removed_words(flags))


def removed(job: Job) -> str:
    """Say what was taken out of a prompt, and how else to ask for it."""
    words = job.params.removed
    more = len(words) - REMOVED_SHOWN
    message = (
        _("Taken out of the prompt: {words} and {number} more.") if more > 0 else _("Taken out of the prompt: {words}.")
    )
    told = message.format(words=removed_words(words), number=format_number(more))
    return join_sentences(told, _instead(job))


def _instead(job: Job) -> str:
    """Name the options that do what flags were to do, but for those that were chosen."""
    left: dict[str, str] = {}
    for flag in job.params.removed[:REMOVED_SHOWN]:
        option = option_for(flag, job.kind)
        if option is not None and option not in job.params.explicit_options:
            left[flag] = option
    if not left:
        return ""
    options = list(dict.fromkeys(left.values()))
    message = ngettext(
        "For {flags} there is the option {options}.", "For {flags} there are the options {options}.", len(options)
    )
    return message.format(flags=removed_words(list(left)), options=removed_words(options))


def removed_words(words: Sequence[str]) -> str:
    """List the first of the words that were taken out of a prompt, as they were typed."""
    return join_list(f"`{word.replace('`', '')[:60]}`" for word in words[:REMOVED_SHOWN])


def extend_heading(motion: Motion | None) -> str:
    """Name a row of buttons that extend clips."""
    match motion:
        case Motion.LOW:
            return _("**Extend, low motion**")
        case Motion.HIGH:
            return _("**Extend, high motion**")
        case None:
            return _("**Extend**")


def extend_price(heading: str, price: int) -> str:
    """Say below the first such row's name what each button costs, and which clip it means."""
    message = _("{heading} - {price} each; clips count left to right, top to bottom")
    return message.format(heading=heading, price=format_credits(price))


def animate_heading(motion: Motion | None) -> str:
    """Name a row of buttons that make films of pictures."""
    match motion:
        case Motion.LOW:
            return _("**Animate, low motion**")
        case Motion.HIGH:
            return _("**Animate, high motion**")
        case None:
            return _("**Animate**")


def animate_price(heading: str, price: int) -> str:
    """Say below the first such row's name what a film costs at least."""
    return _("{heading} - from {price}").format(heading=heading, price=format_credits(price))


def actions_heading(*, single: int | None, four: int | None) -> str:
    """Name the rows of actions and what they cost, by how many pictures come of them; None where none do."""
    if single is None or four is None or single == four:
        return _("**Go on** - {price} each").format(price=format_credits(single if single is not None else four or 0))
    message = _("**Go on** - {single} for one picture, {four} for four")
    return message.format(single=format_credits(single), four=format_credits(four))


def description_heading(price: int) -> str:
    """Name the row of buttons that draw a description's prompts."""
    return _("**Draw one of them** - {price} each").format(price=format_credits(price))


def origin(job: Job, provider: str, parent_link: str | None, remote_id: str) -> str:
    """Say where a job comes from and who makes it; `remote_id` is its provider's own picture's, escaped.

    The job's id stays last in every language: a card is told from a job's other messages by it.
    """
    return join_facts(
        [
            _source(job, parent_link, remote_id),
            _("from its last frame") if job.params.from_last_frame else "",
            _maker(job, provider),
            _("job {job}").format(job=job.id),
        ]
    )


def lineage(parts: Sequence[Ancestor]) -> str:
    """Tell which part a card is, and lead to those before it."""
    told = [_ancestor(part) for part in parts]
    if len(told) > ANCESTORS_SHOWN:
        told = [told[0], "…", *told[2 - ANCESTORS_SHOWN :]]
    return _("Part {number}: {path}").format(number=format_number(len(parts)), path=join_path(told))


def _ancestor(part: Ancestor) -> str:
    number = format_number((part.from_slot or 0) + 1)
    if part.from_slot is None:
        message = _("[start]({link})") if part.card else _("start")
    else:
        message = _("[clip {number}]({link})") if part.card else _("clip {number}")
    return message.format(number=number, link=part.card)


def _source(job: Job, parent_link: str | None, remote_id: str) -> str:
    params, number = job.params, (job.parent_slot or 0) + 1
    if parent_link is not None:
        message = (
            _("from clip {number} of {link} (job {parent})")
            if job.kind is Kind.EXTEND
            else _("from {link} (job {parent})")
        )
    elif params.from_last_frame:
        message = _("from clip {number} of job {parent}")
    elif params.job_image is not None:
        message = _("from a picture of job {source}")
    elif params.provider_image is not None:
        message, number = _("from picture {number} of {source}"), params.provider_image.index + 1
    else:
        return ""
    return message.format(
        number=format_number(number),
        link=parent_link,
        parent=job.parent_job_id,
        source=params.job_image.job_id if params.job_image is not None else remote_id,
    )


def _maker(job: Job, provider: str) -> str:
    """Name the provider: only of what is there it can be said that it was made."""
    match job.state:
        case State.READY | State.DONE:
            message = _("made by {provider}")
        case State.FAILING | State.FAILED if job.submitted_ms is None:
            return ""
        case State.FAILING | State.FAILED:
            message = _("asked of {provider}")
        case _:
            message = _("for {provider}")
    return message.format(provider=provider)
