"""What is left when everything has ended: rows, orders, messages and answers, sorted by the job that they belong to."""

from collections import Counter, defaultdict
from typing import Any

from sandbox.discord import Interaction, Message
from sandbox.harness import Sandbox
from sandbox.provider.model.job import Job as Order
from sandbox.provider.model.job import State as OrderState
from tests.chaos.actors.members import Members
from tests.chaos.actors.owner import Deletion, is_card, job_on, job_ordered
from tests.chaos.checks.results import bore_fruit
from tests.chaos.database import BotDatabase
from tests.chaos.engines import Row


class CollectedState:
    """Gather it all; no bot may be running."""

    def __init__(self, sandbox: Sandbox, actors: Members, database: BotDatabase) -> None:
        self.sandbox = sandbox
        self.actors = actors
        self.database = database
        self.jobs = {row["id"]: row for row in database.read("select * from job order by created_ms, id")}
        self.requests = {row["request_id"] for row in self.jobs.values()}
        self.asked = {str(asked.id): asked for asked in actors.client.asked}
        self.lines: dict[str, list[Row]] = defaultdict(list)
        for line in database.ledger():
            if line["job_id"] is not None:
                self.lines[line["job_id"]].append(line)
        self.orders: dict[str, list[Order]] = defaultdict(list)
        for order in sandbox.provider.jobs.values():
            self.orders[job_ordered(order)].append(order)
        self.cards: dict[str, list[Message]] = defaultdict(list)
        """Those that stand, oldest first."""
        for message in (*actors.channel.messages, *actors.guest_actors.channel.messages):
            if is_card(message):
                self.cards[job_on(message)].append(message)
        self.deleted: dict[str, list[Deletion]] = defaultdict(list)
        for deletion in actors.owner_actors.deleted:
            self.deleted[deletion.job_id].append(deletion)
        self.shows: dict[str, set[int]] = defaultdict(set)
        """The requests to show a job again."""
        for asked_id, job_id in actors.shows.items():
            self.shows[job_id].add(asked_id)

    def kinds(self, job: Row) -> Counter[str]:
        """Count a job's lines in the ledger by kind."""
        return Counter(line["kind"] for line in self.lines[job["id"]])

    def outcome(self, job: Row) -> str:
        """Say in a few words what came of a job."""
        kinds = self.kinds(job)
        if job["state"] == "done":
            return "delivered free" if kinds["refund"] else "delivered"
        if job["state"] == "failed":
            return "failed and refunded" if kinds["reserve"] else "refused"
        return "unfinished"

    def struck_off(self, job: Row) -> bool:
        """Tell whether the owner gave a job up for good: what the provider made of it is nobody's."""
        asked = job["id"] in self.actors.owner_actors.given_up.values()
        return asked and job["given_up_ms"] is not None and job["remote_id"] is None and job["state"] == "failed"

    def lost_removed(self, job: Row) -> bool:
        """Tell whether a removed job's order was never found again: the owner is not asked about what was removed."""
        return job["removed_ms"] is not None and job["error_code"] == "unknown_charge" and job["remote_id"] is None

    def adopted(self, job: Row) -> bool:
        """Tell whether a job has the id that the owner named for it."""
        return any(
            (adoption.job_id, adoption.remote_id) == (job["id"], job["remote_id"])
            for adoption in self.actors.owner_actors.adopted.values()
        )

    def wasted(self, order: Order) -> bool:
        """Tell whether what was made was paid and thrown away."""
        job = self.jobs.get(job_ordered(order))
        if job is not None and self.lost_removed(job):
            return False
        if job is None or order.state is not OrderState.DONE or not bore_fruit(order):
            return False
        return job["state"] != "done" and not self.struck_off(job)


def said_to(asked: Interaction) -> str | None:
    """Give what only the asker was told; None when nothing was."""
    replies = [reply for reply in (asked.message, *asked.followups) if reply is not None]
    return next((reply.text for reply in replies if reply.ephemeral and not reply.thinking), None)


def typed_in(asked: Interaction, name: str) -> Any:
    """Give the value of an option of a command."""
    return next((option["value"] for option in asked.data.get("options", []) if option["name"] == name), None)
