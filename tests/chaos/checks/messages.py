"""The promises made in words: what members and the owner were told agrees with the books."""

import re
from collections import defaultdict
from collections.abc import Iterator

from sandbox.discord import Interaction
from tests.chaos.actors.owner import is_card
from tests.chaos.checks.collect import CollectedState, said_to
from tests.chaos.checks.results import words
from tests.chaos.runner import NO_DOUBT, LastReplies

GAP_SECONDS = 15.0
"""How long before a kill a request may have come whose promise was never written down: the gap before T0, with
discord.py's own retries in it. People go on asking for a moment after the kill."""

LISTED = 5
"""How many jobs a page of /jobs list names."""

NOT_NOW = ("is being shown just now", "is not finished yet")
"""Why a finished job may not be shown again: somebody else is just being shown it."""

BLOCKED = "An admin of this server has blocked you."
"""Why somebody may be shown nothing, if an admin has."""


class MessageChecks:
    """Look at the answers."""

    def __init__(self, collected: CollectedState, kills: list[float], last: LastReplies) -> None:
        self._collected = collected
        self._kills = kills
        self._last = last

    def problems(self) -> Iterator[str]:
        """Name every answer that was not true, and every request that was left without one."""
        yield from self._without_a_word()
        yield from self._balances()
        yield from self._lists()
        yield from self._shows()
        yield from self._seeds()
        yield from self._adoptions()
        yield from self._struck_off()
        if self._last.unknown != NO_DOUBT:
            yield f"at the end the owner is told: {self._last.unknown!r}"

    def unanswered(self) -> Iterator[Interaction]:
        """Give the requests that Discord itself says were not answered: nothing of them was written down."""
        deleted = {deletion.card.id for deletion in self._collected.actors.owner_actors.deleted}
        for asked in self._collected.asked.values():
            replies = [reply for reply in (asked.original, *asked.followups) if reply is not None]
            answered = any(not reply.thinking and (not reply.deleted or reply.id in deleted) for reply in replies)
            forgotten = asked.user.id in self._collected.actors.guest_actors.farewells
            if str(asked.id) not in self._collected.requests and not (answered or forgotten) and asked.modal is None:
                yield asked

    def _without_a_word(self) -> Iterator[str]:
        times = self._collected.actors.client.times
        for asked in self.unanswered():
            if not any(-1 <= kill - times[asked.id] <= GAP_SECONDS for kill in self._kills):
                yield f"{asked!r} was left without an answer, and no kill came near"

    def _balances(self) -> Iterator[str]:
        """Compare what /credits said last with the accounts; the newest period is the one that it speaks of."""
        rows = self._collected.database.read(
            """select user_id, case when cap > base then cap else base end + granted - used as left_over
               from account order by period"""
        )
        left = {row["user_id"]: max(0, row["left_over"]) for row in rows}
        for user_id, said in self._last.credits.items():
            if left.get(user_id) and f"You have {left[user_id]} of" not in said:
                yield f"/credits says {said!r} to {user_id}, who has {left[user_id]}"
            server = re.search(r"The whole server has (\d+) left", said)
            if server and int(server[1]) != left.get(0):
                yield f"/credits says {said!r}, and the server has {left.get(0)}"

    def _lists(self) -> Iterator[str]:
        for asked in self._collected.actors.client.asked:
            told = said_to(asked) if asked.id in self._collected.actors.lists else None
            if told is not None:
                named = re.findall(r", job `(\w+)`$", told, re.MULTILINE)
                strangers = [name for name in named if self._owner_of(name) != asked.user.id]
                if strangers or len(named) > LISTED:
                    yield f"{asked!r} was told of {strangers or named}"

    def _shows(self) -> Iterator[str]:
        for asked_id, job_id in self._collected.actors.shows.items():
            asked = self._collected.asked[str(asked_id)]
            told = said_to(asked)
            if asked.user.id in self._collected.actors.owner_actors.blocked and told is not None and BLOCKED in told:
                continue
            if told is not None and not any(reason in told for reason in NOT_NOW):
                yield f"job {job_id} was finished, and who wished to see it again was told: {told!r}"

    def _seeds(self) -> Iterator[str]:
        """A seed that was found before is the one that the provider told then."""
        found: dict[str, set[str]] = defaultdict(set)
        for job in self._collected.jobs.values():
            if job["kind"] == "seed":
                found[job["parent_job_id"]].update(*map(words, self._collected.orders[job["id"]]))
        for asked_id, job_id in self._collected.actors.image_actors.seeds.items():
            told = self._collected.asked[str(asked_id)].message
            if told is None or told.thinking or is_card(told):
                continue
            if not any(sentence in told.text for sentence in found[job_id]):
                yield f"the seed of job {job_id} was told as {told.text!r}"

    def _adoptions(self) -> Iterator[str]:
        for asked_id, adoption in self._collected.actors.owner_actors.adopted.items():
            told = said_to(self._collected.asked[str(asked_id)]) or ""
            known = self._collected.jobs[adoption.job_id]["remote_id"]
            if "its card goes on" in told and known != adoption.remote_id:
                yield f"job {adoption.job_id} was told to be {adoption.remote_id}, and is {known}"

    def _struck_off(self) -> Iterator[str]:
        """Who was told that the credits are back has them back, whatever came of the job."""
        for asked_id, job_id in self._collected.actors.owner_actors.given_up.items():
            told = said_to(self._collected.asked[str(asked_id)]) or ""
            job = self._collected.jobs[job_id]
            if "its credits are back" in told and not self._collected.kinds(job)["refund"]:
                yield f"job {job_id} was struck off, its credits are not back, and it is {job['state']}"

    def _owner_of(self, job_id: str) -> int | None:
        job = self._collected.jobs.get(job_id)
        return job["user_id"] if job is not None else None
