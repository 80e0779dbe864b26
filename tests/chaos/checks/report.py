"""The promises, looked at from outside: in the database, at the provider and on Discord, after everything has ended."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.chaos.checks.cards import CardRules
from tests.chaos.checks.collect import Evidence
from tests.chaos.checks.credits import Books
from tests.chaos.checks.messages import Words
from tests.chaos.checks.previews import Previews
from tests.chaos.checks.requests import Wishes
from tests.chaos.checks.results import PICTURE_PRICES, results, words
from tests.chaos.database import ENDED, Row
from tests.chaos.runner import LastWords, Lives

SLACK_MS = 1000
"""How far the clock readings of two transactions may lie apart from their order."""


@dataclass(frozen=True)
class Verdict:
    """Hold what came of all jobs, and every promise that was broken."""

    counts: Counter[str]
    problems: list[str]


def judge(lives: Lives, last: LastWords) -> Verdict:
    """Look at everything; no bot may be running."""
    judge = _Judge(lives, last)
    return Verdict(judge.counts(), list(judge.problems()))


class _Judge:
    def __init__(self, lives: Lives, last: LastWords) -> None:
        self._evidence = Evidence(lives.sandbox, lives.crowd, lives.records)
        self._books = Books(self._evidence)
        self._cards = CardRules(self._evidence)
        self._previews = Previews(self._evidence)
        self._wishes = Wishes(self._evidence)
        self._words = Words(self._evidence, lives.toll.times, last)

    def counts(self) -> Counter[str]:
        """Count jobs by what came of them, and what else is worth knowing."""
        evidence = self._evidence
        orders = [order for of_one in evidence.orders.values() for order in of_one]
        counts = Counter({"jobs": len(evidence.jobs), "submits": len(orders), "asked": len(evidence.asked)})
        for job in evidence.jobs.values():
            counts[evidence.outcome(job)] += 1
            counts["extends"] += job["kind"] == "extend"
            counts["pictures"] += job["kind"] in PICTURE_PRICES
            counts[f"kind: {job['kind']}"] += 1
            params = json.loads(job["params"])
            counts["films of pictures"] += job["kind"] == "video" and params["job_image"] is not None
            counts["in HD"] += params["resolution"] == "hd"
            counts["adopted"] += evidence.adopted(job)
            counts["struck off"] += evidence.struck_off(job)
            counts["struck off though made"] += evidence.struck_off(job) and bool(evidence.orders[job["id"]])
            counts[f"failed: {job['error_code']} {_reason(job)}".strip()] += job["state"] == "failed"
        counts["duplicates"] = sum(len(of_one) - 1 for of_one in evidence.orders.values() if of_one)
        counts["lost"] = sum(map(evidence.wasted, orders))
        counts["cards deleted"] = len(evidence.crowd.staff.deleted)
        counts["shown again"] = sum(
            card.interaction is not None and card.interaction.id in evidence.crowd.shows
            for cards in evidence.cards.values()
            for card in cards
        )
        counts["previews"] = len(evidence.crowd.retouchers.asked)
        counts["unanswered before T0"] = sum(1 for _ in self._words.unanswered())
        return counts

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        evidence = self._evidence
        yield from (f"Discord's rules: {sentence}" for sentence in evidence.sandbox.discord.violations)
        if (said := evidence.records.read("pragma integrity_check")[0][0]) != "ok":
            yield f"the database is damaged: {said}"
        for job in evidence.jobs.values():
            where = f"job {job['id']} ({job['kind']}, {job['state']}, {job['error_code']})"
            rules = (self._books, self._cards, self._wishes)
            checks = (self._ended, self._ordered_once, *(rule.problems_of for rule in rules))
            yield from (f"{where}: {problem}" for check in checks for problem in check(job))
        yield from self._books.problems()
        yield from self._cards.problems()
        yield from self._previews.problems()
        yield from self._words.problems()
        yield from self._orders_of_nobody()
        yield from self._pressed_twice()
        yield from self._strikes()

    def _ended(self, job: Row) -> Iterator[str]:
        if job["state"] not in ENDED:
            yield f"it never ended: due {job['due_ms']}, lease {job['lease']}, tries {job['tries']}"
        elif (job["lease"], job["token"]) != (None, None):
            yield "it has ended and is still leased or holds a token"
        elif job["due_ms"] is not None and not (job["state"] == "failed" and job["remote_id"]):
            # Only a job that we gave up, and its provider did not, is looked at again.
            yield "it has ended and is still due"

    def _ordered_once(self, job: Row) -> Iterator[str]:
        orders = self._evidence.orders[job["id"]]
        if len(orders) > 1:
            yield f"it was ordered {len(orders)} times"
        for order in orders:
            if order.id != job["remote_id"] and not self._evidence.struck_off(job):
                yield f"the provider has it as {order.id} ({order.state}), and it is known as {job['remote_id']}"
            if self._evidence.wasted(order):
                yield f"{len(results(order))} clips or pictures, and {words(order)}, were paid and thrown away"
        if job["state"] == "done" and not orders:
            yield "it was delivered without an order"

    def _orders_of_nobody(self) -> Iterator[str]:
        for name, orders in self._evidence.orders.items():
            if orders and name not in self._evidence.jobs:
                yield f"{len(orders)} orders name job {name!r}, which nobody knows"

    def _pressed_twice(self) -> Iterator[str]:
        """Compare who pressed what, not the bot's own key for it."""
        presses: dict[tuple[int, str, int | None, str], list[Row]] = defaultdict(list)
        for job in self._evidence.jobs.values():
            # What was given up and came after all does not stand in the way of the same press.
            if job["kind"] in ("extend", "action", "seed") and self._evidence.outcome(job) != "delivered free":
                params = json.loads(job["params"])
                what = job["kind"] if job["kind"] == "seed" else params["action"] or params["motion"]
                presses[job["user_id"], job["parent_job_id"], job["parent_slot"], what].append(job)
        for press, jobs in presses.items():
            for first, second in pairwise(jobs):
                if second["created_ms"] + SLACK_MS < first["finished_ms"]:
                    yield f"{press} was made twice at a time: {first['id']} and {second['id']}"

    def _strikes(self) -> Iterator[str]:
        """Compare the strikes with the jobs that were refused for their words: one for each, and for no other."""
        struck = Counter(row["job_id"] for row in self._evidence.records.read("select job_id from strike"))
        for job in self._evidence.jobs.values():
            if job["state"] == "failed" and struck[job["id"]] != (_reason(job) == "moderated_prompt"):
                yield f"job {job['id']} failed for {_reason(job)!r}, and brought {struck[job['id']]} strikes"


def _reason(job: Row) -> str:
    data = job["error_data"] or ""
    return data.partition('"reason":"')[2].partition('"')[0]
