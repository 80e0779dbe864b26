"""Members of one server who all ask at once, twice, and for more than they have; its staff does not rest either."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from sandbox.discord import Interaction, User
from sandbox.harness import Sandbox
from tests.chaos.actors.animate import AnimateActors
from tests.chaos.actors.film import FilmActors
from tests.chaos.actors.guests import GuestActors
from tests.chaos.actors.images import ImageActors, plain
from tests.chaos.actors.owner import OwnerActors
from tests.chaos.actors.region import RegionActors
from tests.chaos.actors.storyboard import StoryboardActors
from tests.chaos.client import RequestClient
from tests.chaos.database import BotDatabase

POOR = 4
"""Members who may spend next to nothing, so that some requests are refused."""


class Members:
    """Play the members."""

    def __init__(self, sandbox: Sandbox, database: BotDatabase, random: Random, members: int) -> None:
        discord = sandbox.discord
        self._database = database
        self._random = random
        owner = discord.user("ada")
        self.guild = discord.guild("Chaos", owner=owner)
        self.channel = self.guild.text_channel("films")
        self.members = [discord.user(f"member{number}") for number in range(members)]
        for member in self.members:
            self.guild.join(member)
        self.penniless = discord.user("mallory")
        """Who has nothing to spend, and asks all the same."""
        self.guild.join(self.penniless)
        self.client = RequestClient(sandbox, self.channel, random)
        self.owner_actors = OwnerActors(sandbox, database, random, owner, self.client)
        self.image_actors = ImageActors(sandbox, self.client, database, random, self.members)
        self.animate_actors = AnimateActors(self.client, random, self.image_actors)
        self.region_actors = RegionActors(sandbox, self.client, database, random, self.image_actors)
        self.film_actors = FilmActors(sandbox, self.client, database, random, self.members)
        self.lists: set[int] = set()
        """The interactions that asked for a list of jobs."""
        self.shows: dict[int, str] = {}
        """The jobs that were asked to be shown again, by interaction."""
        self._image = discord.attachment("boat.png", plain("blue"))
        self.storyboard_actors = StoryboardActors(sandbox, self.client, random, self.members, self._image)
        self.guest_actors = GuestActors(sandbox, self.client, database, random, self.guild, owner, self._image)

    @property
    def poor(self) -> list[User]:
        """Give the members who have next to nothing."""
        return self.members[:POOR]

    @property
    def rich(self) -> list[User]:
        """Give the others."""
        return self.members[POOR:]

    async def bustle(self, acts_per_second: float) -> None:
        """Ask for one thing after another, without waiting for any, until cancelled."""
        while True:
            await self.act()
            await asyncio.sleep(self._random.expovariate(acts_per_second))

    async def act(self) -> None:
        """Do one of the things that people do."""
        [act] = self._random.choices([act for act, _ in ACTS], [share for _, share in ACTS])
        await act(self)

    async def video(self, who: User | None = None) -> Interaction:
        """Ask for a film with a prompt that nobody used before."""
        return await self.client.slash(
            who or self._random.choice(self.members),
            "video",
            prompt=f"paper boat number {len(self.client.asked)}",
            image=self._image,
            clips=self._random.choices((1, 2, 4), (70, 20, 10))[0],
            motion=self._random.choice(("low", "high")),
            resolution=self.client.resolution(),
        )

    async def extend(self) -> Interaction:
        """Press a button of any card, however old; ask for a film where there is none yet."""
        member = self._random.choice(self.members)
        pressed = self.client.button("extend:")
        return await (self.client.press(member, *pressed) if pressed else self.video())

    async def extend_anew(self, member: User) -> Interaction:
        """Press a button that this member has not pressed before; ask for a film where there is none."""
        pressed = self.client.button("extend:", unpressed_by=member)
        return await (self.client.press(member, *pressed) if pressed else self.video(member))

    async def insist(self) -> list[Interaction]:
        """Press the same button many times at once."""
        member = self._random.choice(self.rich)
        pressed = self.client.button("extend:|act:", unpressed_by=member)
        if pressed is None:
            return [await self.video(member)]
        return [await self.client.press(member, *pressed) for _ in range(self._random.randint(3, 20))]

    async def cancel(self) -> Interaction:
        """Let the owner cancel a film whose card says that it waits; look at credits if none does."""
        pressed = self.client.button("cancel:")
        owner = self.owner_actors.owner
        return await (self.client.press(owner, *pressed) if pressed else self.credits(owner))

    async def credits(self, who: User | None = None) -> Interaction:
        """Ask what is left."""
        return await self.client.slash(who or self._random.choice(self.members), "credits")

    async def list_jobs(self, who: User | None = None) -> Interaction:
        """Ask for one's own newest jobs."""
        asked = await self.client.slash(who or self._random.choice(self.members), "jobs list")
        self.lists.add(asked.id)
        return asked

    async def show(self, job_id: str | None = None, who: User | None = None) -> Interaction:
        """Let a finished job be shown again; list one's jobs where none is finished yet."""
        # What guests asked for may be removed meanwhile.
        finished = [job["id"] for job in self._database.done() if job["asked_channel_id"] == self.channel.id]
        name = job_id or (self._random.choice(finished) if finished else None)
        if name is None:
            return await self.list_jobs(who)
        asked = await self.client.slash(who or self._random.choice(self.members), "jobs show", id=name)
        self.shows[asked.id] = name
        return asked

    async def grant(self) -> Interaction:
        """Let the owner give one of the rich credits on top."""
        return await self.owner_actors.grant(self._random.choice(self.rich))


