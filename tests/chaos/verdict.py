"""The promises, looked at from outside: in the database, at the provider and on Discord, after everything has ended."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.sandbox.discord import Interaction, Message
from bot.sandbox.stage import Stage
from bot.sandbox.studio.job import Job as Order
from bot.sandbox.studio.job import State as OrderState
from tests.chaos.crowd import Crowd
from tests.chaos.records import ENDED, Records, Row

SD_PRICE = 2
"""Credits for a clip; the crowd asks for nothing dearer."""

GAP_SECONDS = 15.0
"""How long before a kill a request may have come whose promise was never written down: the gap before T0, with
discord.py's own retries in it. People go on asking for a moment after the kill."""

SLACK_MS = 1000
"""How far the clock readings of two transactions may lie apart from their order."""


@dataclass(frozen=True)
class Verdict:
    """Hold what came of all jobs, and every promise that was broken."""

    counts: Counter[str]
    problems: list[str]


def judge(stage: Stage, crowd: Crowd, records: Records, kills: list[float]) -> Verdict:
    """Look at everything; no bot may be running."""
    judge = _Judge(stage, crowd, records, kills)
    return Verdict(judge.counts(), list(judge.problems()))


class _Judge:
    def __init__(self, stage: Stage, crowd: Crowd, records: Records, kills: list[float]) -> None:
        self._stage = stage
        self._crowd = crowd
        self._records = records
        self._kills = kills
        self._jobs = {row["id"]: row for row in records.read("select * from job order by created_ms, id")}
        self._lines: dict[str, list[Row]] = defaultdict(list)
        for line in records.read("select * from ledger where job_id is not null order by at_ms"):
            self._lines[line["job_id"]].append(line)
        self._asked = {str(asked.id): asked for asked in crowd.asked}
        self._orders: dict[str, list[Order]] = defaultdict(list)
        for order in stage.studio.jobs.values():
            self._orders[_job_named(order)].append(order)
        self._cards: dict[str, list[Message]] = defaultdict(list)
        for message in crowd.channel.messages:
            if not message.thinking:
                self._cards[message.text.rpartition("job ")[2].split(" ")[0]].append(message)

    def counts(self) -> Counter[str]:
        """Count what came of everything."""
        counts: Counter[str] = Counter(jobs=len(self._jobs), submits=self._stage.studio.submits)
        counts["asked"] = len(self._asked)
        for job in self._jobs.values():
            counts[_outcome(job, self._kinds(job))] += 1
            counts["extends"] += job["kind"] == "extend"
            counts[f"failed: {job['error_code']} {_reason(job)}".strip()] += job["state"] == "failed"
        counts["duplicates"] = sum(len(orders) - 1 for orders in self._orders.values())
        counts["lost"] = sum(
            order.state is OrderState.DONE and bool(order.clips) and self._jobs[name]["state"] != "done"
            for name, orders in self._orders.items()
            if name in self._jobs
            for order in orders
        )
        counts["unanswered before T0"] = sum(1 for _ in self._unanswered())
        return counts

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        yield from (f"Discord's rules: {sentence}" for sentence in self._stage.discord.violations)
        if (said := self._records.read("pragma integrity_check")[0][0]) != "ok":
            yield f"the database is damaged: {said}"
        for job in self._jobs.values():
            where = f"job {job['id']} ({job['kind']}, {job['state']}, {job['error_code']})"
            checks = (self._ended, self._paid_once, self._ordered_once, self._shown)
            yield from (f"{where}: {problem}" for check in checks for problem in check(job))
        yield from self._accounts()
        yield from self._grants()
        yield from self._orders_of_nobody()
        yield from self._cards_of_nobody()
        yield from self._pressed_twice()
        yield from self._left_without_a_word()

    def _ended(self, job: Row) -> Iterator[str]:
        if job["state"] not in ENDED:
            yield f"it never ended: due {job['due_ms']}, lease {job['lease']}, tries {job['tries']}"
        elif (job["lease"], job["token"]) != (None, None):
            yield "it has ended and is still leased or holds a token"
        elif job["due_ms"] is not None and not (job["state"] == "failed" and job["remote_id"]):
            # Only a job that we gave up, and its provider did not, is looked at again.
            yield "it has ended and is still due"
        if job["error_code"] == "undeliverable":
            yield "a result was called undeliverable"

    def _paid_once(self, job: Row) -> Iterator[str]:
        kinds = self._kinds(job)
        if kinds["reserve"] != (job["period"] is not None):
            yield f"it reserved {kinds['reserve']} times"
        if kinds["settle"] + kinds["refund"] != kinds["reserve"]:
            yield f"it reserved, settled and refunded {dict(kinds)}"
        if job["state"] == "failed" and kinds["settle"]:
            yield "it failed and was settled"
        net = sum(line["amount"] for line in self._lines[job["id"]])
        if job["state"] in ENDED and net != (owed := self._owed(job)):
            yield f"it cost {net} credits, and {owed} are owed"

    def _ordered_once(self, job: Row) -> Iterator[str]:
        orders = self._orders[job["id"]]
        if len(orders) > 1:
            yield f"it was ordered {len(orders)} times"
        for order in orders:
            if order.id != job["remote_id"]:
                yield f"the provider has it as {order.id} ({order.state}), and it is known as {job['remote_id']}"
            if order.state is OrderState.DONE and order.clips and job["state"] != "done":
                yield f"{len(order.clips)} clips were paid and thrown away"
        if job["state"] == "done" and not orders:
            yield "it was delivered without an order"

    def _shown(self, job: Row) -> Iterator[str]:
        cards, asked = self._cards[job["id"]], self._asked[job["request_id"]]
        if len(cards) > 1:
            yield f"it has {len(cards)} cards"
        if asked.message is not None and asked.message.thinking:
            yield "its card is thinking for ever"
        if job["state"] == "done":
            yield from self._shows_films(job, cards[0]) if cards else ("it has no card",)
        elif job["state"] == "failed":
            yield from self._says_why(job, cards[0] if cards else None, asked)

    def _shows_films(self, job: Row, card: Message) -> Iterator[str]:
        if card.id != job["message_id"]:
            yield "its card is another message"
        orders = self._orders[job["id"]]
        clips = [orders[0].clip_bytes(slot) for slot in range(len(orders[0].clips))] if orders else []
        films = [media for media in card.media if media.where == "gallery"]
        names = [f"animatic-{job['id']}-{slot + 1}.mp4" for slot in range(len(clips))]
        if [film.filename for film in films] != names:
            yield f"its card shows {[film.filename for film in films]} instead of {len(clips)} clips"
        elif [_digest(film.data) for film in films] != [_digest(clip) for clip in clips]:
            yield "its card shows other films than were made"
        pressable = [button.custom_id for button in card.buttons if (button.custom_id or "").startswith("extend:")]
        offered = [
            f"extend:{job['id']}:{slot + 1}:{motion}" for motion in ("low", "high") for slot in range(len(clips))
        ]
        if pressable != offered:
            yield f"its card offers {pressable}"
        if not any(media.where == "thumbnail" and media.data for media in card.media):
            yield "its card lost the picture"
        kept = [row["media_file"] for row in self._records.read("select * from clip where job_id = ?", job["id"])]
        for name, clip in zip(kept, clips, strict=False):
            if name is None or (self._stage.folder / "media" / name).read_bytes() != clip:
                yield f"{name} is not in the media store"

    def _says_why(self, job: Row, card: Message | None, asked: Interaction) -> Iterator[str]:
        if card is not None:
            back = f"All {job['cost']} credit" if job["period"] else "Nothing was charged."
            if back not in card.text:
                yield f"its card does not say what became of the credits: {card.text!r}"
            if any(media.where == "gallery" for media in card.media):
                yield "it failed, and its card shows films"
        elif job["period"] is not None:
            yield "it has no card"
        elif not any(reply.ephemeral and "Nothing was charged." in reply.text for reply in asked.followups):
            yield "nobody was told of the refusal"

    def _accounts(self) -> Iterator[str]:
        expected: dict[tuple[int, str], int] = defaultdict(int)
        for job in self._jobs.values():
            if job["period"] is not None:
                for user_id in (job["user_id"], 0):
                    expected[user_id, job["period"]] += self._owed(job)
        summed: dict[tuple[int, str], int] = defaultdict(int)
        for line in self._records.read("select * from ledger where kind <> 'grant'"):
            for user_id in (line["user_id"], 0):
                summed[user_id, line["period"]] += line["amount"]
        for row in self._records.read("select * from account"):
            key = (row["user_id"], row["period"])
            if not row["used"] == summed[key] == expected[key]:
                yield f"account {key} used {row['used']}, its ledger says {summed[key]}, its films {expected[key]}"

    def _grants(self) -> Iterator[str]:
        requests = Counter(row["request_id"] for row in self._records.read("select * from ledger where kind = 'grant'"))
        yield from (f"grant {name} was given {times} times" for name, times in requests.items() if times > 1)
        yield from (f"grant {name} was asked for by nobody" for name in requests if name not in self._asked)
        given, granted = (
            self._records.read(f"select coalesce(sum({column}), 0) from {table}")[0][0]  # noqa: S608  # our own constants
            for column, table in (("amount", "ledger where kind = 'grant'"), ("granted", "account"))
        )
        if given != granted:
            yield f"{given} credits were granted, and {granted} stand in the accounts"

    def _orders_of_nobody(self) -> Iterator[str]:
        for name, orders in self._orders.items():
            if name not in self._jobs:
                yield f"{len(orders)} orders name job {name!r}, which nobody knows"

    def _cards_of_nobody(self) -> Iterator[str]:
        own = {job["message_id"] for job in self._jobs.values()}
        for message in self._crowd.channel.messages:
            if message.id not in own and not message.thinking:
                yield f"message {message.id} is no job's card: {message.text!r}"

    def _pressed_twice(self) -> Iterator[str]:
        """Compare who pressed what, not the bot's own key for it."""
        presses: dict[tuple[int, str, int, str], list[Row]] = defaultdict(list)
        for job in self._jobs.values():
            # What was given up and came after all does not stand in the way of the same press.
            if job["kind"] == "extend" and _outcome(job, self._kinds(job)) != "delivered free":
                motion = json.loads(job["params"])["motion"]
                presses[job["user_id"], job["parent_job_id"], job["parent_slot"], motion].append(job)
        for press, jobs in presses.items():
            for first, second in pairwise(jobs):
                if second["created_ms"] + SLACK_MS < first["finished_ms"]:
                    yield f"{press} was made twice at a time: {first['id']} and {second['id']}"

    def _left_without_a_word(self) -> Iterator[str]:
        for asked in self._unanswered():
            if not any(-1 <= kill - self._crowd.times[asked.id] <= GAP_SECONDS for kill in self._kills):
                yield f"{asked!r} was left without an answer, and no kill came near"

    def _unanswered(self) -> Iterator[Interaction]:
        """Give the requests that Discord itself says were not answered: nothing of them was written down."""
        for asked in self._asked.values():
            if str(asked.id) not in {job["request_id"] for job in self._jobs.values()} and not _answered(asked):
                yield asked

    def _kinds(self, job: Row) -> Counter[str]:
        return Counter(line["kind"] for line in self._lines[job["id"]])

    def _owed(self, job: Row) -> int:
        """Tell what a job has to cost: its films at their price, and nothing if it was refunded before they came."""
        if job["state"] != "done" or self._kinds(job)["refund"]:
            return 0
        return SD_PRICE * sum(len(order.clips) for order in self._orders[job["id"]])


def _job_named(order: Order) -> str:
    """Read our job's id from the callback path that the provider was given."""
    return (order.hook_url or "").rpartition("/")[0].rpartition("/")[2]


def _answered(asked: Interaction) -> bool:
    replies = [reply for reply in (asked.message, *asked.followups) if reply is not None]
    return any(not reply.thinking for reply in replies)


def _outcome(job: Row, kinds: Counter[str]) -> str:
    if job["state"] == "done":
        return "delivered free" if kinds["refund"] else "delivered"
    if job["state"] == "failed":
        return "failed and refunded" if kinds["reserve"] else "refused"
    return "unfinished"


def _reason(job: Row) -> str:
    data = job["error_data"] or ""
    return data.partition('"reason":"')[2].partition('"')[0]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
