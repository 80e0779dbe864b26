"""The same sums as a table for a spreadsheet: one line a day and kind, a member, or a provider."""

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import StringIO

from bot.domain.usage import ServerUsage

COLUMNS = ("sums_of", "when_utc", "id", "name", "kind", "jobs", "credits", "charged", "worth_in_credits")
"""Its columns' names; they are read by programs, and so the same in each language."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would carry out."""


def write_table(usage: ServerUsage, names: Mapping[int, str]) -> bytes:
    """Write it in UTF-8, with the mark by which spreadsheets know that."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_steps(usage))
    for user_id, one in usage.members.items():
        name = harmless(names.get(user_id, ""))
        # What is below 0 is no member's id: it stands for somebody who was forgotten.
        writer.writerow(("member", "", max(user_id, 0) or "", name, "", one.jobs, one.credits, "", ""))
    for provider, one in usage.providers.items():
        worth = usage.in_credits(provider)
        in_credits = "" if worth is None else f"{worth:.2f}"
        writer.writerow(("provider", "", "", provider, "", one.jobs, one.credits, f"{one.charged:g}", in_credits))
    return out.getvalue().encode("utf-8-sig")


def _steps(usage: ServerUsage) -> Iterable[tuple[object, ...]]:
    for (step_ms, group), one in sorted(usage.steps.items()):
        when = datetime.fromtimestamp(step_ms / 1000, UTC)
        day = f"{when:%Y-%m-%d}" if usage.by_day else f"{when:%Y-%m-%dT%H:%M}"
        yield ("day" if usage.by_day else "hour", day, "", "", group, one.jobs, one.credits, "", "")


def harmless(name: str) -> str:
    """Write a name so that no spreadsheet takes it for a formula."""
    return f"'{name}" if name.startswith(FORMULAS) else name
