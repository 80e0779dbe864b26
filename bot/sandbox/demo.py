"""The whole story on the terminal: who does what, and what Discord shows."""

import asyncio
import re
import tempfile
import time
from pathlib import Path

from bot.sandbox.discord import Discord, Interaction, Media, Message, TextChannel
from bot.sandbox.stage import Stage, set_stage
from bot.sandbox.studio.inspect import describe_mp4
from bot.sandbox.studio.sample import draw_sample

OUTPUT = Path("demo-output")
PROMPT = "a paper boat drifting down a rainy street"
LARGEST_PICTURE = 12 * 1024 * 1024
FILM_SECONDS = 90.0
"""How long the demo waits for one job before it says that something is wrong."""


class StoryError(Exception):
    """Say in one sentence why the story cannot go on."""


async def play(image: Path | None, prompt: str | None) -> int:
    """Play the story with a picture of your own or the sample; give the exit code."""
    began = time.monotonic()
    try:
        name, picture = await asyncio.to_thread(_prepare, image)
        with tempfile.TemporaryDirectory(prefix="animatic-demo-") as folder:
            async with set_stage(Path(folder)) as stage:
                stage.studio.knobs.queue_seconds = 0.5
                stage.studio.knobs.run_seconds = 2.0
                try:
                    await _Story(stage, name, picture, prompt or PROMPT).tell()
                finally:
                    log = Path(folder) / "bot.log"
                    if log.exists():
                        (OUTPUT / "bot.log").write_bytes(log.read_bytes())
    except (StoryError, TimeoutError, AssertionError, RuntimeError, OSError) as error:
        print(f"\nThe story broke off: {error}\nThe bot's log is in {OUTPUT / 'bot.log'}.")
        return 1
    print(
        f"It took {time.monotonic() - began:.0f} s. The films are in {OUTPUT}/, the bot's log in {OUTPUT / 'bot.log'}."
    )
    return 0


class _Story:
    """Play the acts one after the other."""

    def __init__(self, stage: Stage, name: str, picture: bytes, prompt: str) -> None:
        self._stage = stage
        self._discord = stage.discord
        self._name = name
        self._picture = picture
        self._prompt = prompt
        self._saved: list[Path] = []

    async def tell(self) -> None:
        """Play all acts and sum up."""
        discord = self._discord
        self._ada, self._mira, self._leo = (discord.user(name) for name in ("ada", "mira", "leo"))
        _heading("The stage", "a Discord and a video provider on this machine; the bot is a process of its own")
        async with self._stage.bot() as bot:
            await bot.healthy()
            _line(f"the bot runs as process {bot.pid}, its commands are registered")
            channel = await self._open_server()
            card = await self._make_film(channel)
            extended = await self._extend(card)
            await self._set_quota(channel)
            clicked = await self._ask_again(extended)
            await clicked.until(lambda message: "▱" in message.text, FILM_SECONDS)
            await bot.kill()
        _heading("A crash", "the bot is killed with kill -9 while a film is being made, and started again")
        async with self._stage.bot() as bot:
            _line(f"the bot runs again as process {bot.pid}, and goes on where it was")
            again = await self._film(clicked, "again")
            _shows(self._discord, again)
            await self._look_at_usage(channel)
        self._sum_up()

    async def _open_server(self) -> TextChannel:
        guild = self._discord.guild("Paper Boats", owner=self._ada, joined=False)
        channel = guild.text_channel("films")
        for person in (self._mira, self._leo):
            guild.join(person)
        _heading("A server", "ada invites the bot; mira and leo are members")
        guild.join_bot()
        greeting = await self._discord.wait_for(lambda: channel.messages[:1], 10, lambda: "the bot did not greet")
        _shows(self._discord, greeting[0])
        return channel

    async def _make_film(self, channel: TextChannel) -> Message:
        _heading("A film", f"mira runs /video with {self._name} and the prompt “{self._prompt}”")
        upload = self._discord.attachment(self._name, self._picture)
        asked = await self._mira.slash(channel, "video", prompt=self._prompt, image=upload)
        await asked.answered()
        _line(
            f"Discord had its answer after {asked.acknowledged_after * 1000:.0f} ms" if asked.acknowledged_after else ""
        )
        card = await self._film(asked, "video")
        _shows(self._discord, card)
        await self._save(card, "video")
        return card

    async def _extend(self, card: Message) -> Message:
        _heading("Four more", "mira presses “extend 2, high motion” under the film")
        button = next(button for button in card.buttons if (button.custom_id or "").endswith(":2:high"))
        asked = await self._mira.click(card, button.custom_id or "")
        await asked.answered()
        again = await self._mira.click(card, button.custom_id or "")
        private = await again.private_reply()
        _line("she presses it once more while it is being made, and she alone reads:")
        _shows(self._discord, private)
        extended = await self._film(asked, "extend")
        _shows(self._discord, extended)
        await self._save(extended, "extend")
        return extended

    async def _set_quota(self, channel: TextChannel) -> None:
        _heading("A quota", "ada, who manages the server, gives leo 4 credits a day; a film costs 8")
        said = await self._ada.slash(channel, "quota set", target=self._leo, credits=4)
        _shows(self._discord, await said.private_reply())
        upload = self._discord.attachment(self._name, self._picture)
        asked = await self._leo.slash(channel, "video", prompt=self._prompt, image=upload)
        _line("leo runs /video, and he alone reads:")
        _shows(self._discord, await asked.private_reply(30))

    async def _ask_again(self, card: Message) -> Interaction:
        _heading("One more", "mira extends clip 1 of the extension, with low motion")
        button = next(button for button in card.buttons if (button.custom_id or "").endswith(":1:low"))
        asked = await self._mira.click(card, button.custom_id or "")
        await asked.answered()
        return asked

    async def _look_at_usage(self, channel: TextChannel) -> None:
        _heading("The purse", "mira asks for her credits, ada for everybody's")
        for person, command in ((self._mira, "credits"), (self._ada, "quota usage")):
            asked = await person.slash(channel, command)
            reply = await asked.private_reply()
            await reply.until(lambda message: not message.thinking)
            _line(f"{person.name} runs /{command}, and reads alone:")
            _shows(self._discord, reply)
            if "24" not in reply.text:
                raise StoryError(f"/{command} does not know of the 24 credits that mira has spent.")

    async def _film(self, asked: Interaction, what: str) -> Message:
        """Follow a card until its films are there, printing each new state once."""
        last = ""

        def look(message: Message) -> bool:
            nonlocal last
            state = _state(message)
            if state and state != last:
                _line(f"the card shows: {state}")
                last = state
            return (len(_films(message)) == 4 and message.buttons != []) or _is_red(message)

        made = asyncio.create_task(asked.until(look, FILM_SECONDS))
        refused = asyncio.create_task(asked.private_reply(FILM_SECONDS))
        done, _ = await asyncio.wait((made, refused), return_when=asyncio.FIRST_COMPLETED)
        for task in (made, refused):
            task.cancel()
        if refused in done:
            raise StoryError(f"the bot refused it: {_readable(self._discord, refused.result().text)}")
        card = made.result()
        if _is_red(card):
            raise StoryError(f"{what} failed: {_readable(self._discord, card.text)}")
        return card

    async def _save(self, card: Message, what: str) -> None:
        for number, media in enumerate(_films(card), 1):
            path = OUTPUT / f"{what}-{number}.mp4"
            path.write_bytes(media.data)
            facts = await asyncio.to_thread(describe_mp4, path)
            _line(
                f"saved {path}: {facts.codec.upper()}, {facts.width}x{facts.height}, "
                f"{facts.seconds:.1f} s, {facts.bytes / 1024:,.0f} KiB"
            )
            self._saved.append(path)

    def _sum_up(self) -> None:
        discord, studio = self._discord, self._stage.studio
        if "Traceback" in (self._stage.folder / "bot.log").read_text():
            raise StoryError("the bot met an error that it did not foresee.")
        if discord.violations:
            raise StoryError(f"Discord's rules were broken: {'; '.join(discord.violations)}")
        if studio.submits != 3:
            raise StoryError(f"the provider was asked for {studio.submits} jobs, not 3")
        _heading("The end", "")
        _line(f"3 jobs were asked for, {studio.submits} reached the provider, none twice and none lost in the crash")
        _line(f"{len(self._saved)} films saved; {len(discord.requests)} requests to Discord, none against its rules")


