"""The grammar of flags in a prompt, for films and pictures alike: what is a flag, and how far it reaches.

A flag begins at the start or after white space with `--`, or with one dash of any other kind, directly followed by a
name that we or Midjourney know; what two hyphens make a flag of under any other name, a provider would refuse. A lone
hyphen is never one, and neither is `—name ... —`: a dash that closes what it opened belongs to the text. Behind a word
without white space, `--` is a flag if its value fits.

`--no` reaches to the next flag, a reference to its last link or number, every other flag over one value or none.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

HYPHENS = "-\u2010\u2011"
"""What no flag begins with where it stands alone."""

FLAT = HYPHENS + "\u2012\u2212\ufe63\uff0d"
"""What a provider may take for a hyphen."""

_LONG = "\u2013\u2014\u2015\u2e3a\u2e3b\ufe58"

FOLDED = str.maketrans(dict.fromkeys(FLAT, "-"))
"""Writes them as hyphens."""

_OPENING = re.compile(rf"(?P<dashes>[{FLAT}{_LONG}]+)(?P<name>[A-Za-z]+)(?P<rest>.*)")
_GLUED = re.compile(rf"(?<=[^{FLAT}{_LONG}\s])[{FLAT}]{{2,}}[A-Za-z]")
_LINK = re.compile(r"<?(?:https?://|www\.)\S+", re.IGNORECASE)
_WHOLE_LINK = re.compile(r"<?(?P<link>https?://[^\s<>]+)>?", re.IGNORECASE)
_SEPARATORS = "=:\uff1a\uff1d"
_LEADING = "([{\"'\u201c\u2018\u201e\u00ab"
_TRAILING = ",;.!?)]}\"'\u2026\u201d\u2019\u00bb\uff0c\uff1b\u3002\u3001"
_REFERENCE = re.compile(r"random|(?:<?(?:https?://|www\.)\S+|[0-9]+(?:\.[0-9]+)?)(?:::-?[0-9.]+)?", re.IGNORECASE)


class Reach(Enum):
    """Say how much behind its name belongs to a flag."""

    NAME = auto()
    VALUE = auto()
    REFERENCES = auto()
    REST = auto()


@dataclass(frozen=True)
class Kind:
    """Say how far a flag reaches, and which values fit."""

    reach: Reach
    fitting: re.Pattern[str]


_NAME_ONLY = Kind(Reach.NAME, re.compile(""))
_NUMBER = Kind(Reach.VALUE, re.compile(r"[0-9]*\.?[0-9]+"))
_WORD = Kind(Reach.VALUE, re.compile(r"[\w.:-]+"))
_RATIO = Kind(Reach.VALUE, re.compile(r"[0-9]+:[0-9]+"))
_REFERENCES = Kind(Reach.REFERENCES, re.compile(r".+"))

KNOWN: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(
            (  # noqa: SIM905  # as words they take three lines, as a list thirty
                "beta creative draft fast hd loop public raw relax sd stealth test testp tile turbo upanime upbeta "
                "uplight video"
            ).split(),
            _NAME_ONLY,
        ),
        **dict.fromkeys(
            (  # noqa: SIM905  # as above
                "c chaos cw exp iw niji ow q quality r repeat s sameseed seed stop stylize sv sw v version w weird"
            ).split(),
            _NUMBER,
        ),
        **dict.fromkeys(("animate", "p", "personalize", "profile", "style"), _WORD),
        **dict.fromkeys(("ar", "aspect"), _RATIO),
        **dict.fromkeys(("cref", "oref", "sref"), _REFERENCES),
        "bs": Kind(Reach.VALUE, re.compile("[124]")),
        "end": Kind(Reach.VALUE, re.compile(f"loop|{_WHOLE_LINK.pattern}", re.IGNORECASE)),
        "motion": Kind(Reach.VALUE, re.compile("low|high", re.IGNORECASE)),
        "no": Kind(Reach.REST, re.compile(rf"(?!.*(?:[{FLAT}]{{2}}|[{_LONG}]|://)).*\w.*")),
    }
)
"""Every flag that is ours or Midjourney's, by its name in small letters."""

_PAID = "bs|draft|end|fast|hd|loop|motion|r|relax|repeat|sd|turbo|video"
_HARMLESS = (
    (re.compile(rf"(?<![{FLAT}])[{FLAT}]{{2,}}(?=\s*[A-Za-z])"), "-"),
    (re.compile(rf"(?<!\S)(?![{HYPHENS}]\w)[{FLAT}{_LONG}]+(?=(?:{_PAID})(?![A-Za-z]))", re.IGNORECASE), r"\g<0> "),
)


@dataclass(frozen=True)
class Flag:
    """Hold a flag or a link as it was typed; a link has no name. `fits` is its value's, which may be empty."""

    typed: str
    name: str = ""
    value: str = ""
    fits: bool = False


