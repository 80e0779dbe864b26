"""The files of a message: what a request brings, what an edit keeps, and what components refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from sandbox.discord.components import Problems, media_of, walk
from sandbox.discord.errors import entity_too_large, missing_permissions
from sandbox.discord.files import StoredFile, normalize_filename
from sandbox.discord.json_types import Json, as_id, as_objects
from sandbox.discord.messages import Message

MAX_FILES = 10
_FILE_FIELD = re.compile(r"files\[(\d{1,3})\]")


@dataclass
class Upload:
    """One file part of a request."""

    field: str
    filename: str
    data: bytes

    @property
    def index(self) -> int | None:
        """The n of `files[n]`."""
        match = _FILE_FIELD.fullmatch(self.field)
        return int(match[1]) if match else None


@dataclass
class MessagePayload:
    """What a request wants a message to be; `file_limit` is in bytes per file."""

    body: Json
    uploads: list[Upload] = field(default_factory=list[Upload])
    file_limit: int = 0
    may_attach: bool = True

    @property
    def listed_ids(self) -> list[int | None] | None:
        """The ids of the request's attachments list; None when it has no such list."""
        if self.body.get("attachments") is None:
            return None
        return [as_id(item.get("id")) for item in as_objects(self.body["attachments"])]


def kept_files(message: Message, payload: MessagePayload, problems: Problems) -> list[StoredFile]:
    """Return the old files that stay: all, unless the request lists attachments."""
    if payload.listed_ids is None:
        return list(message.attachments)
    existing = {file.id: file for file in message.attachments}
    new = {upload.index for upload in payload.uploads}
    for index, wanted in enumerate(payload.listed_ids):
        if wanted not in existing and wanted not in new:
            problems[f"attachments.{index}.id"] = f"Attachment {wanted} is neither on the message nor in the request."
    return [existing[wanted] for wanted in payload.listed_ids if wanted in existing]


def check_uploads(message: Message, payload: MessagePayload, kept: int, problems: Problems) -> None:
    """Check the new files; ApiError 403 / 50013 without Attach Files, 413 / 40005 for one that is too large."""
    if payload.uploads and not payload.may_attach:
        raise missing_permissions()
    if len(payload.uploads) + kept > MAX_FILES:
        problems["attachments"] = f"Must be {MAX_FILES} or fewer in length."
    for upload in payload.uploads:
        if upload.index is None:
            problems[upload.field] = "Files are named files[n]."
        elif payload.listed_ids is not None and upload.index not in payload.listed_ids:
            problems["attachments"] = f"{upload.field} is not listed by its number."
        if len(upload.data) > payload.file_limit:
            raise entity_too_large()
        if not upload.data:
            message.world.violations.append(f"the file {upload.filename!r} was sent with 0 bytes: was it read before?")


def resolve_media(
    message: Message, shown: list[Json], kept: list[StoredFile], uploads: list[Upload], problems: Problems
) -> dict[str, StoredFile | Upload]:
    """Find the kept file or the upload behind each media reference; links to other hosts stand for themselves."""
    by_name: dict[str, StoredFile | Upload] = {file.filename: file for file in kept}
    by_name.update({normalize_filename(upload.filename): upload for upload in uploads})
    found: dict[str, StoredFile | Upload] = {}
    for path, component in walk(shown):
        for step, media, where in media_of(component):
            url = str(media.get("url", ""))
            if url.startswith("attachment://"):
                file = by_name.get(unquote(url.removeprefix("attachment://"))) or _if_kept(message.shown.get(url), kept)
                if file is None:
                    problems[f"{path}.{step}.url"] = f"The referenced attachment was not found: {url}"
                else:
                    found[url] = file
            elif where == "file" or not url.startswith(("http://", "https://")):
                problems[f"{path}.{step}.url"] = "Must be an attachment:// reference, or a web address where allowed."
            elif own := _if_kept(message.world.files.find(url), kept):
                found[url] = own
    return found


def _if_kept(file: StoredFile | None, kept: list[StoredFile]) -> StoredFile | None:
    return file if file in kept else None


def adds_to_gallery(shown: list[Json], references: dict[str, StoredFile | Upload]) -> bool:
    """Whether a gallery shows a file of this request."""
    return any(
        where == "gallery" and isinstance(references.get(str(media.get("url"))), Upload)
        for _, component in walk(shown)
        for _, media, where in media_of(component)
    )


def store_uploads(message: Message, payload: MessagePayload) -> dict[str, StoredFile]:
    """Keep the new files, by their field names, and give old ones their new descriptions."""
    descriptions = {
        as_id(item.get("id")): item.get("description") for item in as_objects(payload.body.get("attachments"))
    }
    for file in message.attachments:
        file.description = descriptions.get(file.id, file.description)
    return {
        upload.field: message.world.files.store(
            upload.filename,
            upload.data,
            message.channel.id,
            description=descriptions.get(upload.index),
            ephemeral=message.ephemeral,
        )
        for upload in payload.uploads
    }
