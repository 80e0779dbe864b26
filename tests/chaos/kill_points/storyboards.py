"""The moments on the way from a storyboard's form to its joined film."""

from sandbox.discord import Interaction, Message
from tests.chaos.engines import Row
from tests.chaos.observe import LONG, Observer


async def storyboard_asked(watch: Observer) -> None:
    """After a form was opened, which is sent when its bot is long dead."""
    form = await watch.actors.storyboard_actors.open_form(watch.random.choice(watch.actors.rich))
    await watch.acknowledged(form)


async def storyboard_previewed(watch: Observer) -> None:
    """After a preview was shown, which is confirmed when its bot is long dead."""
    await _preview(watch)


async def storyboard_made(watch: Observer) -> None:
    """After a preview was confirmed, before its shots are charged."""
    await watch.reached(await _press(watch), "received")


async def between_shots(watch: Observer) -> None:
    """After a shot was delivered, while the next one is on its way."""
    await watch.reached(await _press(watch), "done")


async def last_shot_made(watch: Observer) -> None:
    """While what was made is joined and delivered."""
    asked = await _press(watch)
    await watch.reached(asked, "done")
    await _shot(watch, asked, 1, "ready")


async def insisting_on_a_storyboard(watch: Observer) -> None:
    """While the same preview is confirmed many times."""
    burst = await watch.actors.storyboard_actors.make(await _preview(watch), times=10)
    await watch.sandbox.discord.wait_for(lambda: any(asked.acknowledged for asked in burst), LONG, lambda: "no answer")


async def _preview(watch: Observer) -> Message:
    actors = watch.actors.storyboard_actors
    form = await actors.open_form(watch.random.choice(watch.actors.rich))
    await watch.acknowledged(form)
    return await watch.until(await actors.send_form(form, 2), lambda message: message.buttons)


async def _press(watch: Observer) -> Interaction:
    [asked] = await watch.actors.storyboard_actors.make(await _preview(watch))
    return asked


async def _shot(watch: Observer, asked: Interaction, number: int, state: str) -> Row:
    """Wait until a later shot of the same press has reached a state, or has ended."""

    def found() -> Row | None:
        rows = watch.database.read("select * from job where request_id = $1", f"{asked.id}:{number}")
        return rows[0] if rows and rows[0]["state"] in (state, "done", "failed") else None

    return await watch.database.until(found)