def _prepare(image: Path | None) -> tuple[str, bytes]:
    """Make room for the films and read the picture, or draw the sample."""
    OUTPUT.mkdir(exist_ok=True)
    if image is None:
        return "paper-boat.png", draw_sample()
    try:
        data = image.read_bytes()
    except OSError as error:
        raise StoryError(f"{image} cannot be read: {error.strerror}.") from None
    if not data or len(data) > LARGEST_PICTURE:
        raise StoryError(f"{image} is {'empty' if not data else 'larger than 12 MiB'}.")
    return image.name, data


def _films(message: Message) -> list[Media]:
    return [media for media in message.media if media.where == "gallery"]


def _state(message: Message) -> str:
    """Find the line of a card that says how far the job is."""
    lines = (line for line in message.text.splitlines() if re.match(r"[▰▱]|Waiting|Looking|Handing", line))
    return next(lines, "thinking…" if message.thinking else "")


def _is_red(message: Message) -> bool:
    colour = message.accent_color or 0
    return colour >> 16 > 200 and colour >> 8 & 255 < 120


def _heading(title: str, what: str) -> None:
    print(f"\n== {title}{': ' if what else ''}{what}")


def _line(words: str) -> None:
    if words:
        print(f"   {words}", flush=True)


def _shows(discord: Discord, message: Message) -> None:
    """Print a message as people see it."""
    for line in _readable(discord, message.text).splitlines():
        print(f"   | {line}")
    if films := _films(message):
        print(f"   | [{len(films)} films: {', '.join(f'{media.size / 1024:,.0f} KiB' for media in films)}]")
    rows: dict[int | None, list[str]] = {}
    for button in message.buttons:
        rows.setdefault(button.row, []).append(f"[{button.emoji or ''} {button.label}]")
    for row in rows.values():
        print(f"   | {' '.join(row)}", flush=True)


def _readable(discord: Discord, text: str) -> str:
    """Write mentions and times as Discord's clients do."""
    names = {str(user.id): user.name for user in discord.users.values()}
    text = re.sub(r"<@!?(\d+)>", lambda found: f"@{names.get(found[1], found[1])}", text)
    text = re.sub(r"<t:(\d+):R>", lambda found: _ahead(int(found[1]) - discord.now()), text)
    text = re.sub(r"<t:(\d+):f>", lambda found: time.strftime("%d %B %Y %H:%M UTC", time.gmtime(int(found[1]))), text)
    return re.sub(r"\\([*_~`|<>\\])", r"\1", text).replace("\u200b", "")


def _ahead(seconds: float) -> str:
    return f"in {seconds / 3600:.0f} hours" if seconds > 5400 else f"in {max(1, seconds / 60):.0f} minutes"
