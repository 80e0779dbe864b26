"""discord.py's traps around buttons that outlive the process (discord.md, section 1, pitfalls A to C)."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, cast

import discord
import pytest
from discord.ui import Button, DynamicItem, LayoutView

from bot.domain.image_actions import ACTIONS
from bot.domain.job import Job, Kind, Result, State
from bot.domain.params import JobParams, Motion
from bot.ui.buttons import (
    BUTTONS,
    ActionButton,
    AgainButton,
    AnimateButton,
    AnimateClick,
    ButtonClient,
    CancelButton,
    CardButton,
    ClickHandlers,
    DiscardButton,
    EditButton,
    ExtendButton,
    ExtendClick,
    ImagineButton,
    RedrawButton,
    WordsButton,
)
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.film_button import FilmButton
from bot.ui.more_menu import MoreMenu
from bot.ui.storyboard_buttons import STORYBOARD_BUTTONS, DropButton, GoOnButton, MakeButton, RefillButton, StopButton

EVERY_BUTTON = (*BUTTONS, *STORYBOARD_BUTTONS, FilmButton)

PARAMS = JobParams("a paper boat", removed=("--bs 4",))
RESULT = Result(("upsample1", "reroll", "zoom_out_2"), ("one prompt", "another"), "42")
JOB = "1jd8x3k2m9f4qz"
LONGEST_ID = "z" * 32

CLICKED: dict[str, CardButton] = {
    **{
        f"extend:{JOB}:{slot + 1}:{motion or 'none'}": ExtendButton(ExtendClick(JOB, slot, motion))
        for slot in range(4)
        for motion in (Motion.LOW, Motion.HIGH, None)
    },
    f"words:{JOB}": WordsButton(JOB),
    f"film:{JOB}": FilmButton(JOB),
    **{f"film:{JOB}:{slot + 1}": FilmButton(JOB, slot) for slot in range(4)},
    f"cancel:{JOB}": CancelButton(JOB),
    f"again:{JOB}": AgainButton(JOB),
    f"again:{JOB}:4:8": AgainButton(JOB, (4, 8)),
    f"edit:{JOB}": EditButton(JOB),
    **{f"act:{JOB}:{action}": ActionButton(JOB, action) for action in ACTIONS},
    **{
        f"animate:{JOB}:{number}:{motion or 'none'}": AnimateButton(AnimateClick(JOB, number, motion))
        for number in range(1, 5)
        for motion in (Motion.LOW, Motion.HIGH, None)
    },
    **{f"imagine:{JOB}:{number}": ImagineButton(JOB, number) for number in range(1, 5)},
    f"region:{JOB}": RedrawButton(JOB, 1),
    f"discard:{JOB}": DiscardButton(JOB),
    f"make:{JOB}": MakeButton(JOB),
    f"make:{JOB}:6": MakeButton(JOB, 6),
    f"refill:{JOB}": RefillButton(JOB),
    f"drop:{JOB}": DropButton(JOB),
    f"stop:{JOB}": StopButton(JOB),
    f"goon:{JOB}:4": GoOnButton(JOB, 4),
    f"goon:{JOB}:4:10": GoOnButton(JOB, 4, 10),
}
"""Every button that can stand on a card, by the custom_id that old messages have."""


def card(state: State, kind: Kind = Kind.VIDEO) -> Card:
    job = Job(
        id="1jd8x3k2m9f4qz",
        request_id="1",
        kind=kind,
        state=state,
        guild_id=1,
        channel_id=2,
        user_id=3,
        params=PARAMS,
        provider="ttapi",
        created_ms=0,
        period="2026-11-20",
        cost=8,
        extend_ref="remote",
        error_code="cancelled",
        error_data={"by": 3},
        result=None if kind.makes_video else RESULT,
    )
    clips = [ShownClip(slot, f"clip-{slot}.mp4") for slot in range(4)]
    return Card(
        job,
        "TTAPI",
        8,
        queue_position=1,
        frames={"start": "start.jpg", "end": "end.jpg"},
        clips=clips,
        motions=(Motion.LOW, Motion.HIGH),
        parent_link="https://discord.com/channels/1/2/3",
        each=8,
    )


def dispatched(view: LayoutView) -> list[Any]:
    return [item for item in view.walk_children() if item.is_dispatchable()]


@pytest.fixture
async def client() -> discord.Client:
    """Give a client that has registered the buttons and is connected to nothing."""
    client = discord.Client(intents=discord.Intents.none())
    client.add_dynamic_items(*EVERY_BUTTON, MoreMenu)
    return client


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what members are told went wrong."""
    errors: list[str] = []

    async def report(_: object, error: Exception) -> None:
        errors.append(str(error))

    monkeypatch.setattr("bot.ui.buttons.report", report)
    return errors


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("state", list(State))
async def test_only_dynamic_items_stand_on_a_card_and_it_never_times_out(state: State, kind: Kind) -> None:
    view = draw(card(state, kind))
    assert view.timeout is None
    # A DynamicItem wraps a plain button, which is walked through with it.
    items = dispatched(view)
    ours: list[Any] = [item for item in items if isinstance(item, DynamicItem)]
    wrapped = [item.item for item in ours]
    bare = [item for item in items if item not in ours]
    assert [item for item in bare if item not in wrapped] == []
    assert {type(item) for item in ours} <= {*EVERY_BUTTON, MoreMenu}
    if state is State.QUEUED or (state is State.DONE and kind is not Kind.SEED):
        assert wrapped != []


