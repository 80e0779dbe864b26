"""The moments while order is kept: jobs are removed, members are blocked, and some are forgotten."""

import asyncio

from sandbox.discord import Interaction, Message, User
from sandbox.provider.model import faults
from tests.chaos.database import has_reached
from tests.chaos.observe import Observer


async def removing(watch: Observer) -> None:
    """After a member removed their film, while its card is being deleted."""
    _, _, card = await _finished(watch)
    deleting = _hold_deletion(watch, card)
    question = await watch.actors.guest_actors.ask_to_remove(card)
    await watch.until(question, lambda message: message.buttons)
    await watch.actors.guest_actors.confirm(question)
    await deleting.wait()


async def removed_while_it_is_made(watch: Observer) -> None:
    """After a moderator was told that a job is removed which its provider has."""
    provider, actors = watch.sandbox.provider, watch.actors.guest_actors
    provider.settings.hold = True
    try:
        job = await watch.reached(await actors.video(actors.newcomer()), "running")
        await watch.told(await actors.remove_by_moderator(job["id"]))
    finally:
        provider.release()


async def removed_while_uploading(watch: Observer) -> None:
    """After a job was removed while its film was on its way to Discord, where it arrives when its sender is dead."""
    actors = watch.actors.guest_actors
    watch.download_takes(0.5)
    asked = await actors.video(actors.newcomer())
    job = await watch.reached(asked, "ready")
    await watch.hold(asked, "PATCH").wait()
    await watch.told(await actors.remove_by_moderator(job["id"]))


async def blocking(watch: Observer) -> None:
    """While a member is blocked, of whom a job waits."""
    actors = watch.actors.guest_actors
    guest = actors.newcomer()
    watch.order_meets(faults.Status(429, retry_after=5))
    asked = await actors.video(guest)
    await watch.job(asked, lambda job: job["state"] == "queued" and job["tries"] > 0)
    await watch.acknowledged(await actors.block(guest))


async def unblocking(watch: Observer) -> None:
    """While a member is unblocked, who was refused meanwhile."""
    actors = watch.actors.guest_actors
    guest = actors.newcomer()
    await watch.told(await actors.block(guest))
    await watch.told(await actors.video(guest))
    await watch.acknowledged(await actors.unblock(guest))


async def forgetting(watch: Observer) -> None:
    """After the jobs of who is to be forgotten are removed, while their cards stand."""
    guest, job_id, card = await _finished(watch)
    _hold_deletion(watch, card)
    await _forget(watch, guest)
    await watch.database.until(lambda: bool(watch.database.read("select 1 from removal where job_id = $1", job_id)))


async def forgotten_by_name(watch: Observer) -> None:
    """After the sums of who is forgotten stand under no name, while their cards stand and their jobs name them."""
    guest, _, card = await _finished(watch)
    _hold_deletion(watch, card)
    await _forget(watch, guest)
    renamed = "select 1 from forgetting where user_id = $1 and renamed = 1"
    await watch.database.until(lambda: bool(watch.database.read(renamed, guest.id)))


async def _finished(watch: Observer) -> tuple[User, str, Message]:
    """Let a film be made for somebody new; gives them, its job and its card."""
    actors = watch.actors.guest_actors
    guest = actors.newcomer()
    while True:
        asked = await actors.video(guest)
        job = await watch.job(asked, lambda job: has_reached(job, "done"))
        if job["state"] == "done" and asked.message is not None:
            return guest, job["id"], asked.message


async def _forget(watch: Observer, guest: User) -> Interaction:
    """Let a guest ask to be forgotten for good."""
    actors = watch.actors.guest_actors
    shown = await actors.look_at_privacy(guest)
    await watch.until(shown, lambda message: message.buttons)
    await actors.press_privacy(guest, shown)
    await watch.until(shown, lambda message: any(button.custom_id == "privacy:forget" for button in message.buttons))
    return await actors.press_privacy(guest, shown)


def _hold_deletion(watch: Observer, card: Message) -> asyncio.Event:
    """Hold the deletion of a card until the bot is dead; gives the event of its arrival."""
    return watch.sandbox.discord.faults.delay("DELETE", f"/messages/{card.id}$", until=watch.released).hit
