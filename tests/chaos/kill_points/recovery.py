"""The moments around jobs in doubt that their owner adopts or gives up, and the first one after a start."""

import asyncio

from tests.chaos.observe import Observer


async def adopting(watch: Observer) -> None:
    """While the owner adopts a job that is still looked for, after naming another one's id for it."""
    job, other = await watch.lost(), await watch.lost()
    if (order := watch.actors.owner_actors.order_of(other["id"])) is not None:
        await watch.told(await watch.actors.owner_actors.adopt(job["id"], order.id))
    await watch.acknowledged(await watch.actors.owner_actors.clear_up(job["id"]))


async def adopted_late(watch: Observer) -> None:
    """After the owner adopted a job whose credits are back."""
    job = await watch.lost()
    watch.database.grow_old(job["id"])
    await watch.actors.video(watch.random.choice(watch.actors.rich))  # It wakes the worker.
    await watch.database.until(lambda: watch.database.state_of(job["id"]) == "failed")
    await watch.actors.owner_actors.clear_up(job["id"])
    await watch.database.until(lambda: watch.database.state_of(job["id"]) == "running")


async def given_up(watch: Observer) -> None:
    """After the owner was told that a job is given up, which the provider has."""
    job = await watch.lost()
    await watch.told(await watch.actors.owner_actors.give_up(job["id"]))


async def taking_up(watch: Observer) -> None:
    """Right after a start, while the jobs of the dead process are taken up."""
    await asyncio.sleep(watch.random.uniform(0, 0.15))
