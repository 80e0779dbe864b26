"""The promises about what comes beside the cards: no film is posted twice, and nobody is pinged twice of the same."""

from collections import Counter
from collections.abc import Iterator

from sandbox.discord import Message
from tests.chaos.actors.film import film_on
from tests.chaos.actors.owner import is_ping
from tests.chaos.checks.collect import CollectedState


class ToldChecks:
    """Look at films and pings."""

    def __init__(self, collected: CollectedState) -> None:
        self._collected = collected
        messages = [*collected.actors.channel.messages, *collected.actors.guest_actors.channel.messages]
        self.films = [message for message in messages if film_on(message) is not None]
        self.pings = [message for message in messages if is_ping(message)]

    def problems(self) -> Iterator[str]:
        """Name every broken promise."""
        yield from self._films()
        yield from self._pings()

    def _films(self) -> Iterator[str]:
        shown = Counter(film_on(message) for message in self.films)
        yield from (f"the film {film} was posted {number} times" for film, number in shown.items() if number > 1)
        there = {message.id for message in self.films}
        wanted = self._collected.database.read("select * from film")
        for film in wanted:
            name = (film["job_id"], film["slot"])
            if film["due_ms"] is not None:
                yield f"the film {name} was never posted"
            if film["message_id"] is not None and film["message_id"] not in there:
                yield f"the film {name} is not where it was written down"
        strangers = set(shown) - {(film["job_id"], film["slot"]) for film in wanted}
        yield from (f"the film {film} was posted, and nobody wanted it" for film in strangers)

    def _pings(self) -> Iterator[str]:
        told = Counter((message.nonce, message.text) for message in self.pings)
        yield from (f"{text!r} was told {number} times" for (_, text), number in told.items() if number > 1)
        yield from (f"{ping.text!r} mentions {ping.pinged.users}" for ping in self.pings if not _reaches_one(ping))


def _reaches_one(ping: Message) -> bool:
    """Tell whether a ping reaches the member that it names, and nobody else."""
    return [f"<@{user.id}>" for user in ping.pinged.users] == [ping.text.partition(" ")[0]]
