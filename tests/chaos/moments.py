"""The moments in a job's life at which the bot is killed: each waits for its own, and is killed when it returns.

Where the bot alone could go on too fast, the sandbox holds the request that the moment is in the middle of.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.sandbox.studio import faults
from tests.chaos.picture_moments import acting, form_opened, form_sent
from tests.chaos.watch import LONG, Watch

Moment = Callable[[Watch], Awaitable[None]]


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
    submits = watch.stage.studio.submits
    await watch.crowd.video(watch.crowd.rich[0])
    await watch.stage.studio.until(lambda studio: studio.submits > submits)


async def extend_sent_and_accepted(watch: Watch) -> None:
    """The same for an extend."""
    watch.order_meets(faults.Hang())
    submits = watch.stage.studio.submits
    await watch.crowd.extend_anew(watch.crowd.rich[0])
    await watch.stage.studio.until(lambda studio: studio.submits > submits)


async def answered(watch: Watch) -> None:
    """The provider's answer is on its way: just before T4, or just after."""
    submits = watch.stage.studio.submits
    await watch.ask()
    await watch.stage.studio.until(lambda studio: studio.submits > submits)


async def running(watch: Watch) -> None:
    """After T4."""
    await watch.reached(await watch.ask(), "running")


async def polling(watch: Watch) -> None:
    """While the provider is asked."""
    job = await watch.reached(await watch.ask(), "running")
    watch.stage.studio.knobs.fetch_fault = faults.Hang()
    await watch.requested("/fetch", job["remote_id"] or "")


async def polled(watch: Watch) -> None:
    """After a poll that found it running or done."""
    job = await watch.reached(await watch.ask(), "running")
    await watch.stage.studio.until(
        lambda studio: any(
            request.status == 200
            and request.path.endswith("/fetch")
            and (job["remote_id"] or "") in f"{request.query} {request.json}"
            for request in studio.requests[-50:]
        )
    )


async def called_back(watch: Watch) -> None:
    """While the provider calls back, or when it would have."""
    deliveries = len(watch.stage.studio.deliveries)
    await watch.ask()
    await watch.stage.studio.until(lambda studio: len(studio.deliveries) > deliveries)


async def made(watch: Watch) -> None:
    """After T5: the clips exist at the provider."""
    await watch.reached(await watch.ask(), "ready")


async def downloading(watch: Watch) -> None:
    """While a clip or a picture is fetched."""
    watch.download_takes(1.5)
    asked = asyncio.create_task(watch.requested((".mp4", ".png")))
    await watch.ask()
    await asked
    await asyncio.sleep(watch.random.uniform(0, 0.3))


async def downloaded(watch: Watch) -> None:
    """After the clips are kept, before they are shown."""
    asked = await watch.ask()
    await watch.reached(asked, "ready")

    def kept() -> bool:
        rows = watch.records.read(
            "select media_file from clip join job on job.id = job_id where request_id = ?", str(asked.id)
        )
        return all(row["media_file"] for row in rows)

    await watch.records.until(kept)


async def uploading(watch: Watch) -> None:
    """While the clips are sent to Discord: the request arrives, and its sender is dead."""
    watch.download_takes(0.5)
    asked = await watch.ask()
    await watch.reached(asked, "ready")
    await watch.hold(asked, "PATCH").wait()


async def uploaded(watch: Watch) -> None:
    """After Discord took the clips, before T7."""
    asked = await watch.ask()
    await watch.until(asked, lambda message: any(media.where == "gallery" for media in message.media))


async def failing(watch: Watch) -> None:
    """After T6."""
    watch.order_meets(faults.FailLater())
    await watch.reached(await watch.ask(), "failing")


async def telling_the_failure(watch: Watch) -> None:
    """While the card is told of the failure."""
    watch.order_meets(faults.FailLater())
    asked = await watch.ask()
    await watch.reached(asked, "failing")
    await watch.hold(asked, "PATCH").wait()


async def told_the_failure(watch: Watch) -> None:
    """After the card was told, before T7."""
    watch.order_meets(faults.FailLater())
    asked = await watch.ask()
    await watch.until(asked, lambda message: "came back" in message.text)


async def refusing(watch: Watch) -> None:
    """While a promise is taken back from somebody without credits."""
    asked = await watch.crowd.video(watch.random.choice(watch.crowd.poor))
    await watch.hold(asked, watch.random.choice(("DELETE", "POST"))).wait()


async def refused(watch: Watch) -> None:
    """After the refusal was told, before T7."""
    await watch.told(await watch.crowd.video(watch.random.choice(watch.crowd.poor)))


async def insisting(watch: Watch) -> None:
    """While the same button is pressed many times."""
    burst = await watch.crowd.insist()
    await watch.stage.discord.wait_for(lambda: any(asked.acknowledged for asked in burst), LONG, lambda: "no answer")


async def granting(watch: Watch) -> None:
    """While an admin grants credits."""
    await watch.acknowledged(await watch.crowd.grant())


async def card_deleted(watch: Watch) -> None:
    """After a moderator deleted the card of what is being made, when its films are to be shown."""
    asked = await watch.ask()
    watch.crowd.staff.delete(await watch.until(asked, lambda message: not message.thinking))
    await watch.reached(asked, "ready")


async def made_anew(watch: Watch) -> None:
    """After Discord took a new card in the place of a deleted one; its answer is lost."""
    discord, channel = watch.stage.discord, watch.crowd.channel
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


MOMENTS: tuple[Moment, ...] = (
    promised,
    received,
    queued,
    turned_away,
    cancelling,
    admitted,
    sent_and_lost,
    sent_and_accepted,
    extend_sent_and_accepted,
    answered,
    running,
    polling,
    polled,
    called_back,
    made,
    downloading,
    downloaded,
    uploading,
    uploaded,
    failing,
    telling_the_failure,
    told_the_failure,
    refusing,
    refused,
    insisting,
    granting,
    acting,
    form_opened,
    form_sent,
    card_deleted,
    made_anew,
    showing_again,
    shown_again,
    adopting,
    adopted_late,
    given_up,
    taking_up,
)
"""Every transition and every call to the outside, in the order of a job's life."""
