"""Everything that can go wrong, as one tree; errors carry data, and `describe_error` turns them into sentences.

AnimaticError
+-- SettingsError                     the start ends with one sentence that names the setting
|   +-- BucketRefused                 about the bucket for media; `cure` says what to do
+-- Refused                           turned down before anything was reserved
|   +-- EmptyPrompt
|   |   +-- NothingToDraw             of a picture
|   +-- PromptTooLong
|   +-- BadImage                      `problem` says which check failed
|   +-- BadMask                       a mask of another size, with grey, or all black
|   +-- SingleImageNeeded             a mask for four pictures
|   +-- ImageGone                     a mask for a picture that is not kept any more
|   +-- PreviewGone                   a mask that is not kept any more
|   +-- PreviewUsed                   one that was redrawn already
|   +-- NotYourPreview                somebody else's
|   +-- ShotCount                     a storyboard of one line, or of nine
|   +-- ShotsTooLong
|   +-- EmptyShot                     a line of nothing but flags
|   +-- NoShots                       no way to go on from a clip with words
|   +-- StoryboardGone                a form or preview that is not remembered any more
|   +-- NotYourStoryboard             somebody else's
|   +-- StoryboardMade                one that was confirmed before, or has nothing to go on with
|   +-- EndImageWithLoop
|   +-- Unsupported                   an option that the provider lacks
|   +-- NoProviderHas                 options that no provider has together
|   +-- StartImageNeeded              no picture to start from, or two
|   +-- BadSource                     words that name no picture
|   +-- NoSuchImage                   a named one that is not there for the requester
|   +-- AutoModeNeedsProviderImage    animation that only a provider's own pictures have
|   +-- NoImageInMessage              a message without one
|   +-- MessageImagesExpired          a form about pictures that are not remembered
|   +-- NoImageProvider               no provider makes pictures
|   +-- NotOffered                    a button that a picture does not offer
|   +-- BlendCount                    one picture to blend, or six
|   +-- BannedWords                   words that the provider forbids
|   +-- TooManyStrikes                too many of those in one day
|   +-- ForbiddenWords                words that the server forbids
|   +-- NotMadeHere                   a channel that the server's rule leaves out
|   +-- NotForRoles                   a member whose roles it leaves out
|   +-- SpoilerAlways                 showing openly what the server always hides
|   +-- ChangedMeanwhile              a form of /setup about what somebody else has changed
|   +-- BadSetup                      `problem` says what a server cannot decide
|   +-- NoProvider                    of an old job, switched off meanwhile
|   +-- NoSuchProvider                a typed one that is not on offer
|   +-- BadPreset                     `problem` says what cannot be kept
|   +-- TooManyPresets                of one member
|   +-- NoSuchPreset                  a named one that the member does not have, or no longer
|   +-- Blocked                       everything but /help, /credits and /privacy is refused
|   +-- CannotBlock                   a bot, the owner, an admin, oneself, or who has left
|   +-- BadDuration                   words that are no length of time, or too short or long a one
|   +-- GrantToBlocked                credits that would be of no use
|   +-- NeverApplies                  a rule for a bot or its role, or for who or what is gone
|   +-- PriceChanged                  of what a button offered for another price
|   +-- TooFewCredits                 the member's
|   +-- ServerOutOfCredits            the whole server's
|   +-- TooManyOpen                   requests and previews of one member
|   +-- MediaFull                     no room for pictures that are not paid for yet
|   +-- CannotPost                    the bot lacks permissions in the channel
|   +-- NotInServer
|   +-- NotInstalled                  a command that a member brought along, not the server
|   +-- ServerNotAllowed
|   +-- NotAllowed                    the member lacks a permission
|   +-- BadJobId                      words that are no job's id
|   +-- NoSuchJob                     one to go on from that is not there for the requester
|   +-- NoJobInMessage                a message that is no card, result or film of a job here
|   +-- NoSearchWords                 nothing to look for in prompts
|   +-- SearchTooLong                 more than is looked for
|   +-- NotYourList                   the buttons of somebody else's list
|   +-- NoPictures                    a job that has none to go on from
|   +-- NoSuchClip                    an extend of something that is not there
|   +-- ClipGone                      a clip whose file is nowhere any more
|   +-- NoLastFrame                   a clip whose last frame cannot be had
|   +-- NotReadInTime                 a form that needs what the database did not tell in time
|   +-- NoFilmClip                    a film up to a clip that is not there
|   +-- FilmOfOne                     a clip that nothing comes before, so that there is nothing to join
|   +-- FilmPartGone                  a part of a film that is nowhere any more
|   +-- FilmNotJoined                 parts that cannot be joined
|   +-- FilmsOff                      films are not joined here at all
|   +-- FilmTooLarge                  one that can neither be posted nor linked
|   +-- FilmNotPosted                 one whose card's channel cannot be reached
|   +-- CannotShare                   `why` says what keeps a result from the showcase
|   +-- AlreadyRunning                the same click is still being made
|   +-- NotYours                      cancelling what somebody else asked for
|   +-- NotYourCard                   changing how somebody else's result is shown
|   +-- TooLateToCancel               the provider has it already
|   +-- NotUnconfirmed                an admin's rescue of a job that needs none
|   +-- NotAdoptable                  the id that an admin named is not that job's
|   +-- CannotShow                    /jobs show of a job that is unknown, unfinished, or whose files are gone
+-- Cancelled                         taken back while it waited
+-- StoryboardStopped                 the shot before it ended badly
+-- ServerLeft                        the bot was removed from its server while it waited
+-- UnconfirmedCharge                 the provider never said whether it took the job; all credits went back
+-- JobFailed                         ended after it was accepted; all credits went back
+-- ProviderError                     classified by kind and by whether the job may have been accepted
+-- ResultError                       a finished clip or picture that could not be fetched
+-- CardError                         Discord could not be told; it may pass
+-- MediaUnavailable                  the bucket does not take or give files; an OSError too, and it may pass
+-- LostLease                         another process has taken the job over
+-- SchemaRefused                     a database that this version cannot work with; `problem` says why
+-- MoveRefused                       one that cannot be moved there; `problem` says why
+-- DatabaseError                     the database did not do what it was asked for
    +-- DatabaseBusy                  somebody else holds it; it may pass
    +-- DatabaseUnavailable           it cannot be reached, read or written, or its disk is full
    |   +-- DatabaseUnreachable       no connection is of use from the beginning; `problem` says why
    +-- DatabaseBroken                it refuses the statement, or is no database of ours
"""

