"""The last chapter: three shots from one picture, and the film that they are joined into, saved and measured."""

from sandbox.demo.card_recorder import CardRecorder, StoryError
from sandbox.demo.terminal import heading, line, readable, show
from sandbox.discord import Discord, Interaction, Message, StoredFile, TextChannel, User

LINES = (
    "a paper boat drifts down a rainy street",
    "it spins in front of a drain",
    "it sails out into the sea",
)
"""What is typed into the form, a line for each shot."""

PRICE = 2 * len(LINES)
"""What the storyboard costs, in credits."""

SEAM_SECONDS = 0.05
"""How much shorter a film may be for each of its parts: the frame that two of them share is shown once."""


class StoryboardChapter:
    """Play the chapter: ada sees to it that there are credits, mira has the film made."""

    def __init__(self, recorder: CardRecorder, discord: Discord, ada: User, mira: User) -> None:
        self._recorder = recorder
        self._discord = discord
        self._ada = ada
        self._mira = mira

    async def tell(self, channel: TextChannel, image: StoredFile) -> None:
        """Grant, write, look, make; then compare the joined film with its parts."""
        heading("A storyboard", f"{self._mira.name} runs /storyboard, and a form opens with a line for each shot")
        granted = await self._ada.slash(channel, "quota grant", member=self._mira, credits=PRICE)
        await granted.private_reply()
        preview = await self._preview(channel, image)
        line("she alone sees what it would make, and nothing is spent yet:")
        show(self._discord, preview)
        heading("Make it", f"{self._mira.name} presses “{preview.buttons[0].label}”")
        asked = await self._mira.click(preview, preview.buttons[0])
        *parts, joined = await self._recorder.keep_storyboard(asked, "storyboard", len(LINES), PRICE)
        if abs(sum(parts) - joined) > SEAM_SECONDS * len(parts):
            raise StoryError(f"the joined film has {joined:.2f} s, and its shots have {sum(parts):.2f} s together.")
        line(f"the joined film has {joined:.2f} s, its {len(parts)} shots {sum(parts):.2f} s together")

    async def _preview(self, channel: TextChannel, image: StoredFile) -> Message:
        opened = await self._mira.slash(channel, "storyboard", image=image)
        await opened.answered()
        if opened.modal is None:
            raise StoryError("no form opened.")
        for shot in LINES:
            line(f"| {shot}")
        sent = await self._mira.submit(opened, {"shots": "\n".join(LINES)})
        return await sent.until(lambda message: message.buttons, 30)


async def show_that_there_are_no_single_clips(
    discord: Discord, channel: TextChannel, person: User, image: StoredFile
) -> None:
    """Say in one line what /storyboard answers where nobody makes single clips."""
    asked: Interaction = await person.slash(channel, "storyboard", image=image)
    said = await asked.private_reply()
    line(f"{person.name} tries /storyboard as well, and she alone reads: {readable(discord, said.text)}")
    if "1 clip" not in said.text:
        raise StoryError("/storyboard does not say that it needs single clips.")
