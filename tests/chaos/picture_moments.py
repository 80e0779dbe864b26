"""The moments on the way from pictures to more pictures, and to films."""

from tests.chaos.watch import Watch


async def acting(watch: Watch) -> None:
    """The provider took what a button below a picture asks for; its answer is on its way."""
    who = await watch.pictures()
    submits = watch.stage.studio.submits
    await watch.crowd.go_on(who)
    await watch.stage.studio.until(lambda studio: studio.submits > submits)


async def form_opened(watch: Watch) -> None:
    """After a form was opened, which is sent when its bot is long dead."""
    await watch.acknowledged(await watch.crowd.open_form(await watch.pictures()))


async def form_sent(watch: Watch) -> None:
    """After a form was sent, and the film of a picture is under way."""
    await watch.acknowledged(await watch.crowd.open_form(await watch.pictures()))
    await watch.reached(await watch.crowd.send_form(), "running")
