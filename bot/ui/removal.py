"""Ask before a job is removed for good, and read what was said: all that a press means stands in its custom_id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord.ui import ActionRow, Button, Label, LayoutView, Modal, TextDisplay, TextInput

from bot.domain.job import Job
from bot.services.removals import MOST
from bot.ui.buttons import CardButton
from bot.ui.modal_fields import FORGOTTEN_SECONDS, read_fields
from bot.ui.text import removals as text

MOST_REASON = 300
"""Characters of a reason."""

_ONE = re.compile(r"removal:(?P<job>[0-9a-z]{1,32})")
_ALL = re.compile(r"removals:(?P<user>\d{1,20}):(?P<since>\d{1,16})")


class RemoveButton(CardButton, template=r"remove:(?P<job>[0-9a-z]{1,32}):(?P<why>[01])"):
    """Remove a job, or with `asks_why` open a form for the reason first."""

    def __init__(self, job_id: str, *, asks_why: bool = False) -> None:
        self.job_id, self.asks_why = job_id, asks_why
        super().__init__(
            Button[Any](
                label=text.remove_with_reason() if asks_why else text.remove(),
                custom_id=f"remove:{job_id}:{int(asks_why)}",
                style=discord.ButtonStyle.danger,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], asks_why=match["why"] == "1")


@dataclass(frozen=True)
class SentRemoval:
    """Hold what somebody sent with a form: one job, or all of a member's since a moment of the wall clock."""

    reason: str
    job_id: str = ""
    user_id: int = 0
    since_ms: int = 0


def draw_question(job: Job, *, shots: int, asks_why: bool) -> LayoutView:
    """Ask whether a job is to be removed, which has as many `shots` on its card."""
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(RemoveButton(job.id, asks_why=asks_why))
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.question(job, shots)))
    view.add_item(row)
    return view


def draw_reason_form(job_id: str) -> Modal:
    """Make the form for the reason of one removal."""
    return _form(text.form_title(), f"removal:{job_id}", "")


def draw_all_form(number: int, user_id: int, since_ms: int, reason: str) -> Modal:
    """Ask whether so many jobs of a member are to be removed, with the reason that was typed.

    One removal takes no more than `MOST` of them.
    """
    form = _form(text.all_title(min(number, MOST)), f"removals:{user_id}:{since_ms}", reason)
    form.add_item(TextDisplay(text.all_question(min(number, MOST), user_id, more=number > MOST)))
    return form


def read_removal(data: Mapping[str, Any]) -> SentRemoval | None:
    """Read a sent form; None for another one."""
    custom_id = str(data.get("custom_id", ""))
    reason = " ".join(read_fields(data).get("reason", "").split())[:MOST_REASON]
    if one := _ONE.fullmatch(custom_id):
        return SentRemoval(reason, job_id=one["job"])
    if several := _ALL.fullmatch(custom_id):
        return SentRemoval(reason, user_id=int(several["user"]), since_ms=int(several["since"]))
    return None


def _form(title: str, custom_id: str, reason: str) -> Modal:
    form = Modal(title=title, custom_id=custom_id, timeout=FORGOTTEN_SECONDS)
    words: TextInput[Any] = TextInput(
        custom_id="reason",
        default=reason or None,
        max_length=MOST_REASON,
        required=False,
        placeholder=text.reason_hint(),
    )
    form.add_item(Label(text=text.reason_label(), component=words))
    return form
