"""The form for a report; the message that it is about stands in its custom_id."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.ui import Label, Modal, TextInput

from bot.domain.links import MessageLink
from bot.domain.reports import MAX_REASON
from bot.ui.modal_fields import FORGOTTEN_SECONDS, read_fields
from bot.ui.text import reports as text

_ABOUT = re.compile(r"report:(?P<channel>\d{1,20}):(?P<message>\d{1,20}):(?P<jobs>[0-9a-z.]{0,44})")

JOBS_NAMED = 2
"""How many jobs a custom_id has room for."""


@dataclass(frozen=True)
class ReportForm:
    """Hold what somebody sent: the message, the jobs that it may be about, likeliest first, and the reason."""

    channel_id: int
    message_id: int
    job_ids: tuple[str, ...]
    reason: str

    def link(self, guild_id: int) -> MessageLink:
        """Name the message."""
        return MessageLink(guild_id, self.channel_id, self.message_id)


def draw_report_form(channel_id: int, message_id: int, job_ids: Sequence[str]) -> Modal:
    """Make the form for a message."""
    custom_id = f"report:{channel_id}:{message_id}:{'.'.join(job_ids[:JOBS_NAMED])}"
    modal = Modal(title=text.title(), custom_id=custom_id, timeout=FORGOTTEN_SECONDS)
    reason: TextInput[Any] = TextInput(
        custom_id="reason", style=discord.TextStyle.paragraph, max_length=MAX_REASON, required=True
    )
    modal.add_item(Label(text=text.reason_label(), description=text.reason_note(), component=reason))
    return modal


def read_report_form(data: Mapping[str, Any]) -> ReportForm | None:
    """Read a sent form; None for another one."""
    about = _ABOUT.fullmatch(str(data.get("custom_id", "")))
    if about is None:
        return None
    reason = " ".join(read_fields(data).get("reason", "").split())[:MAX_REASON]
    jobs = tuple(filter(None, about["jobs"].split(".")))
    return ReportForm(int(about["channel"]), int(about["message"]), jobs, reason)