import errno
from dataclasses import asdict, dataclass, is_dataclass
from enum import StrEnum
from typing import Any, ClassVar, Literal


class AnimaticError(Exception):
    """Carry a stable code and the data that a sentence needs."""

    code: ClassVar[str] = "internal"

    @property
    def may_be_made(self) -> bool:
        """Tell whether a job that ends so may have been made, and paid for, at its provider all the same."""
        return False

    @property
    def data(self) -> dict[str, Any]:
        """Give the error's fields as plain values, to be kept in a row and put into a sentence."""
        return asdict(self) if is_dataclass(self) else {}

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code}({fields})"


@dataclass(eq=False)
class SettingsError(AnimaticError):
    """Say that one setting is unset or wrong; `problem` goes on after its name and never holds a secret."""

    name: str
    problem: str
    code = "settings"

    def __str__(self) -> str:
        return f"{self.name} {self.problem}"


@dataclass(eq=False)
class BucketRefused(SettingsError):
    """The bucket that MEDIA_URL names is of no use; `cure` says what to do about it."""

    cure: str = ""


class Refused(AnimaticError):
    """Turn a request down before anything was reserved; only the requester sees it."""


class EmptyPrompt(Refused):
    """Nothing is left to say to the provider."""

    code = "empty_prompt"


class NothingToDraw(EmptyPrompt):
    """Nothing is left to say to the provider about a picture."""

    code = "nothing_to_draw"


@dataclass(eq=False)
class PromptTooLong(Refused):
    """The prompt has more characters than allowed; in a storyboard, that of a shot, counted from 1."""

    length: int
    limit: int
    shot: int | None = None
    code = "prompt_too_long"


