"""Charts are drawn by a process that ends: legible on any background, whatever the names on them are."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from bot.media import chart_child, chart_fonts
from bot.media.charts import Bar, BarList, Chart, ChartDrawer

FONTS = chart_fonts.Fonts([])
"""Pillow's own letters alone, as on a machine without fonts."""

NAMES = (
    "Mira",
    "a very long name that goes on and on and on and on and on and on and on and on",
    "שלום עולם",
    "‮drawkcab",
    "👩‍👩‍👧 🛶",
    "Z̷̛̤a̶̡͙l̷̢̛g̶̨̛ọ̸͝",
    "two\nlines\tand a tab",
    "",
    "\U0010ffff\ud800",
    "<@123> **bold** {name} %s",
)

CHART = Chart(
    title="1,234 credits in 56 jobs",
    subtitle="By day and kind, from 1 Nov 2026 to 30 Nov 2026 (UTC)",
    columns=tuple((day, day * 2, 0, day % 3) for day in range(30)),
    colours=(0, 1, 2, 3),
    legend=("Films", "Extensions", "Pictures", "Descriptions and seeds"),
    scale=((0, "0"), (50, "50"), (100, "100")),
    times=((0, "1 Nov"), (14, "15 Nov"), (29, "30 Nov")),
    lists=(
        BarList("Who spent most", tuple(Bar(name, 9 - at, "9", 4, str(at + 1)) for at, name in enumerate(NAMES))),
        BarList("What it was spent on", (Bar("Films", 1, "1", 0),), ("What providers charged", "a line " * 40)),
    ),
)


async def drawn(chart: Chart) -> Image.Image:
    made = await ChartDrawer().draw(chart)
    assert made is not None
    return Image.open(BytesIO(made))


async def test_a_chart_is_a_picture_without_holes_that_a_theme_would_shine_through() -> None:
    picture = await drawn(CHART)
    assert (picture.format, picture.mode, picture.width) == ("PNG", "RGB", chart_child.WIDTH)
    frame = ImageColor.getrgb(chart_child.FRAME)
    corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
    assert {picture.getpixel(corner) for corner in corners} == {frame}


async def test_no_name_however_odd_moves_what_stands_beside_it() -> None:
    """Bars stand where they would with plain names, and nothing is drawn across them."""
    odd = CHART.lists[0]
    plain = replace(odd, bars=tuple(replace(bar, name="x" * 60) for bar in odd.bars))
    one, other = await drawn(CHART), await drawn(replace(CHART, lists=(plain, CHART.lists[1])))
    assert one.size == other.size
    begin = _first_bar(one)
    assert begin == _first_bar(other)
    area = (begin, chart_child.LISTS_TOP + chart_child.ROW // 2, one.width // 2, one.height)
    assert one.crop(area).tobytes() == other.crop(area).tobytes()


def _first_bar(picture: Image.Image) -> int:
    """Tell where the bars of the members begin, in pixels from the left."""
    colour = ImageColor.getrgb(chart_child.COLOURS[4])
    middle = chart_child.LISTS_TOP + chart_child.ROW
    return next(x for x in range(picture.width) if picture.getpixel((x, middle)) == colour)


async def test_a_day_without_anything_and_a_chart_without_spending_are_drawn_too() -> None:
    nothing = replace(CHART, columns=((0, 0, 0, 0),), times=((0, "1 Nov"),), scale=((0, "0"), (1, "1")), lists=())
    assert (await drawn(nothing)).width == chart_child.WIDTH


async def test_what_takes_too_long_or_too_much_memory_gives_no_chart_and_raises_nothing() -> None:
    assert await ChartDrawer(seconds=0.001).draw(CHART) is None
    assert await ChartDrawer(memory_mib=1).draw(CHART) is None


def test_the_bots_own_process_holds_nothing_that_draws() -> None:
    root = Path(__file__).parents[3]
    programs = re.compile(r"import.*\b(chart_child|chart_fonts|matplotlib|ImageFont)\b")
    holding = [
        file.name
        for folder in ("bot", "cogs")
        for file in sorted((root / folder).rglob("*.py"))
        if file.name not in ("chart_child.py", "chart_fonts.py") and programs.search(file.read_text("utf-8"))
    ]
    assert holding == []


def contrast(one: str, other: str) -> float:
    """Compare two colours as WCAG 2.2 does, section 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [value / 255 for value in ImageColor.getrgb(colour)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("words", [chart_child.TEXT, chart_child.QUIET])
def test_words_stand_out_from_the_charts_own_background(words: str) -> None:
    assert contrast(words, chart_child.BACKGROUND) >= 7


@pytest.mark.parametrize("colour", chart_child.COLOURS)
def test_bars_stand_out_from_it_too(colour: str) -> None:
    assert contrast(colour, chart_child.BACKGROUND) >= 4.5


@pytest.mark.parametrize("theme", ["#ffffff", "#313338", "#1a1a1e", "#000000"])
def test_its_frame_is_seen_in_each_of_discords_themes(theme: str) -> None:
    assert contrast(chart_child.FRAME, theme) >= 3


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Mira", "Mira"),
        ("Otto 🛶 of the 海", "Otto of the"),
        ("‮evil", "evil"),
        ("👩‍👩‍👧", ""),
        ("two\nlines", "twolines"),
        ("a  b", "a b"),
        ("José Nguyễn Văn", "Jose Nguyen Van"),
        ("1 – 30 Nov", "1 - 30 Nov"),
    ],
)
def test_letters_that_no_font_has_are_left_out(name: str, kept: str) -> None:
    assert FONTS.fit(name, 24, 10_000)[0] == kept


@pytest.mark.parametrize("name", NAMES)
def test_no_words_are_wider_than_their_room(name: str) -> None:
    for room in (0, 5, 40, 200):
        kept, font = FONTS.fit(name, 24, room)
        assert font.getlength(kept) <= room


def test_long_names_are_cut_where_people_see_it() -> None:
    kept, _ = FONTS.fit(NAMES[1], 24, 200)
    assert kept.startswith("a very long")
    assert kept.endswith("…")


def test_marks_are_not_piled_up() -> None:
    assert chart_fonts.without_piled_marks("e" + "\u0301\u0323\u0307\u0331" * 3).count("\u0323") <= 1
