"""What things cost in credits, and what somebody has left of them: pure, standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.job import Kind
from bot.domain.params import JobParams, Resolution
from bot.domain.periods import Period


@dataclass(frozen=True)
class Prices:
    """Hold what things cost in credits.

    One clip by its resolution; four pictures, one larger picture, a description and a seed.
    """

    sd: int = 2
    hd: int = 6
    image: int = 1
    upscale: int = 1
    describe: int = 1
    seed: int = 0

    def job(self, kind: Kind, params: JobParams) -> int:
        """Price a whole job."""
        match kind:
            case Kind.VIDEO | Kind.EXTEND:
                return self.clips(params.clips, params.resolution)
            case Kind.DESCRIBE:
                return self.describe
            case Kind.SEED:
                return self.seed
            case _:
                return self.upscale if params.clips == 1 else self.image

    def clip(self, resolution: Resolution) -> int:
        """Price one clip."""
        return self.hd if resolution is Resolution.HD else self.sd

    def clips(self, count: int, resolution: Resolution) -> int:
        """Price a whole job: clips times the price of one."""
        return count * self.clip(resolution)


@dataclass(frozen=True)
class PriceList:
    """Hold the prices at each provider; `usual` are those where nothing else was set."""

    usual: Prices = field(default_factory=Prices)
    own: Mapping[str, Prices] = field(default_factory=dict[str, Prices])

    def at(self, provider: str) -> Prices:
        """Give a provider's prices."""
        return self.own.get(provider, self.usual)


@dataclass(frozen=True)
class Balance:
    """Hold what a member may still spend in this period; the server's side is None where nothing limits it.

    `base` is what was used beyond the grants when the last one came.
    """

    left: int
    used: int
    cap: int
    granted: int
    renews_ms: int | None
    period: Period
    server_left: int | None = None
    base: int = 0

    @property
    def total(self) -> int:
        """Tell how many credits this period holds, spent ones included."""
        return max(self.cap, self.base) + self.granted

    @property
    def spendable(self) -> int:
        """Tell what can be spent at once: no more than is left of what all members may spend together."""
        return self.left if self.server_left is None else min(self.left, self.server_left)


@dataclass(frozen=True)
class Usage:
    """Hold one member's spending in a period; `charged` is what each provider says it charged, in its own unit."""

    user_id: int
    used: int
    granted: int
    jobs: int
    charged: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Allowance:
    """Hold what an admin said about one member or role; `subject` is 'member' or 'role'."""

    subject: str
    subject_id: int
    credits: int


@dataclass(frozen=True)
class UsageReport:
    """Hold a server's spending in a period: by members, in all, and what applies there.

    `default` is what every member gets, `server_cap` what all may spend together (None: no limit), `key` names the
    period, `rules` are what admins said about members and roles.
    """

    members: tuple[Usage, ...]
    used: int
    default: int
    period: Period
    renews_ms: int | None
    server_cap: int | None
    key: str
    rules: tuple[Allowance, ...] = ()
