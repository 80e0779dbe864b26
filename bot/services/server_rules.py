"""A server's own rules, held against a job before anything is fetched or reserved for it."""

from bot.domain.forbidden_words import find_forbidden
from bot.domain.job import Job
from bot.domain.server_settings import Rules
from bot.errors import ForbiddenWords, NotForRoles, NotMadeHere


def check_rules(job: Job, rules: Rules | None) -> None:
    """Raise `NotMadeHere`, `NotForRoles` or `ForbiddenWords` for a job that the rules, if there are any, forbid.

    Every prompt is looked at, whoever wrote it and for whichever kind of job.
    """
    if rules is None:
        return
    rule = rules.for_job(job)
    if not rule.allows_channel(job.asked_channel_id, job.parent_channel_id):
        raise NotMadeHere(job.kind.makes_video, rule.channels)
    if not rule.allows_roles(job.roles):
        raise NotForRoles(job.kind.makes_video, rule.roles)
    if words := find_forbidden(job.params.prompt, rules.forbidden_words):
        raise ForbiddenWords(words)
