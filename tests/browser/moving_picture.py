"""The README's moving picture: words become images, an image becomes clips, a clip goes on, and shots become a film."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.browser.visit import JOB_MS, Visit

PROMPT = "a paper boat drifting down a rainy street"
MOTION = "the camera follows it around the corner"
SHOTS = ("the boat sets out", "it turns around", "it sails away")

WIDTH = 720
"""Pixels across, as the README shows it; the window is larger."""

QUALITY = 62

FRAME_MS = 125
"""How long a frame of a clip is shown."""

PLAYED_MS = 2_500
"""How much of each clip is shown."""

KEY_FRAME_FRAMES = 40
"""Frames between two that stand alone; more make the file smaller, and a jump to the middle slower."""

SHOW_MOMENT = """(card, seconds) => Promise.all([...card.querySelectorAll("video")].map((video) => {
  video.muted = true;
  video.controls = false;
  return new Promise((resolve) => {
    video.addEventListener("seeked", () => requestAnimationFrame(() => requestAnimationFrame(resolve)), { once: true });
    video.currentTime = seconds;
  });
}))"""
"""Shows a moment of each clip; a machine that is slow takes longer, and its clips look no worse."""

GO_TO_THE_END = "() => { document.getElementById('messages').scrollTop = Number.MAX_SAFE_INTEGER; }"


@dataclass
class MovingPicture:
    """Gather what a tab shows, frame by frame."""

    tab: Page
    frames: list[Image.Image] = field(default_factory=list[Image.Image])
    durations: list[int] = field(default_factory=list[int])

    async def take(self, ms: int) -> None:
        """Add a frame that is shown for so many milliseconds; one that looks like the last makes that one longer."""
        await self.tab.evaluate(GO_TO_THE_END)
        taken = await self.tab.locator("#chat").screenshot(animations="disabled", caret="initial")
        with Image.open(io.BytesIO(taken)) as shown:
            frame = shown.convert("RGB")
        frame.thumbnail((WIDTH, 2 * WIDTH))
        if self.frames and self.frames[-1].tobytes() == frame.tobytes():
            self.durations[-1] += ms
            return
        self.frames.append(frame)
        self.durations.append(ms)

    async def type(self, words: str) -> None:
        """Type, and show it word by word."""
        for word in words.split(" "):
            await self.tab.keyboard.type(f"{word} ")
            await self.take(FRAME_MS)
        await self.tab.keyboard.press("Backspace")

    async def follow(self, is_done: Callable[[], Awaitable[bool]]) -> None:
        """Show the progress of a job until it is done."""
        for _ in range(JOB_MS // 250):
            if await is_done():
                return
            await self.take(300)
            await self.tab.wait_for_timeout(250)
        raise TimeoutError("A job took too long to be shown.")

    async def play(self, card: Locator) -> None:
        """Show the clips of a card from their beginning."""
        for ms in range(0, PLAYED_MS, FRAME_MS):
            await card.evaluate(SHOW_MOMENT, ms / 1000 + 0.001)
            await self.take(FRAME_MS)

    def save(self, path: Path) -> None:
        """Write an animated WebP that repeats for ever."""
        first, *others = self.frames
        first.save(
            path,
            "WEBP",
            save_all=True,
            append_images=others,
            duration=self.durations,
            loop=0,
            quality=QUALITY,
            method=4,
            kmax=KEY_FRAME_FRAMES,
        )


async def take_moving_picture(visit: Visit, image: Path, path: Path) -> None:
    """Go from words to images, from an image to clips, from a clip to what comes next, and from shots to a film."""
    shown = MovingPicture(visit.tab)
    await visit.command("imagine")
    await shown.type(PROMPT)
    await shown.take(600)
    await visit.tab.keyboard.press("Enter")
    images = visit.last(PROMPT)
    await shown.follow(lambda: _has(images, "img", 4))
    await _wait_for_images(images)
    await shown.take(2_200)

    await visit.button(images, ":1:high").click()
    form = visit.tab.locator("dialog#modal")
    await form.locator('[data-field="prompt"]').locator("textarea, input").first.focus()
    await visit.tab.keyboard.press("ControlOrMeta+a")
    await shown.type(MOTION)
    await shown.take(900)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    clips = visit.last(MOTION)
    await shown.follow(lambda: _has(clips, "video", 4))
    await _play_with_buttons(shown, clips)

    await visit.button(clips, ":2:high").click()
    further = visit.last("from clip 2 of")
    await shown.follow(lambda: _has(further, "video", 4))
    await _play_with_buttons(shown, further)

    await _make_storyboard(shown, visit, image)
    await shown.take(1_500)
    shown.save(path)


async def _make_storyboard(shown: MovingPicture, visit: Visit, image: Path) -> None:
    """Type shots, see what they cost, and watch them become one film."""
    await visit.command("storyboard")
    await visit.attach("image", image)
    await visit.tab.keyboard.press("Enter")
    form = visit.tab.locator("dialog#modal")
    await form.locator('[data-field="shots"]').locator("textarea").focus(timeout=JOB_MS)
    for number, shot in enumerate(SHOTS):
        if number:
            await visit.tab.keyboard.press("Enter")
        await shown.type(shot)
    await shown.take(900)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    make = visit.tab.locator('button[data-custom-id^="make:"]')
    await expect(make).to_be_visible(timeout=JOB_MS)
    await shown.take(1_500)
    await make.click()
    card = visit.last(SHOTS[-1]).filter(has_not=make)
    await shown.follow(lambda: _has(card, "video", len(SHOTS) + 1))
    await shown.play(card)


async def _play_with_buttons(shown: MovingPicture, card: Locator) -> None:
    await expect(card.locator("video")).to_have_count(4, timeout=JOB_MS)
    await shown.play(card)
    await shown.take(500)


async def _has(card: Locator, tag: str, number: int) -> bool:
    return await card.count() == 1 and await card.locator(f".tile {tag}").count() >= number


async def _wait_for_images(card: Locator) -> None:
    for image in await card.locator(".tile img").all():
        await image.evaluate("(image) => image.decode()")
