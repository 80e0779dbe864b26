"""Rows that come with a statement: what would be one statement each is one together."""

from collections.abc import Sequence

from bot.db.database import Value


def given_rows(types: Sequence[str], rows: Sequence[Sequence[Value]], first: int = 1) -> tuple[str, list[Value]]:
    """Write a list of rows for `with given (...) as (...)`, its parameters from `$first` on, and give its values.

    Each value is cast to the type of its column, which an engine cannot tell from elsewhere.
    """
    lines: list[str] = []
    for number, _ in enumerate(rows):
        begin = first + number * len(types)
        lines.append(", ".join(f"cast(${place} as {kind})" for place, kind in enumerate(types, begin)))
    return f"values {', '.join(f'({line})' for line in lines)}", [value for row in rows for value in row]
