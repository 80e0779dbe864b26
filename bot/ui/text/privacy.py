"""What a member is told of what is kept of them, and asked before they are forgotten."""

from collections.abc import Sequence

from bot.providers.registry import title_of
from bot.ui.text.format import format_number, format_size, join_and, join_sentences
from bot.ui.text.translate import _, ngettext


def title() -> str:
    """Name the card."""
    return _("What is kept of you in this server")


def what() -> str:
    """Say what is kept."""
    return _(
        "Your prompts and options, the pictures you sent, what was made of them, and when and in which channel you "
        "asked; your settings, presets and favourites; your credits and what they were spent on; refused prompts, "
        "your reports, and a block with its reason."
    )


def how_long(media_days: int, retention_days: int) -> str:
    """Say for how long; with 0 `retention_days` nothing of a job goes before the rest."""
    files = ngettext(
        "Files stay in the bot's own store for {number} day.",
        "Files stay in the bot's own store for {number} days.",
        media_days,
    ).format(number=format_number(media_days))
    small = _("Small pictures for lists stay as long as their job.")
    prompts = ngettext(
        "Prompts, links and words of a job go {number} day after it has ended.",
        "Prompts, links and words of a job go {number} days after it has ended.",
        retention_days,
    ).format(number=format_number(retention_days))
    rest = _("The rest stays until you are forgotten.")
    gone = _("30 days after the bot was removed from this server, all of it goes.")
    return "\n".join((join_sentences(files, small), *((prompts,) if retention_days else ()), rest, gone))


def where_it_went(providers: Sequence[str]) -> str:
    """Say who else has it."""
    names = join_and([title_of(name) for name in providers])
    return "\n".join(
        (
            _(
                "Prompts and pictures go to the provider that makes the film or picture ({providers}), under its own "
                "rules; your name does not."
            ).format(providers=names),
            _("Cards and results stand on Discord, where everybody in the channel sees them."),
            _("Who runs the bot may have copies of its database and its log for a while."),
        )
    )


def show_me() -> str:
    """Label the button that gives all that is kept."""
    return _("Show me")


def forget_me() -> str:
    """Label the button that asks whether a member is to be forgotten."""
    return _("Forget me")


def forget_me_for_good() -> str:
    """Label the button that forgets a member."""
    return _("Forget me for good")


def keep() -> str:
    """Label the button that takes the question back."""
    return _("Keep everything")


def question() -> str:
    """Ask whether a member is to be forgotten, and say what that does."""
    return "\n".join(
        (
            _("**Forget you in this server, for good?**"),
            _(
                "Your cards and results here are deleted, also your favourite ones, and your prompts, pictures, "
                "settings, presets and favourites. Nothing brings them back."
            ),
            _(
                "What waits is cancelled and its credits come back. What is being made goes on and stays charged, and "
                "nobody will see it."
            ),
            _("What others made from yours stays theirs, without its source."),
            _(
                "Sums stay, without your name. What you spent in this period, a block and refused prompts count until "
                "they end, should you come back."
            ),
        )
    )


def being_forgotten() -> str:
    """Say that it has begun."""
    return _(
        "You are being forgotten here: your cards go as soon as Discord lets me delete them, what is being made when "
        "it has ended. "
        "If you ask for something new, that is kept as for anybody."
    )


def all_of_it(size: int) -> str:
    """Say what the file holds."""
    return _(
        "This is what the bot's database keeps of you in this server ({size}), without the pictures and films "
        "themselves. Only you see it."
    ).format(size=format_size(size))


def being_written() -> str:
    """Say that the file that was asked for before is on its way."""
    return _("Your file is being written: it comes as the answer to your first click. Nothing else is to be done.")


def too_much(limit: int) -> str:
    """Say that the file is too large to be sent."""
    return _(
        "What is kept of you is larger than the {limit} that I may send here, even packed. "
        "Ask who runs the bot: they can read it in the database."
    ).format(limit=format_size(limit))
