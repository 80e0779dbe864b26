"""What a member chose for all their requests in a server: pure, standard library only."""

from dataclasses import dataclass, field

from bot.domain.params import Preferences
from bot.domain.pings import Notify


@dataclass(frozen=True)
class MemberSettings:
    """Hold a member's own settings; `options` are used where they were not typed."""

    options: Preferences = field(default_factory=Preferences)
    notify: Notify = Notify.REPLY
    spoiler: bool = False


@dataclass(frozen=True)
class Preset:
    """Hold words that are added to a prompt, and options that are set, under a name of a member's."""

    name: str
    words: str
    options: Preferences = field(default_factory=Preferences)
