"""The chart, the table and the words of a server's usage say the same."""

import asyncio
import csv
from io import StringIO
from typing import Any, cast
from unittest.mock import Mock

import discord
import pytest

from bot.domain.usage import DAY_MS, HOUR_MS, KindGroup, ServerUsage, Span, Stretch, UsageSum
from bot.ui import member_names
from bot.ui.member_names import names_of, plain_name
from bot.ui.text import usage as text
from bot.ui.usage_chart import MARKS, draw_usage, scale
from bot.ui.usage_table import COLUMNS, write_table
from tests.support.db_fixture import NOON

WEEK = Stretch.back(Span.WEEK, NOON)
MONDAY = WEEK.start_ms + 4 * DAY_MS


def usage(stretch: Stretch = WEEK, members: int = 2, **fields: Any) -> ServerUsage:
    return ServerUsage(
        stretch,
        {(MONDAY, KindGroup.FILMS): UsageSum(1200, 20, 0), (MONDAY + DAY_MS, KindGroup.PICTURES): UsageSum(34, 30, 0)},
        {100 + number: UsageSum(1000 - number, 2, 0) for number in range(members)},
        fields.get("providers", {"ttapi": UsageSum(1234, 50, 4500)}),
        fields.get("worth", {"ttapi": 3.75}),
    )


def test_a_chart_has_a_column_for_each_day_and_a_colour_for_each_kind_that_there_is() -> None:
    chart = draw_usage(usage(), {})
    assert chart.legend == ("Films", "Pictures")
    assert chart.columns == ((0, 0), (0, 0), (0, 0), (0, 0), (1200, 0), (0, 34), (0, 0))
    assert chart.title == "1,234 credits in 50 jobs"
    assert chart.subtitle == "By day and kind: 12 – 18 Nov 2026 (UTC)"
    assert chart.times[0][1] == "12 Nov"
    assert len(chart.times) <= MARKS


def test_the_ten_who_spent_most_are_numbered_as_in_the_words_beside_it() -> None:
    chart = draw_usage(usage(members=12), {100: "Mira"})
    most = chart.lists[0]
    assert most.title == "The 10 members who spent most"
    assert [(bar.number, bar.name) for bar in most.bars[:2]] == [("1", "Mira"), ("2", "")]
    assert len(most.bars) == 10
    lines = text.spent_in(usage(members=12), 10).splitlines()
    assert lines[0] == "1,234 credits in 50 jobs: 12 – 18 Nov 2026 (UTC)"
    assert lines[1:3] == ["1. <@100>: 1,000 credits in 2 jobs", "2. <@101>: 999 credits in 2 jobs"]
    assert lines[-1] == "TTAPI charged 4500 quota (100 are 1 US dollar), worth 1200 credits."


def test_what_providers_charged_is_told_in_their_units_and_in_credits_only_where_that_is_set() -> None:
    assert draw_usage(usage(), {}).lists[1].lines == (
        "",
        "What providers charged",
        "TTAPI charged 4500 quota (100 are 1 US dollar)",
        "worth 1,200 credits, for jobs of 1,234 credits",
    )
    assert draw_usage(usage(worth={}), {}).lists[1].lines[-1] == "for jobs of 1,234 credits"
    silent = usage(providers={"ttapi": UsageSum(8, 1, 0)})
    assert draw_usage(silent, {}).lists[1].lines[-1] == "No provider said what it charged."


def test_a_day_is_drawn_by_the_hour_and_a_year_marked_by_its_months() -> None:
    day = Stretch.back(Span.DAY, NOON)
    hours = ServerUsage(day, {(day.start_ms + 7 * HOUR_MS, KindGroup.FILMS): UsageSum(8, 1, 0)}, {}, {})
    chart = draw_usage(hours, {})
    assert [label for _, label in chart.times] == ["00:00", "06:00", "12:00", "18:00"]
    assert chart.columns[7] == (8,)
    assert "Most in an hour: 8 credits at 07:00." in text.alternative(hours, {}, 10)
    months = [label for _, label in draw_usage(usage(Stretch.back(Span.YEAR, NOON)), {}).times]
    assert len(months) == 12
    assert months[0] == "Dec"


@pytest.mark.parametrize(
    ("most", "lines"),
    [(0, [0, 1]), (1, [0, 1]), (8, [0, 2, 4, 6, 8]), (9, [0, 5, 10]), (644, [0, 200, 400, 600, 800])],
)
def test_a_scale_has_a_few_round_lines_and_reaches_the_highest_column(most: int, lines: list[int]) -> None:
    assert scale(most) == lines


def test_the_alternative_text_says_what_the_chart_shows_within_what_discord_takes() -> None:
    told = text.alternative(usage(), {100: "Mira"}, 10)
    assert told == (
        "A chart of what was spent, 12 – 18 Nov 2026 (UTC): 1,234 credits in 50 jobs. "
        "Most on a day: 1200 credits on 16 Nov 2026. "
        "By kind: Films (1200 credits); Pictures (34 credits). "
        "TTAPI charged 4500 quota (100 are 1 US dollar), worth 1200 credits. "
        "Spent most: Mira (1000 credits); number 2 (999 credits)."
    )
    long = text.alternative(usage(members=10), {100 + number: "W" * 200 for number in range(10)}, 10)
    assert len(long) == text.MAX_ALTERNATIVE
    assert long.endswith("…")


def test_the_table_has_all_sums_in_lines_that_a_program_reads() -> None:
    table = write_table(usage(members=12), {100: "Mira, the first", 101: "海"}).decode("utf-8-sig")
    header, *lines = csv.reader(StringIO(table))
    assert tuple(header) == COLUMNS
    assert lines[:2] == [
        ["day", "2026-11-16", "", "", "films", "20", "1200", "", ""],
        ["day", "2026-11-17", "", "", "pictures", "30", "34", "", ""],
    ]
    assert lines[2] == ["member", "", "100", "Mira, the first", "", "2", "1000", "", ""]
    assert lines[3][3] == "海"
    assert len([line for line in lines if line[0] == "member"]) == 12
    assert lines[-1] == ["provider", "", "", "ttapi", "", "50", "1234", "4500", "1200.00"]


def test_who_was_forgotten_has_a_line_and_nothing_that_tells_who_it_was() -> None:
    forgotten = ServerUsage(WEEK, {}, {-77: UsageSum(8, 1, 0)}, {})
    assert write_table(forgotten, {}).decode("utf-8-sig").splitlines()[1] == "member,,,,,1,8,,"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum(a1)"])
def test_no_name_is_a_formula_of_a_spreadsheet(name: str) -> None:
    lines = list(csv.reader(StringIO(write_table(usage(), {100: name}).decode("utf-8-sig"))))
    assert lines[3][3] == f"'{name}"


def test_a_name_is_written_without_what_would_turn_the_line_around() -> None:
    assert plain_name("\u202eevil\u2066 \n  name") == "evil name"


class Guild:
    """Tell names, late or not at all."""

    async def fetch_member(self, user_id: int) -> Any:
        if user_id == 2:
            await asyncio.sleep(60)
        if user_id == 3:
            raise discord.NotFound(Mock(status=404, reason="gone"), "Unknown Member")
        return Mock(display_name=f"name {user_id}")


async def test_who_has_left_and_who_is_told_too_late_go_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_names, "SECONDS", 0.05)
    assert await names_of(cast("discord.Guild", Guild()), [1, 2, 3, 4, -5]) == {1: "name 1", 4: "name 4"}
    assert await names_of(None, [1]) == {}
