"""Try in a real channel what every film needs: a card, the answer to a click, and an edit that adds an MP4."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import discord
from discord.ui import ActionRow, Button, Container, Item, LayoutView, MediaGallery, TextDisplay

from bot.config import Settings
from bot.doctor.discord_check import Visitor
from bot.doctor.findings import CHECK_SECONDS, Finding, Verdict, ok, plain, warn, wrong
from bot.doctor.gateway_probe import Listener, shard_of
from bot.publisher.discord_messages import DISCORD_ERRORS, is_invalid_form
from bot.ui.attachments import attachments_by_name
from bot.ui.text import channel_check as text

T = TypeVar("T")
Tell = Callable[[Finding], None]

CHANNEL = "--channel"
CLIP = Path(__file__).with_name("clip.mp4")
FILENAME = "doctor.mp4"
DELETING = "deleting"


class MissingClipError(Exception):
    """A message that was edited does not show the MP4."""


FAILURES = (*DISCORD_ERRORS, discord.ClientException, discord.InvalidData, MissingClipError)

_CURES = {
    10003: "Discord knows no such channel. Copy its id again: developer mode, right click, Copy Channel ID.",
    50001: "The bot does not see the channel. Invite it to the server, and allow it View Channels there.",
    50008: "Nobody can write there. Name a text channel.",
    50013: "The bot lacks a permission there: View Channels, Send Messages, Send Messages in Threads, Attach Files or "
    "Read Message History. Look at the channel's own settings.",
    50083: "The thread is archived. Open it again, or name another channel.",
}


async def try_channel(visitor: Visitor, settings: Settings, channel_id: int, seconds: float, tell: Tell) -> None:
    """Go through all steps in a channel and tell each; `seconds` is how long to wait for somebody's click."""
    # No button of the bot's own has such an id: a bot that runs beside the doctor leaves the click alone.
    custom_id = f"doctor:{secrets.token_hex(8)}"
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            shard, count = await shard_of(visitor, settings, channel_id)
    except FAILURES as error:
        tell(wrong(CHANNEL, f"the channel cannot be looked at. {_cure(error)}"))
        return
    listener = Listener(settings, custom_id, shard, count)
    trial = Trial(visitor.get_partial_messageable(channel_id), listener, seconds, tell)
    await trial.run(custom_id)


class Trial:
    """Go through the steps; one that fails is told, and what does not depend on it goes on."""

    def __init__(self, channel: discord.PartialMessageable, listener: Listener, seconds: float, tell: Tell) -> None:
        self._channel = channel
        self._listener = listener
        self._seconds = seconds
        self._tell = tell

    async def run(self, custom_id: str) -> None:
        """Post a card, answer a click, put an MP4 into both messages, and delete them."""
        card = await self._step("card", "posting", self._channel.send(view=_card(custom_id)))
        if card is None:
            return
        try:
            await self._wait_for_click()
            edit = card.edit(view=_film(), attachments=[_file()])
            await self._show("card", "adding an MP4 with the bot's token", edit, card.channel.fetch_message)
        finally:
            await self._step("card", DELETING, _deleted(card.delete()))

    async def _wait_for_click(self) -> None:
        """Join the gateway and wait; what stays untested without a click is told."""
        try:
            async with self._listener as listener:
                await listener.enter()
                async with listener.joined() as connection:
                    await self._listen(connection)
        except FAILURES as error:
            self._tell(wrong("click", f"the gateway lets nobody in, so that no click can be answered. {_cure(error)}"))

    async def _listen(self, connection: asyncio.Task[None]) -> None:
        clicked = self._listener.clicked
        self._tell(Finding(Verdict.WAIT, "click", f"press “Press me” in the channel within {self._seconds:g} seconds."))
        await asyncio.wait((clicked, connection), timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        if clicked.done():
            await self._answer(clicked.result())
        elif connection.done():
            self._tell(wrong("click", "the gateway closed the connection. Look at discordstatus.com and ask again."))
        else:
            untested = "the defer, and the MP4 in an answer by its token, are left untested"
            self._tell(warn("click", f"nobody pressed the button: {untested}. Ask again, and press it."))

    async def _answer(self, click: discord.Interaction) -> None:
        """Defer a click as the bot does, and put the MP4 into the answer by its token."""
        who = plain(click.user.display_name, 40)
        await self._step("defer", f"answering the click of {who}", click.response.defer(thinking=True))
        if not click.response.is_done():
            return
        try:
            edit = click.edit_original_response(view=_film(), attachments=[_file()])
            await self._show("answer", "adding an MP4 with the click's token", edit, click.followup.fetch_message)
        finally:
            await self._step("answer", DELETING, _deleted(click.delete_original_response()))

    async def _show(
        self,
        subject: str,
        doing: str,
        edit: Awaitable[discord.Message],
        fetch: Callable[[int], Awaitable[discord.Message]],
    ) -> None:
        """Edit an MP4 into a message, and look whether Discord has it."""
        edited = await self._step(subject, doing, edit)
        if edited is not None:
            await self._step(subject, "finding the MP4 when reading the message back", _found(fetch(edited.id)))

    async def _step(self, subject: str, doing: str, work: Awaitable[T]) -> T | None:
        """Do one step within its time, and tell how long it took, or why it failed."""
        began = perf_counter()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                result = await work
        except FAILURES as error:
            self._tell(_failed(subject, doing, error))
            return None
        self._tell(ok(subject, f"{doing} took {(perf_counter() - began) * 1000:.0f} ms."))
        return result


def _card(custom_id: str) -> LayoutView:
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(Button(label=text.click_me(), style=discord.ButtonStyle.primary, custom_id=custom_id))
    return _view(text.asks_for_click(), row)


def _film() -> LayoutView:
    gallery: MediaGallery[LayoutView] = MediaGallery()
    gallery.add_item(media=f"attachment://{FILENAME}")
    return _view(text.shows_clip(), gallery)


def _view(words: str, below: Item[LayoutView]) -> LayoutView:
    view = LayoutView(timeout=None)
    view.add_item(Container(TextDisplay(words), below))
    return view


def _file() -> discord.File:
    return discord.File(BytesIO(CLIP.read_bytes()), FILENAME)


async def _found(fetch: Awaitable[discord.Message]) -> None:
    if FILENAME not in attachments_by_name(await fetch):
        raise MissingClipError


async def _deleted(delete: Awaitable[None]) -> None:
    with suppress(discord.NotFound):  # a moderator was faster
        await delete


def _failed(subject: str, doing: str, error: Exception) -> Finding:
    if doing.startswith("adding") and isinstance(error, discord.HTTPException) and is_invalid_form(error):
        return warn(
            subject,
            "Discord adds no files to a gallery by an edit here (its open report api-docs #7529): "
            "the bot puts films into replies to their cards instead.",
        )
    by_hand = " Delete the message by hand." if doing == DELETING else ""
    return wrong(subject, f"{doing} failed. {_cure(error)}{by_hand}")


def _cure(error: Exception) -> str:
    if isinstance(error, discord.HTTPException):
        said = plain(error.text) or "no reason"
        return _CURES.get(error.code, f"Discord says: {said} (HTTP {error.status}, code {error.code}).")
    if isinstance(error, MissingClipError):
        return "Discord took the edit and left the file out. Ask again in a minute."
    if isinstance(error, TimeoutError):
        return f"Discord does not answer within {CHECK_SECONDS:.0f} seconds. Ask again in a minute."
    return f"The connection failed: {plain(str(error)) or type(error).__name__}. Look at this machine's network."
