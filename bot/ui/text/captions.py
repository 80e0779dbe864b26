"""The sentences about clips and jobs: what a card says of a clip that it does not show, and /jobs."""

from collections.abc import Mapping
from typing import Any, Literal

from bot.domain.job import Job
from bot.domain.job_id import EXAMPLE_JOB_ID
from bot.ui.text.format import escape_for_sentence, format_number, format_size
from bot.ui.text.terms import kind_of
from bot.ui.text.translate import _

LONGEST_LINK = 400
"""Characters of a vendor's link that is shown; a longer one would push the rest off the card."""

LONGEST_SUGGESTION = 100
"""Characters of a suggestion that Discord shows."""

Noun = Literal["clip", "picture"]
"""What a sentence is about: it says which of its two sentences is told, and is not put into one."""


def noun_of(job: Job) -> Noun:
    """Name one of the things that a job makes."""
    return "clip" if job.kind.makes_video else "picture"


def show_again(job_id: str) -> str:
    """Write the command that shows a job again."""
    return f"`/jobs show id:{job_id}`"


def alt_text(noun: Noun, number: int) -> str:
    """Describe a file to those who cannot see it; `number` counts from 1."""
    message = _("picture {number}") if noun == "picture" else _("clip {number}")
    return message.format(number=format_number(number))


def too_large(noun: Noun, number: int, size: int, link: str) -> str:
    """Say where a clip is to be watched that Discord does not take; `number` counts from 1, `size` is in bytes."""
    message = (
        _("Picture {number} is {size}, too large for this chat: [watch it here]({link})")
        if noun == "picture"
        else _("Clip {number} is {size}, too large for this chat: [watch it here]({link})")
    )
    return message.format(number=format_number(number), size=format_size(size), link=link)


def too_large_at_vendor(noun: Noun, number: int, size: int, provider: str, link: str) -> str:
    """Say the same where only the vendor's link is left, which expires."""
    match noun, _fits(link):
        case "picture", True:
            message = _(
                "Picture {number} is {size}, too large for this chat: "
                "[watch it at {provider}]({link}) soon, before its link ends"
            )
        case "picture", _:
            message = _("Picture {number} is {size}, too large for this chat, and I have no link to it.")
        case _, True:
            message = _(
                "Clip {number} is {size}, too large for this chat: "
                "[watch it at {provider}]({link}) soon, before its link ends"
            )
        case _:
            message = _("Clip {number} is {size}, too large for this chat, and I have no link to it.")
    return message.format(number=format_number(number), size=format_size(size), provider=provider, link=link)


def not_fetched(noun: Noun, number: int, provider: str, link: str, job_id: str) -> str:
    """Say that a clip or a picture was made and paid for, but could not be had, and how it is tried again."""
    match noun, _fits(link):
        case "picture", True:
            message = _(
                "Picture {number} was made and is paid for, but I could not fetch it from {provider}: "
                "[its link]({link}) may still work for you, and {command} tries again."
            )
        case "picture", _:
            message = _(
                "Picture {number} was made and is paid for, but I could not fetch it from {provider}; "
                "{command} tries again."
            )
        case _, True:
            message = _(
                "Clip {number} was made and is paid for, but I could not fetch it from {provider}: "
                "[its link]({link}) may still work for you, and {command} tries again."
            )
        case _:
            message = _(
                "Clip {number} was made and is paid for, but I could not fetch it from {provider}; "
                "{command} tries again."
            )
    return message.format(number=format_number(number), provider=provider, link=link, command=show_again(job_id))


def elsewhere(noun: Noun, link: str) -> str:
    """Say where the clips are that this card could not take."""
    message = _("The pictures are here: {link}") if noun == "picture" else _("The clips are here: {link}")
    return message.format(link=link)


def not_attached(noun: Noun, job_id: str) -> str:
    """Say what to do when clips could not be put on their card."""
    message = (
        _(
            "I could not attach the pictures here. They are paid for and kept: use {command} in a channel where I "
            "may attach files. That costs nothing."
        )
        if noun == "picture"
        else _(
            "I could not attach the clips here. They are paid for and kept: use {command} in a channel where I "
            "may attach files. That costs nothing."
        )
    )
    return message.format(command=show_again(job_id))


def belongs_to(noun: Noun, link: str, provider: str) -> str:
    """Lead from a result to its card."""
    message = (
        _("the pictures of {link}, made by {provider}")
        if noun == "picture"
        else _("the clips of {link}, made by {provider}")
    )
    return message.format(link=link, provider=provider)


def suggested(job: Job) -> str:
    """Describe a job in the menu that suggests ids, its prompt first; plain text, at most 100 characters."""
    prompt = " ".join(job.params.prompt.split())
    if not prompt:
        return _("{kind}, {job}").format(kind=kind_of(job), job=job.id)
    message = _("{prompt} ({kind}, {job})")
    room = LONGEST_SUGGESTION - len(message.format(prompt="", kind=kind_of(job), job=job.id))
    shown = prompt if len(prompt) <= room else prompt[: room - 1] + "…"
    return message.format(prompt=shown, kind=kind_of(job), job=job.id)


def cannot_show(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say why a job cannot be shown again, and what to do instead."""
    job, link = escape_for_sentence(data["job_id"]), data["link"]
    match data["why"]:
        case "unfinished":
            return _("Job {job} is not finished yet.").format(job=job), _("Watch it: {link}").format(link=link)
        case "failed":
            return _("Job {job} failed, so there is nothing to show.").format(job=job), _("Ask for it again.")
        case "cancelled":
            return _("Job {job} was cancelled, so there is nothing to show.").format(job=job), _("Ask for it again.")
        case "being_shown":
            return _("Job {job} is being shown just now.").format(job=job), _("Watch it: {link}").format(link=link)
        case "gone":
            what = _("What job {job} made is no longer kept here.").format(job=job)
            return what, _("It is where it was shown: {link}").format(link=link)
        case _:
            what = _("There is no job {job} here that you may see.").format(job=job)
            then = _("An id looks like `{example}`; /jobs list names yours.")
            return what, then.format(example=EXAMPLE_JOB_ID)


def _fits(link: str) -> bool:
    return len(link) <= LONGEST_LINK and link.startswith(("https://", "http://")) and not set(link) & set("() \n<>")
