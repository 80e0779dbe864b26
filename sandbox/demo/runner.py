"""Set the sandbox for the story, play it with one provider, keep what is made and the bot's log, and serve the page."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from sandbox.demo import terminal
from sandbox.demo.card_recorder import StoryError
from sandbox.demo.page_server import PortError, port_wanted, stay
from sandbox.demo.story import Story
from sandbox.harness import Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.provider.vendors import VENDORS
from sandbox.web.guild_setup import set_up_guild

OUTPUT = Path("demo-output")
PROMPT = "a paper boat drifting down a rainy street"
LARGEST_IMAGE = 12 * 1024 * 1024
LOG = OUTPUT / "bot.log"


async def play(
    image: Path | None, prompt: str | None, provider: str | None, *, tells: bool = True, stays: bool = False
) -> int:
    """Play the story with an image of your own or the sample, and one of the providers; give the exit code.

    There is no story unless it `tells` one; where it `stays`, the page is served afterwards, until Ctrl-C.
    """
    name = (provider or next(iter(VENDORS))).strip().lower()
    if name not in VENDORS:
        terminal.complain(f"The demo knows no provider {name!r}: choose {', '.join(VENDORS)}, or leave it out.")
        return 2
    try:
        port = port_wanted()
        _make_room()
        first = await asyncio.to_thread(_read_or_draw, image) if tells else None
        with tempfile.TemporaryDirectory(prefix="animatic-demo-") as folder:
            async with start_sandbox(Path(folder), providers=(name,)) as sandbox:
                guild_setup = set_up_guild(sandbox.discord)
                try:
                    if first is not None:
                        await _tell(Story(sandbox, guild_setup, VENDORS[name], *first, prompt or PROMPT, OUTPUT))
                    if stays:
                        await stay(sandbox, guild_setup, port)
                finally:
                    _keep_log(sandbox)
    except PortError as error:
        terminal.complain(str(error))
        return 2
    except (StoryError, TimeoutError, AssertionError, RuntimeError, OSError) as error:
        terminal.close(f"\nThe story broke off: {error}")
        terminal.close(f"The bot's log is in {LOG}." if LOG.exists() else "The bot was not even started.")
        return 1
    return 0


async def _tell(story: Story) -> None:
    """Play the story, and say how long it took."""
    began = time.monotonic()
    await story.tell()
    terminal.close(f"It took {time.monotonic() - began:.0f} s. What was made is in {OUTPUT}/, the bot's log in {LOG}.")


def _keep_log(sandbox: Sandbox) -> None:
    if sandbox.log.exists():
        shutil.copyfile(sandbox.log, LOG)


def _make_room() -> None:
    """Make room for what is made and the log."""
    OUTPUT.mkdir(exist_ok=True)
    LOG.unlink(missing_ok=True)


def _read_or_draw(image: Path | None) -> tuple[str, bytes]:
    """Read the image that the story begins with, or draw the sample."""
    if image is None:
        return "paper-boat.png", draw_sample()
    try:
        data = image.read_bytes()
    except OSError as error:
        raise StoryError(f"{image} cannot be read: {error.strerror}.") from None
    if not data or len(data) > LARGEST_IMAGE:
        raise StoryError(f"{image} is {'empty' if not data else 'larger than 12 MiB'}.")
    return image.name, data
