"""What a server and a member spent, summed up by the database."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

from bot.db.database import Database, Row
from bot.db.member_ids import EVERYWHERE, MemberIds
from bot.domain.job import Kind
from bot.domain.usage import KindGroup, MemberInfo, ServerUsage, Stretch, UsageSum

Key = TypeVar("Key", int, str)

_SUMS = "cast(sum(credits) as bigint) as credits, count(*) as jobs, sum(charged) as charged"


class UsageRepository:
    """Sum up."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def of_server(self, guild_id: int, stretch: Stretch, period: str | None = None) -> ServerUsage:
        """Tell what was spent on the jobs that were asked for in a time: a piece after the other, for others wait.

        Of a `period`, by its key, all that was charged in it counts and nothing else, as in its accounts; when it was
        asked for only says in which step it stands.
        """
        steps: defaultdict[tuple[int, KindGroup], UsageSum] = defaultdict(UsageSum)
        members: defaultdict[int, UsageSum] = defaultdict(UsageSum)
        providers: defaultdict[str, UsageSum] = defaultdict(UsageSum)
        for piece in stretch.pieces() if period is None else [stretch.with_strays()]:
            for row in await self._sums(guild_id, piece, period):
                found = UsageSum(row["credits"], row["jobs"], row["charged"])
                match row["sums_of"]:
                    case "step":
                        step = stretch.step_of(row["number"] * stretch.step_ms)
                        steps[step, KindGroup.of(Kind(row["name"]))] += found
                    case "member":
                        members[row["number"]] += found
                    case _:
                        providers[row["name"]] += found
        return ServerUsage(stretch, dict(steps), _most_first(members), _most_first(providers))

    async def _sums(self, guild_id: int, piece: Stretch, period: str | None) -> list[Row]:
        """Sum up what was charged, less what was given back, in three ways at once."""
        return await self._db.fetch(
            f"""with spent as (
                   select job.created_ms / $4 as step, job.kind, job.user_id, job.provider,
                       job.cost + coalesce(ledger.amount, 0) as credits,
                       coalesce(cast(job.provider_cost as double precision), 0) as charged
                   from job left join ledger on ledger.job_id = job.id and ledger.kind in ('settle', 'refund')
                   where job.guild_id = $1 and job.period is not null and job.created_ms >= $2 and job.created_ms < $3
                       and (cast($5 as text) is null or job.period = cast($5 as text)))
               select 'step' as sums_of, step as number, kind as name, {_SUMS} from spent group by step, kind
               union all
               select 'member', user_id, '', {_SUMS} from spent group by user_id
               union all
               select 'provider', 0, provider, {_SUMS} from spent group by provider""",
            guild_id,
            piece.start_ms,
            piece.end_ms,
            piece.step_ms,
            period,
        )

    async def of_member(self, guild_id: int, user_id: int, day: str, period: str) -> MemberInfo:
        """Tell how a member stands; `day` is this one in UTC, and `period` the present one's key.

        What stands under the hash of who was forgotten is theirs as long as it counts, and nobody's afterwards.
        """
        here = await self._ids.of(self._db, guild_id, user_id)
        everywhere = await self._ids.of(self._db, EVERYWHERE, user_id)
        # The plus signs keep planners from a member's whole past: few jobs are under way.
        [row] = await self._db.fetch(
            """select
                   (select count(*) from job where state not in ('done', 'failed')
                       and state in ('submitting', 'running', 'ready') and +guild_id = $1 and +user_id = $2) as running,
                   (select count(*) from job where guild_id = $1 and user_id = $2
                       and state in ('received', 'queued')) as waiting,
                   (select count(*) from job where guild_id = $1 and user_id = $2) as jobs,
                   (select count(*) from job where guild_id = $1 and user_id = $2
                       and kind in ('video', 'extend')) as films,
                   (select count(*) from job where guild_id = $1 and user_id = $2
                       and kind in ('imagine', 'action', 'blend', 'region')) as pictures,
                   (select cast(coalesce(sum(used), 0) as bigint) from account
                       where guild_id = $1 and user_id in ($2, $4) and (user_id = $2 or period = $6)) as spent,
                   (select count(*) from favourite where guild_id = $1 and user_id = $2) as favourites,
                   (select count(*) from strike where user_id in ($2, $5) and (user_id = $2 or day = $3)
                       and (select job.guild_id from job where job.id = strike.job_id) = $1) as strikes,
                   (select count(*) from strike where user_id in ($2, $5) and day = $3) as strikes_today""",
            guild_id,
            user_id,
            day,
            here.hashed,
            everywhere.hashed,
            period,
        )
        return MemberInfo(**dict(row))


def _most_first(sums: Mapping[Key, UsageSum]) -> dict[Key, UsageSum]:
    return dict(sorted(sums.items(), key=lambda one: (-one[1].credits, one[0])))
