"""The buttons below a report in a mod log: which report it is stands in their custom_id."""

import re
from typing import Any, Self

import discord
from discord.ui import Button

from bot.domain.reports import Outcome
from bot.ui.buttons import CardButton
from bot.ui.text import reports as text

_WORDS = {Outcome.REMOVED: "remove", Outcome.BLOCKED: "block", Outcome.DISMISSED: "dismiss"}
_OUTCOMES = {word: outcome for outcome, word in _WORDS.items()}


class ReportButton(
    CardButton, template=r"report:(?P<what>remove|block|dismiss):(?P<job>[0-9a-z]{1,32}):(?P<user>-?\d{1,20})"
):
    """Do something about a report."""

    def __init__(self, outcome: Outcome, job_id: str, user_id: int) -> None:
        self.outcome, self.job_id, self.user_id = outcome, job_id, user_id
        super().__init__(
            Button[Any](
                label=_label(outcome),
                custom_id=f"report:{_WORDS[outcome]}:{job_id}:{user_id}",
                style=discord.ButtonStyle.secondary if outcome is Outcome.DISMISSED else discord.ButtonStyle.danger,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(_OUTCOMES[match["what"]], match["job"], int(match["user"]))


def _label(outcome: Outcome) -> str:
    match outcome:
        case Outcome.REMOVED:
            return text.remove()
        case Outcome.BLOCKED:
            return text.block_member()
        case Outcome.DISMISSED:
            return text.dismiss()
