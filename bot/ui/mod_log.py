"""Draw the messages of a mod log, and those to a server's owner where there is none."""

from collections.abc import Iterable, Sequence

from discord.ui import ActionRow, LayoutView, TextDisplay

from bot.domain.mod_log import LogEvent
from bot.domain.reports import Outcome, Report
from bot.ui.markdown import MAX_TEXT
from bot.ui.report_buttons import ReportButton
from bot.ui.text import mod_log as text
from bot.ui.text import reports as report_text

DELAY_MS = 60_000
"""How late an event may be told without its time: Discord shows that of the message."""


def draw_events(events: Sequence[LogEvent], now_ms: int) -> list[LayoutView]:
    """Draw events, oldest first, in as few messages as hold them."""
    pages: list[list[str]] = [[]]
    for line in (_line(event, now_ms) for event in events):
        if pages[-1] and _length([*pages[-1], line]) > MAX_TEXT:
            pages.append([])
        pages[-1].append(line)
    return [_view(page) for page in pages]


def draw_reports(reports: Sequence[Report]) -> LayoutView:
    """Draw reports, each with its buttons until it is settled."""
    view = LayoutView(timeout=None)
    for report in reports:
        view.add_item(TextDisplay(report_text.block(report)))
        if report.outcome is None:
            row: ActionRow[LayoutView] = ActionRow()
            for outcome in Outcome:
                row.add_item(ReportButton(outcome, report.job_id, report.user_id))
            view.add_item(row)
    return view


def draw_urgent(events: Sequence[LogEvent], server: str, lost_channel_id: int | None) -> LayoutView:
    """Draw what an owner is told at once."""
    lines = [f"- {text.event(event)}" for event in events]
    return _view(_letter(text.urgent_heading(server), lines, lost_channel_id))


def draw_digest(events: Sequence[LogEvent], server: str, lost_channel_id: int | None) -> LayoutView:
    """Draw what an owner is told once a day, in one message: what has no room is counted."""
    lines = [f"- {text.at(event.at_ms, text.event(event))}" for event in events]
    return _view(_letter(text.digest_heading(server), lines, lost_channel_id))


def _letter(heading: str, lines: Sequence[str], lost_channel_id: int | None) -> list[str]:
    end = f"-# {text.no_channel(lost_channel_id)}"
    kept: list[str] = []
    for line in lines:
        if _length([heading, *kept, line, text.more(len(lines)), end]) > MAX_TEXT:
            return [heading, *kept, text.more(len(lines) - len(kept)), end]
        kept.append(line)
    return [heading, *kept, end]


def _line(event: LogEvent, now_ms: int) -> str:
    sentence = text.event(event)
    return text.at(event.at_ms, sentence) if now_ms - event.at_ms > DELAY_MS else sentence


def _view(lines: Iterable[str]) -> LayoutView:
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay("\n".join(lines)))
    return view


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