ACTS: tuple[tuple[Callable[[Members], Awaitable[object]], float], ...] = (
    (Members.video, 18),
    (Members.extend, 12),
    (Members.insist, 4),
    (Members.cancel, 3),
    (Members.credits, 4),
    (Members.list_jobs, 2),
    (Members.show, 3),
    (Members.grant, 3),
    (lambda actors: actors.image_actors.imagine(), 7),
    (lambda actors: actors.image_actors.blend(), 3),
    (lambda actors: actors.image_actors.describe(), 2),
    (lambda actors: actors.image_actors.draw_described(), 2),
    (lambda actors: actors.image_actors.go_on(), 6),
    (lambda actors: actors.image_actors.seed(), 2),
    (lambda actors: actors.animate_actors.open_form(), 3),
    (lambda actors: actors.animate_actors.send_form(), 3),
    (lambda actors: actors.region_actors.preview(), 4),
    (lambda actors: actors.region_actors.redraw(), 2),
    (lambda actors: actors.region_actors.insist(), 1),
    (lambda actors: actors.region_actors.discard(), 1),
    (lambda actors: actors.storyboard_actors.open_form(), 1),
    (lambda actors: actors.storyboard_actors.send_form(), 2),
    (lambda actors: actors.storyboard_actors.make(), 1),
    (lambda actors: actors.storyboard_actors.insist(), 1),
    (lambda actors: actors.storyboard_actors.stop(), 0.4),
    (lambda actors: actors.storyboard_actors.go_on(), 0.6),
    (lambda actors: actors.film_actors.press(), 2),
    (lambda actors: actors.film_actors.choose(), 1),
    (lambda actors: actors.owner_actors.delete_some_card(), 2),
    (lambda actors: actors.owner_actors.rescue(), 3),
    (lambda actors: actors.guest_actors.video(), 2),
    (lambda actors: actors.guest_actors.ask_to_remove(), 0.6),
    (lambda actors: actors.guest_actors.confirm(), 0.8),
    (lambda actors: actors.guest_actors.remove_by_moderator(), 0.4),
    (lambda actors: actors.guest_actors.block(), 0.3),
    (lambda actors: actors.guest_actors.unblock(), 0.5),
    (lambda actors: actors.guest_actors.leave(), 0.8),
)
"""What people do, and in how many of a hundred cases."""
