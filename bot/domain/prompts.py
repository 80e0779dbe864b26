"""Clean what members type: flags and leading links in a prompt override paid options (providers.md, section 0.2)."""

import re
from dataclasses import dataclass

_WITHOUT_VALUE = frozenset({"raw", "loop", "fast", "relax", "turbo", "video", "tile", "draft", "hd", "sd"})
_WITH_VALUE = frozenset(
    (  # noqa: SIM905  # as words they take three lines, as a list forty
        "animate ar aspect bs c chaos cref cw end exp iw motion niji no oref ow p profile q quality r repeat s seed "
        "sref stop style stylize sv sw v version w weird"
    ).split()
)

# Phones turn two hyphens into a dash, and Midjourney reads it as a flag all the same.
_FLAG = re.compile(
    r"(?<!\S)(?:-{2,}(?P<any>[A-Za-z][\w-]*)|[\u2013\u2014]+(?P<known>[A-Za-z]+))"
    r"(?P<value>[= ]+(?!-{2}|[\u2013\u2014]|https?:)\S+)?"
)
_REMOVED_FLAG = re.compile(r"[-\u2013\u2014]+(?P<name>[A-Za-z]+)(?:[= ]+(?P<value>.+))?")
_IMAGE_FLAG = re.compile(r" --(?=[a-z])")
_LEADING_LINK = re.compile(r"^<?(?:https?://|www\.)\S+\s*", re.IGNORECASE)
_MORE_OF_A_LIST = re.compile(r"(?<=,) (?!-{2}|[\u2013\u2014])\S+")
_HYPHENS = re.compile(r"(?<!-)-{2,}(?=\s*[A-Za-z])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(
    r"[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e001f]"
    # Joiners belong to emoji, Persian and Hindi; beside ASCII they could only hide a flag.
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)

# A vendor that folds look-alikes would read a flag from them.
_HYPHENS_IN_DISGUISE = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-"))


@dataclass(frozen=True)
class CleanPrompt:
    """Hold a prompt that is safe to send, and what was taken out of it."""

    text: str
    removed: tuple[str, ...]


_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")
_RATIO = re.compile(r"[0-9]+:[0-9]+")
_TEXT = re.compile(r"(?!.*(?:--|[\u2013\u2014]|://)).+")

_IMAGE_VALUES = {
    **dict.fromkeys(("seed", "v", "niji", "stylize", "chaos", "weird", "iw", "q", "s", "c"), _NUMBER),
    **dict.fromkeys(("raw", "tile"), re.compile("")),
    "ar": _RATIO,
    "no": _TEXT,
}

IMAGE_FLAGS = frozenset(_IMAGE_VALUES)
"""The flags that stay in a picture's prompt: they choose what is drawn, and none of them how dearly."""


def clean_image_prompt(typed: str) -> CleanPrompt:
    """Clean a picture's prompt; only `IMAGE_FLAGS` stay, behind the text, with values that they can have.

    The text is empty where nothing but flags was typed.
    """
    plain = clean_prompt(typed)
    kept: list[str] = []
    removed: list[str] = []
    for cut in plain.removed:
        flag = _REMOVED_FLAG.fullmatch(cut)
        name = flag["name"].lower() if flag else ""
        value = " ".join((flag["value"] or "").split()) if flag else ""
        if name in IMAGE_FLAGS and _IMAGE_VALUES[name].fullmatch(value):
            kept.append(f"--{name} {value}".rstrip())
        else:
            removed.append(cut)
    text = " ".join([plain.text, *dict.fromkeys(kept)]) if plain.text else ""
    return CleanPrompt(text, tuple(removed))


def clean_prompt(typed: str) -> CleanPrompt:
    """Take `--flags` with their values and leading links out of a prompt.

    The text that comes back holds no `--word` at all, so that no provider can read a paid option from it;
    it may be empty.
    """
    seen = _CONTROL.sub(" ", typed).translate(_HYPHENS_IN_DISGUISE)
    while (fewer := _UNSEEN.sub("", seen)) != seen:
        seen = fewer
    text = " ".join(seen.split())
    removed: list[str] = []
    while (found := _LEADING_LINK.match(text) or _next_flag(text)) is not None:
        start, end = found.span()
        cut_to = _end_of_flag(found) if found.re is _FLAG else end
        removed.append(text[start:cut_to].strip())
        text = " ".join((text[:start] + " " + text[cut_to:]).split())
    return CleanPrompt(_HYPHENS.sub("-", text), tuple(removed))


def _next_flag(text: str) -> re.Match[str] | None:
    for found in _FLAG.finditer(text):
        name = found["any"] or found["known"].lower()
        if found["any"] or name in _WITH_VALUE | _WITHOUT_VALUE:
            return found
    return None


def _end_of_flag(found: re.Match[str]) -> int:
    name = (found["any"] or found["known"]).lower()
    if name not in _WITH_VALUE:
        return found.end("any" if found["any"] else "known")
    end = found.end()
    while name == "no" and (more := _MORE_OF_A_LIST.match(found.string, end)) is not None:
        end = more.end()
    return end


def without_flags(prompt: str) -> str:
    """Give a cleaned picture prompt without the flags behind it."""
    return _IMAGE_FLAG.split(prompt, maxsplit=1)[0]
