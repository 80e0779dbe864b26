"""What commands answer when all went well."""

from collections.abc import Sequence

from bot.domain.credits import Allowance, Balance, Usage
from bot.domain.job import Job, State
from bot.ui.text.format import escape_for_sentence, pluralize, renews


def credits_balance(balance: Balance, whose: int | None = None) -> str:
    """Say what somebody has left; `whose` is None for the requester."""
    subject = "You have" if whose is None else f"<@{whose}> has"
    extra = f", {balance.granted} of them granted on top" if balance.granted else ""
    line = f"{subject} {balance.left} of {balance.cap + balance.granted} credits left{extra}."
    if balance.cap == 0 and balance.granted == 0:
        line = f"{subject} no credits in this server."
    server = "" if balance.server_left is None else f" The whole server has {balance.server_left} left."
    return f"{line} {renews(balance.renews_ms)}{server}"


def quota_set(target: str, credits: int) -> str:
    """Confirm /quota set."""
    if credits == 0:
        return f"{target} cannot spend any credits now."
    return f"{target} may spend {pluralize(credits, 'credit')} in each period now."


def quota_cleared(target: str, *, was_set: bool) -> str:
    """Confirm /quota clear."""
    if not was_set:
        return f"Nothing was set for {target}."
    return f"What was set for {target} is forgotten; their roles or the server's default apply again."


def quota_default(credits: int, period: str | None) -> str:
    """Confirm /quota default."""
    every = f" each {period}" if period in ("day", "week", "month") else ", once and for all" if period else ""
    return f"Every member gets {pluralize(credits, 'credit')}{every}, unless you set something else for them or a role."


def quota_granted(target: str, credits: int, left: int) -> str:
    """Confirm /quota grant."""
    return f"{target} got {pluralize(credits, 'credit')} on top for this period and has {left} left."


MAX_MESSAGE = 2000
"""Characters of one plain message on Discord."""


def quota_usage(rows: Sequence[Usage], total: int, said: Sequence[Allowance]) -> str:
    """List who spent most in this period, and what admins have set."""
    lines = [f"The server has spent {pluralize(total, 'credit')} in this period."]
    if not total:
        lines = ["Nobody has spent any credits in this period."]
    for row in rows:
        grant = f", {row.granted} granted" if row.granted else ""
        vendor = f", the provider charged {row.vendor:g}" if row.vendor else ""
        lines.append(
            f"<@{row.user_id}>: {pluralize(row.used, 'credit')} in {pluralize(row.jobs, 'job')}{grant}{vendor}"
        )
    if said:
        lines.append("Set by admins, for each period:")
        lines += [f"{_subject(allowance)}: {pluralize(allowance.credits, 'credit')}" for allowance in said]
    return fitting(lines)


def admin_unknown(jobs: Sequence[Job]) -> str:
    """List the jobs of which nobody knows whether the provider has them."""
    if not jobs:
        return "No job is in doubt: each one was answered for."
    lines = ["The provider never answered for these. Look for them in its own list of jobs, by time and prompt:"]
    lines += [
        f"`{job.id}` by <@{job.user_id}>, sent <t:{(job.submitted_ms or job.created_ms) // 1000}:f> "
        f"to {job.provider}, {'looked for' if job.state is State.SUBMITTING else 'refunded'}: "
        f"“{escape_for_sentence(job.params.prompt)}”"
        for job in jobs
    ]
    lines.append("**/admin adopt** takes the provider's id for one, **/admin giveup** strikes one off.")
    return fitting(lines)


def admin_adopted(job: Job, remote_id: str) -> str:
    """Confirm /admin adopt."""
    return f"Job {job.id} is {remote_id} at {job.provider} now; its card goes on."


def admin_given_up(job: Job) -> str:
    """Confirm /admin giveup."""
    return f"Job {job.id} is struck off; its credits are back with <@{job.user_id}>."


def admin_providers(titles: Sequence[str], *, changed: bool) -> str:
    """Confirm /admin providers, or tell the order."""
    order = ", then ".join(titles)
    said = "New jobs go to" if changed else "As it is, new jobs go to"
    return f"{said} {order}: each to the first that is well and has what was asked for."


def cancelled(returned: int) -> str:
    """Confirm a cancel to whoever pressed the button."""
    return f"Cancelled. All {pluralize(returned, 'credit')} came back."


def seed(seed: str | None) -> str:
    """Tell the seed of some pictures."""
    return f"The seed is **{seed or 'unknown'}**: `--seed {seed or 0}`"


def known_seed(found: str, job_id: str) -> str:
    """Tell a seed that was found before."""
    return f"{seed(found)}\n-# of the pictures of job {job_id}; it was found before, so nothing was charged."


def owner_synced(number: int, *, here: bool) -> str:
    """Confirm the owner's sync."""
    where = "in this server" if here else "everywhere; Discord may take a while to show them"
    return f"{pluralize(number, 'command')} registered {where}."


def owner_jobs(jobs: Sequence[Job]) -> str:
    """List the jobs that have not ended, for the owner."""
    if not jobs:
        return "No job is under way."
    return fitting([f"`{job.id}` {job.state}, {job.kind} by <@{job.user_id}> at {job.provider}" for job in jobs])


def _subject(allowance: Allowance) -> str:
    return f"<@&{allowance.subject_id}>" if allowance.subject == "role" else f"<@{allowance.subject_id}>"


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > MAX_MESSAGE - 10:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def welcome(name: str) -> str:
    """Tell a new server how to begin, in two lines."""
    return (
        f"Hello, I am {name}: attach a picture to **/video** and I turn it into short films.\n"
        "Admins: **/quota default** sets what every member may spend; **/credits** shows what is left."
    )