class ImageProblem(StrEnum):
    """Name what is wrong with an image."""

    NOT_AN_IMAGE = "not_a_picture"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    GONE = "gone"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNREACHABLE = "unreachable"
    NOT_A_LINK = "not_a_link"


@dataclass(eq=False)
class BadImage(Refused):
    """An image cannot be used; `role` is start, end or words for it, `limit` the limit passed (bytes or pixels)."""

    problem: ImageProblem
    role: str = "start"
    limit: int | None = None
    code = "bad_picture"


class EndImageWithLoop(Refused):
    """An end image and loop were asked together; they are the same thing to a provider (providers.md, section 0.12)."""

    code = "end_image_with_loop"


@dataclass(eq=False)
class Unsupported(Refused):
    """A typed option (by its code) that this provider lacks; `offered_by` are titles of enabled ones that have it.

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
class StartImageNeeded(Refused):
    """An image is attached or named by the `other` option: neither was given, or `both`."""

    both: bool
    other: Literal["source", "link"] = "source"
    code = "start_needed"


@dataclass(eq=False)
class BadSource(Refused):
    """What was typed names no image."""

    typed: str
    code = "bad_source"


@dataclass(eq=False)
class NoSuchImage(Refused):
    """A job has no such image, or none that the requester may use; `position` is start, end or a number from 1."""

    job_id: str
    position: str
    code = "no_such_picture"


class AutoModeNeedsProviderImage(Refused):
    """Animation without a prompt is for images that a provider made itself (providers.md, section 3.2)."""

    code = "animate_alone"


class NoImageInMessage(Refused):
    """A message holds no image, or none that the bot can see."""

    code = "no_picture_there"


class MessageImagesExpired(Refused):
    """Which images a modal is about was not written down, or is forgotten."""

    code = "sighting_gone"


class NoImageProvider(Refused):
    """No enabled provider makes images."""

    code = "no_pictures"


@dataclass(eq=False)
class NotOffered(Refused):
    """An image does not offer what an old or made-up button asks for."""

    job_id: str
    code = "not_offered"


@dataclass(eq=False)
class BlendCount(Refused):
    """Two to five images can be blended."""

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
class ForbiddenWords(Refused):
    """The server forbids words of the prompt."""

    words: tuple[str, ...]
    code = "forbidden_words"


@dataclass(eq=False)
class NotMadeHere(Refused):
    """The server has pictures, or `films`, made in other channels."""

    films: bool
    channels: tuple[int, ...]
    code = "not_made_here"


@dataclass(eq=False)
class NotForRoles(Refused):
    """The server has pictures, or `films`, made by members with other roles."""

    films: bool
    roles: tuple[int, ...]
    code = "not_for_roles"


class SpoilerAlways(Refused):
    """The server hides what is made behind the spoiler, always."""

    code = "spoiler_always"


@dataclass(eq=False)
class ChangedMeanwhile(Refused):
    """Another admin has changed what a form of /setup shows since it was opened."""

    area: str
    code = "changed_meanwhile"


class SetupProblem(StrEnum):
    """Name what a server cannot decide."""

    TOO_MANY_WORDS = "too_many_words"
    TOO_MUCH_TEXT = "too_much_text"
    WORD_TOO_LONG = "word_too_long"
    NO_WORD = "no_word"
    NOT_A_NUMBER = "not_a_number"
    TOO_LARGE = "too_large"
    CHANNEL_GONE = "channel_gone"
    CANNOT_WRITE = "cannot_write"
    ROLE_GONE = "role_gone"


@dataclass(eq=False)
class BadSetup(Refused):
    """What an admin sent with a form of /setup cannot be kept; `typed` is what it is about, `most` what is allowed.

    `channel_id` is that of a channel, `missing` what the bot may not do there.
    """

    problem: SetupProblem
    typed: str = ""
    number: int = 0
    most: int = 0
    channel_id: int | None = None
    missing: tuple[str, ...] = ()
    code = "bad_setup"


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


class PresetProblem(StrEnum):
    """Name what keeps a preset from being saved."""

    NAME = "name"
    WORDS = "words"
    EMPTY = "empty"


@dataclass(eq=False)
class BadPreset(Refused):
    """A preset's name or words are too long, or there are none; lengths are in characters."""

    problem: PresetProblem
    length: int = 0
    limit: int = 0
    code = "bad_preset"


