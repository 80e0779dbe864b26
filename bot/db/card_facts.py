"""What a card needs of the tables, in one statement: each job under way has its card drawn again and again."""

from dataclasses import dataclass
from typing import Any

from bot.db.board_facts import BoardFacts, read_board
from bot.db.database import Database
from bot.db.provider_health import ProviderHealth
from bot.db.rows import to_job
from bot.domain.job import Clip, Frame, Job, card_address

_CLIP = ("slot", "remote_url", "media_file", "message_id", "attachment_id", "seconds", "bytes")
_FRAME = ("role", "media_file", "attachment_id")
_HEALTH = ("failures", "paused_until_ms", "account_blocked_until_ms", "account_error")
_PARENT = ("guild_id", "channel_id", "message_id", "parent_job_id", "parent_slot")
_GUILD = ("guild_id", "showcase_channel_id", "spoiler", "locale", "preferred_locale")

_TABLES = {"clip": _CLIP, "frame": _FRAME, "health": _HEALTH, "parent": _PARENT, "guild": _GUILD}
_COLUMNS = ", ".join(f"{table}.{name} as {table}__{name}" for table, names in _TABLES.items() for name in names)


@dataclass(frozen=True)
class CardFacts:
    """Hold a job with its clips in the order people count them, its images by role, and how its provider does."""

    job: Job
    clips: tuple[Clip, ...]
    frames: dict[str, Frame]
    health: ProviderHealth
    parent_link: str | None
    """Where the card is of the job that it goes on from."""
    board: BoardFacts | None = None
    """The storyboard whose card it is, of all shots: then clips and images are at the places of their shots."""
    parent_is_first: bool = True
    """Whether that one goes on from no clip itself."""
    has_showcase: bool = False
    """Whether its server has named a channel for results that are shared."""
    hides_all: bool = False
    """Whether its server hides all pictures and films."""
    locale: str | None = None
    """The language of its server, by Discord's code."""


class CardFactsRepository:
    """Read what cards show."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def read(self, job_id: str) -> CardFacts | None:
        """Read all that a job's card needs; one row comes for each pair of a clip and an image.

        None where there is no such job, or it was removed.
        """
        rows = await self._db.fetch(
            f"""select job.*, {_COLUMNS} from job
                left join job as parent on parent.id = job.parent_job_id and parent.removed_ms is null
                left join provider_health as health on health.name = job.provider
                left join frame on frame.job_id = job.id
                left join clip on clip.job_id = job.id
                left join guild on guild.guild_id = job.guild_id
                where job.id = $1 and job.removed_ms is null order by clip.slot""",
            job_id,
        )
        if not rows:
            return None
        parts = [_parted(dict(row)) for row in rows]
        job, first = to_job(parts[0]["job"]), parts[0]
        clips = {part["clip"]["slot"]: Clip(job.id, **part["clip"]) for part in parts if part["clip"]}
        frames = {part["frame"]["role"]: Frame(job.id, **part["frame"]) for part in parts if part["frame"]}
        health = ProviderHealth(**first["health"]) if first["health"] else ProviderHealth()
        has_showcase = first["guild"].get("showcase_channel_id") is not None
        hides_all = bool(first["guild"].get("spoiler"))
        locale = first["guild"].get("locale") or first["guild"].get("preferred_locale")
        if job.storyboard_id is not None:
            board = await read_board(self._db, job.storyboard_id)
            return CardFacts(
                board.card_job,
                board.clips,
                board.frames,
                health,
                None,
                board,
                has_showcase=has_showcase,
                hides_all=hides_all,
                locale=locale,
            )
        parent, link, is_first = first["parent"], None, True
        if parent:
            is_first = parent["parent_job_id"] is None or parent["parent_slot"] is None
            link = card_address(parent["guild_id"], parent["channel_id"], parent["message_id"])
        return CardFacts(
            job,
            tuple(clips.values()),
            frames,
            health,
            link,
            parent_is_first=is_first,
            has_showcase=has_showcase,
            hides_all=hides_all,
            locale=locale,
        )


def _parted(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sort a row's columns by their table; one that had no row to join is empty."""
    parts: dict[str, dict[str, Any]] = {"job": row}
    for table, names in _TABLES.items():
        values = {name: row.pop(f"{table}__{name}") for name in names}
        parts[table] = values if values[names[0]] is not None else {}
    return parts
