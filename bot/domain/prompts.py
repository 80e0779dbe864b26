"""Clean what members type: flags and leading links in a prompt override paid options (providers.md, section 0.2)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.job import Kind
from bot.domain.params import Motion
from bot.domain.prompt_flags import Flag, link_in, split_flags, without_openings

FIRST_PROMPT = "a paper boat"
"""What /help offers to draw; it is sent as it is to any provider, whatever language its button is in."""

_IMAGE_FLAG = re.compile(r" --(?=[a-z])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = re.compile(
    r"[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e001f]"
    # Joiners belong to emoji, Persian and Hindi; beside ASCII they could only hide a flag.
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)

IMAGE_FLAGS = frozenset(
    (  # noqa: SIM905  # as words they take two lines, as a list twenty
        "ar aspect no seed v version stylize s chaos c weird w tile raw style niji iw quality q"
    ).split()
)
"""The flags that stay in a picture's prompt, with a value that fits: they choose what is drawn, and not how dearly."""

_OPTIONS: Mapping[Kind, Mapping[str, str]] = {
    Kind.VIDEO: {
        "motion": "motion",
        "bs": "clips",
        "loop": "loop",
        "end": "end_image",
        "hd": "resolution",
        "sd": "resolution",
        "fast": "speed",
        "turbo": "speed",
    },
    Kind.EXTEND: {"motion": "motion", "bs": "clips"},
    Kind.IMAGINE: dict.fromkeys(("fast", "relax", "turbo"), "speed"),
}
"""The options of each kind's command that do what flags do elsewhere."""

NO_PROMPT = "-"
"""What stands for no prompt at all; only a picture that brings its own can do without."""

_ENDS = ".,;:!?\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f"
"""Signs after which no comma follows."""

STYLES = ("raw",)
"""What may be named as style; the others belong to versions that are gone."""


@dataclass(frozen=True)
class CleanPrompt:
    """Hold a prompt that is safe to send, and what was taken out of it."""

    text: str
    removed: tuple[str, ...]


@dataclass(frozen=True)
class FilmPrompt:
    """Hold a film's prompt that is safe to send, and the options that its flags named.

    An option that no flag named is None. `read` are those flags as they were typed, `removed` is what else was taken
    out.
    """

    text: str
    removed: tuple[str, ...]
    motion: Motion | None = None
    clips: int | None = None
    loop: bool | None = None
    end_link: str | None = None
    read: tuple[str, ...] = ()


def clean_prompt(typed: str) -> CleanPrompt:
    """Take all flags and leading links out of a prompt.

    The text that comes back holds nothing that a provider could read a paid option from; it may be empty.
    """
    text, flags = _parted(typed)
    return CleanPrompt(text, tuple(flag.typed for flag in flags))


def clean_image_prompt(typed: str) -> CleanPrompt:
    """Clean a picture's prompt; only `IMAGE_FLAGS` stay, behind the text, with values that they can have.

    The text is empty where nothing but flags was typed.
    """
    text, flags = _parted(typed)
    kept = [f"--{flag.name} {flag.value}".rstrip() for flag in flags if _stays(flag)]
    removed = tuple(flag.typed for flag in flags if not _stays(flag))
    return CleanPrompt(" ".join([text, *dict.fromkeys(kept)]) if text else "", removed)


def clean_film_prompt(typed: str, chosen: Collection[str] = ()) -> FilmPrompt:
    """Clean a film's prompt, and read the flags that are options of ours: motion, clips, loop and end_image.

    Of two flags for one option the last counts; none does for an option that is `chosen` already.
    """
    text, flags = _parted(typed)
    options = [None if (option := _option(flag)) in chosen else option for flag in flags]
    last = {option: number for number, option in enumerate(options) if option is not None}
    read = {option: flags[number] for option, number in last.items()}
    motion, clips, end = read.get("motion"), read.get("clips"), read.get("end_image")
    return FilmPrompt(
        text,
        removed=tuple(flag.typed for number, flag in enumerate(flags) if number not in last.values()),
        motion=Motion(motion.value.lower()) if motion else None,
        clips=int(clips.value) if clips else None,
        loop=True if "loop" in read else None,
        end_link=link_in(end.value) if end else None,
        read=tuple(flags[number].typed for number in sorted(last.values())),
    )


def with_words(typed: str, words: str) -> str:
    """Add words to a prompt, text to text and flags to flags; a flag that was typed counts.

    What was typed stays as it is where there are no words.
    """
    if not words:
        return typed
    (text, flags), (more, further) = _parted(typed), _parted(words)
    named = {flag.name for flag in flags}
    flags = [*flags, *(flag for flag in further if not flag.name or flag.name not in named)]
    # A link that led stays in the lead, where it is found and taken out.
    links = [flag.typed for flag in flags if not flag.name]
    said = [part for part in (text, more) if part not in ("", NO_PROMPT)]
    joined = (" " if text and text[-1] in _ENDS else ", ").join(said)
    return " ".join(part for part in (*links, joined, *(_retyped(flag) for flag in flags if flag.name)) if part)


def _retyped(flag: Flag) -> str:
    """Write a flag so that it is one again: its dash, of whatever kind, may have been folded into a lone hyphen."""
    return flag.typed if flag.typed.startswith("--") or not flag.typed.startswith("-") else f"-{flag.typed}"


def option_for(flag: str, kind: Kind) -> str | None:
    """Name the option that does what a flag was to do, of the command that makes a kind of job."""
    _, found = split_flags(flag)
    return _OPTIONS.get(kind, {}).get(found[0].name) if found else None


def without_flags(prompt: str) -> str:
    """Give a cleaned picture prompt without the flags behind it."""
    return _IMAGE_FLAG.split(prompt, maxsplit=1)[0]


def _parted(typed: str) -> tuple[str, Sequence[Flag]]:
    """Part a prompt from its flags and leading links, until nothing in it is one."""
    seen = _CONTROL.sub(" ", typed)
    while (fewer := _UNSEEN.sub("", seen)) != seen:
        seen = fewer
    flags: list[Flag] = []
    text, left = "", " ".join(seen.split())
    while left != text:
        text = left
        words, found = split_flags(text)
        left = without_openings(words)
        flags += found
    return text, flags


def _stays(flag: Flag) -> bool:
    """Tell whether a picture's flag chooses what is drawn."""
    return flag.fits and flag.name in IMAGE_FLAGS and (flag.name != "style" or flag.value.lower() in STYLES)


def _option(flag: Flag) -> str | None:
    """Name the option of ours that a film's flag is."""
    match flag.name:
        case _ if not flag.fits:
            return None
        case "motion":
            return "motion"
        case "bs":
            return "clips"
        case "loop":
            return "loop"
        case "end":
            return "end_image" if link_in(flag.value) else "loop"
        case _:
            return None
