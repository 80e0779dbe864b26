"""Components as Discord writes them back: defaults filled in, media unfurled to fresh links."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from sandbox.discord.components import (
    CONTAINER,
    FILE,
    SELECTS,
    SEPARATOR,
    THUMBNAIL,
)
from sandbox.discord.files import FileStore, StoredFile
from sandbox.discord.json_types import Json, as_int, as_object, as_objects

LOADING, LOADED = 1, 2
"""The loading states of media before and after Discord has fetched them."""

_DEFAULTS: dict[int, Json] = {
    CONTAINER: {"accent_color": None, "spoiler": False},
    THUMBNAIL: {"description": None, "spoiler": False},
    FILE: {"name": None, "size": None, "spoiler": False},
    SEPARATOR: {"spacing": 1, "divider": True},
    **{kind: {"min_values": 1, "max_values": 1, "disabled": False} for kind in SELECTS},
}


class ComponentRenderer:
    """Write the components of one message; `shown` gives the files behind its media references."""

    def __init__(self, files: FileStore, shown: Mapping[str, StoredFile], *, media_still_loads: bool) -> None:
        self._files = files
        self._shown = shown
        self._media_still_loads = media_still_loads

    def render(self, component: Json) -> Json:
        """Copy a component as the HTTP API and the gateway show it."""
        copy: Json = {**_DEFAULTS.get(as_int(component.get("type")), {}), **_without_nulls(component)}
        if "components" in copy:
            copy["components"] = [self.render(child) for child in as_objects(copy["components"])]
        if "accessory" in copy:
            copy["accessory"] = self.render(as_object(copy["accessory"]))
        if "emoji" in copy:
            copy["emoji"] = _without_nulls(as_object(copy["emoji"]))
        if "media" in copy:
            copy["media"] = self._unfurl(as_object(copy["media"]))
        if "items" in copy:
            copy["items"] = [self._render_item(item) for item in as_objects(copy["items"])]
        if copy.get("type") == FILE:
            reference = as_object(copy.get("file"))
            copy["file"] = self._unfurl(reference)
            if file := self._shown.get(str(reference.get("url"))):
                copy["name"], copy["size"] = file.filename, file.size
        return copy

    def _render_item(self, item: Json) -> Json:
        return {
            "media": self._unfurl(as_object(item.get("media"))),
            "description": item.get("description"),
            "spoiler": bool(item.get("spoiler")),
        }

    def _unfurl(self, media: Json) -> Json:
        reference = str(media.get("url"))
        file = self._shown.get(reference)
        if file is None or self._media_still_loads:
            number = str(zlib.crc32(reference.encode()))
            state = LOADING if self._media_still_loads else LOADED
            return {"id": number, "url": reference, "proxy_url": reference, "loading_state": state, "flags": 0}
        url = self._files.url(file)
        return {
            "id": str(file.id),
            "url": url,
            "proxy_url": url,
            "width": file.width,
            "height": file.height,
            "content_type": file.content_type,
            "attachment_id": str(file.id),
            "loading_state": LOADED,
            "flags": 0,
        }


def _without_nulls(body: Json) -> Json:
    return {key: value for key, value in body.items() if value is not None}