async def test_each_drawing_is_a_new_view(client: discord.Client) -> None:
    first, second = draw(card(State.DONE)), draw(card(State.DONE))
    assert first is not second
    assert first.to_components() == second.to_components()


@pytest.mark.slow  # hundreds of messages and views
async def test_neither_old_messages_nor_ended_views_cost_memory_or_switch_buttons_off(client: discord.Client) -> None:
    store = client._connection._view_store  # pyright: ignore[reportPrivateUsage]  # what the trap is about
    patterns = dict(store._dynamic_items)  # pyright: ignore[reportPrivateUsage]
    for message_id in range(200):
        for state, kind in ((state, kind) for state in State for kind in (Kind.EXTEND, Kind.IMAGINE)):
            view = draw(card(state, kind))
            client._connection.store_view(view, message_id)  # pyright: ignore[reportPrivateUsage]
            view.stop()
    assert store._views == {}  # pyright: ignore[reportPrivateUsage]
    assert store._synced_message_views == {}  # pyright: ignore[reportPrivateUsage]
    assert store._dynamic_items == patterns  # pyright: ignore[reportPrivateUsage]


async def test_the_trap_is_there_a_plain_button_beside_ours_switches_ours_off(client: discord.Client) -> None:
    """When discord.py mends this, the rule of the test above may be loosened."""
    store = client._connection._view_store  # pyright: ignore[reportPrivateUsage]
    view = discord.ui.View(timeout=None)
    view.add_item(ExtendButton(ExtendClick("1jd8x3k2m9f4qz", 0, Motion.LOW)))
    view.add_item(Button(label="plain", custom_id="plain"))
    client._connection.store_view(view, 1)  # pyright: ignore[reportPrivateUsage]
    view.stop()
    assert len(store._dynamic_items) < len(EVERY_BUTTON) + 1  # pyright: ignore[reportPrivateUsage]


@dataclasses.dataclass
class Host:
    """Hold the handlers, as the client does."""

    click_handlers: ClickHandlers


@dataclasses.dataclass
class Click:
    """Be as much of an interaction as a callback looks at."""

    client: ButtonClient
    user: discord.Object = dataclasses.field(default_factory=lambda: discord.Object(7))
    guild_id: int = 5
    locale: discord.Locale = discord.Locale.american_english

    def is_user_integration(self) -> bool:
        """Tell that the server has the bot itself."""
        return False


