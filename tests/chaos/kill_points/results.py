"""The moments from the provider's answer to the end: a delivery, or a failure that is told."""

import asyncio

from sandbox.provider.model import faults
from tests.chaos.observe import Observer


async def running(watch: Observer) -> None:
    """After T4."""
    await watch.reached(await watch.ask(), "running")


async def polling(watch: Observer) -> None:
    """While the provider is asked."""
    job = await watch.reached(await watch.ask(), "running")
    watch.sandbox.provider.settings.fetch_fault = faults.Hang()
    await watch.requested("/fetch", job["remote_id"] or "")


async def polled(watch: Observer) -> None:
    """After a poll that found it running or done."""
    job = await watch.reached(await watch.ask(), "running")
    await watch.sandbox.provider.until(
        lambda fake_provider: any(
            request.status == 200
            and request.path.endswith("/fetch")
            and (job["remote_id"] or "") in f"{request.query} {request.json}"
            for request in fake_provider.requests[-50:]
        )
    )


async def called_back(watch: Observer) -> None:
    """While the provider calls back, or when it would have."""
    deliveries = watch.sandbox.provider.deliveries.position
    await watch.ask()
    await watch.sandbox.provider.until(lambda fake_provider: fake_provider.deliveries.position > deliveries)


async def made(watch: Observer) -> None:
    """After T5: the clips exist at the provider."""
    await watch.reached(await watch.ask(), "ready")


async def downloading(watch: Observer) -> None:
    """While a clip or a picture is fetched."""
    watch.download_takes(1.5)
    asked = asyncio.create_task(watch.requested((".mp4", ".png")))
    await watch.ask()
    await asked
    await asyncio.sleep(watch.random.uniform(0, 0.3))


async def downloaded(watch: Observer) -> None:
    """After the clips are kept, before they are shown."""
    asked = await watch.ask()
    await watch.reached(asked, "ready")

    def kept() -> bool:
        rows = watch.database.read(
            "select media_file from clip join job on job.id = job_id where request_id = $1", str(asked.id)
        )
        return all(row["media_file"] for row in rows)

    await watch.database.until(kept)


async def uploading(watch: Observer) -> None:
    """While the clips are sent to Discord: the request arrives, and its sender is dead."""
    watch.download_takes(0.5)
    asked = await watch.ask()
    await watch.reached(asked, "ready")
    await watch.hold(asked, "PATCH").wait()


async def uploaded(watch: Observer) -> None:
    """After Discord took the clips, before T7."""
    asked = await watch.ask()
    await watch.until(asked, lambda message: any(media.where == "gallery" for media in message.media))


async def failing(watch: Observer) -> None:
    """After T6."""
    watch.order_meets(faults.FailLater())
    await watch.reached(await watch.ask(), "failing")


async def telling_the_failure(watch: Observer) -> None:
    """While the card is told of the failure."""
    watch.order_meets(faults.FailLater())
    asked = await watch.ask()
    await watch.reached(asked, "failing")
    await watch.hold(asked, "PATCH").wait()


async def told_the_failure(watch: Observer) -> None:
    """After the card was told, before T7."""
    watch.order_meets(faults.FailLater())
    asked = await watch.ask()
    await watch.until(asked, lambda message: "came back" in message.text)
