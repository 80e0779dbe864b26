"""Set the stage for the story, play it with one provider, and keep what is made and the bot's log."""

import asyncio
import tempfile
import time
from pathlib import Path

from bot.sandbox.demo import terminal
from bot.sandbox.demo.cast import MAKERS
from bot.sandbox.demo.keeping import StoryError
from bot.sandbox.demo.story import Story
from bot.sandbox.stage import set_stage
from bot.sandbox.studio.sample import draw_sample

OUTPUT = Path("demo-output")
PROMPT = "a paper boat drifting down a rainy street"
LARGEST_PICTURE = 12 * 1024 * 1024


async def play(image: Path | None, prompt: str | None, provider: str | None) -> int:
    """Play the story with a picture of your own or the sample, and one of the providers; give the exit code."""
    name = (provider or next(iter(MAKERS))).strip().lower()
    if name not in MAKERS:
        terminal.complain(f"The demo knows no provider {name!r}: choose {', '.join(MAKERS)}, or leave it out.")
        return 2
    began = time.monotonic()
    log = OUTPUT / "bot.log"
    try:
        filename, picture = await asyncio.to_thread(_prepare, image, log)
        with tempfile.TemporaryDirectory(prefix="animatic-demo-") as folder:
            async with set_stage(Path(folder), providers=(name,)) as stage:
                stage.studio.knobs.queue_seconds = 0.5
                stage.studio.knobs.run_seconds = 2.0
                try:
                    await Story(stage, MAKERS[name], filename, picture, prompt or PROMPT, OUTPUT).tell()
                finally:
                    if stage.log.exists():
                        log.write_bytes(stage.log.read_bytes())
    except (StoryError, TimeoutError, AssertionError, RuntimeError, OSError) as error:
        terminal.close(f"\nThe story broke off: {error}")
        terminal.close(f"The bot's log is in {log}." if log.exists() else "The bot was not even started.")
        return 1
    made = "films and pictures" if MAKERS[name].pictures else "films"
    terminal.close(f"It took {time.monotonic() - began:.0f} s. The {made} are in {OUTPUT}/, the bot's log in {log}.")
    return 0


def _prepare(image: Path | None, log: Path) -> tuple[str, bytes]:
    """Make room for what is made and the log, and read the picture or draw the sample."""
    OUTPUT.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    if image is None:
        return "paper-boat.png", draw_sample()
    try:
        data = image.read_bytes()
    except OSError as error:
        raise StoryError(f"{image} cannot be read: {error.strerror}.") from None
    if not data or len(data) > LARGEST_PICTURE:
        raise StoryError(f"{image} is {'empty' if not data else 'larger than 12 MiB'}.")
    return image.name, data
