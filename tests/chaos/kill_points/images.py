"""The moments on the way from pictures to more pictures, to words, and to films."""

from sandbox.provider.model import faults
from tests.chaos.observe import Observer


async def acting(watch: Observer) -> None:
    """The provider took what a button below a picture asks for; its answer is on its way."""
    who = await watch.pictures()
    submits = watch.sandbox.provider.submits
    await watch.actors.image_actors.go_on(who)
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def form_opened(watch: Observer) -> None:
    """After a form was opened, which is sent when its bot is long dead."""
    await watch.acknowledged(await watch.actors.animate_actors.open_form(await watch.pictures()))


async def form_sent(watch: Observer) -> None:
    """After a form was sent by somebody who can pay, and the film of a picture is under way."""
    form = await watch.actors.animate_actors.open_form(await watch.pictures())
    await watch.acknowledged(form)
    await watch.reached(await watch.actors.animate_actors.send_form(form), "running")


async def blend_sent_and_accepted(watch: Observer) -> None:
    """The provider took pictures to mix, and its answer did not come."""
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.actors.image_actors.blend(watch.actors.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def describing(watch: Observer) -> None:
    """The provider took a picture to describe; its answer is on its way."""
    submits = watch.sandbox.provider.submits
    await watch.actors.image_actors.describe(watch.actors.rich[0])
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def described(watch: Observer) -> None:
    """After Discord took the words for a picture, before T7."""
    asked = await watch.actors.image_actors.describe(watch.actors.rich[0])
    await watch.until(asked, lambda message: "Draw one of them" in message.text)


async def drawing_what_was_described(watch: Observer) -> None:
    """After one of a description's prompts was asked for."""
    await watch.finished(lambda: watch.actors.image_actors.describe(watch.random.choice(watch.actors.rich)))
    await watch.reached(await watch.actors.image_actors.draw_described(watch.actors.rich[0]), "queued")


async def seed_sent_and_accepted(watch: Observer) -> None:
    """The provider was asked for a seed, and its answer did not come."""
    who = await watch.pictures()
    watch.order_meets(faults.Hang())
    submits = watch.sandbox.provider.submits
    await watch.actors.image_actors.seed(who, newest=True)
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.submits > submits)


async def seed_told(watch: Observer) -> None:
    """After Discord took a seed, before T7."""
    asked = await watch.actors.image_actors.seed(await watch.pictures(), newest=True)
    await watch.until(asked, lambda message: "The seed is" in message.text)
