"""A server's own rules, held against a job before anything is fetched or reserved for it."""

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.forbidden_words import find_forbidden
from bot.domain.job import Job
from bot.domain.mod_log import EventKind
from bot.domain.periods import Period
from bot.domain.server_settings import Rules
from bot.errors import ForbiddenWords, NotForRoles, NotMadeHere


class ServerRules:
    """Refuse what a server does not have made."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def check(self, job: Job, rules: Rules | None) -> None:
        """Raise `NotMadeHere`, `NotForRoles` or `ForbiddenWords` for a job that the rules, if there are any, forbid."""
        if rules is not None:
            self._check_place(job, rules)
            await self._check_words(job, rules)

    def _check_place(self, job: Job, rules: Rules) -> None:
        rule = rules.for_job(job)
        if not rule.allows_channel(job.asked_channel_id, job.parent_channel_id):
            raise NotMadeHere(job.kind.makes_video, rule.channels)
        if not rule.allows_roles(job.roles):
            raise NotForRoles(job.kind.makes_video, rule.roles)

    async def _check_words(self, job: Job, rules: Rules) -> None:
        """Look at every prompt, whoever wrote it; what is refused for its words is told in the moderators' log."""
        words = find_forbidden(job.params.prompt, rules.forbidden_words)
        if not words:
            return
        strikes = await self._store.strikes.count(job.user_id, Period.DAY.key(self._clock.wall_ms()))
        told = {"member": job.user_id, "job": job.id, "words": list(words), "strikes": strikes}
        await self._store.mod_log.add(job.guild_id, EventKind.WORDS_REFUSED, told, self._clock())
        raise ForbiddenWords(words)
