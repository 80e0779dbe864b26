"""Play against the installed bot: started by path with `python -I`, so that nothing of the checkout can be imported."""

import asyncio
import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

import bot
import cogs
import sandbox
from sandbox.harness import Sandbox, start_sandbox

CLIPS = 4


async def main() -> None:
    """Register the commands with the console command, then order a film and name the files that came."""
    _say(*(package.__path__[0] for package in (bot, cogs, sandbox)))
    async with start_sandbox(Path.cwd()) as played:
        played.provider.settings.ready_made = True  # test_story.py looks at films that are drawn
        await asyncio.to_thread(_sync, played)
        async with played.bot():
            _say(await _film(played))
        assert played.discord.violations == []


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _sync(played: Sandbox) -> None:
    environment = {name: value for name, value in played.environment().items() if name != "PYTHONPATH"}
    subprocess.run([Path(sys.executable).with_name("animatic"), "sync"], env=environment, check=True)


async def _film(played: Sandbox) -> str:
    mira = played.discord.user("mira")
    channel = played.discord.guild("Films", owner=mira).text_channel("films")
    picture = io.BytesIO()
    Image.new("RGB", (320, 180), "teal").save(picture, "PNG")
    image = played.discord.attachment("boat.png", picture.getvalue())
    asked = await mira.slash(channel, "video", prompt="a paper boat", image=image)
    card = await asked.until(lambda card: len([m for m in card.media if m.where == "gallery"]) == CLIPS, 60)
    return " ".join(media.filename for media in card.media if media.where == "gallery")


if __name__ == "__main__":
    asyncio.run(main())
