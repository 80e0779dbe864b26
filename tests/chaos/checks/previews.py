"""The promises about previews: they cost nothing, can be confirmed while they are shown, and end when discarded."""

from collections.abc import Iterator

from tests.chaos.actors.region import preview_shown
from tests.chaos.checks.collect import CollectedState

DISCARDED = "Discarded. Nothing was charged."


class PreviewChecks:
    """Look at what members saw before they confirmed, and at what is kept for it."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected
        self._previews = {row["id"] for row in collected.database.read("select id from region_preview")}

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        region_actors = self._collected.actors.region_actors
        discards = set(region_actors.discards.values())
        for wish in region_actors.asked:
            if str(wish.asked.id) in self._collected.requests:
                yield f"{wish} became a job before it was confirmed"
            draft = preview_shown(wish.asked.message)
            if draft is not None and draft not in self._previews | discards:
                yield f"{wish} is shown, and cannot be confirmed: draft {draft} is forgotten"
        # A process that was killed between a preview's row and its mask has shown it to nobody.
        shown = {preview_shown(wish.asked.message) for wish in region_actors.asked}
        for draft in (self._previews & shown) - discards:
            if not self._mask_is_kept(draft) and not self._unsent(draft):
                yield f"the mask of draft {draft} is lost, and nobody discarded it"
        for pressed in self._collected.actors.client.asked:
            draft = region_actors.discards.get(pressed.id)
            if draft is not None and pressed.source is not None and pressed.source.text == DISCARDED:
                yield from self._left_of(draft)

    def _left_of(self, draft: str) -> Iterator[str]:
        if draft in self._previews:
            yield f"draft {draft} was discarded, and can be confirmed"
        if draft not in self._collected.jobs and self._mask_is_kept(draft):
            yield f"draft {draft} was discarded, and its mask is kept"

    def _unsent(self, draft: str) -> bool:
        """Tell whether a preview was confirmed in vain: its mask goes with the refusal."""
        job = self._collected.jobs.get(draft)
        return job is not None and job["state"] == "failed" and job["client_token"] is None

    def _mask_is_kept(self, draft: str) -> bool:
        return (self._collected.sandbox.folder / "media" / draft / "given0").is_file()