@dataclass(eq=False)
class TooManyPresets(Refused):
    """A member has as many presets as there may be."""

    limit: int
    code = "too_many_presets"


@dataclass(eq=False)
class NoSuchPreset(Refused):
    """The member has no preset of that name, or no longer."""

    name: str
    code = "no_such_preset"


@dataclass(eq=False)
class Blocked(Refused):
    """The member is blocked; `source` says by whom (`Source`), `until_ms` until when if that is known."""

    source: str
    until_ms: int | None = None
    reason: str = ""
    code = "blocked"


@dataclass(eq=False)
class CannotBlock(Refused):
    """Somebody whom nobody may block; `target` mentions them."""

    target: str
    why: Literal["bot", "owner", "admin", "yourself", "left"]
    code = "cannot_block"


@dataclass(eq=False)
class BadDuration(Refused):
    """Words that are no length of time, or one shorter than a minute or longer than `years`."""

    typed: str
    problem: Literal["unreadable", "too_short", "too_long"]
    years: int
    code = "bad_duration"


@dataclass(eq=False)
class GrantToBlocked(Refused):
    """A blocked member could not spend what they were granted; `source` says who has blocked them (`Source`)."""

    user_id: int
    source: str
    code = "grant_to_blocked"


@dataclass(eq=False)
class NeverApplies(Refused):
    """A rule or a grant that nobody would ever meet; `target` mentions whom it is for, or names a role that is gone."""

    target: str
    why: Literal["bot", "left", "bot_role", "role_gone"]
    code = "never_applies"


@dataclass(eq=False)
class PriceChanged(Refused):
    """A button named another price than `least` to `most`, in credits, which is what it costs by now."""

    least: int
    most: int
    code = "price_changed"


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
class TooManyOpen(Refused):
    """The member has as many open requests and previews as one may have at once."""

    limit: int
    code = "too_many_open"


class MediaFull(Refused):
    """The media store holds as much as it may, and takes nothing but what is paid for."""

    code = "media_full"


@dataclass(eq=False)
class CannotPost(Refused):
    """The bot lacks permissions in the channel; `missing` names them as Discord's settings do."""

    missing: tuple[str, ...]
    code = "cannot_post"


class NotInServer(Refused):
    """A command came from a direct message."""

    code = "not_in_server"


class NotInstalled(Refused):
    """A command came from a member's own installation, where no server shares its credits."""

    code = "not_installed"


class ServerNotAllowed(Refused):
    """The server is not among ALLOWED_GUILDS."""

    code = "server_not_allowed"


@dataclass(eq=False)
class NotAllowed(Refused):
    """The member lacks a permission, named as Discord's settings do."""

    permission: str
    code = "not_allowed"


@dataclass(eq=False)
class BadJobId(Refused):
    """What was typed is no job's id."""

    typed: str
    code = "bad_job_id"


@dataclass(eq=False)
class NoSuchJob(Refused):
    """A job that is to be gone on from is not in this server, or not for the requester to see."""

    job_id: str
    code = "no_such_job"


class NoJobInMessage(Refused):
    """A message is none of ours, or is about no job of this server."""

    code = "no_job_in_message"


@dataclass(eq=False)
class NoSearchWords(Refused):
    """Nothing that was typed is a word that prompts are found by."""

    typed: str
    code = "no_search_words"


@dataclass(eq=False)
class SearchTooLong(Refused):
    """More is looked for than the buttons of a list can hold."""

    length: int
    limit: int
    code = "search_too_long"


class NotYourList(Refused):
    """Only the member who asked for a list may turn its pages."""

    code = "not_your_list"


@dataclass(eq=False)
class NoPictures(Refused):
    """A job made no pictures, or none yet."""

    job_id: str
    code = "no_pictures_made"


@dataclass(eq=False)
class NoSuchClip(Refused):
    """The parent job or its clip cannot be extended: unknown, not finished or not here."""

    parent: str
    clip: int
    code = "no_such_clip"


