"""What tests of /jobs share: clips that are brought again, and who is refused them."""

from typing import Any

from sandbox.discord import Interaction, Message, User
from sandbox.discord.channels import AnyChannel
from tests.e2e.support.delivery import logged
from tests.e2e.support.guild import Server, finished, gallery, job_id


async def show(server: Server, who: User, job: str, channel: AnyChannel | None = None) -> Interaction:
    return await who.slash(channel or server.channel, "jobs show", id=job)


async def refused(server: Server, who: User, job: str, channel: AnyChannel | None = None) -> str:
    """Expect a refusal that only the asker sees, and that leaves nothing behind."""
    place = channel or server.channel
    before = list(place.messages)
    told = await server.private_text(await show(server, who, job, place))
    assert place.messages == before
    return told


async def delivered(server: Server, asked: Interaction, clips: int = 0) -> Message:
    """Wait until a card shows its films and its job has ended."""
    card = await finished(asked, clips)
    await logged(
        server.sandbox, f"job {job_id(card)} is delivered", sum(gallery(m) != [] for m in cards_of(server, card))
    )
    return card


async def made(server: Server, who: User | None = None, **options: Any) -> Message:
    """Run /video and wait until its job has ended."""
    return await delivered(server, await server.video(who, **options))


def cards_of(server: Server, card: Message) -> list[Message]:
    """Give all messages that are cards of the same job."""
    everywhere = [*server.guild.channels, *(thread for channel in server.guild.channels for thread in channel.threads)]
    ours = [m for channel in everywhere for m in channel.messages if m.author is card.author and gallery(m)]
    return [message for message in ours if job_id(message) == job_id(card)]


def nothing_to_see(job: str) -> str:
    return f"There is no job {job} here that you may see. An id looks like `1m7wte9b7e357w`; /jobs list names yours."


def shown(message: Message) -> list[tuple[str, bytes]]:
    return [(film.filename, film.data) for film in gallery(message)]
