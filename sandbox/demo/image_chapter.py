"""The chapter about pictures: four of a prompt, one of them alone, and the film that it becomes."""

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

PICTURE_PRICE = 1
"""What four pictures cost, or one of them alone, in credits."""

CLIP_PRICE = 2

HAPPENS = "the camera follows it around the corner"
"""What is typed into the form below the picture."""


class Pictures:
    """Play the chapter, with one person who presses everything."""

    def __init__(self, keeper: CardRecorder, person: User, prompt: str) -> None:
        self._keeper = keeper
        self._person = person
        self._prompt = prompt

    async def tell(self, channel: TextChannel) -> None:
        """Imagine, choose, animate, extend."""
        person = self._person
        prompt = f"{self._prompt} --ar 16:9"
        heading("Pictures", f"{person.name} runs /imagine with the prompt “{prompt}”")
        asked = await person.slash(channel, "imagine", prompt=prompt)
        drawn = await self._keeper.keep(asked, "imagine", 4, None, PICTURE_PRICE)
        heading("One of them", f"{person.name} presses “U2”")
        asked = await person.click(drawn, _button(drawn, ":upsample2"))
        single = await self._keeper.keep(asked, "u2", 1, None, PICTURE_PRICE)
        heading("Animate", f"{person.name} presses “Animate 1, high motion” under it, and a form opens")
        film = await self._keeper.keep(await self._fill_form(single), "animate", 1, 2, CLIP_PRICE)
        heading("It goes on", f"{person.name} presses “extend 1, high motion” under the film")
        asked = await person.click(film, _button(film, ":1:high"))
        await self._keeper.keep(asked, "animate-extend", 1, 2, CLIP_PRICE)

    async def _fill_form(self, card: Message) -> Interaction:
        opened = await self._person.click(card, _button(card, ":1:high"))
        await opened.answered()
        if opened.modal is None:
            raise StoryError("no form opened.")
        _show_form(opened.modal)
        line(f"{self._person.name} writes “{HAPPENS}”, asks for one film, and sends it")
        return await self._person.submit(opened, {"prompt": HAPPENS, "clips": "1"})


async def tell_that_there_are_none(discord: Discord, channel: TextChannel, person: User) -> None:
    """Say in one line what /imagine answers where nobody makes pictures."""
    asked = await person.slash(channel, "imagine", prompt="a paper boat")
    said = await asked.private_reply()
    line(f"{person.name} tries /imagine as well, and she alone reads: {readable(discord, said.text)}")
    if "No provider here makes pictures." not in said.text:
        raise StoryError("/imagine does not say that there are no pictures here.")


def _show_form(form: Modal) -> None:
    line(f"| {form.title}")
    for field in form.fields:
        chosen = [choice.label for choice in field.choices if choice.default]
        line(f"| {field.label}: {', '.join(chosen) or field.value}")


def _button(card: Message, ending: str) -> str:
    """Find a button by the end of its custom_id."""
    for one in card.buttons:
        if one.custom_id is not None and one.custom_id.endswith(ending):
            return one.custom_id
    raise StoryError(f"there is no button “{ending}”.")