@dataclass(eq=False)
class ClipGone(Refused):
    """A clip's file can be had nowhere: not here, not from its card, not from its provider; `clip` counts from 1.

    It is not `final` where one of them may have it again in a while.
    """

    parent: str
    clip: int
    final: bool = True
    code = "clip_gone"


@dataclass(eq=False)
class NoLastFrame(Refused):
    """What a clip ends on cannot be had: films are not `read` here at all, or this one is broken."""

    parent: str
    clip: int
    read: bool = True
    code = "no_last_frame"


class NotReadInTime(Refused):
    """A form must open at once, and the database did not tell soon enough what it is about."""

    code = "not_read_in_time"


@dataclass(eq=False)
class NoFilmClip(Refused):
    """A film cannot end with a clip that is not there; it counts from 1."""

    job_id: str
    clip: int
    code = "no_film_clip"


@dataclass(eq=False)
class FilmOfOne(Refused):
    """A clip that goes on from no other is a whole film by itself."""

    job_id: str
    code = "film_of_one"


@dataclass(eq=False)
class FilmPartGone(Refused):
    """A part of a film can be had nowhere; `part` and `clip` count from 1.

    It is not `final` where somebody may have it again in a while.
    """

    part: int
    job_id: str
    clip: int
    final: bool = True
    code = "film_part_gone"


class FilmNotJoined(Refused):
    """The parts of a film cannot be joined: one is broken, or it takes too much time or memory."""

    code = "film_not_joined"


class FilmsOff(Refused):
    """Films are not joined here: what reads them is not installed."""

    code = "films_off"


class FilmTooLarge(Refused):
    """Discord does not take a film, and nobody can reach us for it."""

    code = "film_too_large"


@dataclass(eq=False)
class FilmNotPosted(Refused):
    """The bot cannot post in the channel of the card; `link` leads there."""

    link: str
    code = "film_not_posted"


HiddenPlace = Literal["thread", "channel", "gone"]
"""Where not everybody saw it made: a private thread, a channel that not everybody sees, one that is gone."""


@dataclass(eq=False)
class CannotShare(Refused):
    """A result that cannot be shared in the server's showcase; `missing` names permissions that the bot lacks there.

    `place` says of what is `private` where it was made.
    """

    why: Literal[
        "no_showcase",
        "no_channel",
        "no_permission",
        "not_yours",
        "private",
        "nothing_there",
        "gone",
        "too_large",
        "deleted",
    ]
    job_id: str = ""
    missing: tuple[str, ...] = ()
    place: HiddenPlace = "thread"
    code = "cannot_share"


@dataclass(eq=False)
class AlreadyRunning(Refused):
    """The same click is still being made; `link` leads to its card."""

    link: str
    code = "already_making"


class NotYours(Refused):
    """Only the requester and moderators may cancel a job."""

    code = "not_yours"


class NotYoursToRemove(Refused):
    """Only the requester, or a moderator, may remove a job."""

    code = "not_yours_to_remove"


class RemoveWhat(Refused):
    """A removal names neither one job, nor a member and since when."""

    code = "remove_what"


class NotYourCard(Refused):
    """Only the requester, or a moderator, may change how a card shows its media."""

    code = "not_your_card"


@dataclass(eq=False)
class TooLateToCancel(Refused):
    """A job that has left the queue goes on, or has `ended`."""

    ended: bool = False
    code = "too_late_to_cancel"


@dataclass(eq=False)
class NotUnconfirmed(Refused):
    """A job that an admin wants to rescue is not unconfirmed, or not in this server."""

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
    why: Literal["unknown", "unfinished", "failed", "cancelled", "being_shown", "gone"]
    link: str = ""
    code = "cannot_show"


class MaskProblem(StrEnum):
    """Name what is wrong with a mask that is a good image."""

    WRONG_SIZE = "wrong_size"
    GREY = "grey"
    NOTHING_WHITE = "nothing_white"


@dataclass(eq=False)
class BadMask(Refused):
    """A mask cannot be used; of a WRONG_SIZE the image's size and the one given, in pixels."""

    problem: MaskProblem
    width: int = 0
    height: int = 0
    given_width: int = 0
    given_height: int = 0
    code = "bad_mask"


@dataclass(eq=False)
class SingleImageNeeded(Refused):
    """A job made four images, and a mask belongs to one."""

    job_id: str
    code = "single_picture_needed"


