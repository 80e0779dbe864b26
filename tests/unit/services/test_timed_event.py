"""Whoever works off what is asked for sleeps until something is, and never through it."""

import asyncio

from bot.services.timed_event import TimedEvent


async def test_what_is_set_before_anybody_waits_is_not_missed() -> None:
    event = TimedEvent()
    event.set()
    await asyncio.wait_for(event.wait(60), 5)


async def test_each_setting_lets_go_on_once() -> None:
    event = TimedEvent()
    event.set()
    await event.wait(60)
    waiting = asyncio.create_task(event.wait(60))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    event.set()
    await asyncio.wait_for(waiting, 5)


async def test_nobody_waits_longer_than_they_say() -> None:
    await asyncio.wait_for(TimedEvent().wait(0.01), 5)
