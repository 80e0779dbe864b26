"""What people attach in the browser, before they send it."""

from __future__ import annotations

import re
from collections import OrderedDict

from aiohttp import web

from sandbox.discord import Discord, StoredFile, TextChannel, User
from sandbox.discord.channels import Thread
from sandbox.discord.interactions import upload_limit
from sandbox.discord.json_types import Json, as_id
from sandbox.sentences import sentence_of, t
from sandbox.web.errors import Refused
from sandbox.web.languages import Languages
from sandbox.web.serializers import channels_of, people_of

MIB = 1024 * 1024

KEPT_BYTES = 256 * MIB
"""How much may lie about altogether; the oldest files go when there is more."""

KEPT_FILES = 1000
"""And how many."""

GONE_FILE = t("Discord does not have this file any more; attach it again.")

MAX_FILENAME = 260
MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}(; ?charset=[\w-]{1,20})?", re.ASCII)


class TooLarge(Refused):
    """A file is larger than what may be attached there."""


class Uploads:
    """Take files in and give them out again, to the person who brought them alone."""

    def __init__(
        self,
        discord: Discord,
        languages: Languages | None = None,
        *,
        kept_bytes: int = KEPT_BYTES,
        kept_files: int = KEPT_FILES,
    ) -> None:
        self._languages = languages or Languages()
        self._discord = discord
        self._kept_bytes = kept_bytes
        self._kept_files = kept_files
        self._files: OrderedDict[int, tuple[User, StoredFile]] = OrderedDict()

    async def receive(self, request: web.Request) -> web.Response:
        """Answer POST /files."""
        try:
            file = await self._take(request)
        except TooLarge as error:
            return web.json_response({"say": self._say(request, error)}, status=413)
        except Refused as error:
            return web.json_response({"say": self._say(request, error)}, status=400)
        return web.json_response(self._described(file))

    def _say(self, request: web.Request, error: Refused) -> str:
        user = self._named(request)
        return sentence_of(error) if user is None else self._languages.of(user.locale).say(sentence_of(error))

    def of(self, user: User, file_id: int) -> StoredFile | None:
        """Give a file that this person has brought; None for all others."""
        owner, file = self._files.get(file_id, (None, None))
        return file if owner is user else None

    def keep(self, user: User, filename: str, data: bytes, kind: str | None) -> StoredFile:
        """Keep a file for a person, and forget the oldest ones where it gets too much."""
        file = self._discord.attachment(filename, data, kind)
        self._files[file.id] = (user, file)
        while len(self._files) > 1 and self._too_much():
            _, (_, oldest) = self._files.popitem(last=False)
            self._discord.files.forget(oldest)
        return file

    def _too_much(self) -> bool:
        size = sum(len(kept.data) for _, kept in self._files.values())
        return size > self._kept_bytes or len(self._files) > self._kept_files

    async def _take(self, request: web.Request) -> StoredFile:
        user, channel = self._person(request), self._channel(request)
        if channel not in channels_of(self._discord.guilds[channel.guild.id], user):
            raise Refused(t("This channel is not there any more, so the file was not taken."))
        data = await _read(request, upload_limit(channel))
        if not data:
            raise Refused(t("This file is empty, so it cannot be attached."))
        claimed = request.headers.get("Content-Type", "")
        kind = claimed if MEDIA_TYPE.fullmatch(claimed) else None
        return self.keep(user, request.query.get("name", "")[:MAX_FILENAME], data, kind)

    def _person(self, request: web.Request) -> User:
        user = self._named(request)
        if user is None:
            raise Refused(t("It is not clear who attaches this file; load the page again."))
        return user

    def _named(self, request: web.Request) -> User | None:
        name = request.query.get("user", "")
        people = (user for guild in self._discord.guilds.values() for user in people_of(guild))
        return next((user for user in people if user.name == name), None)

    def _channel(self, request: web.Request) -> TextChannel | Thread:
        channel = self._discord.channels.get(as_id(request.query.get("channel")) or 0)
        if not isinstance(channel, (TextChannel, Thread)):
            raise Refused(t("This channel is not there any more, so the file was not taken."))
        return channel

    def _described(self, file: StoredFile) -> Json:
        body = self._discord.files.to_json(file)
        keys = ("id", "filename", "size", "content_type", "url", "width", "height")
        return {key: body.get(key) for key in keys}


async def _read(request: web.Request, limit: int) -> bytes:
    """Read a body of at most so many bytes, whatever length it claims."""
    size = f"{limit / MIB:g}"
    too_large = TooLarge(t("This file is too large: a file may have {size} MiB here.", size=size))
    if (request.content_length or 0) > limit:
        raise too_large
    data = bytearray()
    async for piece in request.content.iter_chunked(64 * 1024):
        data += piece
        if len(data) > limit:
            raise too_large
    return bytes(data)