@dataclass(eq=False)
class ImageGone(Refused):
    """A made image's file is no longer in the media store."""

    job_id: str
    code = "picture_gone"


class PreviewGone(Refused):
    """A preview was discarded or is too old, so its mask is not kept any more."""

    code = "preview_gone"


@dataclass(eq=False)
class PreviewUsed(Refused):
    """A preview was confirmed before, and what came of it has ended; `link` leads to its card."""

    link: str
    code = "preview_used"


class NotYourPreview(Refused):
    """Only who asked for a preview may confirm or discard it."""

    code = "not_your_preview"


@dataclass(eq=False)
class ShotCount(Refused):
    """A storyboard has two to eight shots, and other than that were `given`."""

    given: int
    code = "shot_count"


@dataclass(eq=False)
class ShotsTooLong(Refused):
    """The shots have more characters together than a form takes."""

    length: int
    limit: int
    code = "shots_too_long"


@dataclass(eq=False)
class EmptyShot(Refused):
    """A line says nothing of what happens, counted from 1."""

    shot: int
    code = "empty_shot"


class NoShots(Refused):
    """No provider here goes on from a clip with new words, and what clips end on cannot be had."""

    code = "no_shots"


class StoryboardGone(Refused):
    """A storyboard's form or preview is too old, was discarded, or was never written down."""

    code = "storyboard_gone"


class NotYourStoryboard(Refused):
    """Only who asked for a storyboard may have it made or taken up again."""

    code = "not_your_storyboard"


@dataclass(eq=False)
class StoryboardMade(Refused):
    """A storyboard was confirmed before, or there is nothing in it to go on with; `link` leads to its card."""

    link: str
    code = "storyboard_made"


class SourceRemoved(AnimaticError):
    """What a waiting job was to go on from was removed for good."""

    code = "source_removed"


@dataclass(eq=False)
class UnconfirmedCharge(AnimaticError):
    """The provider never said whether it accepted a job; the member is refunded, an admin may find out."""

    provider: str
    code = "unknown_charge"


@dataclass(eq=False)
class Cancelled(AnimaticError):
    """Somebody took a waiting job back; `by` is the user's id, None for an admin who is not named."""

    by: int | None
    code = "cancelled"


@dataclass(eq=False)
class StoryboardStopped(AnimaticError):
    """A shot was to go on from one that ended badly; `shot` is which one that was, counted from 1."""

    shot: int
    code = "storyboard_stopped"


class ServerLeft(AnimaticError):
    """The bot was removed from the server while a job waited."""

    code = "server_left"


@dataclass(eq=False)
class JobFailed(AnimaticError):
    """A job ended after it was accepted; `reason` is a provider error's kind or one of our own words.

    Not `final` when the provider did not say so itself: then it is rechecked for a while.
    """

    reason: str
    provider: str
    final: bool = True
    code = "job_failed"

    @property
    def may_be_made(self) -> bool:
        """Tell whether the provider never said that it failed, or that it does not know it."""
        return not self.final and self.reason != ErrorKind.NOT_FOUND


class ErrorKind(StrEnum):
    """Classify what a provider said (providers.md, section 7)."""

    INVALID_REQUEST = "invalid_request"
    AUTH = "auth"
    FORBIDDEN = "forbidden"
    """Turned away, in words that nobody knows: the prompt, the picture and our account are all possible."""
    INSUFFICIENT_BALANCE = "insufficient_balance"
    ACCOUNT_BLOCKED = "account_blocked"
    MODERATED_PROMPT = "moderated_prompt"
    MODERATED_IMAGE = "moderated_image"
    BAD_IMAGE_LINK = "bad_image_link"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    QUEUE_FULL = "queue_full"
    UPSTREAM = "upstream"
    JOB_TIMEOUT = "job_timeout"
    RESULT_MISSING = "result_missing"
    BAD_RESPONSE = "bad_response"
    UNREACHABLE = "unreachable"
    OUTCOME_UNKNOWN = "outcome_unknown"


Accepted = Literal["no", "yes", "maybe"]