def split_flags(text: str) -> tuple[str, tuple[Flag, ...]]:
    """Part a line's flags, and links that may pass for one, from its words, each in the order that it was typed."""
    words = _apart(text.split())
    said: list[str] = []
    flags: list[Flag] = []
    place = 0
    while place < len(words):
        if _LINK.match(words[place]) and (not said or _GLUED.search(words[place])):
            # One that leads the prompt is a start frame to whoever reads it, and what a link holds cannot be rewritten.
            flags.append(Flag(words[place]))
            place += 1
        elif (found := _flag_at(words, place)) is not None:
            flag, place = found
            flags.append(flag)
        else:
            said.append(words[place])
            place += 1
    return " ".join(said), tuple(flags)


def without_openings(text: str) -> str:
    """Write words that are no flags so that no provider reads one from them: `--` as a hyphen, `—turbo—` apart."""
    for opening, harmless in _HARMLESS:
        text = opening.sub(harmless, text)
    return text


def link_in(value: str) -> str | None:
    """Give the link that a flag's value is; None where it is none."""
    found = _WHOLE_LINK.fullmatch(value)
    return found["link"] if found else None


def _apart(words: list[str]) -> list[str]:
    """Set flags apart that stand behind a word without white space, where their values fit."""
    place = len(words)
    # From the end, so that a flag's value ends before the flag that is glued to it.
    while place:
        place -= 1
        if _LINK.match(words[place]):
            continue
        for glue in reversed([found.start() for found in _GLUED.finditer(words[place])]):
            tried = [words[place][glue:], *words[place + 1 :]]
            found = _flag_at(tried, 0)
            if found is not None and found[0].fits:
                words[place : place + 1] = [words[place][:glue], words[place][glue:]]
    return words


def _flag_at(words: Sequence[str], place: int) -> tuple[Flag, int] | None:
    """Give the flag that a word begins with, and the number of the first word behind all that belongs to it."""
    begun = _begin(words, place)
    if begun is None:
        return None
    name, attached = begun
    if name not in KNOWN:
        return Flag(words[place].translate(FOLDED), name), place + 1
    values, end = _values(name, attached, words, place + 1)
    typed = " ".join(words[place:end]).translate(FOLDED)
    value = " ".join(values)
    if KNOWN[name].reach is Reach.VALUE:
        value = unicodedata.normalize("NFKC", value)
    value = value.lstrip(_LEADING).rstrip(_TRAILING)
    return Flag(typed, name, value, KNOWN[name].fitting.fullmatch(value) is not None), end


def _begin(words: Sequence[str], place: int) -> tuple[str, str] | None:
    """Give the name of the flag that a word begins with, in small letters, and what is attached to the name."""
    opening = _OPENING.fullmatch(words[place])
    if opening is None or opening["dashes"] in HYPHENS:
        return None
    dashes, (name, attached) = opening["dashes"], _named(opening)
    if len(dashes) > 1 and all(dash in FLAT for dash in dashes):
        # Under any name, for who reads it would take it for one.
        return name, attached
    return None if name not in KNOWN or _is_closed(words, place, dashes) else (name, attached)


def _named(opening: re.Match[str]) -> tuple[str, str]:
    """Tell a flag's name from what is attached to it; a longer word is a name of its own."""
    name, rest = opening["name"].lower(), opening["rest"]
    takes_digits = name in KNOWN and KNOWN[name].reach is not Reach.NAME
    if rest and (rest[0].isalpha() or rest[0] in f"_{FLAT}" or (rest[0].isdigit() and not takes_digits)):
        return f"{name}{rest}", ""
    return name, rest.lstrip(_SEPARATORS)


def _is_closed(words: Sequence[str], place: int, dashes: str) -> bool:
    """Tell whether the same dash, directly behind a word, closes what one opened."""
    for number, word in enumerate(words[place:]):
        if number and word.startswith(dashes):
            return False
        inner = word.rstrip(_TRAILING).removeprefix("" if number else dashes)
        if inner.endswith(dashes) and inner.strip(FLAT + _LONG):
            return True
    return False


def _values(name: str, attached: str, words: Sequence[str], begin: int) -> tuple[list[str], int]:
    """Take the words that belong to a flag, and give the number of the first behind them."""
    values = [attached] if attached.strip(_TRAILING) else []
    end = begin
    match KNOWN[name].reach:
        case Reach.VALUE if not values:
            end = _end_of_value(words, begin, links=name == "end")
        case Reach.REFERENCES:
            while end < len(words) and _is_reference(words[end]):
                end += 1
        case Reach.REST:
            while end < len(words) and _begin(words, end) is None:
                end += 1
        case _:
            pass
    values += [word.lstrip(_SEPARATORS) for word in words[begin:end]]
    return [value for value in values if value], end


def _end_of_value(words: Sequence[str], begin: int, *, links: bool) -> int:
    """Find the end of one value; what is a flag, a dash or a link of its own is none."""
    end = begin
    while end < len(words) and not words[end].strip(_SEPARATORS):
        end += 1
    if end == len(words) or words[end][0] in _LONG or _begin(words, end) is not None:
        return end
    return end if _LINK.match(words[end]) and not links else end + 1


def _is_reference(word: str) -> bool:
    return _REFERENCE.fullmatch(word.lstrip(_SEPARATORS + _LEADING).rstrip(_TRAILING)) is not None
