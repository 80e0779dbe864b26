"""The sentences of the showcase: on shared results and on a week's best, and to whoever shares one, or cannot."""

from collections.abc import Mapping
from typing import Any

from bot.domain.job import Job
from bot.domain.showcase import FILM
from bot.errors import HiddenPlace
from bot.ui.text.format import (
    escape_for_sentence,
    format_number,
    format_size,
    join_each_and,
    join_facts,
    join_sentences,
    mention,
)
from bot.ui.text.translate import _, ngettext


def credit(job: Job) -> str:
    """Say what is shared, and who made it."""
    if job.kind.makes_video:
        return _("**Film** by {member}").format(member=mention(job.user_id))
    return _("**Picture** by {member}").format(member=mention(job.user_id))


def alt_text(job: Job) -> str:
    """Describe a shared file."""
    return _("A shared film") if job.kind.makes_video else _("A shared picture")


def origin(provider: str, card: str, job_id: str, slot: int) -> str:
    """Say who made a shared result, and lead to its card; what it is called stays last in every language."""
    return join_facts(
        [
            _("made by {provider}").format(provider=provider),
            _("[card]({link})").format(link=card),
            _("shared {result}").format(result=reference(job_id, slot)),
        ]
    )


def reference(job_id: str, slot: int) -> str:
    """Name a shared result as its message ends, so that it can be told from all others."""
    return f"`{job_id}#film`" if slot == FILM else f"`{job_id}#{slot + 1}`"


def too_large(size: int, link: str) -> str:
    """Say where a result is to be seen that Discord does not take; bytes."""
    return _("It is {size}, too large for this chat: [watch it here]({link})").format(size=format_size(size), link=link)


def which() -> str:
    """Ask which result is to be shared."""
    return _("Which one do you want to share? They count left to right, top to bottom.")


def which_shot() -> str:
    """Ask what of a storyboard is to be shared."""
    return _("What do you want to share: the whole film, or one of its shots?")


def film() -> str:
    """Name the button that shares a storyboard's whole film."""
    return _("The film")


def question(channel_id: int, place: HiddenPlace) -> str:
    """Ask before something leaves a place that not everybody sees."""
    match place:
        case "thread":
            where = _("You made this in a private thread.")
        case "channel":
            where = _("You made this in a channel that not everybody sees.")
        case "gone":
            where = _("The channel where you made this is gone, or I cannot see it.")
    what = _("Everybody who reads {channel} will see it, with your prompt and your name. Share it?")
    return join_sentences(where, what.format(channel=_channel(channel_id)))


def yes() -> str:
    """Name the button that says so."""
    return _("Share it")


def shared(link: str) -> str:
    """Say where a result is shared, now or since before."""
    return _("It is in the showcase: {link}").format(link=link)


def being_shared(channel_id: int) -> str:
    """Say that it was asked for a moment ago."""
    return _("It is being shared just now. It will appear in {channel}.").format(channel=_channel(channel_id))


def best_title() -> str:
    """Head a week's best."""
    return _("**The best of the week**")


def best_line(place: int, job: Job, link: str, stars: int) -> str:
    """Name one of a week's best: whose it is, where it is, and how many members starred it."""
    starred = ngettext("{number} star", "{number} stars", stars).format(number=format_number(stars))
    sentence = (
        _("{place}. [Film]({link}) by {member}, {stars}")
        if job.kind.makes_video
        else _("{place}. [Picture]({link}) by {member}, {stars}")
    )
    return sentence.format(place=format_number(place), link=link, member=mention(job.user_id), stars=starred)


def best_origin(week: str) -> str:
    """Say how the best are found; the week stays last in every language, for a message is told by it."""
    return _("by the stars of members, a maker's own left out, {week}").format(week=week_reference(week))


def week_reference(week: str) -> str:
    """Name a week as the message with its best ends."""
    return f"`{week}`"


def cannot_share(data: Mapping[str, Any]) -> tuple[str, str]:
    """Say why a result is not shared, and what to do instead."""
    job = escape_for_sentence(data["job_id"])
    match data["why"]:
        case "no_showcase":
            return _("This server has no showcase."), _("An admin can name a channel for it with /setup.")
        case "no_channel":
            what = _("The channel of this server's showcase is gone, or I cannot see it.")
            return what, _("An admin can name another one with /setup.")
        case "no_permission":
            what = _("I lack {permissions} in the showcase.").format(permissions=join_each_and(data["missing"]))
            return what, _("Ask an admin to allow it.")
        case "not_yours":
            return _("Only who made something, or a moderator, may share it."), _("Share something of your own.")
        case "private":
            return _only_its_maker(data["place"]), _("Ask them to.")
        case "gone":
            what = _("What job {job} made is no longer kept here, so I cannot share it.").format(job=job)
            return what, _("Make it anew, and share that.")
        case "too_large":
            what = _("It is too large for this chat, and I have no other way to show it.")
            return what, _("Share a smaller one, or ask whoever runs me to set PUBLIC_URL.")
        case "deleted":
            what = _("This was in the showcase before, and somebody deleted it there.")
            return what, _("A moderator can share it again.")
        case _:
            return _("Job {job} has made nothing yet that can be shared.").format(job=job), _("Wait until it is ready.")


def _only_its_maker(place: HiddenPlace) -> str:
    match place:
        case "thread":
            return _("This was made in a private thread, so only its maker may share it.")
        case "channel":
            return _("This was made in a channel that not everybody sees, so only its maker may share it.")
        case "gone":
            return _("The channel where this was made is gone, or I cannot see it, so only its maker may share it.")


def _channel(channel_id: int) -> str:
    return f"<#{channel_id}>"
