"""discord.py's traps around buttons that outlive the process (discord.md, section 1, pitfalls A to C)."""

import dataclasses
from typing import Any

import discord
import pytest
from discord.ui import Button, DynamicItem, LayoutView

from bot.domain import Job, Kind, Motion, Params, State
from bot.ui.buttons import BUTTONS, ButtonHost, CancelButton, ExtendButton, ExtendPress, Presses
from bot.ui.cards import Card, ShownClip, draw

PARAMS = Params("a paper boat", removed=("--bs 4",))


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
    )
    clips = [ShownClip(slot, f"clip-{slot}.mp4") for slot in range(4)]
    return Card(
        job,
        "TTAPI",
        8,
        place=1,
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
    client.add_dynamic_items(*BUTTONS)
    return client


@pytest.mark.parametrize("state", list(State))
async def test_only_dynamic_items_stand_on_a_card_and_it_never_times_out(state: State) -> None:
    view = draw(card(state))
    assert view.timeout is None
    # A DynamicItem wraps a plain button, which is walked through with it.
    items = dispatched(view)
    ours: list[Any] = [item for item in items if isinstance(item, DynamicItem)]
    wrapped = [item.item for item in ours]
    bare = [item for item in items if item not in ours]
    assert [item for item in bare if item not in wrapped] == []
    if state in (State.DONE, State.QUEUED):
        assert wrapped != []


async def test_each_drawing_is_a_new_view(client: discord.Client) -> None:
    first, second = draw(card(State.DONE)), draw(card(State.DONE))
    assert first is not second
    assert first.to_components() == second.to_components()


async def test_neither_old_messages_nor_ended_views_cost_memory_or_switch_buttons_off(client: discord.Client) -> None:
    store = client._connection._view_store  # pyright: ignore[reportPrivateUsage]  # what the trap is about
    patterns = dict(store._dynamic_items)  # pyright: ignore[reportPrivateUsage]
    for message_id in range(200):
        for state in State:
            view = draw(card(state))
            client._connection.store_view(view, message_id)  # pyright: ignore[reportPrivateUsage]
            view.stop()
    assert store._views == {}  # pyright: ignore[reportPrivateUsage]
    assert store._synced_message_views == {}  # pyright: ignore[reportPrivateUsage]
    assert store._dynamic_items == patterns  # pyright: ignore[reportPrivateUsage]


async def test_the_trap_is_there_a_plain_button_beside_ours_switches_ours_off(client: discord.Client) -> None:
    """When discord.py mends this, the rule of the test above may be loosened."""
    store = client._connection._view_store  # pyright: ignore[reportPrivateUsage]
    view = discord.ui.View(timeout=None)
    view.add_item(ExtendButton(ExtendPress("1jd8x3k2m9f4qz", 0, Motion.LOW)))
    view.add_item(Button(label="plain", custom_id="plain"))
    client._connection.store_view(view, 1)  # pyright: ignore[reportPrivateUsage]
    view.stop()
    assert len(store._dynamic_items) < len(BUTTONS)  # pyright: ignore[reportPrivateUsage]


class Failing:
    """Fail at every click."""

    async def press_extend(self, interaction: discord.Interaction, press: ExtendPress) -> None:
        raise RuntimeError("extend")

    async def press_cancel(self, interaction: discord.Interaction, job_id: str) -> None:
        raise RuntimeError("cancel")


@dataclasses.dataclass
class Host:
    """Take reports."""

    presses: Presses
    reported: list[str]

    async def report(self, interaction: discord.Interaction, error: Exception) -> None:
        self.reported.append(str(error))


@dataclasses.dataclass
class Click:
    """Be as much of an interaction as a callback looks at."""

    client: ButtonHost


@pytest.mark.parametrize(
    "button", [ExtendButton(ExtendPress("1jd8x3k2m9f4qz", 0, Motion.LOW)), CancelButton("1jd8x3k2m9f4qz")]
)
async def test_a_click_that_fails_is_always_reported(button: Any) -> None:
    host = Host(Failing(), [])
    await button.callback(Click(host))
    assert host.reported == ["extend" if isinstance(button, ExtendButton) else "cancel"]


@pytest.mark.parametrize("slot", range(4))
@pytest.mark.parametrize("motion", [Motion.LOW, Motion.HIGH, None])
def test_a_custom_id_says_all_and_fits(slot: int, motion: Motion | None) -> None:
    press = ExtendPress("1jd8x3k2m9f4qz", slot, motion)
    custom_id = ExtendButton(press).item.custom_id or ""
    assert custom_id == f"extend:1jd8x3k2m9f4qz:{slot + 1}:{motion or 'none'}"
    assert len(custom_id) <= 100
