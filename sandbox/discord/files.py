"""Uploaded files and the links under which the CDN serves them."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import secrets
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image, UnidentifiedImageError

from sandbox.discord.fault_injection import Knobs
from sandbox.discord.json_types import Json, Snowflakes
from sandbox.discord.retention import Retention

_PATH = re.compile(r"/(?P<kind>attachments|ephemeral-attachments)/(?P<parent>\d+)/(?P<id>\d+)/(?P<name>[^/]+)")

_CONTENT_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}
"""Not `mimetypes`: that one reads the machine's own tables."""


@dataclass(eq=False)
class StoredFile:
    """A file as Discord keeps it; `size` and `content_type` are what was claimed when a member attached it.

    `parent_id` is the channel's of its message, or the application's for what a command's option carries.
    """

    id: int
    parent_id: int
    filename: str
    data: bytes
    size: int
    content_type: str | None
    width: int | None = None
    height: int | None = None
    description: str | None = None
    ephemeral: bool = False


def normalize_filename(filename: str) -> str:
    """Return the name Discord stores: spaces become underscores, other characters vanish."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "", filename.replace(" ", "_")).strip(".")
    return name or "unknown"


def content_type_of(filename: str) -> str | None:
    """Derive the media type from the name alone, as Discord does for an upload without one; None if unknown."""
    return _CONTENT_TYPES.get(filename.rpartition(".")[2].lower())


class FileStore:
    """Every file by id, with signed links that expire; of files that no message holds the oldest are forgotten."""

    def __init__(self, ids: Snowflakes, now: Callable[[], float], knobs: Knobs, retention: Retention) -> None:
        self._ids = ids
        self._now = now
        self._knobs = knobs
        self._retention = retention
        self._files: dict[int, StoredFile] = {}
        self._loose: dict[int, StoredFile] = {}
        self._key = secrets.token_bytes(16)
        self.base_url = ""
        """The address that links begin with; the server sets it once it listens."""

    def store(
        self,
        filename: str,
        data: bytes,
        parent_id: int,
        *,
        content_type: str | None = None,
        size: int | None = None,
        description: str | None = None,
        ephemeral: bool = False,
    ) -> StoredFile:
        """Keep a message's file until `forget`; its channel is the parent."""
        name = normalize_filename(filename)
        kind = content_type or content_type_of(name)
        width, height = dimensions(data, kind)
        file = StoredFile(
            id=self._ids.next(),
            parent_id=parent_id,
            filename=name,
            data=data,
            size=len(data) if size is None else size,
            content_type=kind,
            width=width,
            height=height,
            description=description,
            ephemeral=ephemeral,
        )
        self._files[file.id] = file
        return file

    def store_loose(
        self, filename: str, data: bytes, parent_id: int, *, content_type: str | None = None, size: int | None = None
    ) -> StoredFile:
        """Keep a file that no message holds, until newer ones pass `retention.loose_file_bytes`."""
        file = self.store(filename, data, parent_id, content_type=content_type, size=size, ephemeral=True)
        self._loose[file.id] = file
        loose_bytes = sum(len(one.data) for one in self._loose.values())
        for oldest in list(self._loose.values())[:-1]:
            if loose_bytes <= self._retention.loose_file_bytes:
                break
            loose_bytes -= len(oldest.data)
            self.forget(oldest)
        return file

    def url(self, file: StoredFile) -> str:
        """Sign a link that is good for `knobs.attachment_url_seconds` from now."""
        issued = int(self._now())
        expires = issued + int(self._knobs.attachment_url_seconds)
        kind = "ephemeral-attachments" if file.ephemeral else "attachments"
        path = f"/{kind}/{file.parent_id}/{file.id}/{file.filename}"
        return f"{self.base_url}{path}?ex={expires:x}&is={issued:x}&hm={self._sign(path, expires, issued)}&"

    def open(self, path: str, query: str) -> StoredFile | None:
        """Return the file behind a link, or None when the link is wrong, forged or expired."""
        found = self.find(path)
        fields = {key: values[0] for key, values in parse_qs(query).items()}
        try:
            expires, issued = int(fields["ex"], 16), int(fields["is"], 16)
        except (KeyError, ValueError):
            return None
        genuine = hmac.compare_digest(fields.get("hm", "").encode(), self._sign(path, expires, issued).encode())
        return found if genuine and self._now() < expires else None

    def find(self, url: str) -> StoredFile | None:
        """Return the file that a link of this CDN names, whether or not the link is still good."""
        parts = urlsplit(url)
        if parts.netloc and not self.base_url.endswith(parts.netloc):
            return None
        match = _PATH.fullmatch(parts.path)
        file = self._files.get(int(match["id"])) if match else None
        return file if file and match and file.filename == match["name"] else None

    def forget(self, file: StoredFile) -> None:
        """Stop serving a file, as Discord does when its message is deleted."""
        self._files.pop(file.id, None)
        self._loose.pop(file.id, None)

    def to_json(self, file: StoredFile) -> Json:
        """Write the attachment object."""
        url = self.url(file)
        body: Json = {"id": str(file.id), "filename": file.filename, "size": file.size, "url": url, "proxy_url": url}
        optional: dict[str, Any] = {
            "content_type": file.content_type,
            "width": file.width,
            "height": file.height,
            "description": file.description,
            "ephemeral": file.ephemeral or None,
        }
        body.update({key: value for key, value in optional.items() if value is not None})
        return body

    def _sign(self, path: str, expires: int, issued: int) -> str:
        return hmac.new(self._key, f"{path}:{expires}:{issued}".encode(), hashlib.sha256).hexdigest()


def dimensions(data: bytes, content_type: str | None) -> tuple[int | None, int | None]:
    """Read width and height in pixels from an image's header or an MP4's track header; None where there is none."""
    if content_type and content_type.startswith("video/"):
        return _mp4_dimensions(data)
    if not content_type or not content_type.startswith("image/"):
        return None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only the header is read
            with Image.open(io.BytesIO(data)) as image:
                return image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None, None


def _mp4_dimensions(data: bytes) -> tuple[int | None, int | None]:
    """ISO/IEC 14496-12, 8.3.2: a track header ends with width and height in 16.16 fixed point."""
    at = data.find(b"tkhd")
    while at >= 4:
        end = at - 4 + int.from_bytes(data[at - 4 : at], "big")
        width, height = int.from_bytes(data[end - 8 : end - 6], "big"), int.from_bytes(data[end - 4 : end - 2], "big")
        if width and height and end <= len(data):
            return width, height
        at = data.find(b"tkhd", at + 4)
    return None, None
