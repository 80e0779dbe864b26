"""What members report to moderators: pure, standard library only."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.job import card_address

MAX_REASON = 300
"""Characters of a reason."""


class Outcome(StrEnum):
    """Name what was done about a report."""

    REMOVED = "removed"
    BLOCKED = "blocked"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class Report:
    """Hold one member's report of a job; `member_id` is whose that is, `log_id` names the message that tells of it."""

    guild_id: int
    job_id: str
    user_id: int
    reason: str
    member_id: int
    channel_id: int
    message_id: int | None
    log_id: str | None = None
    outcome: Outcome | None = None
    handled_by: int | None = None

    @property
    def link(self) -> str:
        """Give the address of the job's card."""
        return card_address(self.guild_id, self.channel_id, self.message_id)
