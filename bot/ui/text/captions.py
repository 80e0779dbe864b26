"""The sentences about clips and finished jobs: what a card says of a clip that it does not show, and /jobs list."""

from collections.abc import Mapping
from typing import Any

from bot.domain.job import Job, Kind, State

LONGEST_LINK = 400
"""Characters of a vendor's link that is shown; a longer one would push the rest off the card."""

SHOW_AGAIN = "`/jobs show id:{job}`"


def noun_of(job: Job) -> str:
    """Name one of the things that a job makes."""
    return "clip" if job.kind.makes_video else "picture"


def too_large(noun: str, number: int, size: int, link: str) -> str:
    """Say where a clip is to be watched that Discord does not take; `number` counts from 1, `size` is in bytes."""
    return f"{noun.capitalize()} {number} is {mebibytes(size)}, too large for this chat: [watch it here]({link})"


def too_large_at_vendor(noun: str, number: int, size: int, provider: str, link: str) -> str:
    """Say the same where only the vendor's link is left, which expires."""
    what = f"{noun.capitalize()} {number} is {mebibytes(size)}, too large for this chat"
    return f"{what}: {_at_vendor(provider, link)}" if _fits(link) else f"{what}, and I have no link to it."


def not_fetched(noun: str, number: int, provider: str, link: str) -> str:
    """Say that a clip or a picture was made and paid for, but could not be had."""
    what = f"{noun.capitalize()} {number} was made and is paid for, but I could not fetch it from {provider}"
    return f"{what}: {_try_link(link)}" if _fits(link) else f"{what}."


def elsewhere(noun: str, link: str) -> str:
    """Say where the clips are that this card could not take."""
    return f"The {noun}s are here: {link}"


def not_attached(noun: str, job_id: str) -> str:
    """Say what to do when clips could not be put on their card."""
    return (
        f"I could not attach the {noun}s here. They are paid for and kept: use "
        f"{SHOW_AGAIN.format(job=job_id)} in a channel where I may attach files. That costs nothing."
    )


def belongs_to(noun: str, link: str) -> str:
    """Lead from a result to its card."""
    return f"the {noun}s of {link}"


def mebibytes(size: int) -> str:
    """Write a file's size; bytes."""
    return f"{max(1, round(size / 2**20))} MiB"


NO_JOBS = "You have no jobs in this server yet. Attach a picture to **/video** to begin."

_STATES: Mapping[State, str] = {
    State.RECEIVED: "just asked for",
    State.QUEUED: "waiting",
    State.SUBMITTING: "being handed over",
    State.RUNNING: "being made",
    State.READY: "made, being delivered",
    State.DONE: "done",
    State.FAILING: "failed",
    State.FAILED: "failed",
}


def listed(job: Job, prompt: str, link: str) -> str:
    """Describe a job in one line; `prompt` is the escaped beginning of the member's."""
    state = _STATES[job.state]
    if job.state is State.DONE and job.error_code == "undeliverable":
        state = f"made, but not delivered: {SHOW_AGAIN.format(job=job.id)}"
    return f"`{job.id}` {kind_of(job)}, {state}, <t:{job.created_ms // 1000}:R>{_said(prompt)} {link}"


def suggested(job: Job) -> str:
    """Describe a job in the menu that suggests ids; plain text, at most 100 characters."""
    line = f"{job.id}, {kind_of(job)}{_said(' '.join(job.params.prompt.split()))}"
    return line if len(line) <= 100 else line[:99] + "…"


def _said(prompt: str) -> str:
    """Write what was asked for; blends and descriptions are made without words."""
    return f": {prompt}" if prompt else ""


def kind_of(job: Job) -> str:
    """Name what a job makes."""
    return {Kind.VIDEO: "video", Kind.EXTEND: "extension"}.get(job.kind, str(job.kind))


def cannot_show(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say why a job cannot be shown again, and what to do instead."""
    job, link = data["job_id"], data["link"]
    match data["why"]:
        case "unfinished":
            return f"Job {job} is not finished yet.", f"Watch it: {link}"
        case "failed":
            return f"Job {job} failed, so there is nothing to show.", "Ask for it again."
        case "being_shown":
            return f"Job {job} is being shown just now.", f"Watch it: {link}"
        case "gone":
            return f"What job {job} made is no longer kept here.", f"It is where it was shown: {link}"
        case _:
            return f"There is no job {job} here that you may see.", "/jobs list names yours."


def _at_vendor(provider: str, link: str) -> str:
    return f"[watch it at {provider}]({link}) soon, before its link ends"


def _try_link(link: str) -> str:
    return f"[its link]({link}) may still work for you"


def _fits(link: str) -> bool:
    return len(link) <= LONGEST_LINK and link.startswith(("https://", "http://")) and not set(link) & set("() \n<>")
