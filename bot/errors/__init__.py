"""Everything that can go wrong, as one tree; errors carry data, and `text.explain` turns them into sentences.

AnimaticError
+-- SettingsError               the start ends with one sentence that names the setting
+-- Refused                     turned down before anything was reserved
|   +-- EmptyPrompt
|   +-- PromptTooLong
|   +-- BadPicture              `problem` says which check failed
|   +-- BadMask                 a mask of another size, with grey, or all black
|   +-- SinglePictureNeeded     a mask for four pictures
|   +-- PictureGone             a mask for a picture that is not kept any more
|   +-- PreviewGone             a mask that is not kept any more
|   +-- PreviewUsed             one that was redrawn already
|   +-- NotYourPreview          somebody else's
|   +-- EndImageWithLoop
|   +-- Unsupported             an option that the provider lacks
|   +-- NoProviderHas           options that no provider has together
|   +-- StartNeeded             no picture to start from, or two
|   +-- BadSource               words that name no picture
|   +-- NoSuchPicture           a named one that is not there for the asker
|   +-- AnimateAlone            animation that only a provider's own pictures have
|   +-- NoPictureThere          a message without one
|   +-- SightingGone            a form about pictures that are not remembered
|   +-- NoPictures              no provider makes pictures
|   +-- NotOffered              a button that a picture does not offer
|   +-- BlendCount              one picture to blend, or six
|   +-- BannedWords             words that the provider forbids
|   +-- TooManyStrikes          too many of those in one day
|   +-- NoProvider              of an old job, switched off meanwhile
|   +-- NoSuchProvider          a typed one that is not on offer
|   +-- TooFewCredits           the member's
|   +-- ServerOutOfCredits      the whole server's
|   +-- CannotPost              the bot lacks permissions in the channel
|   +-- NotInServer
|   +-- ServerNotAllowed
|   +-- NotAllowed              the member lacks a permission
|   +-- NoSuchClip              an extend of something that is not there
|   +-- AlreadyMaking           the same click is still being made
|   +-- NotYours                cancelling what somebody else asked for
|   +-- TooLateToCancel         the provider has it already
|   +-- NotLost                 an admin's rescue of a job that needs none
|   +-- NotAdoptable            the id that an admin named is not that job's
|   +-- CannotShow              /jobs show of a job that is unknown, unfinished, or whose files are gone
+-- Cancelled                   taken back while it waited
+-- UnknownCharge               the provider never said whether it took the job; all credits went back
+-- JobFailed                   ended after it was accepted; all credits went back
+-- ProviderError               classified by kind and by whether the job may have been accepted
+-- ResultError                 a finished clip or picture that could not be fetched
+-- CardError                   Discord could not be told; it may pass
+-- LostLease                   another process has taken the job over
"""

from bot.errors.base import (
    AnimaticError,
    SettingsError,
)
from bot.errors.failures import (
    PASSING,
    Accepted,
    Cancelled,
    CardError,
    ErrorKind,
    JobFailed,
    LostLease,
    ProviderError,
    ResultError,
    UnknownCharge,
)
from bot.errors.refusals import (
    AlreadyMaking,
    AnimateAlone,
    BadPicture,
    BadSource,
    BannedWords,
    BlendCount,
    CannotPost,
    CannotShow,
    EmptyPrompt,
    EndImageWithLoop,
    NoPictures,
    NoPictureThere,
    NoProvider,
    NoProviderHas,
    NoSuchClip,
    NoSuchPicture,
    NoSuchProvider,
    NotAdoptable,
    NotAllowed,
    NotInServer,
    NotLost,
    NotOffered,
    NotYours,
    PictureProblem,
    PromptTooLong,
    Refused,
    ServerNotAllowed,
    ServerOutOfCredits,
    SightingGone,
    StartNeeded,
    TooFewCredits,
    TooLateToCancel,
    TooManyStrikes,
    Unsupported,
)
from bot.errors.regions import (
    BadMask,
    MaskProblem,
    NotYourPreview,
    PictureGone,
    PreviewGone,
    PreviewUsed,
    SinglePictureNeeded,
)

__all__ = [
    "PASSING",
    "Accepted",
    "AlreadyMaking",
    "AnimateAlone",
    "AnimaticError",
    "BadMask",
    "BadPicture",
    "BadSource",
    "BannedWords",
    "BlendCount",
    "Cancelled",
    "CannotPost",
    "CannotShow",
    "CardError",
    "EmptyPrompt",
    "EndImageWithLoop",
    "ErrorKind",
    "JobFailed",
    "LostLease",
    "MaskProblem",
    "NoPictureThere",
    "NoPictures",
    "NoProvider",
    "NoProviderHas",
    "NoSuchClip",
    "NoSuchPicture",
    "NoSuchProvider",
    "NotAdoptable",
    "NotAllowed",
    "NotInServer",
    "NotLost",
    "NotOffered",
    "NotYourPreview",
    "NotYours",
    "PictureGone",
    "PictureProblem",
    "PreviewGone",
    "PreviewUsed",
    "PromptTooLong",
    "ProviderError",
    "Refused",
    "ResultError",
    "ServerNotAllowed",
    "ServerOutOfCredits",
    "SettingsError",
    "SightingGone",
    "SinglePictureNeeded",
    "StartNeeded",
    "TooFewCredits",
    "TooLateToCancel",
    "TooManyStrikes",
    "UnknownCharge",
    "Unsupported",
]
