"""What /quota answers: what was set, granted and spent, in whole sentences that name the period."""

from bot.domain.blocks import Source
from bot.domain.credits import Allowance, Balance, Usage, UsageReport
from bot.domain.periods import Period
from bot.ui.text.format import (
    date_and_time,
    format_credits,
    format_number,
    join_facts,
    join_sentences,
    mention,
    relative_time,
)
from bot.ui.text.replies import fitting
from bot.ui.text.translate import _, ngettext
from bot.ui.text.usage import charged


def allowance_set(subject: Source, target: str, credits: int, ended: int) -> str:
    """Confirm /quota set; `ended` counts the waiting jobs that were cancelled with it."""
    if credits:
        return _("{target} may spend {price} in each period now.").format(target=target, price=format_credits(credits))
    if subject is Source.ROLE:
        return _(
            "{target} gets no credits now: a member whom no other role gives any is blocked from everything but "
            "/help, /credits and /privacy, unless something is granted to them."
        ).format(target=target)
    blocked = _("{target} is blocked now from everything but /help, /credits and /privacy, whatever was granted.")
    return join_sentences(blocked.format(target=target), waiting_cancelled(ended))


def waiting_cancelled(ended: int) -> str:
    """Say what became of the waiting jobs of somebody who is blocked; nothing where there were none."""
    if not ended:
        return ""
    return ngettext(
        "{number} waiting job of theirs is cancelled and its credits came back; what is being made is delivered.",
        "{number} waiting jobs of theirs are cancelled and their credits came back; what is being made is delivered.",
        ended,
    ).format(number=format_number(ended))


def allowance_cleared(target: str, *, was_set: bool) -> str:
    """Confirm /quota clear."""
    message = (
        _("What was set for {target} is forgotten; their roles or the server's default apply again.")
        if was_set
        else _("Nothing was set for {target}.")
    )
    return message.format(target=target)


def default_set(credits: int, period: Period) -> str:
    """Confirm /quota default, or say what it is."""
    if credits == 0:
        nobody = _(
            "Members get no credits by themselves: whom no rule of yours gives any is blocked from everything but "
            "/help, /credits and /privacy, unless something is granted to them."
        )
        return join_sentences(nobody, _rules_renew(period))
    match period:
        case Period.DAY:
            message = _("Every member gets {price} each day, unless you set something else for them or a role.")
        case Period.WEEK:
            message = _("Every member gets {price} each week, unless you set something else for them or a role.")
        case Period.MONTH:
            message = _("Every member gets {price} each month, unless you set something else for them or a role.")
        case Period.NEVER:
            message = _(
                "Every member gets {price}, once and for all, unless you set something else for them or a role."
            )
    return message.format(price=format_credits(credits))


def _rules_renew(period: Period) -> str:
    match period:
        case Period.DAY:
            return _("What you set for a member or a role, they get each day.")
        case Period.WEEK:
            return _("What you set for a member or a role, they get each week.")
        case Period.MONTH:
            return _("What you set for a member or a role, they get each month.")
        case Period.NEVER:
            return _("What you set for a member or a role, they get once and for all.")


def default_cleared(credits: int, period: Period, *, was_set: bool) -> str:
    """Confirm /quota clear of everyone, and say what applies again."""
    what = _("What was set for everyone is forgotten.") if was_set else _("Nothing was set for everyone.")
    return join_sentences(what, default_set(credits, period))


def granted(target: str, credits: int, balance: Balance) -> str:
    """Confirm /quota grant; the server's own limit still counts."""
    message = _("{target} got {price} on top for this period and has {left} left.")
    what = message.format(target=target, price=format_credits(credits), left=format_number(balance.left))
    server = ""
    if balance.server_left is not None:
        server = _("The whole server's limit still counts: it has {left} left.").format(
            left=format_number(balance.server_left)
        )
    return join_sentences(what, server)


def usage(report: UsageReport) -> str:
    """Tell what applies to everybody, who spent most in this period, and what admins have set."""
    lines = [default_set(report.default, report.period), join_sentences(_spent(report), _ends(report.renews_ms))]
    lines += [_usage(row) for row in report.members]
    if report.rules:
        lines.append(_("Set by admins, for each period:"))
        lines += [_rule(rule) for rule in report.rules]
    return fitting(lines)


def _spent(report: UsageReport) -> str:
    match bool(report.used), report.server_cap:
        case True, None:
            message = _("The server has spent {price} in this period, and nothing limits it as a whole.")
        case False, None:
            message = _("Nobody has spent any credits in this period, and nothing limits the server as a whole.")
        case True, _:
            message = _("The server has spent {used} of its {limit} in this period.")
        case _:
            message = _("Nobody has spent any of the server's {limit} in this period.")
    return message.format(
        used=format_number(report.used),
        price=format_credits(report.used),
        limit=format_credits(report.server_cap or 0),
    )


def _ends(renews_ms: int | None) -> str:
    if renews_ms is None:
        return _("The period never ends.")
    return _("It ends {when}, {date}.").format(when=relative_time(renews_ms), date=date_and_time(renews_ms))


def _usage(row: Usage) -> str:
    jobs = ngettext("{number} job", "{number} jobs", row.jobs).format(number=format_number(row.jobs))
    facts = [_("{price} in {jobs}").format(price=format_credits(row.used), jobs=jobs)]
    facts += [_("{number} granted").format(number=format_number(row.granted))] if row.granted else []
    facts += [charged(provider, amount) for provider, amount in row.charged]
    return _("{member}: {facts}").format(member=mention(row.user_id), facts=join_facts(facts))


def _rule(rule: Allowance) -> str:
    target = f"<@&{rule.subject_id}>" if rule.subject == Source.ROLE else mention(rule.subject_id)
    if rule.credits == 0 and rule.subject == Source.MEMBER:
        return _("{target}: blocked").format(target=target)
    return _("{target}: {price}").format(target=target, price=format_credits(rule.credits))
