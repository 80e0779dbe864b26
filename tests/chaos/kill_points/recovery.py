"""The moments around jobs in doubt that their owner adopts or gives up, and the first one after a start."""

import asyncio

from tests.chaos.observe import Watch


async def adopting(watch: Watch) -> None:
    """While the owner adopts a job that is still looked for, after naming another one's id for it."""
    job, other = await watch.lost(), await watch.lost()
    if (order := watch.crowd.staff.order_of(other["id"])) is not None:
        await watch.told(await watch.crowd.staff.adopt(job["id"], order.id))
    await watch.acknowledged(await watch.crowd.staff.clear_up(job["id"]))


async def adopted_late(watch: Watch) -> None:
    """After the owner adopted a job whose credits are back."""
    job = await watch.lost()
    watch.records.grow_old(job["id"])
    await watch.crowd.video()  # It wakes the worker.
    await watch.records.until(lambda: watch.records.state_of(job["id"]) == "failed")
    await watch.crowd.staff.clear_up(job["id"])
    await watch.records.until(lambda: watch.records.state_of(job["id"]) == "running")


async def given_up(watch: Watch) -> None:
    """After the owner was told that a job is given up, which the provider has."""
    job = await watch.lost()
    await watch.told(await watch.crowd.staff.give_up(job["id"]))


async def taking_up(watch: Watch) -> None:
    """Right after a start, while the jobs of the dead process are taken up."""
    await asyncio.sleep(watch.random.uniform(0, 0.15))
