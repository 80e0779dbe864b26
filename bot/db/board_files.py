"""Which attachments of a storyboard's card show what: its shots' clips and images by their places, and the film."""

from collections.abc import Mapping, Sequence

from bot.db.database import Transaction
from bot.db.rows import to_job
from bot.domain.job import Job, State
from bot.domain.storyboard import FILM_PLACE, LIVE, frame_role, places

_LIVE = ", ".join(f"'{state}'" for state in LIVE)


async def write_shown(
    tx: Transaction, storyboard_id: str, message_id: int, clips: Mapping[int, int], frames: Mapping[str, int]
) -> None:
    """Write down where files are shown: attachments by the places of clips, and by the roles of images."""
    shots = await _places(tx, storyboard_id)
    for place, attachment_id in clips.items():
        if place == FILM_PLACE:
            await tx.fetch(
                "update storyboard set film_message_id = $2, film_attachment_id = $3 where id = $1",
                storyboard_id,
                message_id,
                attachment_id,
            )
        else:
            await tx.fetch(
                "update clip set message_id = $2, attachment_id = $3 where job_id = $1 and slot = 0",
                shots[place].id,
                message_id,
                attachment_id,
            )
    roles = {frame_role(place): job.id for place, job in shots.items()}
    for role, attachment_id in frames.items():
        await tx.fetch(
            "update frame set attachment_id = $2 where job_id = $1 and role = 'start'", roles[role], attachment_id
        )
    # The card lets go of the images of shots that are not being made any more; one of these may be found alive.
    await tx.fetch(
        f"""update frame set attachment_id = null where role = 'start' and job_id in (
               select id from job where storyboard_id = $1 and shot > 0 and state not in ({_LIVE}))""",
        storyboard_id,
    )


async def forget(
    tx: Transaction, storyboard_id: str, message_id: int, shown: Sequence[int], frames: Sequence[str]
) -> None:
    """Write that a message shows some clips, by their places, and some images no longer."""
    shots = await _places(tx, storyboard_id)
    for place in shown:
        if place == FILM_PLACE:
            await tx.fetch(
                """update storyboard set film_message_id = null, film_attachment_id = null
                   where id = $1 and film_message_id = $2""",
                storyboard_id,
                message_id,
            )
        else:
            await tx.fetch(
                """update clip set message_id = null, attachment_id = null
                   where job_id = $1 and message_id = $2 and slot = 0""",
                shots[place].id,
                message_id,
            )
    for place, job in shots.items():
        if frame_role(place) in frames:
            await tx.fetch("update frame set attachment_id = null where job_id = $1 and role = 'start'", job.id)


_ALL_SHOTS = "id in (select id from job where storyboard_id = $1 order by created_ms, id for update)"
"""All jobs of a storyboard, locked in the order in which everybody does (`lock_names`)."""


async def lock_shots(tx: Transaction, job_id: str) -> list[State]:
    """Lock all jobs of the storyboard that a job belongs to, and give their states; none for any other job.

    Who changes them all does so before it touches one.
    """
    rows = await tx.fetch(
        """select state from job
           where storyboard_id = (select former.storyboard_id from job as former where former.id = $1)
           order by created_ms, id for update""",
        job_id,
    )
    return [State(row["state"]) for row in rows]


async def follow_card(tx: Transaction, job_id: str) -> None:
    """Let all shots know the new card of the job that keeps their storyboard's; nothing for any other job."""
    await tx.fetch(
        """with card as (select id, storyboard_id, channel_id, message_id from job where id = $1)
           update job set message_id = card.message_id, channel_id = card.channel_id
           from card where job.id <> card.id and job.id in (
               select id from job
               where storyboard_id = (select former.storyboard_id from job as former where former.id = $1)
               order by created_ms, id for update)""",
        job_id,
    )


async def clear_card(tx: Transaction, job_id: str) -> None:
    """Let all shots forget the card that the job which keeps it has forgotten, and what it showed."""
    rows = await tx.fetch("select storyboard_id from job where id = $1 and storyboard_id is not null", job_id)
    if rows:
        storyboard_id = rows[0]["storyboard_id"]
        await _forget_all(tx, storyboard_id)
        await tx.fetch(
            f"update job set message_id = null, token = null, token_until_ms = 0 where {_ALL_SHOTS}", storyboard_id
        )


async def move_card(tx: Transaction, job: Job) -> None:
    """Bring the card of all shots to where one of them is shown again, hidden as that one; the files go with it."""
    if job.storyboard_id is None:
        return
    await _forget_all(tx, job.storyboard_id)
    await tx.fetch(
        f"""update job set message_id = $2, channel_id = $3, card_hash = null, unanswered_edits = 0, spoiler = $4
            where {_ALL_SHOTS}""",
        job.storyboard_id,
        job.message_id,
        job.channel_id,
        job.spoiler,
    )


async def _forget_all(tx: Transaction, storyboard_id: str) -> None:
    shots = "(select id from job where storyboard_id = $1)"
    await tx.fetch(f"update clip set message_id = null, attachment_id = null where job_id in {shots}", storyboard_id)
    await tx.fetch(f"update frame set attachment_id = null where job_id in {shots}", storyboard_id)
    await tx.fetch(
        "update storyboard set film_message_id = null, film_attachment_id = null where id = $1", storyboard_id
    )


async def _places(tx: Transaction, storyboard_id: str) -> dict[int, Job]:
    rows = await tx.fetch("select * from job where storyboard_id = $1", storyboard_id)
    return places([to_job(row) for row in rows])
