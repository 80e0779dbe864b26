"""The server's owner, who sets quotas, deletes cards as moderators do, and looks after the jobs in doubt."""

from dataclasses import dataclass
from random import Random

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from sandbox.provider.model.job import Job as Order
from tests.chaos.actors.film import film_on
from tests.chaos.client import RequestClient
from tests.chaos.database import BotDatabase

RIGHT = 0.85
"""How many adoptions name the provider's job that it is, and not another one."""

GIVEN_UP = 0.25
"""How many jobs in doubt the owner gives up although the provider has them."""


@dataclass(frozen=True)
class Deletion:
    """Hold a card that a moderator deleted."""

    card: Message
    job_id: str


@dataclass(frozen=True)
class Adoption:
    """Hold which of the provider's jobs the owner said that a job is."""

    job_id: str
    remote_id: str


class OwnerActors:
    """Play the owner; everything that was asked for and deleted is kept."""

    def __init__(
        self,
        sandbox: Sandbox,
        database: BotDatabase,
        random: Random,
        owner: User,
        client: RequestClient,
    ) -> None:
        self._sandbox = sandbox
        self._database = database
        self._random = random
        self.owner = owner
        self._client = client
        self.deleted: list[Deletion] = []
        self.adopted: dict[int, Adoption] = {}
        """By interaction, whatever was answered."""
        self.given_up: dict[int, str] = {}
        """The jobs, by interaction."""
        self.blocked: set[int] = set()
        """The members whose credits were set to 0 at some time."""

    async def grant(self, member: User) -> Interaction:
        """Give somebody credits on top."""
        return await self._client.slash(self.owner, "quota grant", member=member, credits=2)

    async def limit(self, who: User, credits: int) -> Interaction:
        """Set what somebody may spend."""
        if credits == 0:
            self.blocked.add(who.id)
        return await self._client.slash(self.owner, "quota set", target=who, credits=credits)

    async def unknown(self) -> Interaction:
        """Ask which jobs are in doubt."""
        return await self._client.slash(self.owner, "admin unknown")

    async def adopt(self, job_id: str, remote_id: str) -> Interaction:
        """Say which of the provider's jobs a job is."""
        asked = await self._client.slash(self.owner, "admin adopt", job=job_id, remote_id=remote_id)
        self.adopted[asked.id] = Adoption(job_id, remote_id)
        return asked

    async def give_up(self, job_id: str) -> Interaction:
        """Strike a job off the list of those in doubt."""
        asked = await self._client.slash(self.owner, "admin giveup", job=job_id)
        self.given_up[asked.id] = job_id
        return asked

    async def rescue(self) -> Interaction:
        """Adopt or give up a job in doubt, with a wrong id now and then; ask for the list where there is none."""
        doubts = self._database.in_doubt()
        if not doubts:
            return await self.unknown()
        name = self._random.choice(doubts)["id"]
        order = self.order_of(name)
        if order is None or self._random.random() < GIVEN_UP:
            return await self.give_up(name)
        others = list(self._sandbox.provider.jobs)
        return await self.adopt(name, order.id if self._random.random() < RIGHT else self._random.choice(others))

    async def clear_up(self, job_id: str) -> Interaction:
        """Adopt a job in doubt that the provider has, and give up one that it has not."""
        order = self.order_of(job_id)
        return await (self.give_up(job_id) if order is None else self.adopt(job_id, order.id))

    def order_of(self, job_id: str) -> Order | None:
        """Find the provider's job that was ordered for ours."""
        return next((order for order in self._sandbox.provider.jobs.values() if job_ordered(order) == job_id), None)

    async def delete_some_card(self) -> None:
        """Delete any card; half of the time one without films, if there is any."""
        cards = [message for message in self._client.channel.messages if is_card(message)]
        unfinished = [card for card in cards if films_on(card) == 0]
        chosen = unfinished if unfinished and self._random.random() < 0.5 else cards
        if chosen:
            self.delete(self._random.choice(chosen))

    def delete(self, card: Message) -> None:
        """Delete a card."""
        self.deleted.append(Deletion(card, job_on(card)))
        self._sandbox.discord.moderator_deletes(card)


def is_card(message: Message) -> bool:
    """Tell whether a message shows a job: it is neither promised only, nor an answer without one, a film or a ping."""
    beside = is_ping(message) or film_on(message) is not None
    return not message.thinking and not beside and "it was found before" not in message.text


def is_ping(message: Message) -> bool:
    """Tell whether a message tells somebody that their job has ended."""
    return message.text.startswith("<@")


def job_on(card: Message) -> str:
    """Read the job's id from its card."""
    return card.text.rpartition("job ")[2].split(" ")[0]


def job_ordered(order: Order) -> str:
    """Read our job's id from the callback path that the provider was given."""
    return (order.callback_url or "").rpartition("/")[0].rpartition("/")[2]


def films_on(card: Message) -> int:
    """Count the films that a card shows."""
    return sum(media.where == "gallery" for media in card.media)
