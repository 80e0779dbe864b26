"""What /help says on each of its tabs, and the greeting of a new server; commands in it can be clicked."""

from collections.abc import Callable, Sequence

from bot.domain.credits import Prices
from bot.domain.params import Resolution
from bot.domain.periods import Period
from bot.ui.text import providers
from bot.ui.text.format import format_credits, join_facts, join_list, join_sentences
from bot.ui.text.translate import _

Mention = Callable[[str], str]
"""Writes a command so that it can be clicked, by its name without the slash."""


def pictures_tab() -> str:
    """Label the tab about pictures."""
    return _("Pictures")


def films_tab() -> str:
    """Label the tab about films."""
    return _("Films")


def credits_tab() -> str:
    """Label the tab about credits, and what is kept."""
    return _("Credits")


def pictures(mention: Mention) -> list[str]:
    """Say how pictures are made, and what the buttons below them mean."""
    return [
        _(
            "{imagine} draws four pictures of your words. {blend} mixes two to five pictures, {describe} puts one into "
            "words, and {region} draws a part of one anew."
        ).format(
            imagine=mention("imagine"),
            blend=mention("blend"),
            describe=mention("describe"),
            region=mention("region"),
        ),
        _(
            "The buttons below four pictures count from left to right, top to bottom:\n"
            "**U1** to **U4** take one of them out and draw it larger,\n"
            "**V1** to **V4** draw four new ones like it,\n"
            "🔄 draws all four anew, and ⏩ or ⚡ make a film of one, with less or more motion."
        ),
    ]


def films(mention: Mention) -> list[str]:
    """Say how films are made and how they go on."""
    return [
        _(
            "{video} turns a picture and a few words into short films. The buttons below them go on where one ends, "
            "and {film} joins what belongs together into one."
        ).format(video=mention("video"), film=mention("film")),
        _(
            "{storyboard} makes a film of several shots. The menu *Apps > Animate this image* of any message starts "
            "from a picture in it."
        ).format(storyboard=mention("storyboard")),
        _(
            "{jobs} lists what you asked for, {settings} says what is used where you leave an option out, and "
            "*More…* at the end of each card changes and repeats it."
        ).format(jobs=mention("jobs list"), settings=mention("settings")),
    ]


def credits(mention: Mention, period: Period) -> list[str]:
    """Say what credits are, when they renew and when they come back."""
    match period:
        case Period.DAY:
            renews = _("They renew each day at midnight UTC.")
        case Period.WEEK:
            renews = _("They renew each Monday at midnight UTC.")
        case Period.MONTH:
            renews = _("They renew on the first of each month, at midnight UTC.")
        case Period.NEVER:
            renews = _("They do not renew by themselves; ask an admin for more.")
    return [
        join_sentences(
            _(
                "What is made here is paid for with this server's credits. {credits} shows how many you have left."
            ).format(credits=mention("credits")),
            renews,
        ),
        _("What is refused costs nothing. What fails, or is cancelled while it waits, gives all of its credits back."),
    ]


def private(mention: Mention, makers: Sequence[str], *, has_privacy: bool) -> list[str]:
    """Say what leaves the bot and what stays with it."""
    lines = [
        _("**Sent to {providers}**: your words, the pictures that you give, and your options. Not your name.").format(
            providers=join_list(makers)
        ),
        _(
            "**Kept here**: what you asked for, where and when, what came of it, and what you chose. Moderators of "
            "this server can look at it."
        ),
    ]
    if has_privacy:
        lines.append(_("{privacy} shows and erases what is kept of you.").format(privacy=mention("privacy")))
    return lines


def prices_heading() -> str:
    """Head the prices."""
    return _("**Prices here**")


def picture_prices(provider: str, prices: Prices) -> str:
    """Say what pictures cost at a provider."""
    return _("{provider}: {prices}").format(provider=provider, prices=providers.pictures(prices))


def film_prices(provider: str, prices: Prices, resolutions: Sequence[Resolution]) -> str:
    """Say what films cost at a provider."""
    costs = [providers.clip_cost(prices.clip(size), size) for size in resolutions]
    return _("{provider}: {prices}").format(provider=provider, prices=join_facts(costs))


def first_picture(price: int) -> str:
    """Label the button that makes the first picture, of `bot.domain.prompts.FIRST_PROMPT`."""
    return _("Draw “a paper boat”, {price}").format(price=format_credits(price))


def welcome(name: str, mention: Mention) -> str:
    """Tell a new server how to begin, and its admins what to set first."""
    return _(
        "Hello, I am {name}. {imagine} draws pictures, {video} turns one into short films, and {help} shows how.\n"
        "Admins: begin with {setup}. Set how many credits every member gets, where pictures and films may be made, and "
        "a channel for the mod log; {credits} shows what is left."
    ).format(
        name=name,
        imagine=mention("imagine"),
        video=mention("video"),
        help=mention("help"),
        setup=mention("setup"),
        credits=mention("credits"),
    )
