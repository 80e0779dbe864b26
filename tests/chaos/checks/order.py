"""The promises about what was removed and who was forgotten: nothing shows it, leads to it or names them."""

from collections.abc import Iterator

from sandbox.discord import Message
from tests.chaos.checks.collect import CollectedState
from tests.chaos.engines import Row

NAMING = (
    *("job", "account", "ledger", "allowance", "block", "strike", "removal", "forgetting", "film", "favourite"),
    *("member_settings", "preset", "job_word", "region_preview", "storyboard", "share", "report"),
)
"""The tables in whose rows a member's id may stand."""

FORGOTTEN = "You are being forgotten"


class OrderChecks:
    """Look at removed jobs, and for forgotten members."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected
        actors = collected.actors
        self._messages = [*actors.channel.messages, *actors.guest_actors.channel.messages]
        self._media = collected.sandbox.folder / "media"
        self.forgotten = {
            guest_id: press
            for guest_id, press in actors.guest_actors.farewells.items()
            if press.source is not None and FORGOTTEN in press.source.text
        }

    def problems_of(self, job: Row) -> Iterator[str]:
        """Name what is left of one removed job."""
        yield from (f"it was removed, and a message shows it: {one!r}" for one in self._showing(job["id"]))
        folder = self._media / job["id"]
        yield from (f"it was removed, and {path.name} of it is kept" for path in folder.glob("*"))
        for table in ("favourite", "job_word", "ping", "clip", "frame"):
            leads = f"select 1 from {table} where job_id = $1"  # noqa: S608  # our own table names
            if self._collected.database.read(leads, job["id"]):
                yield f"it was removed, and a {table} leads to it"
        removals = self._collected.database.read("select due_ms from removal where job_id = $1", job["id"])
        if [row["due_ms"] for row in removals] != [None]:
            yield f"its removal is not done: {[dict(row) for row in removals]}"

    def problems(self) -> Iterator[str]:
        """Name the forgotten of whom something is left, and those who were never forgotten."""
        waiting = self._collected.database.read("select * from forgetting")
        yield from (f"a member was never forgotten: {dict(row)}" for row in waiting)
        for table in NAMING:
            rows = self._collected.database.read(f"select * from {table}")  # noqa: S608  # our own table names
            for row in rows:
                if named := self.forgotten.keys() & {one for one in dict(row).values() if isinstance(one, int)}:
                    yield f"{named} are forgotten, and a {table} names them: {dict(row)}"

    def _showing(self, job_id: str) -> list[Message]:
        return [one for one in self._messages if job_id in one.text or job_id in f"{one.components}{_files(one)}"]


def _files(message: Message) -> list[str | None]:
    return [media.filename for media in message.media]
