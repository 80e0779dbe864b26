"""What /quota usage tells of a time: in words, on its chart, and for those who cannot see that."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from babel.dates import format_date, format_interval, format_skeleton

from bot.domain.usage import DAY_MS, HOUR_MS, KindGroup, ServerUsage, Stretch, UsageSum
from bot.providers.registry import title_of
from bot.ui.text.format import (
    format_credits,
    format_fraction,
    format_large_number,
    format_number,
    join_sentences,
    join_statements,
    mention,
)
from bot.ui.text.replies import fitting
from bot.ui.text.translate import _, locale, ngettext

MAX_ALTERNATIVE = 1_024
"""Signs that Discord takes of what stands in for a picture."""


def spent_in(usage: ServerUsage, listed: int) -> str:
    """Tell in words who spent most in a time, as many as are listed, and what providers charged."""
    lines = [_("{spent}: {dates}").format(spent=_spent(usage.total), dates=dates(usage.stretch))]
    lines += [
        _("{number}. {member}: {spent}").format(
            number=format_number(number), member=mention(user_id), spent=_spent(one)
        )
        for number, (user_id, one) in enumerate(list(usage.members.items())[:listed], 1)
    ]
    lines += [_("{charge}.").format(charge=one) for one in charges(usage)]
    return fitting(lines)


def nothing_spent(stretch: Stretch) -> str:
    """Say that there is nothing to be drawn."""
    return _("Nobody asked for anything that costs credits in this time ({dates}): there is nothing to draw.").format(
        dates=dates(stretch)
    )


def chart_missing() -> str:
    """Say that the chart is missing."""
    return _("The chart could not be drawn now; the table has all that it would show. Try again later.")


def of_last_year() -> str:
    """Say that chart and table leave out what the words beside them count since ever."""
    return _("The chart and the table are of the last 365 days alone.")


def chart_title(usage: ServerUsage) -> str:
    """Write what stands above a chart."""
    return _spent(usage.total)


def chart_subtitle(stretch: Stretch) -> str:
    """Write what time a chart is of, and how it is cut."""
    if stretch.step_ms == HOUR_MS:
        return _("By hour and kind: {dates}").format(dates=dates(stretch))
    return _("By day and kind: {dates}").format(dates=dates(stretch))


def most_title(number: int) -> str:
    """Write what stands above those who spent most."""
    return ngettext("The {number} member who spent most", "The {number} members who spent most", number).format(
        number=format_number(number)
    )


def kinds_title() -> str:
    """Write what stands above what it was spent on."""
    return _("What it was spent on")


def charged_title() -> str:
    """Write what stands above what providers charged."""
    return _("What providers charged")


def no_charges() -> str:
    """Say that no provider told what it charged."""
    return _("No provider said what it charged.")


def group_name(group: KindGroup) -> str:
    """Name what credits were spent on."""
    match group:
        case KindGroup.FILMS:
            return _("Films")
        case KindGroup.EXTENSIONS:
            return _("Extensions")
        case KindGroup.PICTURES:
            return _("Pictures")
        case KindGroup.WORDS:
            return _("Descriptions and seeds")


def amount(credits: int) -> str:
    """Write credits where there is little room."""
    return format_large_number(credits)


def charges(usage: ServerUsage) -> list[str]:
    """Say what each provider charged, and what that is in credits where it is known."""
    found: list[str] = []
    for provider, one in usage.providers.items():
        if not one.charged:
            continue
        charge, worth = charged(provider, one.charged), usage.in_credits(provider)
        if worth is not None:
            charge = _("{charge}, worth {price}").format(charge=charge, price=format_credits(round(worth)))
        found.append(charge)
    return found


def charge_lines(usage: ServerUsage) -> list[str]:
    """Say the same in lines that are short enough for a chart, and what the jobs took of members there."""
    found: list[str] = []
    for provider, one in usage.providers.items():
        if not one.charged:
            continue
        found.append(charged(provider, one.charged))
        worth, paid = usage.in_credits(provider), format_large_number(one.credits)
        if worth is None:
            found.append(_("for jobs of {paid} credits").format(paid=paid))
        else:
            worth = format_large_number(round(worth))
            found.append(_("worth {worth} credits, for jobs of {paid} credits").format(worth=worth, paid=paid))
    return found


def charged(provider: str, amount: float) -> str:
    """Say what a provider charged, in its unit (providers.md, section 1.2)."""
    match provider:
        case "ttapi":
            message = _("{provider} charged {amount} quota (100 are 1 US dollar)")
        case "apimart":
            message = _("{provider} charged {amount} US dollars")
        case _:
            message = _("{provider} charged {amount}, in the unit of its own price list")
    return message.format(provider=title_of(provider), amount=format_fraction(amount))


def dates(stretch: Stretch) -> str:
    """Name a time by its first and last day; days are those of UTC, as periods are."""
    first, last = (datetime.fromtimestamp(at / 1000, UTC).date() for at in (stretch.start_ms, stretch.end_ms - 1))
    days = format_interval(first, last, "yMMMd", locale=locale())
    # Few fonts have the thin space that stands beside the dash.
    return _("{days} (UTC)").format(days=days.replace("\u2009", " "))


def mark(stretch: Stretch, step_ms: int) -> str:
    """Write a moment below a chart."""
    moment = datetime.fromtimestamp(step_ms / 1000, UTC)
    if stretch.step_ms == HOUR_MS:
        return format_skeleton("HHmm", moment, locale=locale())
    long = stretch.end_ms - stretch.start_ms > 92 * DAY_MS
    return format_skeleton("MMM" if long else "MMMd", moment, locale=locale())


def alternative(usage: ServerUsage, names: Mapping[int, str], listed: int) -> str:
    """Tell what a chart shows to those who cannot see it."""
    busiest = max(usage.stretch.steps, key=usage.credits_at)
    kinds = [_named(group_name(group), one) for group, one in usage.groups.items()]
    members = [
        _named(names.get(user_id) or _unnamed(number), one)
        for number, (user_id, one) in enumerate(list(usage.members.items())[:listed], 1)
    ]
    sentences = [
        _("A chart of what was spent, {dates}: {spent}.").format(dates=dates(usage.stretch), spent=_spent(usage.total)),
        _most_at(usage.stretch, busiest, usage.credits_at(busiest)),
        _("By kind: {kinds}.").format(kinds=join_statements(kinds)),
        *(_("{charge}.").format(charge=one) for one in charges(usage)),
        _("Spent most: {members}.").format(members=join_statements(members)),
    ]
    return _within(sentences)


def _most_at(stretch: Stretch, step_ms: int, credits: int) -> str:
    if stretch.step_ms == HOUR_MS:
        return _("Most in an hour: {price} at {time}.").format(
            price=format_credits(credits), time=mark(stretch, step_ms)
        )
    return _("Most on a day: {price} on {day}.").format(price=format_credits(credits), day=_day(step_ms))


def _within(sentences: Sequence[str]) -> str:
    told = join_sentences(*sentences)
    return told if len(told) <= MAX_ALTERNATIVE else f"{told[: MAX_ALTERNATIVE - 1]}…"


def _named(name: str, one: UsageSum) -> str:
    return _("{name} ({price})").format(name=name, price=format_credits(one.credits))


def _unnamed(number: int) -> str:
    return _("number {number}").format(number=format_number(number))


def _spent(one: UsageSum) -> str:
    jobs = ngettext("{number} job", "{number} jobs", one.jobs).format(number=format_large_number(one.jobs))
    credits = ngettext("{number} credit", "{number} credits", one.credits).format(
        number=format_large_number(one.credits)
    )
    return _("{price} in {jobs}").format(price=credits, jobs=jobs)


def _day(milliseconds: int) -> str:
    return format_date(datetime.fromtimestamp(milliseconds / 1000, UTC), "medium", locale=locale())
