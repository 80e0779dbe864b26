"""The promises about credits: every one accounted for, at every moment, and every film at its price."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos.checks.collect import CollectedState
from tests.chaos.checks.results import due, price
from tests.chaos.database import ENDED
from tests.chaos.engines import Row

SERVER = 0
"""The account of the whole server."""

Account = tuple[int, str]


class CreditChecks:
    """Look at the ledger and the accounts."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected
        self._ledger = collected.database.ledger()
        self._accounts = collected.database.read("select * from account")

    def problems(self) -> Iterator[str]:
        """Name every broken promise about accounts and grants."""
        yield from self._sums()
        yield from self._overdrawn()
        yield from self._grants()

    def problems_of(self, job: Row) -> Iterator[str]:
        """Name every broken promise about what one job cost."""
        kinds = self._collected.kinds(job)
        if kinds["reserve"] != (job["period"] is not None):
            yield f"it reserved {kinds['reserve']} times"
        if kinds["settle"] + kinds["refund"] != kinds["reserve"]:
            yield f"it reserved, settled and refunded {dict(kinds)}"
        if job["state"] == "failed" and kinds["settle"]:
            yield "it failed and was settled"
        net = sum(line["amount"] for line in self._collected.lines[job["id"]])
        if job["state"] in ENDED and net != (owed := self._owed(job)):
            yield f"it cost {net} credits, and {owed} are owed"
        reserved = sum(line["amount"] for line in self._collected.lines[job["id"]] if line["kind"] == "reserve")
        if kinds["reserve"] and reserved != due(job):
            yield f"it reserved {reserved} credits, and its price is {due(job)}"

    def _owed(self, job: Row) -> int:
        """Tell what a job has to cost: what came at its price, and nothing if it was refunded before it came."""
        if job["state"] != "done" or self._collected.kinds(job)["refund"]:
            return 0
        return sum(price(job, order) for order in self._collected.orders[job["id"]])

    def _sums(self) -> Iterator[str]:
        expected: Counter[Account] = Counter()
        for job in self._collected.jobs.values():
            if job["period"] is not None:
                for user_id in (job["user_id"], SERVER):
                    expected[user_id, job["period"]] += self._owed(job)
        summed: Counter[Account] = Counter()
        for line in self._ledger:
            if line["kind"] != "grant":
                for user_id in (line["user_id"], SERVER):
                    summed[user_id, line["period"]] += line["amount"]
        for row in self._accounts:
            key = (row["user_id"], row["period"])
            if not row["used"] == summed[key] == expected[key]:
                yield f"account {key} used {row['used']}, its ledger says {summed[key]}, its films {expected[key]}"

    def _overdrawn(self) -> Iterator[str]:
        """Write the books anew, line by line: nobody ever had spent more than their cap and grants, nor the server."""
        caps = {(row["user_id"], row["period"]): max(row["cap"], row["base"]) for row in self._accounts}
        used: dict[Account, int] = defaultdict(int)
        granted: dict[Account, int] = defaultdict(int)
        for line in self._ledger:
            own: Account = (line["user_id"], line["period"])
            if line["kind"] == "grant":
                granted[own] += line["amount"]
                continue
            for key in (own, (SERVER, line["period"])):
                used[key] += line["amount"]
                if line["kind"] == "reserve" and used[key] > caps[key] + granted[key]:
                    most = caps[key] + granted[key]
                    yield f"account {key} had used {used[key]} of {most} at {line['request_id']}"
        for row in self._accounts:
            most = max(row["cap"], row["base"]) + row["granted"]
            if row["used"] > most:
                yield f"account {(row['user_id'], row['period'])} used {row['used']} of {most}"

    def _grants(self) -> Iterator[str]:
        grants = [line for line in self._ledger if line["kind"] == "grant"]
        requests = Counter(line["request_id"] for line in grants)
        yield from (f"grant {name} was given {times} times" for name, times in requests.items() if times > 1)
        yield from (f"grant {name} was asked for by nobody" for name in requests if name not in self._collected.asked)
        given, granted = sum(line["amount"] for line in grants), sum(row["granted"] for row in self._accounts)
        if given != granted:
            yield f"{given} credits were granted, and {granted} stand in the accounts"
