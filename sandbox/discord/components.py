"""The rules that Discord's form validation has for message components (docs/components/reference)."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.discord.emoji import is_emoji
from sandbox.discord.json_types import (
    Json,
    as_int,
    as_list,
    as_object,
    as_objects,
)

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23

V2_TOP = frozenset({ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER})
IN_CONTAINER = V2_TOP - {CONTAINER}

MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_MEDIA = 64
"""Discord answers more with a 500 (discord/discord-api-docs#7528)."""
MAX_CUSTOM_ID = 100
LINK_STYLE, PREMIUM_STYLE = 5, 6
MAX_LINK = 512
LINK_SCHEMES = ("http://", "https://", "discord://")

Problems = dict[str, str]


def children(component: Json) -> Iterator[tuple[str, Json]]:
    """Yield a component's direct children with their path within it."""
    for index, child in enumerate(as_objects(component.get("components"))):
        yield f"components.{index}", child
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield key, as_object(component[key])


def walk(components: list[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Yield every component with its path, parents before children."""
    for index, component in enumerate(components):
        yield from _walk_one(f"{path}.{index}", component)


def _walk_one(path: str, component: Json) -> Iterator[tuple[str, Json]]:
    yield path, component
    for step, child in children(component):
        yield from _walk_one(f"{path}.{step}", child)


def media_of(component: Json) -> Iterator[tuple[str, Json, str]]:
    """Yield the unfurled media of one component: path within it, object, and where it is shown."""
    kind = component.get("type")
    if kind == THUMBNAIL:
        yield "media", as_object(component.get("media")), "thumbnail"
    elif kind == FILE:
        yield "file", as_object(component.get("file")), "file"
    elif kind == MEDIA_GALLERY:
        for index, item in enumerate(as_objects(component.get("items"))):
            yield f"items.{index}.media", as_object(item.get("media")), "gallery"


def check_message(components: list[Json], *, v2: bool) -> Problems:
    """Return what is wrong with a message's components, by path."""
    problems: Problems = {}
    if not v2 and len(components) > 5:
        problems["components"] = "Must be 5 or fewer in length."
    for index, component in enumerate(components):
        kind = as_int(component.get("type"))
        if kind not in (V2_TOP if v2 else {ACTION_ROW}):
            problems[f"components.{index}"] = f"Component type {kind} cannot be used here."
    everything = list(walk(components))
    if len(everything) > MAX_COMPONENTS:
        problems["components"] = f"At most {MAX_COMPONENTS} components, nested ones counted; got {len(everything)}."
    text = sum(len(str(part.get("content", ""))) for _, part in everything if part.get("type") == TEXT_DISPLAY)
    if text > MAX_TEXT:
        problems["components"] = f"At most {MAX_TEXT} characters of displayable text; got {text}."
    if sum(1 for _, part in everything for _ in media_of(part)) > MAX_MEDIA:
        problems["components"] = f"At most {MAX_MEDIA} media items in galleries and thumbnails."
    problems.update(check_unique_ids(everything))
    for path, component in everything:
        problems.update(_check_one(path, component))
    return problems


def check_unique_ids(everything: list[tuple[str, Json]]) -> Problems:
    """Return which ids and custom_ids occur twice, by path."""
    problems: Problems = {}
    for key, empty in (("custom_id", (None,)), ("id", (None, 0))):
        seen: set[object] = set()
        for path, component in everything:
            value = component.get(key)
            if value in empty or not isinstance(value, (str, int)):
                continue
            if value in seen:
                problems[f"{path}.{key}"] = f"Component {key} cannot be duplicated."
            seen.add(value)
    return problems


def _check_one(path: str, component: Json) -> Problems:
    custom_id = component.get("custom_id")
    if isinstance(custom_id, str) and not 1 <= len(custom_id) <= MAX_CUSTOM_ID:
        return {f"{path}.custom_id": f"Must be between 1 and {MAX_CUSTOM_ID} in length."}
    check = {
        ACTION_ROW: _check_row,
        BUTTON: _check_button,
        SECTION: _check_section,
        TEXT_DISPLAY: _check_text,
        MEDIA_GALLERY: _check_gallery,
        CONTAINER: _check_container,
        STRING_SELECT: _check_select,
    }.get(as_int(component.get("type")))
    return {f"{path}.{where}": sentence for where, sentence in check(component).items()} if check else {}


def _check_row(row: Json) -> Problems:
    kinds = [as_int(child.get("type")) for child in as_objects(row.get("components"))]
    if all(kind == BUTTON for kind in kinds) and 1 <= len(kinds) <= 5:
        return {}
    if len(kinds) == 1 and (kinds[0] in SELECTS or kinds[0] == TEXT_INPUT):
        return {}
    return {"components": "An action row holds 1 to 5 buttons or one select menu."}


def _check_button(button: Json) -> Problems:
    problems = _check_emoji(button)
    style, label, link = button.get("style"), button.get("label"), button.get("url")
    if isinstance(label, str) and len(label) > 80:
        problems["label"] = "Must be 80 or fewer in length."
    if style == PREMIUM_STYLE:
        if not button.get("sku_id") or any(button.get(key) for key in ("custom_id", "label", "url", "emoji")):
            problems["sku_id"] = "A premium button has a sku_id and nothing else."
        return problems
    if button.get("sku_id"):
        problems["sku_id"] = "Only a premium button has a sku_id."
    if not label and not button.get("emoji"):
        problems["label"] = "A button needs a label or an emoji."
    if style == LINK_STYLE:
        if not link or button.get("custom_id"):
            problems["url"] = "A link button has a url and no custom_id."
        elif len(str(link)) > MAX_LINK:
            problems["url"] = f"Must be {MAX_LINK} or fewer in length."
        elif not str(link).startswith(LINK_SCHEMES):
            problems["url"] = f"Scheme must be one of {LINK_SCHEMES}."
    elif not button.get("custom_id") or link:
        problems["custom_id"] = "A button that is not a link has a custom_id and no url."
    return problems


def _check_emoji(holder: Json) -> Problems:
    """This Discord has no custom emoji, so every id of one is unknown."""
    emoji = as_object(holder.get("emoji"))
    if not emoji or (emoji.get("id") is None and is_emoji(str(emoji.get("name") or ""))):
        return {}
    return {"emoji.name": "Invalid emoji"}


def _check_select(select: Json) -> Problems:
    problems = check_options(select, most=select.get("max_values") or 1)
    if (select.get("min_values") or 0) > (select.get("max_values") or 1):
        problems["min_values"] = "Must not be above max_values."
    return problems


def check_options(field: Json, *, most: int) -> Problems:
    """Return what is wrong with the options of a field that shows at most so many as chosen."""
    problems: Problems = {}
    options = as_objects(field.get("options"))
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        problems["options"] = "The option values must be unique."
    if sum(bool(option.get("default")) for option in options) > most:
        problems["options"] = f"At most {most} may be chosen by default."
    for index, option in enumerate(options):
        problems.update({f"options.{index}.{path}": sentence for path, sentence in _check_emoji(option).items()})
    return problems


def _check_section(section: Json) -> Problems:
    problems: Problems = {}
    inner = as_objects(section.get("components"))
    if not 1 <= len(inner) <= 3 or any(child.get("type") != TEXT_DISPLAY for child in inner):
        problems["components"] = "A section holds 1 to 3 text displays."
    if as_object(section.get("accessory")).get("type") not in (BUTTON, THUMBNAIL):
        problems["accessory"] = "A section's accessory is a button or a thumbnail."
    return problems


def _check_text(text: Json) -> Problems:
    content = text.get("content")
    if not isinstance(content, str) or not 1 <= len(content) <= MAX_TEXT:
        return {"content": f"Must be between 1 and {MAX_TEXT} in length."}
    return {}


def _check_gallery(gallery: Json) -> Problems:
    if not 1 <= len(as_list(gallery.get("items"))) <= 10:
        return {"items": "Must be between 1 and 10 in length."}
    return {}


def _check_container(container: Json) -> Problems:
    inner = as_objects(container.get("components"))
    if not inner or any(as_int(child.get("type")) not in IN_CONTAINER for child in inner):
        return {"components": "A container holds action rows, sections, text, galleries, files and separators."}
    return {}


def assign_ids(components: list[Json]) -> None:
    """Give every component without an `id` the next free one, depth first."""
    everything = [component for _, component in walk(components)]
    used = {component.get("id") for component in everything}
    fresh = 0
    for component in everything:
        if not component.get("id"):
            fresh += 1
            while fresh in used:
                fresh += 1
            component["id"] = fresh
