"""The images that a message shows, wherever in it they stand, and what films on our own cards end on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

import discord

from bot.domain.params import ImageUpload
from bot.ui.attachments import frame_name, media_in
from bot.ui.text import modals as text

_NEVER_IMAGES = ("video/", "audio/", "text/")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif")
_FILM = re.compile(r"animatic-(?P<job>[0-9a-z]{1,32})-(?P<number>[1-9])\.mp4")

_Shown = discord.Message | discord.MessageSnapshot


def images_in(message: discord.Message, *, films: bool) -> list[ImageUpload]:
    """Find the images of a message and of those that it forwards; nothing of them was read.

    With `films`, what films on it end on comes first: only for messages of our own, whose files' names can be trusted.
    """
    found = list(_ends(message)) if films else []
    for shown in (message, *message.message_snapshots):
        found += _images(shown)
    return list({image.url or image.filename: image for image in found}.values())


def film_source(image: ImageUpload) -> str | None:
    """Name what a film ends on, as /video's source does; None for what is an image already."""
    film = None if image.url else _FILM.fullmatch(image.filename)
    return None if film is None else f"{film['job']}#{film['number']}"


def names_on_film_card(images: Sequence[ImageUpload]) -> dict[int, str]:
    """Say which image is which, counted from 1, where a film is shown; nothing elsewhere."""
    roles = {frame_name(role): role for role in ("start", "end")}
    named: dict[int, str] = {}
    for number, image in enumerate(images, 1):
        if source := film_source(image):
            named[number] = text.last_frame_choice(int(source[-1]))
        elif image.filename in roles:
            named[number] = text.frame_choice(roles[image.filename])
    return named


def shows_film(message: discord.Message) -> bool:
    """Tell whether one of our own messages shows a film."""
    return any(True for _ in _ends(message))


def _ends(message: discord.Message) -> Iterator[ImageUpload]:
    for media in media_in(message.components):
        if _FILM.fullmatch(name := _filename(media.url)):
            yield ImageUpload("", name, 0, media.content_type)


def _images(shown: _Shown) -> Iterator[ImageUpload]:
    for attachment in shown.attachments:
        if _may_be_image(attachment.content_type, attachment.filename):
            yield ImageUpload(attachment.url, attachment.filename, attachment.size, attachment.content_type)
    for media in media_in(shown.components):
        name = _filename(media.url)
        if _may_be_image(media.content_type, name):
            link = media.url if media.attachment_id is not None else media.proxy_url or media.url
            yield ImageUpload(link, name, 0, media.content_type)
    for sticker in shown.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            yield ImageUpload(sticker.url, _filename(sticker.url), 0)
    yield from _unfurled(shown.embeds)


def _unfurled(embeds: Iterable[discord.Embed]) -> Iterator[ImageUpload]:
    for embed in embeds:
        for media in (embed.image, embed.thumbnail):
            # Discord's own copy: the other host may be gone, or refuse whoever is no browser.
            if link := media.proxy_url or media.url:
                yield ImageUpload(link, _filename(media.url or link), 0)


def _may_be_image(content_type: str | None, filename: str) -> bool:
    """Believe a claimed type; where there is none, or one that says nothing, believe the name."""
    claimed = (content_type or "").lower()
    if claimed.startswith("image/"):
        return True
    return not claimed.startswith(_NEVER_IMAGES) and PurePosixPath(filename.lower()).suffix in _SUFFIXES


def _filename(link: str) -> str:
    return link.partition("?")[0].rsplit("/", 1)[-1] or "picture"
