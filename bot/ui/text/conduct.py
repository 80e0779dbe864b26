"""What moderators are told of a job's maker, and of how a member uses the bot."""

from bot.domain.blocks import Source
from bot.domain.conduct import Conduct
from bot.domain.job import Job, card_link
from bot.providers.registry import title_of
from bot.ui.markdown import escape
from bot.ui.text.format import (
    date_and_time,
    format_credits,
    format_number,
    join_facts,
    join_sentences,
    mention,
    relative_time,
)
from bot.ui.text.terms import kind_of, state_phrase
from bot.ui.text.translate import _, ngettext

PROMPT, PROMPT_ROOM = 1000, 1500
"""Characters of a prompt that is told, as typed and as escaped."""


def conduct(known: Conduct) -> str:
    """Say what a member spent, which prompts of theirs were refused, and whether they are blocked."""
    spent = _("Spent {price} in this period, {number} in all.").format(
        price=format_credits(known.used), number=format_number(known.used_in_all)
    )
    return join_sentences(spent, _strikes(known), _blocked(known))


def _strikes(known: Conduct) -> str:
    if not known.strikes:
        return _("No prompt was ever refused for its words.")
    return ngettext(
        "{number} prompt was refused for its words, {today} of them today.",
        "{number} prompts were refused for their words, {today} of them today.",
        known.strikes,
    ).format(number=format_number(known.strikes), today=format_number(known.strikes_today))


def _blocked(known: Conduct) -> str:
    if known.block is None:
        return ""
    if known.block.source is not Source.MODERATOR:
        return _("Blocked by a quota of 0.")
    if known.block.until_ms is None:
        return _("Blocked without an end.")
    return _("Blocked until {date}.").format(date=date_and_time(known.block.until_ms))


def made_by(job: Job) -> str:
    """Say who asked for a job, when, what and how far it is, and where its card is."""
    message = _("**{member}** asked for job `{job}`, {kind}, {when}; it is {state}: {link}")
    return message.format(
        member=mention(job.user_id),
        job=job.id,
        kind=kind_of(job),
        when=relative_time(job.created_ms),
        state=state_phrase(job),
        link=card_link(job),
    )


def words_of(job: Job) -> str:
    """Show what somebody typed; nothing where they typed nothing."""
    prompt = " ".join(job.params.prompt.split())
    return f"> {escape(prompt, PROMPT, room=PROMPT_ROOM)}" if prompt else ""


def member_id(job: Job) -> str:
    """Give the facts that a name hides: the member's id, what the job cost, and who made it."""
    facts = [_("member `{id}`").format(id=job.user_id), format_credits(job.cost), title_of(job.provider)]
    return join_facts(facts)


def remove_one() -> str:
    """Stand in the menu that removes one of several jobs."""
    return _("Remove…")


def without_words(job: Job) -> str:
    """Name a job of a menu that has no prompt."""
    return kind_of(job)
