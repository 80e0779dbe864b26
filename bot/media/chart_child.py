"""The process in which a chart is drawn: started by its path, so that it holds nothing of the bot, and ended with it.

It is opaque and dark, so that it is as legible in Discord's light theme as in the dark one; a frame sets it off from
both.
"""

import importlib.util
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

WIDTH, MARGIN = 1_600, 56
PLOT_TOP, PLOT_HEIGHT, SCALE_WIDTH = 214, 330, 130
LISTS_TOP, ROW, GAP = 656, 46, 72
TITLE, HEADING, WORDS = 44, 32, 28
"""Sizes of letters, in pixels; Discord shows the picture at a third of its size, or all of it after a click."""

BACKGROUND, FRAME, LINE = "#1e1f22", "#7e828b", "#3f4147"
TEXT, QUIET = "#f2f3f5", "#b5bac1"
COLOURS = ("#56b4e9", "#e69f00", "#2fbf8f", "#d58fbd", "#aaa4f5")
"""Told apart by those too who see few colours (Okabe and Ito), each with its legend; the last is of no kind."""


def main(seconds: str, mebibytes: str, told: str, to: str) -> None:
    """Draw one chart, within seconds and mebibytes beside what the libraries take."""
    bounds = _neighbour("child_bounds")
    bounds.end_with_the_bot()
    bounds.bound(int(seconds), int(mebibytes) * 2**20)
    fonts = _neighbour("chart_fonts")
    drawing = Drawing(json.loads(Path(told).read_text("utf-8")), fonts.Fonts(fonts.find_fonts()))
    drawing.draw().save(to, "PNG")


def _neighbour(name: str) -> Any:
    """Load a file beside this one; its folder is no place to import from, for it has names of other libraries."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Drawing:
    """Draw what `Chart` in `charts.py` holds, as its fields were written down."""

    def __init__(self, chart: dict[str, Any], fonts: Any) -> None:
        self._chart = chart
        self._fonts = fonts
        self._colours: list[int] = chart["colours"]
        self._columns: list[list[int]] = chart["columns"]
        self._scale: list[tuple[int, str]] = chart["scale"]
        self._times: list[tuple[int, str]] = chart["times"]
        rows = max(len(one["bars"]) + len(one["lines"]) for one in chart["lists"]) if chart["lists"] else 0
        self._size = (WIDTH, LISTS_TOP + (rows + 1) * ROW + MARGIN)
        self._picture = Image.new("RGB", self._size, BACKGROUND)
        self._canvas = ImageDraw.Draw(self._picture)

    def draw(self) -> Image.Image:
        """Draw all of it."""
        width, height = self._size
        self._canvas.rectangle((0, 0, width - 1, height - 1), outline=FRAME, width=2)
        room = width - 2 * MARGIN
        self._write(MARGIN, 70, self._chart["title"], TITLE, TEXT, room)
        self._write(MARGIN, 120, self._chart["subtitle"], WORDS, QUIET, room)
        self._draw_legend(MARGIN, 172, room)
        self._draw_columns(MARGIN + SCALE_WIDTH, PLOT_TOP, width - 2 * MARGIN - SCALE_WIDTH, PLOT_HEIGHT)
        lists = self._chart["lists"]
        each = (room - GAP * (len(lists) - 1)) // max(1, len(lists))
        for place, one in enumerate(lists):
            self._draw_list(one, MARGIN + place * (each + GAP), LISTS_TOP, each)
        return self._picture

    def _draw_legend(self, left: int, middle: int, room: int) -> None:
        end = left + room
        for colour, name in zip(self._colours, self._chart["legend"], strict=True):
            self._canvas.rectangle((left, middle - 10, left + 20, middle + 10), fill=COLOURS[colour])
            left += 32
            left += self._write(left, middle, name, WORDS, TEXT, max(0, end - left)) + 40

    def _draw_columns(self, left: int, top: int, width: int, height: int) -> None:
        """Draw the steps in time: each a column of its kinds, between the lines of the scale."""
        columns, bottom = self._columns, top + height
        most = max([1, *(value for value, _ in self._scale), *(sum(column) for column in columns)])
        for value, label in self._scale:
            y = round(bottom - height * value / most)
            self._canvas.line((left, y, left + width, y), fill=LINE, width=2)
            wide = self._width(label)
            self._write(max(MARGIN, left - 16 - wide), y, label, WORDS, QUIET, SCALE_WIDTH - 16)
        edges = [left + round(width * place / len(columns)) for place in range(len(columns) + 1)]
        for (start, end), column in zip(pairwise(edges), columns, strict=True):
            apart = max(1, (end - start) // 6) if end - start > 2 else 0
            self._draw_column(start + apart, end - 1, column, bottom, height / most)
        for place, label in self._times:
            wide = self._width(label)
            middle = (edges[place] + edges[place + 1]) // 2
            self._canvas.line((middle, bottom, middle, bottom + 10), fill=FRAME, width=2)
            at = min(max(left, middle - wide // 2), left + width - wide)
            self._write(at, bottom + 36, label, WORDS, QUIET, width)
        self._canvas.line((left, bottom, left + width, bottom), fill=FRAME, width=2)

    def _draw_column(self, start: int, end: int, column: Sequence[int], bottom: int, scale: float) -> None:
        below = 0
        for colour, value in zip(self._colours, column, strict=True):
            if value <= 0:
                continue
            # What is little beside a large day is drawn all the same.
            high = min(round(bottom - scale * (below + value)), round(bottom - scale * below) - 1)
            area = (start, high, max(start, end), round(bottom - scale * below) - 1)
            self._canvas.rectangle(area, fill=COLOURS[colour])
            below += value

    def _draw_list(self, listed: dict[str, Any], left: int, top: int, width: int) -> None:
        """Draw bars below their heading, each behind its name; lines of words below them."""
        self._write(left, top, listed["title"], HEADING, TEXT, width)
        bars = listed["bars"]
        numbers = max([0, *(self._width(bar["number"]) for bar in bars)])
        numbers += 12 if numbers else 0
        names = min(width * 9 // 20, max([0, *(self._width(bar["name"]) for bar in bars)]))
        labels = max([0, *(self._width(bar["label"]) for bar in bars)])
        room = width - numbers - names - labels - 40
        most = max([1e-9, *(bar["value"] for bar in bars)])
        middle = top + ROW
        for bar in bars:
            self._write(left, middle, bar["number"], WORDS, QUIET, numbers)
            self._write(left + numbers, middle, bar["name"], WORDS, TEXT, names)
            start = left + numbers + names + (20 if names else 0)
            end = start + max(2, round(room * bar["value"] / most))
            colour: int = bar["colour"]
            self._canvas.rectangle((start, middle - 13, end, middle + 13), fill=COLOURS[colour])
            self._write(end + 14, middle, bar["label"], WORDS, TEXT, width)
            middle += ROW
        for line in listed["lines"]:
            self._write(left, middle, line, WORDS, TEXT, width)
            middle += ROW

    def _width(self, words: str) -> int:
        return int(self._fonts.width(words, WORDS))

    def _write(self, left: int, middle: int, words: str, size: int, colour: str, room: int) -> int:
        return int(self._fonts.write(self._canvas, (left, middle), words, size, colour, room=room))


if __name__ == "__main__":
    main(*sys.argv[1:])
