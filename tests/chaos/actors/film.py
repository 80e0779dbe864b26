"""Members who want the film so far of an extension: by its button, with a clip where they are asked, or typed."""

import re
import shutil
from random import Random

from sandbox.discord import Interaction, Message, User
from sandbox.harness import Sandbox
from tests.chaos.client import NEWEST, RequestClient
from tests.chaos.database import BotDatabase

_FILE = re.compile(r"animatic-(\w+)-film(\d)\.mp4")


class FilmActors:
    """Play members who join what was extended; where there is nothing to join yet, they look at their credits."""

    def __init__(
        self, sandbox: Sandbox, client: RequestClient, database: BotDatabase, random: Random, members: list[User]
    ) -> None:
        self._sandbox = sandbox
        self._client = client
        self._database = database
        self._random = random
        self._members = members
        self._pressed: list[Interaction] = []
        self.swept: set[str] = set()
        """The jobs whose kept files are gone, as after MEDIA_DAYS."""

    async def press(self) -> Interaction:
        """Press the button of some extension, or type its name."""
        member = self._random.choice(self._members)
        pressed = self._client.button("film:")
        if pressed is None:
            return await self._client.slash(member, "credits")
        if self._random.random() < 0.3:
            return await self.ask(member, str(pressed[1].custom_id).split(":")[1])
        self._pressed.append(await self._client.press(member, *pressed))
        return self._pressed[-1]

    async def choose(self) -> Interaction:
        """Say which clip the film is to end with, however often that was said; press a button where nobody is asked."""
        asked = [(one, one.message) for one in self._pressed[-NEWEST:]]
        questions = {message.id: one for one, message in asked if message is not None and message.buttons}
        pressed = self._client.button("film:", on=[message for _, message in asked if message and message.buttons])
        if pressed is None:
            return await self.press()
        return await self._client.press(self._sandbox.discord.user(questions[pressed[0].id].user.name), *pressed)

    def sweep(self, job_id: str) -> None:
        """Delete what is kept of a job, so that a film has to fetch it from its card."""
        self.swept.add(job_id)
        shutil.rmtree(self._sandbox.folder / "media" / job_id, ignore_errors=True)

    async def ask(self, who: User, job_id: str, clip: int = 1) -> Interaction:
        """Type which film is wanted."""
        return await self._client.slash(who, "film", job=job_id, clip=clip)


def film_on(message: Message) -> tuple[str, int] | None:
    """Name the film that a message shows by job and slot; None where it shows none."""
    names = [found for media in message.media if (found := _FILE.fullmatch(media.filename or ""))]
    return (names[0][1], int(names[0][2]) - 1) if names else None
