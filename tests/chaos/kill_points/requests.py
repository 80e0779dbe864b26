"""The moments from a request to the provider's answer."""

import asyncio

from sandbox.provider.model import faults
from tests.chaos.observe import LONG, Watch


async def promised(watch: Watch) -> None:
    """Before T0: the answer is promised, and nothing is written down."""
    await watch.acknowledged(await watch.ask())


async def received(watch: Watch) -> None:
    """After T0."""
    await watch.reached(await watch.ask(), "received")


async def queued(watch: Watch) -> None:
    """After T1: the credits are reserved."""
    await watch.reached(await watch.ask(), "queued")


async def turned_away(watch: Watch) -> None:
    """After T3b: surely refused, and backing off."""
    watch.order_meets(faults.Status(429, retry_after=1))
    await watch.job(await watch.ask(), lambda job: job["state"] == "queued" and job["tries"] > 0)


async def cancelling(watch: Watch) -> None:
    """While what waits is cancelled."""
    watch.order_meets(faults.Status(429, retry_after=5))
    asked = await watch.ask()
    await watch.until(asked, lambda message: any(button.label == "Cancel" for button in message.buttons))
    await watch.job(asked, lambda job: job["state"] == "queued" and job["tries"] > 0)
    await watch.acknowledged(await watch.crowd.cancel())


async def admitted(watch: Watch) -> None:
    """After T3, while or before the order goes out."""
    await watch.reached(await watch.ask(), "submitting")


async def sent_and_lost(watch: Watch) -> None:
    """The order went out, and the provider never took it."""
    watch.order_meets(faults.ResetBefore())
    asked = asyncio.create_task(watch.requested("/submit"))
    await watch.crowd.video(watch.crowd.rich[0])
    await asked


async def sent_and_accepted(watch: Watch) -> None:
    """The provider took the order, and its answer did not come."""
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.crowd.video(watch.crowd.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def extend_sent_and_accepted(watch: Watch) -> None:
    """The same for an extend."""
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.crowd.extend_anew(watch.crowd.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def answered(watch: Watch) -> None:
    """The provider's answer is on its way: just before T4, or just after."""
    submits = watch.sandbox.provider.submits
    await watch.ask()
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def insisting(watch: Watch) -> None:
    """While the same button is pressed many times."""
    burst = await watch.crowd.insist()
    await watch.sandbox.discord.wait_for(lambda: any(asked.acknowledged for asked in burst), LONG, lambda: "no answer")


async def refusing(watch: Watch) -> None:
    """While a promise is taken back from somebody without credits."""
    asked = await watch.crowd.video(watch.random.choice(watch.crowd.poor))
    await watch.hold(asked, watch.random.choice(("DELETE", "POST"))).wait()


async def refused(watch: Watch) -> None:
    """After the refusal was told, before T7."""
    await watch.told(await watch.crowd.video(watch.random.choice(watch.crowd.poor)))


async def granting(watch: Watch) -> None:
    """While an admin grants credits."""
    await watch.acknowledged(await watch.crowd.grant())
