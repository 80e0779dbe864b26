"""What commands answer when all went well."""

from collections.abc import Sequence

from bot.domain.credits import Balance
from bot.domain.job import Job, State
from bot.ui.markdown import escape
from bot.ui.text.format import (
    date_and_time,
    escape_for_sentence,
    format_credits,
    format_number,
    join_in_turn,
    join_sentences,
    mention,
    relative_time,
)
from bot.ui.text.terms import kind_of, state_phrase
from bot.ui.text.translate import _, ngettext

MAX_MESSAGE = 2000
"""Characters of one plain message on Discord."""


def kept_words() -> str:
    """Say where to find what was typed into a form that was refused."""
    return _("What you typed is in this file.")


def renews(renews_ms: int | None) -> str:
    """Say when credits renew."""
    if renews_ms is None:
        return _("They do not renew by themselves; ask an admin for more.")
    return _("They renew {when}, {date}.").format(when=relative_time(renews_ms), date=date_and_time(renews_ms))


def credits_balance(balance: Balance, whose: int | None = None) -> str:
    """Say what somebody has left; `whose` is None for the requester."""
    left = _own_balance(balance) if whose is None else _balance_of(whose, balance)
    server = ""
    if balance.server_left is not None:
        server = _("The whole server has {left} left.").format(left=format_number(balance.server_left))
    return join_sentences(left, _renews(balance), server)


def _renews(balance: Balance) -> str:
    """Say what of a balance renews: an allowance does, what was granted on top ends with its period."""
    if not balance.granted or balance.renews_ms is None:
        return renews(balance.renews_ms if balance.cap else None)
    message = (
        _("{allowance} of them renew {when}, {date}; what was granted ends then.")
        if balance.cap
        else _("What was granted ends {when}, {date}; ask an admin for more.")
    )
    return message.format(
        allowance=format_number(balance.cap),
        when=relative_time(balance.renews_ms),
        date=date_and_time(balance.renews_ms),
    )


def _own_balance(balance: Balance) -> str:
    if balance.cap == 0 and balance.granted == 0:
        return _("You have no credits in this server.")
    message = (
        _("You have {left} of {total} credits left, {granted} of them granted on top.")
        if balance.granted
        else _("You have {left} of {total} credits left.")
    )
    return message.format(
        left=format_number(balance.left),
        total=format_number(balance.total),
        granted=format_number(balance.granted),
    )


def _balance_of(user_id: int, balance: Balance) -> str:
    if balance.cap == 0 and balance.granted == 0:
        return _("{member} has no credits in this server.").format(member=mention(user_id))
    message = (
        _("{member} has {left} of {total} credits left, {granted} of them granted on top.")
        if balance.granted
        else _("{member} has {left} of {total} credits left.")
    )
    return message.format(
        member=mention(user_id),
        left=format_number(balance.left),
        total=format_number(balance.total),
        granted=format_number(balance.granted),
    )


def admin_unknown(jobs: Sequence[Job]) -> str:
    """List the jobs of which nobody knows whether the provider has them."""
    if not jobs:
        return _("No job is in doubt: each one was answered for.")
    return fitting(
        [
            _("The provider never answered for these. Look for them in its own list of jobs, by time and prompt:"),
            *map(_unconfirmed, jobs),
            _("**/admin adopt** takes the provider's id for one, **/admin giveup** strikes one off."),
        ]
    )


def _unconfirmed(job: Job) -> str:
    message = (
        _("`{job}` by {member}, sent {when} to {provider}, looked for: “{prompt}”")
        if job.state is State.SUBMITTING
        else _("`{job}` by {member}, sent {when} to {provider}, refunded: “{prompt}”")
    )
    return message.format(
        job=job.id,
        member=mention(job.user_id),
        when=date_and_time(job.submitted_ms or job.created_ms),
        provider=job.provider,
        prompt=escape_for_sentence(job.params.prompt),
    )


def admin_undelivered(jobs: Sequence[Job]) -> str:
    """List what was paid and did not reach its member."""
    if not jobs:
        return _("Everything that was paid for here was delivered.")
    return fitting(
        [
            _("These were paid for, and not delivered:"),
            *map(_undelivered, jobs),
            _(
                "**/admin adopt** takes up one that was given up, with its id at the provider; "
                "**/admin giveup** strikes one off."
            ),
        ]
    )


def _undelivered(job: Job) -> str:
    message = (
        _("`{job}` by {member}, made {when}: {command} shows it: “{prompt}”")
        if job.state is State.DONE
        else _("`{job}` by {member}, given up {when} and refunded, `{remote_id}` at {provider}: “{prompt}”")
    )
    return message.format(
        job=job.id,
        member=mention(job.user_id),
        when=date_and_time(job.finished_ms or job.created_ms),
        command=f"`/jobs show id:{job.id}`",
        remote_id=job.remote_id,
        provider=job.provider,
        prompt=escape_for_sentence(job.params.prompt),
    )


def admin_adopted(job: Job, remote_id: str) -> str:
    """Confirm /admin adopt."""
    message = _("Job {job} is {remote_id} at {provider} now; its card goes on.")
    return message.format(job=job.id, remote_id=escape(remote_id), provider=job.provider)


def admin_given_up(job: Job) -> str:
    """Confirm /admin giveup."""
    if job.state is State.DONE:
        return _("Job {job} is struck off; what is kept of it stays for its member.").format(job=job.id)
    message = _("Job {job} is struck off; its credits are back with {member}.")
    return message.format(job=job.id, member=mention(job.user_id))


def admin_providers(titles: Sequence[str], *, changed: bool) -> str:
    """Confirm /admin providers, or tell the order."""
    message = (
        _("New jobs go to {providers}: each to the first that is well and has what was asked for.")
        if changed
        else _("As it is, new jobs go to {providers}: each to the first that is well and has what was asked for.")
    )
    return message.format(providers=join_in_turn(titles))


def cancelled(returned: int) -> str:
    """Confirm a cancel to whoever clicked."""
    if not returned:
        return _("Cancelled. Nothing was charged.")
    return ngettext("Cancelled. {price} came back.", "Cancelled. All {price} came back.", returned).format(
        price=format_credits(returned)
    )


def seed(seed: str | None) -> str:
    """Tell the seed of some pictures."""
    if not seed:
        return _("The seed is **unknown**: `--seed 0`")
    return _("The seed is **{seed}**: `--seed {seed}`").format(seed=seed)


def known_seed(found: str, job_id: str) -> str:
    """Tell a seed that was found before."""
    note = _("of the pictures of job {job}; it was found before, so nothing was charged.").format(job=job_id)
    return f"{seed(found)}\n-# {note}"


def owner_synced(number: int, *, here: bool) -> str:
    """Confirm the owner's sync."""
    message = (
        ngettext("{number} command registered in this server.", "{number} commands registered in this server.", number)
        if here
        else ngettext(
            "{number} command registered everywhere; Discord may take a while to show them.",
            "{number} commands registered everywhere; Discord may take a while to show them.",
            number,
        )
    )
    return message.format(number=format_number(number))


def owner_jobs(jobs: Sequence[Job]) -> str:
    """List the jobs that have not ended, for the owner."""
    if not jobs:
        return _("No job is under way.")
    return fitting(
        [
            _("`{job}` {state}, {kind} by {member} at {provider}").format(
                job=job.id,
                state=state_phrase(job),
                kind=kind_of(job),
                member=mention(job.user_id),
                provider=job.provider,
            )
            for job in jobs
        ]
    )


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > MAX_MESSAGE - 10:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)
