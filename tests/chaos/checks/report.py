"""The promises, looked at from outside: in the database, at the provider and on Discord, after everything has ended."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.chaos.checks.cards import CardChecks
from tests.chaos.checks.collect import CollectedState
from tests.chaos.checks.credits import CreditChecks
from tests.chaos.checks.leftovers import LeftoverChecks
from tests.chaos.checks.messages import MessageChecks
from tests.chaos.checks.order import OrderChecks
from tests.chaos.checks.previews import PreviewChecks
from tests.chaos.checks.requests import RequestChecks
from tests.chaos.checks.results import PICTURE_PRICES, results, words
from tests.chaos.checks.storyboards import StoryboardChecks
from tests.chaos.checks.told import ToldChecks
from tests.chaos.database import ENDED
from tests.chaos.engines import Row
from tests.chaos.runner import ChaosRunner, LastReplies

SLACK_MS = 1000
"""How far the clock readings of two transactions may lie apart from their order."""


@dataclass(frozen=True)
class Report:
    """Hold what came of all jobs, and every promise that was broken."""

    counts: Counter[str]
    problems: list[str]


def judge(runner: ChaosRunner, last: LastReplies) -> Report:
    """Look at everything; no bot may be running."""
    judge = _Checker(runner, last)
    return Report(judge.counts(), list(judge.problems()))


class _Checker:
    def __init__(self, runner: ChaosRunner, last: LastReplies) -> None:
        self._collected = CollectedState(runner.sandbox, runner.actors, runner.database)
        self._books = CreditChecks(self._collected)
        self._cards = CardChecks(self._collected)
        self._leftovers = LeftoverChecks(self._collected)
        self._order = OrderChecks(self._collected)
        self._previews = PreviewChecks(self._collected)
        self._wishes = RequestChecks(self._collected)
        self._storyboards = StoryboardChecks(self._collected)
        self._told = ToldChecks(self._collected)
        self._words = MessageChecks(self._collected, runner.toll.times, last)

    def counts(self) -> Counter[str]:
        """Count jobs by what came of them, and what else is worth knowing."""
        collected = self._collected
        orders = [order for of_one in collected.orders.values() for order in of_one]
        counts = Counter({"jobs": len(collected.jobs), "submits": len(orders), "asked": len(collected.asked)})
        for job in collected.jobs.values():
            counts[collected.outcome(job)] += 1
            counts["extends"] += job["kind"] == "extend"
            counts["shots"] += job["storyboard_id"] is not None
            counts["pictures"] += job["kind"] in PICTURE_PRICES
            counts[f"kind: {job['kind']}"] += 1
            params = json.loads(job["params"])
            counts["films of pictures"] += job["kind"] == "video" and params["job_image"] is not None
            counts["in HD"] += params["resolution"] == "hd"
            counts["adopted"] += collected.adopted(job)
            counts["struck off"] += collected.struck_off(job)
            counts["struck off though made"] += collected.struck_off(job) and bool(collected.orders[job["id"]])
            counts[f"failed: {job['error_code']} {_reason(job)}".strip()] += job["state"] == "failed"
        counts["duplicates"] = sum(len(of_one) - 1 for of_one in collected.orders.values() if of_one)
        counts["lost"] = sum(map(collected.wasted, orders))
        counts["cards deleted"] = len(collected.actors.owner_actors.deleted)
        counts["shown again"] = sum(
            card.interaction is not None and card.interaction.id in collected.actors.shows
            for cards in collected.cards.values()
            for card in cards
        )
        counts["films joined"] = len(self._told.films)
        counts["pings"] = len(self._told.pings)
        counts["removed"] = sum(job["removed_ms"] is not None for job in collected.jobs.values())
        counts["forgotten"] = len(self._order.forgotten)
        counts["previews"] = len(collected.actors.region_actors.asked)
        counts["unanswered before T0"] = sum(1 for _ in self._words.unanswered())
        return counts

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        collected = self._collected
        yield from (f"Discord's rules: {sentence}" for sentence in collected.sandbox.discord.violations)
        if said := collected.database.damage():
            yield f"the database is damaged: {said}"
        for job in collected.jobs.values():
            where = f"job {job['id']} ({job['kind']}, {job['state']}, {job['error_code']})"
            # The shots of a storyboard share one card, and were asked for together.
            alone = (self._cards, self._wishes) if job["storyboard_id"] is None else ()
            # Of what was removed there is nothing to be looked at but that it is gone.
            alone = alone if job["removed_ms"] is None else (self._order,)
            rules = (self._books, self._leftovers, *alone)
            checks = (self._ended, self._ordered_once, *(rule.problems_of for rule in rules))
            yield from (f"{where}: {problem}" for check in checks for problem in check(job))
        yield from self._books.problems()
        yield from self._cards.problems()
        yield from self._order.problems()
        yield from self._previews.problems()
        yield from self._storyboards.problems()
        yield from self._told.problems()
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
        orders = self._collected.orders[job["id"]]
        if len(orders) > 1:
            yield f"it was ordered {len(orders)} times"
        for order in orders:
            lost = self._collected.struck_off(job) or self._collected.lost_removed(job)
            if order.id != job["remote_id"] and not lost:
                yield f"the provider has it as {order.id} ({order.state}), and it is known as {job['remote_id']}"
            if self._collected.wasted(order):
                yield f"{len(results(order))} clips or pictures, and {words(order)}, were paid and thrown away"
        if job["state"] == "done" and not orders:
            yield "it was delivered without an order"

    def _orders_of_nobody(self) -> Iterator[str]:
        for name, orders in self._collected.orders.items():
            if orders and name not in self._collected.jobs:
                yield f"{len(orders)} orders name job {name!r}, which nobody knows"

    def _pressed_twice(self) -> Iterator[str]:
        """Compare who pressed what, not the bot's own key for it."""
        presses: dict[tuple[int, str, int | None, str], list[Row]] = defaultdict(list)
        for job in self._collected.jobs.values():
            # What was given up and came after all does not stand in the way of the same press.
            if (
                job["storyboard_id"] is None
                and job["kind"] in ("extend", "action", "seed")
                and self._collected.outcome(job) != "delivered free"
            ):
                params = json.loads(job["params"])
                what = job["kind"] if job["kind"] == "seed" else params["action"] or params["motion"]
                presses[job["user_id"], job["parent_job_id"], job["parent_slot"], what].append(job)
        for press, jobs in presses.items():
            for first, second in pairwise(jobs):
                if second["created_ms"] + SLACK_MS < first["finished_ms"]:
                    yield f"{press} was made twice at a time: {first['id']} and {second['id']}"

    def _strikes(self) -> Iterator[str]:
        """Compare the strikes with the jobs that were refused for their words: one for each, and for no other."""
        struck = Counter(row["job_id"] for row in self._collected.database.read("select job_id from strike"))
        for job in self._collected.jobs.values():
            refused = job["state"] == "failed" and job["removed_ms"] is None
            if refused and struck[job["id"]] != (_reason(job) == "moderated_prompt"):
                yield f"job {job['id']} failed for {_reason(job)!r}, and brought {struck[job['id']]} strikes"


def _reason(job: Row) -> str:
    data = job["error_data"] or ""
    return data.partition('"reason":"')[2].partition('"')[0]