TRANSIENT = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.QUEUE_FULL, ErrorKind.UNREACHABLE})
"""The refusals that pass by themselves: a job that met one waits and is submitted again."""


@dataclass(eq=False)
class ProviderError(AnimaticError):
    """Carry one classified provider failure.

    `accepted` says whether the job may be running there: only "no" may be submitted again by itself.
    `message` is the vendor's own words, for the log; `retry_after` is in seconds. A `presumed` kind is not
    told by these words, but is what is left.
    """

    kind: ErrorKind
    accepted: Accepted
    message: str = ""
    http_status: int | None = None
    retry_after: float | None = None
    presumed: bool = False
    code = "provider"

    @property
    def is_transient(self) -> bool:
        """Tell whether the same submit may be tried again later by itself."""
        return self.accepted == "no" and self.kind in TRANSIENT


@dataclass(eq=False)
class ResultError(AnimaticError):
    """A finished clip or image could not be fetched; `final` when trying again cannot help."""

    problem: str
    final: bool = False
    code = "result"


@dataclass(eq=False)
class CardError(AnimaticError):
    """A card could not be brought up to date now; trying again may help."""

    problem: str
    code = "card"


class MediaProblem(StrEnum):
    """Say why a bucket does not do what it is asked for."""

    NO_KEYS = "no_keys"
    BAD_KEYS = "bad_keys"
    DENIED = "denied"
    NO_BUCKET = "no_bucket"
    OTHER_REGION = "other_region"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"


class MediaUnavailable(AnimaticError, OSError):
    """Files cannot be kept or read now; `strerror` says why, in words without a key or an address."""

    code = "media_unavailable"

    def __init__(self, problem: MediaProblem, words: str) -> None:
        super().__init__(errno.EIO, words)
        self.problem = problem

    def __str__(self) -> str:
        return self.strerror or self.problem


@dataclass(eq=False)
class JobRemoved(AnimaticError):
    """A job that was to wait again was removed meanwhile: it is to end, refunded."""

    job_id: str
    code = "job_removed"


@dataclass(eq=False)
class LostLease(AnimaticError):
    """Another process has taken the job over: what was in hand must be dropped."""

    job_id: str
    code = "lost_lease"


class SchemaProblem(StrEnum):
    """Say why a database is refused at the start."""

    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"
    OTHER_BOT = "other_bot"
    MOVED = "moved"
    UNFINISHED = "unfinished"


@dataclass(eq=False)
class SchemaRefused(AnimaticError):
    """The database has a schema that this version cannot work with, or its place is another by now."""

    problem: SchemaProblem
    place: str = ""


class MoveProblem(StrEnum):
    """Say why a database cannot be moved."""

    NOT_EMPTY = "not_empty"
    OTHER_COPY = "other_copy"
    IN_USE = "in_use"
    ELSEWHERE = "elsewhere"
    DIFFERENT = "different"


@dataclass(eq=False)
class MoveRefused(AnimaticError):
    """A database cannot be moved; `where` is a table, or the place that it was moved to."""

    problem: MoveProblem
    where: str = ""


@dataclass(eq=False)
class DatabaseError(AnimaticError):
    """The database did not do what it was asked for; `message` is its own, without any value."""

    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(eq=False)
class DatabaseBusy(DatabaseError):
    """Somebody else holds the database, or a row, for too long."""


@dataclass(eq=False)
class DatabaseUnavailable(DatabaseError):
    """The database cannot be reached, read or written, or its disk is full."""


class ConnectProblem(StrEnum):
    """Say why a database server cannot be worked with."""

    HOST = "host"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    LOGIN = "login"
    NO_DATABASE = "no_database"
    TLS = "tls"
    FULL = "full"
    TOO_OLD = "too_old"
    ENCODING = "encoding"
    READ_ONLY = "read_only"
    SHARED = "shared"
    OTHER = "other"


@dataclass(eq=False)
class DatabaseUnreachable(DatabaseUnavailable):
    """No connection to the database can be made that is of use; `problem` says why, `message` more of it."""

    problem: ConnectProblem = ConnectProblem.OTHER


@dataclass(eq=False)
class DatabaseBroken(DatabaseError):
    """The database refuses the statement, or is none of ours."""
