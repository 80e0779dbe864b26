"""Ask a provider how a job is doing, whatever it makes."""

from bot.domain.job import Job, Result
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import Provider
from bot.providers.images import ImageSnapshot
from bot.providers.types import Snapshot

TILES = ("#tile1", "#tile2", "#tile3", "#tile4")
"""Marks the links to four pictures in one, which is cut; what follows the sign is not sent (RFC 3986, section 3.5)."""


async def poll_job(provider: Provider, job: Job, remote_id: str) -> Snapshot:
    """Poll a job by the id that the provider gave it; errors as for `Provider.poll`."""
    if job.kind.makes_video:
        return await provider.poll(remote_id)
    if provider.images is None:
        raise ProviderError(ErrorKind.NOT_FOUND, "yes", "it makes no pictures")
    found = await provider.images.poll(remote_id)
    return _as_snapshot(found, _links(job, found), remote_id)


def _links(job: Job, found: ImageSnapshot) -> tuple[str, ...]:
    """Give the links to the single pictures; where four were asked for and only the whole is there, to its parts."""
    if found.images or found.grid is None:
        return found.images
    return tuple(f"{found.grid}{tile}" for tile in TILES) if job.params.clips == len(TILES) else (found.grid,)


def _as_snapshot(found: ImageSnapshot, links: tuple[str, ...], remote_id: str) -> Snapshot:
    return Snapshot(
        state=found.state,
        progress=found.progress,
        clips=links,
        extend_ref=remote_id,
        cost=found.cost,
        error=found.error,
        result=Result(found.actions, found.texts, found.seed, found.width, found.height),
        echo=found.echo,
    )