async def fail(interaction: discord.Interaction, button: CardButton) -> None:
    """Fail at every click, in the name of what was clicked."""
    raise RuntimeError(button.custom_id)


def test_every_kind_of_button_is_among_those_clicked() -> None:
    assert {type(button) for button in CLICKED.values()} == set(EVERY_BUTTON)


@pytest.mark.parametrize("custom_id", CLICKED)
async def test_a_click_that_fails_is_always_reported(custom_id: str, reported: list[str]) -> None:
    handlers = ClickHandlers()
    handlers.on_click(type(CLICKED[custom_id]), fail)
    await cast("Any", CLICKED[custom_id]).callback(Click(Host(handlers)))
    assert reported == [custom_id]


@pytest.mark.parametrize("custom_id", CLICKED)
async def test_a_click_that_nobody_carries_out_is_reported_too(custom_id: str, reported: list[str]) -> None:
    await cast("Any", CLICKED[custom_id]).callback(Click(Host(ClickHandlers())))
    assert len(reported) == 1


async def test_a_sent_modal_goes_to_the_first_handler_that_knows_it(reported: list[str]) -> None:
    asked: list[str] = []

    def handler(name: str, *, knows_it: bool) -> Callable[[object], Awaitable[bool]]:
        async def handle(_: object) -> bool:
            asked.append(name)
            return knows_it

        return handle

    handlers = ClickHandlers()
    handlers.on_modal(handler("first", knows_it=False))
    handlers.on_modal(handler("second", knows_it=True))
    handlers.on_modal(handler("third", knows_it=True))
    await handlers.handle_modal(cast("Any", Click(Host(handlers))))
    assert (asked, reported) == (["first", "second"], [])


async def test_a_sent_modal_that_fails_is_reported(reported: list[str]) -> None:
    async def fail(_: object) -> bool:
        raise RuntimeError("modal")

    handlers = ClickHandlers()
    handlers.on_modal(fail)
    await handlers.handle_modal(cast("Any", Click(Host(handlers))))
    assert reported == ["modal"]


@pytest.mark.parametrize(("custom_id", "button"), CLICKED.items())
def test_a_custom_id_stays_what_it_was_on_old_messages(custom_id: str, button: DynamicItem[Button[Any]]) -> None:
    assert button.item.custom_id == custom_id


@pytest.mark.parametrize(("custom_id", "button"), CLICKED.items())
async def test_a_click_on_an_old_card_is_read_back_whole_by_its_own_kind_alone(
    client: discord.Client, custom_id: str, button: DynamicItem[Button[Any]]
) -> None:
    kinds = client._connection._view_store._dynamic_items  # pyright: ignore[reportPrivateUsage]  # what is registered
    [(template, kind)] = [(template, kind) for template, kind in kinds.items() if template.fullmatch(custom_id)]
    assert kind is type(button)
    match = template.fullmatch(custom_id)
    assert match is not None
    again = cast("DynamicItem[Button[Any]]", await kind.from_custom_id(cast("Any", None), button.item, match))
    assert again.item.custom_id == custom_id


@pytest.mark.parametrize("custom_id", CLICKED)
def test_a_custom_id_fits_even_with_the_longest_id(custom_id: str) -> None:
    longest = custom_id.replace(JOB, LONGEST_ID)
    assert len(longest) <= 100
    assert any(kind.__discord_ui_compiled_template__.fullmatch(longest) for kind in EVERY_BUTTON)


@pytest.mark.parametrize("custom_id", CLICKED)
@pytest.mark.parametrize("wrong", ["{}:", " {}", "{}\n", "x{}"])
def test_what_is_nearly_a_custom_id_is_nobodys(custom_id: str, wrong: str) -> None:
    nearly = wrong.format(custom_id)
    assert not any(kind.__discord_ui_compiled_template__.fullmatch(nearly) for kind in EVERY_BUTTON)
