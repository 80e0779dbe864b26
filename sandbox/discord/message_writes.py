"""Making and editing messages, and what Discord checks before it does."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from sandbox.discord.attachments import (
    MessagePayload,
    Upload,
    adds_to_gallery,
    check_uploads,
    kept_files,
    resolve_media,
    store_uploads,
)
from sandbox.discord.components import Problems, assign_ids, check_message
from sandbox.discord.errors import ApiError, FormError
from sandbox.discord.files import StoredFile
from sandbox.discord.json_types import Json, as_int, as_object, as_objects
from sandbox.discord.mentions import MentionRules, Pinged, pinged_by
from sandbox.discord.messages import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Message,
)

MAX_CONTENT = 2000
MAX_EMBED_TEXT = 6000
_LEGACY = ("content", "embeds", "poll", "sticker_ids")
_SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
_OWN = EPHEMERAL | LOADING


@dataclass
class _Checked:
    """A checked payload: what the message will be made of."""

    flags: int
    kept: list[StoredFile]
    components: list[Json] | None
    references: dict[str, StoredFile | Upload]


def write_content(message: Message, payload: MessagePayload) -> None:
    """Fill a new message, or raise ApiError and leave nothing behind."""
    _apply(message, payload, _check(message, payload))
    message.pinged = _pinged(message, payload)


def edit_content(message: Message, payload: MessagePayload) -> None:
    """Edit a message, or raise ApiError and leave it as it was; an edit pings nobody but a first answer does."""
    first = message.thinking
    checked = _check(message, payload)
    if message.world.knobs.refuse_gallery_files_on_edit and adds_to_gallery(
        checked.components or [], checked.references
    ):
        raise ApiError(400, 50035, "Invalid Form Body: the gallery's files were not found (discord-api-docs#7529)")
    _apply(message, payload, checked)
    message.flags &= ~LOADING
    if first:
        message.pinged = _pinged(message, payload)
    message.edits += 1
    message.edited_at = message.world.now()


def _pinged(message: Message, payload: MessagePayload) -> Pinged:
    replied_to = message.reference.author if message.reference and message.interaction is None else None
    author_permissions = message.channel.permissions_of(message.author)
    rules = MentionRules(payload.body.get("allowed_mentions"), author_permissions, replied_to)
    return pinged_by(message.text, rules, message.world.users, message.channel.guild)


def _check(message: Message, payload: MessagePayload) -> _Checked:
    body = payload.body
    problems: Problems = {}
    flags = _flags(message, body, problems)
    kept = kept_files(message, payload, problems)
    check_uploads(message, payload, len(kept), problems)
    _check_lengths(body, problems)
    if flags & COMPONENTS_V2:
        _check_no_legacy(message, body, problems)
    components = None if body.get("components") is None else copy.deepcopy(as_objects(body["components"]))
    shown = message.components if components is None else components
    problems.update(check_message(shown, v2=bool(flags & COMPONENTS_V2)))
    references = resolve_media(message, shown, kept, payload.uploads, problems)
    if problems:
        raise FormError(problems)
    if not (shown or kept or payload.uploads or _has_legacy(message, body)):
        raise ApiError(400, 50006, "Cannot send an empty message")
    return _Checked(flags, kept, components, references)


def _flags(message: Message, body: Json, problems: Problems) -> int:
    if body.get("flags") is None:
        return message.flags
    asked = as_int(body["flags"])
    if message.uses_components_v2 and not asked & COMPONENTS_V2:
        problems["flags"] = "The components v2 flag cannot be removed from a message."
    return (message.flags & ~SUPPRESS_EMBEDS) | (asked & _SETTABLE)


def _check_lengths(body: Json, problems: Problems) -> None:
    if len(str(body.get("content") or "")) > MAX_CONTENT:
        problems["content"] = f"Must be {MAX_CONTENT} or fewer in length."
    if sum(_embed_length(embed) for embed in as_objects(body.get("embeds"))) > MAX_EMBED_TEXT:
        problems["embeds"] = f"At most {MAX_EMBED_TEXT} characters in all embeds together."


def _embed_length(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description"), as_object(embed.get("footer")).get("text")]
    texts.append(as_object(embed.get("author")).get("name"))
    for entry in as_objects(embed.get("fields")):
        texts += [entry.get("name"), entry.get("value")]
    return sum(len(str(text)) for text in texts if text)


def _check_no_legacy(message: Message, body: Json, problems: Problems) -> None:
    for key in _LEGACY:
        if body.get(key):
            problems[key] = "Cannot be used together with components v2."
    if message.content and "content" not in body:
        problems["content"] = "Must be emptied when a message begins to use components v2."
    if message.embeds and "embeds" not in body:
        problems["embeds"] = "Must be emptied when a message begins to use components v2."


def _has_legacy(message: Message, body: Json) -> bool:
    content, embeds = body.get("content", message.content), body.get("embeds", message.embeds)
    return bool(content or embeds or body.get("sticker_ids") or body.get("poll"))


def _apply(message: Message, payload: MessagePayload, checked: _Checked) -> None:
    body = payload.body
    new = store_uploads(message, payload)
    for dropped in set(message.attachments) - set(checked.kept):
        message.world.files.forget(dropped)
    message.attachments = [*checked.kept, *new.values()]
    message.shown = {
        reference: new[file.field] if isinstance(file, Upload) else file
        for reference, file in checked.references.items()
    }
    message.flags = (message.flags & _OWN) | (checked.flags & ~_OWN)
    if "content" in body:
        message.content = str(body["content"] or "")
    if "embeds" in body:
        message.embeds = [{"type": "rich", **embed} for embed in as_objects(body["embeds"])]
    message.tts = bool(body.get("tts", message.tts))
    if checked.components is not None:
        assign_ids(checked.components)
        message.components = checked.components
