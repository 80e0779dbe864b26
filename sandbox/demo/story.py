"""The story's acts: clips and extensions, images, a quota, a crash in the middle of it, and a storyboard at its end."""

from pathlib import Path

from sandbox.demo.card_recorder import JOB_SECONDS, CardRecorder, StoryError
from sandbox.demo.image_chapter import ImageChapter, show_that_there_are_no_images
from sandbox.demo.storyboard_chapter import StoryboardChapter, show_that_there_are_no_single_clips
from sandbox.demo.terminal import heading, line, readable, show
from sandbox.discord import Interaction, Message, TextChannel, User
from sandbox.harness import Sandbox
from sandbox.provider.vendor import Vendor
from sandbox.web.guild_setup import LEOS_CREDITS, GuildSetup

CLIPS = 4

QUEUE_SECONDS, RUN_SECONDS = 0.5, 2.0
"""How long a job waits and runs at the provider: nobody wants to wait for a story."""

PRICE = 8
"""What a film of 4 clips costs, in credits."""


class Story:
    """Play the acts one after the other."""

    def __init__(
        self,
        sandbox: Sandbox,
        guild_setup: GuildSetup,
        vendor: Vendor,
        name: str,
        start_image: bytes,
        prompt: str,
        output: Path,
    ) -> None:
        self._sandbox = sandbox
        self._guild_setup = guild_setup
        self._ada, self._mira, self._leo = guild_setup.ada, guild_setup.mira, guild_setup.leo
        self._discord = sandbox.discord
        self._vendor = vendor
        self._name = name
        self._start_image = start_image
        self._prompt = prompt
        self._recorder = CardRecorder(sandbox.discord, output)

    async def tell(self) -> None:
        """Play all acts and sum up."""
        title = self._vendor.title
        self._sandbox.provider.settings.queue_seconds, self._sandbox.provider.settings.run_seconds = (
            QUEUE_SECONDS,
            RUN_SECONDS,
        )
        heading("The stage", f"a Discord and a provider that speaks as {title} does, both on this machine")
        async with self._sandbox.bot() as bot:
            await bot.healthy()
            line(f"the bot runs as process {bot.pid}, a process of its own, and its commands are registered")
            channel = await self._open_server()
            card = await self._make_clips(channel)
            line(self._vendor.lacks)
            if self._vendor.rows:
                card = await self._extend(card)
            await self._make_images(channel)
            await self._set_quota(channel)
            asked = await self._ask_again(channel, card)
            await asked.until(lambda message: "▱" in message.text, JOB_SECONDS)
            await bot.kill()
        heading("A crash", "the bot is killed with kill -9 while a film is being made, and started again")
        async with self._sandbox.bot() as bot:
            line(f"the bot runs again as process {bot.pid}, and goes on where it was")
            await self._finished(asked, "again")
            await self._make_storyboard(channel)
            await self._look_at_usage(channel)
        self._sum_up()

    async def _open_server(self) -> TextChannel:
        channel = self._guild_setup.films
        heading("A server", "ada invites the bot; mira and leo are members")
        self._guild_setup.guild.join_bot()
        greeting = await self._discord.wait_for(lambda: channel.messages[:1], 10, lambda: "the bot did not greet")
        show(self._discord, greeting[0])
        return channel

    async def _make_clips(self, channel: TextChannel) -> Message:
        heading("A film", f"mira runs /video with {self._name} and the prompt “{self._prompt}”")
        asked = await self._run_video(self._mira, channel)
        await asked.answered()
        if asked.acknowledged_after:
            line(f"Discord had its answer after {asked.acknowledged_after * 1000:.0f} ms")
        return await self._finished(asked, "video")

    async def _extend(self, card: Message) -> Message:
        motion = self._vendor.rows[-1]
        heading("Four more", f"mira presses {_named(2, motion)} under the film")
        asked = await self._click(card, 2, motion)
        private = await (await self._click(card, 2, motion)).private_reply()
        line("she presses it once more while it is being made, and she alone reads:")
        show(self._discord, private)
        return await self._finished(asked, "extend")

    async def _make_images(self, channel: TextChannel) -> None:
        if not self._vendor.images:
            await show_that_there_are_no_images(self._discord, channel, self._mira)
            return
        await ImageChapter(self._recorder, self._mira, self._prompt).tell(channel)

    async def _set_quota(self, channel: TextChannel) -> None:
        heading("A quota", f"ada, who manages the server, gives leo {LEOS_CREDITS} credits a day; a film costs {PRICE}")
        said = await self._ada.slash(channel, "quota set", target=self._leo, credits=LEOS_CREDITS)
        show(self._discord, await said.private_reply())
        asked = await self._run_video(self._leo, channel)
        line("leo runs /video, and he alone reads:")
        show(self._discord, await asked.private_reply(30))
        if self._vendor.images:
            line(f"mira's pictures were paid from the same purse, so ada grants her {PRICE} credits more")
            said = await self._ada.slash(channel, "quota grant", member=self._mira, credits=PRICE)
            show(self._discord, await said.private_reply())

    async def _ask_again(self, channel: TextChannel, card: Message) -> Interaction:
        if not self._vendor.rows:
            heading("One more", "mira runs /video once more")
            asked = await self._run_video(self._mira, channel)
        else:
            motion = self._vendor.rows[0]
            heading("One more", f"mira presses {_named(1, motion)} under the extension")
            asked = await self._click(card, 1, motion)
        await asked.answered()
        return asked

    async def _make_storyboard(self, channel: TextChannel) -> None:
        image = self._discord.attachment(self._name, self._start_image)
        if self._vendor.single_clips:
            await StoryboardChapter(self._recorder, self._discord, self._ada, self._mira).tell(channel, image)
        else:
            await show_that_there_are_no_single_clips(self._discord, channel, self._mira, image)

    async def _look_at_usage(self, channel: TextChannel) -> None:
        heading("The purse", "mira asks for her credits, ada for everybody's")
        spent = self._recorder.spent
        for person, command in ((self._mira, "credits"), (self._ada, "quota usage")):
            asked = await person.slash(channel, command)
            reply = await asked.private_reply()
            await reply.until(lambda message: not message.thinking)
            line(f"{person.name} runs /{command}, and reads alone:")
            show(self._discord, reply)
            if command == "quota usage" and f"@{self._mira.name}: {spent} credits" not in readable(
                self._discord, reply.text
            ):
                raise StoryError(f"/{command} does not know of the {spent} credits that mira has spent.")

    async def _run_video(self, person: User, channel: TextChannel) -> Interaction:
        upload = self._discord.attachment(self._name, self._start_image)
        return await person.slash(channel, "video", prompt=self._prompt, image=upload)

    async def _click(self, card: Message, clip: int, motion: str) -> Interaction:
        custom_id = next(one.custom_id for one in card.buttons if (one.custom_id or "").endswith(f":{clip}:{motion}"))
        asked = await self._mira.click(card, custom_id or "")
        await asked.answered()
        return asked

    async def _finished(self, asked: Interaction, what: str) -> Message:
        """Follow a card until its clips are there, then show and save them."""
        return await self._recorder.keep(asked, what, CLIPS, CLIPS * len(self._vendor.rows), PRICE)

    def _sum_up(self) -> None:
        discord, fake_provider, title = self._discord, self._sandbox.provider, self._vendor.title
        kept = self._recorder
        if "Traceback" in self._sandbox.log.read_text():
            raise StoryError("the bot met an error that it did not foresee.")
        if discord.violations:
            raise StoryError(f"Discord's rules were broken: {'; '.join(discord.violations)}")
        if fake_provider.submits != kept.jobs:
            raise StoryError(f"{title} was asked for {fake_provider.submits} jobs, not {kept.jobs}.")
        heading("The end")
        line(f"{kept.jobs} jobs were asked for, and {title} got as many: none twice, and none lost in the crash")
        saved = f"{kept.clips} films{f' and {kept.images} pictures' if kept.images else ''}"
        line(f"{saved} saved; {len(discord.requests)} requests to Discord, none against its rules")


def _named(clip: int, motion: str) -> str:
    return f"“extend {clip}”" if motion == "none" else f"“extend {clip}, {motion} motion”"
