"""How fast a command and a click are acknowledged, next to a bare bot that only defers.

Each bot runs as its own process against its own local Discord (checks off); single requests alternate between the two,
so that whatever else the machine does falls on both. `python -m benchmarks.acknowledge [rounds]`
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.sandbox.discord import Discord, Interaction, Message, TextChannel, User
from bot.sandbox.stage import set_stage
from bot.sandbox.studio.sample import draw_sample

ROUNDS = 400
REST_SECONDS = 0.03


class Contestant:
    """One bot with a server, a member and a card to click on."""

    def __init__(self, discord: Discord, member: User, channel: TextChannel, picture: bytes) -> None:
        self.discord = discord
        self._member = member
        self._channel = channel
        self._upload = discord.attachment("boat.png", picture)
        self.card: Message | None = None
        self.milliseconds: dict[str, list[float]] = {"command": [], "click": []}

    async def command(self, prompt: str = "a paper boat") -> Interaction:
        """Run /video."""
        return await self._member.slash(self._channel, "video", prompt=prompt, image=self._upload)

    async def click(self) -> Interaction:
        """Press extend 2, high motion."""
        if self.card is None:
            raise RuntimeError("there is no card to click on")
        return await self._member.click(self.card, self.card.buttons[5])

    async def measure(self, kind: str) -> Interaction:
        """Ask once, after a rest that is the same for both, and write down how long the acknowledgement took."""
        await asyncio.sleep(REST_SECONDS)
        asked = await (self.command() if kind == "command" else self.click())
        await asked.answered()
        self.milliseconds[kind].append((asked.acknowledged_after or 0) * 1000)
        return asked


async def main(rounds: int) -> None:
    """Measure and print the table."""
    picture = draw_sample()
    async with _bare(picture) as bare, _real(picture) as real:
        for kind in ("command", "click"):
            for _ in range(rounds):
                await bare.measure(kind)
                # The member has spent all credits: a refusal ends the job, and then nothing is in flight any more.
                await (await real.measure(kind)).private_reply(30)
    print(f"{'one in flight':<14} {'bare p50':>9} {'p99':>7} {'real p50':>9} {'p99':>7} {'p50 ratio':>10}")
    for kind in ("command", "click"):
        ours, floor = real.milliseconds[kind], bare.milliseconds[kind]
        ratio = statistics.median(ours) / statistics.median(floor)
        print(
            f"{kind:<14} {statistics.median(floor):>6.2f} ms {_p99(floor):>4.1f} ms "
            f"{statistics.median(ours):>6.2f} ms {_p99(ours):>4.1f} ms {ratio:>9.2f}x"
        )
    print(f"{rounds} of each, alternating")


@asynccontextmanager
async def _real(picture: bytes) -> AsyncGenerator[Contestant]:
    with tempfile.TemporaryDirectory() as folder:
        async with set_stage(Path(folder), checks=False) as stage:
            stage.studio.knobs.ready_made = True
            stage.studio.knobs.queue_seconds = stage.studio.knobs.run_seconds = 0.05
            async with stage.bot(DEFAULT_CREDITS="8", POLL_SECONDS="0.1", LOG_LEVEL="ERROR"):
                contestant = _contestant(stage.discord, picture)
                asked = await contestant.command()
                contestant.card = await asked.until(lambda message: bool(message.buttons), 30)
                yield contestant


@asynccontextmanager
async def _bare(picture: bytes) -> AsyncGenerator[Contestant]:
    async with Discord(checks=False) as discord:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.bare_bot",
            env={"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "PYTHONPATH": "."},
        )
        try:
            await discord.ready(30)
            await discord.commands_registered(30)
            contestant = _contestant(discord, picture)
            contestant.card = await (await contestant.command("a card")).until(lambda message: bool(message.buttons))
            yield contestant
        finally:
            process.terminate()
            await process.wait()


def _contestant(discord: Discord, picture: bytes) -> Contestant:
    member = discord.user("mira")
    guild = discord.guild("Benchmark")
    guild.join(member)
    return Contestant(discord, member, guild.text_channel("films"), picture)


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
