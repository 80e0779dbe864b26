"""The moments around cards that are deleted, and jobs that are shown again."""

from tests.chaos.observe import LONG, Observer


async def card_deleted(watch: Observer) -> None:
    """After a moderator deleted the card of what is being made, when its films are to be shown."""
    asked = await watch.ask()
    watch.actors.owner_actors.delete(await watch.until(asked, lambda message: not message.thinking))
    await watch.reached(asked, "ready")


async def told_where(watch: Observer) -> None:
    """After Discord took the words that tell where a result is whose card was deleted; its answer is lost."""
    discord, channel = watch.sandbox.discord, watch.actors.channel
    asked = await watch.ask()
    watch.actors.owner_actors.delete(await watch.until(asked, lambda message: not message.thinking))
    discord.faults.reset("POST", f"^/channels/{channel.id}/", when="after")
    await discord.wait_for(
        lambda: any("Its card was deleted" in message.text for message in channel.messages), LONG, asked.describe
    )


async def showing_again(watch: Observer) -> None:
    """While the clips of a finished job are sent to a second card, after somebody has looked for theirs."""
    job = await watch.finished(watch.ask)
    who = watch.random.choice(watch.actors.rich)
    await watch.told(await watch.actors.list_jobs(who))
    await watch.hold(await watch.actors.show(job["id"], who), "PATCH").wait()


async def shown_again(watch: Observer) -> None:
    """After Discord took the clips for a second card, before the job is done again."""
    job = await watch.finished(watch.ask)
    shown = await watch.actors.show(job["id"], watch.random.choice(watch.actors.rich))
    await watch.until(shown, lambda message: any(media.where == "gallery" for media in message.media))
