"""The promises about storyboards: what was confirmed and no more, one shot after the other, one card with all of it."""

import json
from collections import defaultdict
from collections.abc import Iterator

from sandbox.discord import Message
from tests.chaos.checks.collect import CollectedState
from tests.chaos.checks.results import results, same
from tests.chaos.engines import Row

MADE_ANEW = 100
"""How far the numbers of files are apart of a shot that was made anew."""

FILM = 100
"""The number in the name of the joined film's file."""


class StoryboardChecks:
    """Look at all shots of each."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected
        self._rows = {row["id"]: row for row in collected.database.read("select * from storyboard")}
        self._shots: dict[str, list[Row]] = defaultdict(list)
        for job in collected.jobs.values():
            if job["storyboard_id"] is not None:
                self._shots[job["storyboard_id"]].append(job)

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        for name, shots in self._shots.items():
            for problem in self._problems_of(name, shots):
                yield f"storyboard {name}: {problem}"

    def _problems_of(self, name: str, shots: list[Row]) -> Iterator[str]:
        row = self._rows[name]
        lines = [line["prompt"] for line in json.loads(row["shots"])]
        if lines not in self._collected.actors.storyboard_actors.lines.get(name, []):
            yield f"{lines} was never asked for"
        presses = {job["request_id"].partition(":")[0] for job in shots}
        for press in presses:
            begun = [job for job in shots if job["request_id"].partition(":")[0] == press]
            if [job["shot"] for job in begun] != list(range(begun[0]["shot"], len(lines))):
                yield f"a press wrote the shots {[job['shot'] for job in begun]} of {len(lines)}"
            if len({job["period"] is not None for job in begun}) != 1:
                yield "some of its shots were charged, and others not"
        for job in shots:
            yield from self._asks_for(job, lines)
            yield from self._follows(job, shots)
        yield from self._card(shots)

    def _asks_for(self, job: Row, lines: list[str]) -> Iterator[str]:
        for order in self._collected.orders[job["id"]]:
            if order.prompt != lines[job["shot"]]:
                yield f"shot {job['shot']} asked for {order.prompt!r}"

    def _follows(self, job: Row, shots: list[Row]) -> Iterator[str]:
        """A shot was sent only after the one before it was made, and ended with it."""
        former = next((one for one in shots if one["id"] == job["parent_job_id"]), None)
        if former is None:
            return
        if self._collected.orders[job["id"]] and former["state"] != "done":
            yield f"shot {job['shot']} was sent, and the one before it is {former['state']}"
        if former["state"] == "failed" and job["state"] != "failed":
            yield f"shot {job['shot']} is {job['state']}, and the one before it failed"

    def _card(self, shots: list[Row]) -> Iterator[str]:
        first = shots[0]
        asked = self._collected.asked[first["request_id"]]
        if asked.message is not None and asked.message.thinking:
            yield "its card is thinking for ever"
        cards, deleted = self._cards(shots), self._deleted(shots)
        charged = [job for job in shots if job["period"] is not None]
        if not charged:
            return
        shown_again = sum(len(self._collected.shows[job["id"]]) for job in shots)
        if len(cards) > 1 + shown_again:
            yield f"it has {len(cards)} cards"
        standing = [card for card in cards if card.id == shots[-1]["message_id"]]
        if not standing and not deleted:
            yield "it has no card"
        for card in standing if not deleted else ():
            yield from self._shows_all(shots, card)

    def _shows_all(self, shots: list[Row], card: Message) -> Iterator[str]:
        made = [(place, job) for place, job in _places(shots).items() if job["state"] == "done"]
        names = {f"animatic-{job['id']}-{place + 1}.mp4": job for place, job in made}
        shown = {media.filename: media for media in card.media if media.where == "gallery"}
        films = [name for name in shown if name.endswith(f"-{FILM}.mp4")]
        if set(shown) - set(films) != set(names):
            yield f"its card shows {sorted(shown)}, and {sorted(names)} were made"
            return
        for name, job in names.items():
            [clip] = [results(order)[0] for order in self._collected.orders[job["id"]]][:1]
            if not same(shown[name].data, clip):
                yield f"{name} on its card is another film than was made"
        joined = _beginning(shots)
        if len(joined) > 1 and films != [f"animatic-{joined[-1]['id']}-{FILM}.mp4"]:
            yield f"its card shows the joined films {films}, and {len(joined)} shots were made"
        goes_on = any("Go on from" in str(button.label) for button in card.buttons)
        if goes_on != (len(joined) < _length(shots)):
            yield f"{len(joined)} shots were made, and its card offers {card.buttons}"

    def _cards(self, shots: list[Row]) -> list[Message]:
        return [card for job in shots for card in self._collected.cards[job["id"]]]

    def _deleted(self, shots: list[Row]) -> list[Message]:
        return [deletion.card for job in shots for deletion in self._collected.deleted[job["id"]]]


def _places(shots: list[Row]) -> dict[int, Row]:
    places: dict[int, Row] = {}
    for job in shots:
        place = job["shot"]
        while place in places:
            place += MADE_ANEW
        places[place] = job
    return places


def _length(shots: list[Row]) -> int:
    return max(job["shot"] for job in shots) + 1


def _beginning(shots: list[Row]) -> list[Row]:
    """Give the shots that were made, up to the first that was not, each of which goes on from the one before."""
    made = [job for job in shots if job["state"] == "done"]
    found: list[Row] = []
    for number in range(_length(shots)):
        here = [job for job in made if job["shot"] == number and (not found or job["parent_job_id"] == found[-1]["id"])]
        if not here:
            break
        found.append(here[-1])
    return found
