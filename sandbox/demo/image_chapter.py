"""The chapter about images: four of a prompt, one of them alone, and the clip that it becomes."""

from sandbox.demo.card_recorder import CardRecorder, StoryError
from sandbox.demo.terminal import heading, line, readable
from sandbox.discord import (
    Discord,
    Interaction,
    Message,
    Modal,
    TextChannel,
    User,
)

IMAGES_PRICE = 1
"""What four images cost, or one of them alone, in credits."""

CLIP_PRICE = 2

HAPPENS = "the camera follows it around the corner"
"""What is typed into the modal below the image."""


class ImageChapter:
    """Play the chapter, with one person who clicks everything."""

    def __init__(self, recorder: CardRecorder, person: User, prompt: str) -> None:
        self._recorder = recorder
        self._person = person
        self._prompt = prompt

    async def tell(self, channel: TextChannel) -> None:
        """Imagine, choose, animate, extend."""
        person = self._person
        prompt = f"{self._prompt} --ar 16:9"
        heading("Pictures", f"{person.name} runs /imagine with the prompt “{prompt}”")
        asked = await person.slash(channel, "imagine", prompt=prompt)
        grid = await self._recorder.keep(asked, "imagine", 4, None, IMAGES_PRICE)
        heading("One of them", f"{person.name} presses “U2”")
        asked = await person.click(grid, _button(grid, ":upsample2"))
        single = await self._recorder.keep(asked, "u2", 1, None, IMAGES_PRICE)
        heading("Animate", f"{person.name} presses “Animate 1, high motion” under it, and a form opens")
        clip = await self._recorder.keep(await self._fill_modal(single), "animate", 1, 2, CLIP_PRICE)
        heading("It goes on", f"{person.name} presses “extend 1, high motion” under the film")
        asked = await person.click(clip, _button(clip, ":1:high"))
        await self._recorder.keep(asked, "animate-extend", 1, 2, CLIP_PRICE)

    async def _fill_modal(self, card: Message) -> Interaction:
        opened = await self._person.click(card, _button(card, ":1:high"))
        await opened.answered()
        if opened.modal is None:
            raise StoryError("no form opened.")
        _show_modal(opened.modal)
        line(f"{self._person.name} writes “{HAPPENS}”, asks for one film, and sends it")
        return await self._person.submit(opened, {"prompt": HAPPENS, "films": "1-sd"})


async def show_that_there_are_no_images(discord: Discord, channel: TextChannel, person: User) -> None:
    """Say in one line what /imagine answers where nobody makes images."""
    asked = await person.slash(channel, "imagine", prompt="a paper boat")
    said = await asked.private_reply()
    line(f"{person.name} tries /imagine as well, and she alone reads: {readable(discord, said.text)}")
    if "No provider here makes pictures." not in said.text:
        raise StoryError("/imagine does not say that there are no pictures here.")


def _show_modal(modal: Modal) -> None:
    line(f"| {modal.title}")
    for field in modal.fields:
        chosen = [choice.label for choice in field.choices if choice.default]
        line(f"| {field.label}: {', '.join(chosen) or field.value}")


def _button(card: Message, ending: str) -> str:
    """Find a button by the end of its custom_id."""
    for one in card.buttons:
        if one.custom_id is not None and one.custom_id.endswith(ending):
            return one.custom_id
    raise StoryError(f"there is no button “{ending}”.")
