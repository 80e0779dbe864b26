"""Which of a job's files a message shows: told by the message, kept by the row, listed when the card is edited."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import discord

from bot.db.card_edits import Shown
from bot.db.store import CardFacts
from bot.domain.job import Job
from bot.domain.storyboard import LIVE
from bot.errors import CardError
from bot.ui.attachments import KeptAttachment, Upload, attachments_by_name, clip_name, frame_name

MOST_FILES = 10
"""How many files a message carries (discord.md, section 2)."""


def newly_shown(job: Job, facts: CardFacts, message: discord.Message) -> Shown:
    """Find the files that a message shows otherwise than they were written down; images count on the card alone."""
    items = {name: item.attachment_id for name, item in attachments_by_name(message).items()}
    clips = {clip.slot: (items.get(clip_name(clip)), clip.attachment_id) for clip in facts.clips}
    frames = {role: (items.get(frame_name(role)), frame.attachment_id) for role, frame in facts.frames.items()}
    return Shown(
        message.id,
        {slot: now for slot, (now, before) in clips.items() if now is not None and now != before},
        {role: now for role, (now, before) in frames.items() if now is not None and now != before}
        if message.id == job.message_id
        else {},
        job.storyboard_id,
    )


def require_all(message: discord.Message, uploads: Sequence[Upload]) -> None:
    """Raise `CardError` when an answer does not tell of an upload: it is looked for later, and not sent for ever."""
    unreported = {upload.filename for upload in uploads} - set(attachments_by_name(message))
    if unreported:
        raise CardError(f"Discord does not say where {', '.join(sorted(unreported))} is")


def with_shown(facts: CardFacts, shown: Shown) -> CardFacts:
    """Give a card's facts after a message's files were written down."""
    return replace(
        facts,
        clips=tuple(
            replace(clip, message_id=shown.message_id, attachment_id=shown.clips[clip.slot])
            if clip.slot in shown.clips
            else clip
            for clip in facts.clips
        ),
        frames={
            role: replace(frame, attachment_id=shown.frames.get(role, frame.attachment_id))
            for role, frame in facts.frames.items()
        },
    )


def kept_and_new(
    job: Job, facts: CardFacts, uploads: Sequence[Upload]
) -> Callable[[], list[discord.Attachment | discord.File]]:
    """List the files that the card keeps, then the new ones; without new ones nothing needs to be listed."""
    if not uploads:
        return lambda: discord.utils.MISSING
    kept = _kept(job, facts)
    # discord.py asks of a kept attachment only that it can write itself down.
    return lambda: [*(cast("discord.Attachment", file) for file in kept), *(upload.file() for upload in uploads)]


def room_for_clips(facts: CardFacts) -> int:
    """Tell how many more clips the card takes, beside the images that it is still to show."""
    images = sum(frame.attachment_id is None for frame in facts.frames.values())
    jobs = facts.board.jobs if facts.board is not None else ()
    if any(job.state in LIVE for job in jobs) and len(facts.frames) < 2:
        # The shot that comes next starts at an image that its provider reads from the card.
        images += 1
    return max(0, MOST_FILES - len(_kept(facts.job, facts)) - images)


def _kept(job: Job, facts: CardFacts) -> list[KeptAttachment]:
    kept = [
        KeptAttachment(frame.attachment_id, frame_name(role))
        for role, frame in facts.frames.items()
        if frame.attachment_id is not None
    ]
    kept += [
        KeptAttachment(clip.attachment_id, clip_name(clip))
        for clip in facts.clips
        if clip.attachment_id is not None and clip.message_id == job.message_id
    ]
    return kept
