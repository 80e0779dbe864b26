"""The rows below made pictures: what may be done with them, and the way from each to a film."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby

import discord
from discord.ui import ActionRow, LayoutView, TextDisplay

from bot.domain.credits import Prices
from bot.domain.image_actions import ACTIONS
from bot.domain.job import Job, Kind
from bot.domain.params import Motion, Resolution
from bot.ui.buttons import SYMBOLS, ActionButton, AnimateButton, AnimateClick, ImagineButton
from bot.ui.markdown import escape
from bot.ui.text import cards as text
from bot.ui.text import replies

Part = discord.ui.Item[LayoutView]

LONGEST_TEXT = 700
"""Characters that are shown of one of a description's prompts."""


ROOM = 31
"""Components for the rows; Discord allows 40 in a message, and what else stands on a picture's card is 9 at most."""


def result_parts(job: Job, shown: Sequence[int], motions: Sequence[Motion | None], prices: Prices) -> list[Part]:
    """Draw what follows a finished picture job, with what it costs; `shown` are its pictures' numbers."""
    if job.result is None:
        return []
    if job.kind is Kind.DESCRIBE:
        return list(_texts(job, prices))
    if job.kind is Kind.SEED:
        return [TextDisplay(replies.seed(job.result.seed))]
    animations = list(_animations(job, shown, motions, prices.clip(Resolution.SD)))
    return [*_fitting(_actions(job, prices), ROOM - sum(map(_count, animations))), *animations]


def _fitting(parts: Iterable[Part], room: int) -> list[Part]:
    """Take parts while there is room: no real result offers everything, but what offers too much is shown as well."""
    rows = list(parts)
    return rows[: sum(together <= room for together in accumulate(map(_count, rows)))]


def _count(part: Part) -> int:
    return 1 + len(part.children) if isinstance(part, ActionRow) else 1


def _actions(job: Job, prices: Prices) -> Iterator[Part]:
    offered = [action for action in ACTIONS if job.result is not None and action in job.result.actions]
    costs = {
        ACTIONS[action].images: prices.upscale if ACTIONS[action].images == 1 else prices.image for action in offered
    }
    if costs:
        yield TextDisplay(text.actions_heading(single=costs.get(1), four=costs.get(4)))
    for _, row in groupby(offered, key=lambda action: ACTIONS[action].row):
        yield _row(ActionButton(job.id, action) for action in row)


def _animations(job: Job, shown: Sequence[int], motions: Sequence[Motion | None], each: int) -> Iterator[Part]:
    for place, motion in enumerate(motions if shown else ()):
        heading = text.animate_heading(motion)
        heading = text.animate_price(heading, each) if place == 0 else heading
        yield TextDisplay(f"{SYMBOLS[motion]} {heading}")
        yield _row(AnimateButton(AnimateClick(job.id, number, motion)) for number in shown)


def _texts(job: Job, prices: Prices) -> Iterator[Part]:
    texts = job.result.texts if job.result is not None else ()
    for number, one in enumerate(texts, 1):
        yield TextDisplay(f"**{number}** {escape(one, LONGEST_TEXT, room=LONGEST_TEXT)}")
    if texts:
        yield TextDisplay(text.description_heading(prices.image))
        yield _row(ImagineButton(job.id, number) for number in range(1, len(texts) + 1))


def _row(buttons: Iterable[discord.ui.DynamicItem[discord.ui.Button[LayoutView]]]) -> ActionRow[LayoutView]:
    row: ActionRow[LayoutView] = ActionRow()
    for button in buttons:
        row.add_item(button)
    return row
