"""What stands on the chart of a server's usage."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.usage import DAY_MS, HOUR_MS, KindGroup, ServerUsage, Stretch, UsageSum
from bot.media.charts import Bar, BarList, Chart
from bot.ui.text import usage as text
from bot.ui.text.format import format_number

MOST_LISTED = 10
"""How many of those who spent most are on it."""

MOST_LINES = 5
"""Lines of its scale."""

MARKS = 8
"""Marks below the days that are not a year, at most."""

COLOURS = {group: place for place, group in enumerate(KindGroup)}


def draw_usage(usage: ServerUsage, names: Mapping[int, str]) -> Chart:
    """Put a chart together; who has no name there is a number alone, as the words beside it say who that is."""
    groups = usage.groups
    columns = tuple(
        tuple(usage.steps.get((step, group), UsageSum()).credits for group in groups) for step in usage.stretch.steps
    )
    return Chart(
        title=text.chart_title(usage),
        subtitle=text.chart_subtitle(usage.stretch),
        columns=columns,
        colours=tuple(COLOURS[group] for group in groups),
        legend=tuple(text.group_name(group) for group in groups),
        scale=tuple((value, text.amount(value)) for value in scale(max(map(sum, columns)))),
        times=tuple((place, text.mark(usage.stretch, step)) for place, step in _marked(usage.stretch)),
        lists=(_members(usage, names), _kinds(usage)),
    )


def _members(usage: ServerUsage, names: Mapping[int, str]) -> BarList:
    listed = list(usage.members.items())[:MOST_LISTED]
    bars = [
        Bar(
            name=names.get(user_id, ""),
            value=one.credits,
            label=text.amount(one.credits),
            colour=len(COLOURS),
            number=format_number(number),
        )
        for number, (user_id, one) in enumerate(listed, 1)
    ]
    return BarList(text.most_title(len(bars)), tuple(bars))


def _kinds(usage: ServerUsage) -> BarList:
    bars = [
        Bar(text.group_name(group), one.credits, text.amount(one.credits), COLOURS[group])
        for group, one in usage.groups.items()
    ]
    charges = text.charge_lines(usage) or [text.no_charges()]
    return BarList(text.kinds_title(), tuple(bars), ("", text.charged_title(), *charges))


def scale(most: int) -> list[int]:
    """Give the values of a scale's lines: round ones, up to the first that is not below the highest column."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most <= factor * step * (MOST_LINES - 1):
                lines = -(-most // (factor * step))
                return [line * factor * step for line in range(max(1, lines) + 1)]
        step *= 10


def _marked(stretch: Stretch) -> list[tuple[int, int]]:
    """Choose the steps that have a mark: the first of each month of a year, else so many that they have room."""
    steps = list(enumerate(stretch.steps))
    if stretch.step_ms == HOUR_MS:
        return steps[::6]
    if stretch.end_ms - stretch.start_ms > 92 * DAY_MS:
        return [(place, step) for place, step in steps if datetime.fromtimestamp(step / 1000, UTC).day == 1]
    return steps[:: -(-len(steps) // MARKS)]
