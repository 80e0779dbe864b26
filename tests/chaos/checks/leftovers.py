"""The promise about the disk: of what nobody paid for nothing is kept."""

from collections.abc import Iterator

from tests.chaos.checks.collect import CollectedState
from tests.chaos.engines import Row


class LeftoverChecks:
    """Look at what the media folder holds."""

    def __init__(self, collected: CollectedState) -> None:
        self._media = collected.sandbox.folder / "media"
        frames = collected.database.read("select job_id, media_file from frame")
        self._lenders = {lender for row in frames if (lender := row["media_file"].partition("/")[0]) != row["job_id"]}

    def problems_of(self, job: Row) -> Iterator[str]:
        """Name what is left of a request that ended before it was sent to anybody."""
        folder = self._media / job["id"]
        if job["state"] == "failed" and job["client_token"] is None and job["id"] not in self._lenders:
            yield from (f"it was never sent, and {path.name} of it is kept" for path in folder.glob("*"))
