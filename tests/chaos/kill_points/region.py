"""The moments on the way from a mask over a picture to what is redrawn."""

from sandbox.provider.model import faults
from tests.chaos.observe import LONG, Observer


async def previewing(watch: Observer) -> None:
    """While a preview is sent to Discord: the request arrives, and its sender is dead."""
    await watch.single()
    who = watch.random.choice(watch.actors.rich)
    await watch.hold(await watch.actors.region_actors.preview(who), "PATCH").wait()


async def previewed(watch: Observer) -> None:
    """After a preview was shown, which is confirmed or discarded when its bot is long dead."""
    await watch.preview()


async def redrawing(watch: Observer) -> None:
    """After a preview was confirmed."""
    preview = await watch.preview()
    [asked] = await watch.actors.region_actors.redraw(preview)
    await watch.reached(asked, "received")


async def redraw_sent_and_accepted(watch: Observer) -> None:
    """The provider took a part to redraw, and its answer did not come."""
    preview = await watch.preview()
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.actors.region_actors.redraw(preview)
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def insisting_on_a_redraw(watch: Observer) -> None:
    """While the same preview is confirmed many times."""
    burst = await watch.actors.region_actors.redraw(await watch.preview(), times=10)
    await watch.sandbox.discord.wait_for(lambda: any(asked.acknowledged for asked in burst), LONG, lambda: "no answer")


async def discarding(watch: Observer) -> None:
    """While what is left of a preview that was thrown away is sent to Discord."""
    discard = await watch.actors.region_actors.discard(await watch.preview())
    await watch.hold(discard, "PATCH").wait()


async def discarded(watch: Observer) -> None:
    """After Discord took what is left of a preview."""
    discard = await watch.actors.region_actors.discard(await watch.preview())
    await watch.until(discard, lambda message: message.text.startswith("Discarded."))
