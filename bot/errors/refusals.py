"""Requests that are turned down before anything was reserved; only the asker sees it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.errors.base import AnimaticError


class Refused(AnimaticError):
    """Turn a request down before anything was reserved; only the asker sees it."""


class EmptyPrompt(Refused):
    """Nothing is left to say to the provider."""

    code = "empty_prompt"


@dataclass(eq=False)
class PromptTooLong(Refused):
    """The prompt has more characters than allowed."""

    length: int
    limit: int
    code = "prompt_too_long"


class PictureProblem(StrEnum):
    """Name what is wrong with a picture."""

    NOT_A_PICTURE = "not_a_picture"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    GONE = "gone"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNREACHABLE = "unreachable"


@dataclass(eq=False)
class BadPicture(Refused):
    """A picture cannot be used; `place` is start, end or words for it, `limit` the limit passed (bytes or pixels)."""

    problem: PictureProblem
    place: str = "start"
    limit: int | None = None
    code = "bad_picture"


class EndImageWithLoop(Refused):
    """An end image and loop were asked together; they are the same thing to a provider (providers.md, section 0.12)."""

    code = "end_image_with_loop"


@dataclass(eq=False)
class Unsupported(Refused):
    """A typed option that this provider lacks; `offered_by` are titles of enabled providers that have it.

    `stays` says that the job, an extend, cannot go there.
    """

    option: str
    provider: str
    offered_by: tuple[str, ...] = ()
    stays: bool = False
    code = "unsupported"


@dataclass(eq=False)
class NoProviderHas(Refused):
    """No enabled provider has all of the options that were asked for together."""

    options: tuple[str, ...]
    code = "no_provider_has"


@dataclass(eq=False)
class StartNeeded(Refused):
    """A picture is attached or named by the `other` option: neither was given, or `both`."""

    both: bool
    other: Literal["source", "link"] = "source"
    code = "start_needed"


@dataclass(eq=False)
class BadSource(Refused):
    """What was typed names no picture."""

    typed: str
    code = "bad_source"


@dataclass(eq=False)
class NoSuchPicture(Refused):
    """A job has no such picture, or none that the asker may use; `place` is start or end."""

    job_id: str
    place: str
    code = "no_such_picture"


class AnimateAlone(Refused):
    """Animation without a prompt is for pictures that a provider made itself (providers.md, section 3.2)."""

    code = "animate_alone"


class NoPictureThere(Refused):
    """A message holds no picture, or none that the bot can see."""

    code = "no_picture_there"


class SightingGone(Refused):
    """What pictures a form is about was not written down, or is forgotten."""

    code = "sighting_gone"


class NoPictures(Refused):
    """No enabled provider makes pictures."""

    code = "no_pictures"


@dataclass(eq=False)
class NotOffered(Refused):
    """A picture does not offer what an old or made-up button asks for."""

    job_id: str
    code = "not_offered"


@dataclass(eq=False)
class BlendCount(Refused):
    """Two to five pictures can be blended."""

    given: int
    code = "blend_count"


@dataclass(eq=False)
class BannedWords(Refused):
    """The provider forbids words of the prompt; none are named where it does not say which."""

    words: tuple[str, ...]
    provider: str
    code = "banned_words"


@dataclass(eq=False)
class TooManyStrikes(Refused):
    """Too many of a member's prompts were refused for their words today; `renews_ms` is when the next day begins."""

    strikes: int
    renews_ms: int
    code = "too_many_strikes"


@dataclass(eq=False)
class NoProvider(Refused):
    """The provider of an old job has no key any more."""

    provider: str
    code = "no_provider"


@dataclass(eq=False)
class NoSuchProvider(Refused):
    """A typed provider is not on offer; `offered` are the titles of those that are."""

    typed: str
    offered: tuple[str, ...]
    code = "no_such_provider"


@dataclass(eq=False)
class TooFewCredits(Refused):
    """The member cannot pay; `renews_ms` is None when credits never renew."""

    needed: int
    left: int
    renews_ms: int | None
    code = "too_few_credits"


@dataclass(eq=False)
class ServerOutOfCredits(Refused):
    """The server's shared purse cannot pay."""

    needed: int
    left: int
    renews_ms: int | None
    code = "server_out_of_credits"


@dataclass(eq=False)
class CannotPost(Refused):
    """The bot lacks permissions in the channel; `missing` names them as Discord's settings do."""

    missing: tuple[str, ...]
    code = "cannot_post"


class NotInServer(Refused):
    """A command came from a direct message."""

    code = "not_in_server"


class ServerNotAllowed(Refused):
    """The server is not among ALLOWED_GUILDS."""

    code = "server_not_allowed"


@dataclass(eq=False)
class NotAllowed(Refused):
    """The member lacks a permission, named as Discord's settings do."""

    permission: str
    code = "not_allowed"


@dataclass(eq=False)
class NoSuchClip(Refused):
    """The parent job or its clip cannot be extended: unknown, not finished or not here."""

    parent: str
    clip: int
    code = "no_such_clip"


@dataclass(eq=False)
class AlreadyMaking(Refused):
    """The same click is still being made; `link` leads to its card."""

    link: str
    code = "already_making"


class NotYours(Refused):
    """Only the requester and moderators may cancel a job."""

    code = "not_yours"


@dataclass(eq=False)
class TooLateToCancel(Refused):
    """A job that has left the queue goes on, or has `ended`."""

    ended: bool = False
    code = "too_late_to_cancel"


@dataclass(eq=False)
class NotLost(Refused):
    """A job that an admin wants to rescue is not in doubt, or not in this server."""

    job_id: str
    code = "not_lost"


@dataclass(eq=False)
class NotAdoptable(Refused):
    """The provider does not know the id, or it belongs to another job; or it could not be `asked`."""

    remote_id: str
    provider: str
    asked: bool = True
    code = "not_adoptable"


@dataclass(eq=False)
class CannotShow(Refused):
    """A job that cannot be shown again; `link` leads to its card where there is one."""

    job_id: str
    why: Literal["unknown", "unfinished", "failed", "being_shown", "gone"]
    link: str = ""
    code = "cannot_show"
