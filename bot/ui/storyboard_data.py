"""Gather what the one card of a storyboard shows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.db.board_facts import BoardFacts
from bot.db.store import CardFacts
from bot.domain.credits import PriceList
from bot.domain.job import Clip, Job, State, card_link
from bot.domain.storyboard import FILM_PLACE, LEAST_SHOTS, LIVE, MADE, first_missing, frame_role, is_over, latest
from bot.providers.registry import title_of
from bot.services.storyboards import storyboard_price
from bot.ui.attachments import clip_name, frame_name
from bot.ui.cards import Card
from bot.ui.more_menu import withheld_entries
from bot.ui.shown_clip import ShownClip
from bot.ui.storyboard_card import GoingOn, ShownShot, StoryboardLook
from bot.ui.text import captions
from bot.ui.text import storyboards as text

Progress = Callable[[Job, CardFacts], Awaitable[str]]
"""Say how far a job is."""

ClipNote = Callable[[Job, Clip], str]
"""Say why a job's clip is not shown, and where it is."""


async def build_storyboard(
    card_job: Job, facts: CardFacts, board: BoardFacts, prices: PriceList, progress: Progress, note: ClipNote
) -> Card:
    """Tell all that a storyboard's card shows now; `card_job` is whose row it is, at its end as it ends there."""
    storyboard, title = board.storyboard, title_of(board.storyboard.provider)
    stands_for = latest(board.jobs)
    missing = first_missing(storyboard, board.jobs)
    undeliverable = any(job.error_code == "undeliverable" for job in (card_job, *stands_for.values()))
    return Card(
        job=card_job,
        provider=title,
        price=0,
        frames={role: frame_name(role) for role, frame in facts.frames.items() if frame.attachment_id is not None},
        clips=[_shown(card_job, board, clip, note, undeliverable=undeliverable) for clip in facts.clips],
        storyboard=StoryboardLook(
            id=storyboard.id,
            user_id=storyboard.user_id,
            params=storyboard.params,
            shots=await _shots(facts, board, stands_for, progress),
            price=storyboard_price(prices, storyboard, 0),
            provider=title,
            card_job=replace(card_job, state=State.DONE),
            is_over=_has_ended(board),
            film=(board.film.parts, board.film.seconds) if board.film is not None else None,
            can_stop=any(job.state is State.QUEUED for job in board.jobs),
            going_on=None if missing is None else GoingOn(missing, storyboard_price(prices, storyboard, missing)),
            notes=_notes(card_job, board, stands_for, undeliverable=undeliverable),
            withheld=withheld_entries(has_showcase=facts.has_showcase, hides_all=facts.hides_all),
        ),
    )


async def _shots(
    facts: CardFacts, board: BoardFacts, stands_for: dict[int, Job], progress: Progress
) -> Sequence[ShownShot]:
    place_of = {job.id: place for place, job in board.shots.items()}
    shown: list[ShownShot] = []
    for number, shot in enumerate(board.storyboard.shots):
        job = stands_for[number]
        before = stands_for[number - 1] if number else None
        words = await _words(job, before, facts, progress)
        shown.append(ShownShot(shot, job.state, words, frame_role(place_of[job.id])))
    return shown


async def _words(job: Job, before: Job | None, facts: CardFacts, progress: Progress) -> str:
    if job.state is State.DONE or (job.state is State.READY and _is_shown(job, facts)):
        return text.made(job.id)
    waits = job.state in (State.RECEIVED, State.QUEUED) and before is not None and before.state not in MADE
    return text.waits_for(job.shot or 0) if waits else await progress(job, facts)


def _notes(card_job: Job, board: BoardFacts, stands_for: dict[int, Job], *, undeliverable: bool) -> Sequence[str]:
    """Say what is not on the card, once nothing more comes."""
    notes = [captions.not_attached("clip", card_job.id)] if undeliverable else []
    made = [number for number, job in stands_for.items() if job.state is State.DONE]
    if _has_ended(board) and len(made) >= LEAST_SHOTS and board.film is None:
        notes.append(text.no_film(stands_for[max(made)].id))
    return notes


def _has_ended(board: BoardFacts) -> bool:
    return all(job.state not in (*LIVE, State.READY) for job in board.jobs)


def _is_shown(job: Job, facts: CardFacts) -> bool:
    return any(clip.job_id == job.id and clip.attachment_id is not None for clip in facts.clips)


def _shown(card_job: Job, board: BoardFacts, clip: Clip, note: ClipNote, *, undeliverable: bool) -> ShownClip:
    if clip.attachment_id is not None and clip.message_id == card_job.message_id:
        return ShownClip(clip.slot, clip_name(clip))
    if clip.attachment_id is not None:
        return ShownClip(clip.slot, result=card_link(replace(card_job, message_id=clip.message_id)))
    ended = is_over(board.jobs) if clip.slot == FILM_PLACE else board.shots[clip.slot].state is State.DONE
    if undeliverable or not ended:
        return ShownClip(clip.slot, kept=clip.media_file is not None)
    job = next(job for job in board.jobs if job.id == clip.job_id)
    return ShownClip(clip.slot, note=note(job, clip), kept=clip.media_file is not None)
