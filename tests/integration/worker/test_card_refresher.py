"""Cards brought up to date behind the steps: nobody waits for them, and each is drawn as often as it is worth."""

import asyncio

import pytest

from bot.worker.card_refresher import WORKERS, CardRefresher


class Cards:
    """Show cards as the gate lets them, and remember which were begun."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.refresher = CardRefresher(self.show)

    async def show(self, job_id: str) -> None:
        self.begun.put_nowait(job_id)
        await self.gate.wait()
        if job_id.startswith("broken"):
            raise RuntimeError("a card that cannot be drawn")

    async def next(self, number: int) -> list[str]:
        """Wait until so many more were begun."""
        async with asyncio.timeout(10):
            return [await self.begun.get() for _ in range(number)]


async def test_a_card_that_is_asked_for_again_while_it_waits_is_shown_once() -> None:
    cards = Cards()
    async with cards.refresher.running():
        for hand in range(WORKERS):
            cards.refresher.request(f"busy {hand}")
        await cards.next(WORKERS)
        for job_id in ("one", "two", "one", "two", "last"):
            cards.refresher.request(job_id)
        cards.gate.set()
        assert await cards.next(3) == ["one", "two", "last"]
        assert cards.begun.empty()


async def test_a_change_while_its_card_is_being_drawn_draws_it_again() -> None:
    cards = Cards()
    async with cards.refresher.running():
        cards.refresher.request("one")
        await cards.next(1)
        cards.refresher.request("one")
        cards.gate.set()
        assert await cards.next(1) == ["one"]


async def test_cards_that_cannot_be_drawn_do_not_keep_the_others_from_being_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cards = Cards()
    cards.gate.set()
    async with cards.refresher.running():
        for number in range(WORKERS + 1):
            cards.refresher.request(f"broken {number}")
        cards.refresher.request("fine")
        assert (await cards.next(WORKERS + 2))[-1] == "fine"
    assert "job broken 0: its card could not be brought up to date" in caplog.text


async def test_nothing_waits_for_a_card_at_the_end() -> None:
    cards = Cards()
    async with asyncio.timeout(10):
        async with cards.refresher.running():
            cards.refresher.request("held by Discord")
            assert await cards.next(1) == ["held by Discord"]
    assert not cards.gate.is_set()
