"""The moments around cards that are deleted, and jobs that are shown again."""

from tests.chaos.observe import LONG, Watch


async def card_deleted(watch: Watch) -> None:
    """After a moderator deleted the card of what is being made, when its films are to be shown."""
    asked = await watch.ask()
    watch.crowd.staff.delete(await watch.until(asked, lambda message: not message.thinking))
    await watch.reached(asked, "ready")


async def made_anew(watch: Watch) -> None:
    """After Discord took a new card in the place of a deleted one; its answer is lost."""
    discord, channel = watch.sandbox.discord, watch.crowd.channel
    asked = await watch.ask()
    watch.crowd.staff.delete(await watch.until(asked, lambda message: not message.thinking))
    discord.faults.reset("POST", f"^/channels/{channel.id}/", when="after")
    await discord.wait_for(
        lambda: any(card.interaction is None and card.id > asked.id for card in channel.messages), LONG, asked.describe
    )


async def showing_again(watch: Watch) -> None:
    """While the clips of a finished job are sent to a second card, after somebody has looked for theirs."""
    job = await watch.reached(await watch.ask(), "done")
    await watch.told(await watch.crowd.list_jobs())
    await watch.hold(await watch.crowd.show(job["id"]), "PATCH").wait()


async def shown_again(watch: Watch) -> None:
    """After Discord took the clips for a second card, before the job is done again."""
    job = await watch.reached(await watch.ask(), "done")
    shown = await watch.crowd.show(job["id"])
    await watch.until(shown, lambda message: any(media.where == "gallery" for media in message.media))
