"""The moments from a request to the provider's answer."""

import asyncio

from sandbox.provider.model import faults
from tests.chaos.observe import LONG, Observer


async def promised(watch: Observer) -> None:
    """Before T0: the answer is promised, and nothing is written down."""
    await watch.acknowledged(await watch.ask())


async def received(watch: Observer) -> None:
    """After T0."""
    await watch.reached(await watch.ask(), "received")


async def queued(watch: Observer) -> None:
    """After T1: the credits are reserved."""
    await watch.reached(await watch.ask(), "queued")


async def turned_away(watch: Observer) -> None:
    """After T3b: surely refused, and backing off."""
    watch.order_meets(faults.Status(429, retry_after=1))
    await watch.job(await watch.ask(), lambda job: job["state"] == "queued" and job["tries"] > 0)


async def cancelling(watch: Observer) -> None:
    """While what waits is cancelled."""
    watch.order_meets(faults.Status(429, retry_after=5))
    asked = await watch.ask()
    await watch.until(asked, lambda message: any(button.label == "Cancel" for button in message.buttons))
    await watch.job(asked, lambda job: job["state"] == "queued" and job["tries"] > 0)
    await watch.acknowledged(await watch.actors.cancel())


async def admitted(watch: Observer) -> None:
    """After T3, while or before the order goes out."""
    await watch.reached(await watch.ask(), "submitting")


async def sent_and_lost(watch: Observer) -> None:
    """The order went out, and the provider never took it."""
    watch.order_meets(faults.ResetBefore())
    asked = asyncio.create_task(watch.requested("/submit"))
    await watch.actors.video(watch.actors.rich[0])
    await asked


async def sent_and_accepted(watch: Observer) -> None:
    """The provider took the order, and its answer did not come."""
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.actors.video(watch.actors.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def extend_sent_and_accepted(watch: Observer) -> None:
    """The same for an extend."""
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.actors.extend_anew(watch.actors.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def answered(watch: Observer) -> None:
    """The provider's answer is on its way: just before T4, or just after."""
    submits = watch.sandbox.provider.submits
    await watch.ask()
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def insisting(watch: Observer) -> None:
    """While the same button is pressed many times."""
    burst = await watch.actors.insist()
    await watch.sandbox.discord.wait_for(lambda: any(asked.acknowledged for asked in burst), LONG, lambda: "no answer")


async def refusing(watch: Observer) -> None:
    """While a promise is taken back from somebody without credits."""
    asked = await watch.actors.video(watch.random.choice(watch.actors.poor))
    await watch.hold(asked, watch.random.choice(("DELETE", "POST"))).wait()


async def refused(watch: Observer) -> None:
    """After the refusal was told, before T7."""
    await watch.told(await watch.actors.video(watch.random.choice(watch.actors.poor)))


async def granting(watch: Observer) -> None:
    """While an admin grants credits."""
    await watch.acknowledged(await watch.actors.grant())
