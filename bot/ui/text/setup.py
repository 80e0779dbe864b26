"""What the card of /setup says of each of a server's settings."""

from collections.abc import Collection, Sequence

from bot.domain.params import Preferences
from bot.domain.periods import Period
from bot.domain.server_settings import Area
from bot.languages import languages
from bot.ui.markdown import escape, isolated
from bot.ui.text import quotas
from bot.ui.text.format import (
    format_credits,
    format_number,
    join_in_turn,
    join_list,
)
from bot.ui.text.member_settings import options
from bot.ui.text.translate import _, ngettext

MOST_NAMED = 8
"""How many channels, or roles, of a rule the card names."""

WORDS_ROOM = 200
"""Characters of the forbidden words that the card shows."""


def heading() -> str:
    """Say what the card is for."""
    return _("### What this server decides\nEach change counts at once, for what is asked for from now on.")


def change() -> str:
    """Label the button that opens an area's form."""
    return _("Change")


def area_title(area: Area) -> str:
    """Name what is changed together."""
    match area:
        case Area.PICTURES:
            return _("Who may make pictures, and where")
        case Area.FILMS:
            return _("Who may make films, and where")
        case Area.WORDS:
            return _("Forbidden words")
        case Area.LOOK:
            return _("Spoiler and language")
        case Area.DEFAULTS:
            return _("Options that members leave out")
        case Area.CHANNELS:
            return _("Mod log and showcase")
        case Area.CREDITS:
            return _("Credits")
        case Area.PROVIDERS:
            return _("Order of providers")


def channels(ids: Sequence[int], gone: Collection[int]) -> str:
    """Say where something may be made."""
    if not ids:
        return _("In every channel")
    there = [one for one in ids if one not in gone]
    more, missing = len(there) - MOST_NAMED, len(ids) - len(there)
    parts = [f"<#{one}>" for one in there[:MOST_NAMED]]
    if more > 0:
        parts.append(
            ngettext("{number} more channel", "{number} more channels", more).format(number=format_number(more))
        )
    if missing:
        message = ngettext("⚠️ {number} channel that is gone", "⚠️ {number} channels that are gone", missing)
        parts.append(message.format(number=format_number(missing)))
    return _("In {channels}").format(channels=join_list(parts))


def roles(ids: Sequence[int], gone: Collection[int]) -> str:
    """Say who may make something."""
    if not ids:
        return _("By every member")
    there = [one for one in ids if one not in gone]
    more, missing = len(there) - MOST_NAMED, len(ids) - len(there)
    parts = [f"<@&{one}>" for one in there[:MOST_NAMED]]
    if more > 0:
        parts.append(ngettext("{number} more role", "{number} more roles", more).format(number=format_number(more)))
    if missing:
        message = ngettext("⚠️ {number} role that is gone", "⚠️ {number} roles that are gone", missing)
        parts.append(message.format(number=format_number(missing)))
    return _("By members with {roles}").format(roles=join_list(parts))


def words(forbidden: Sequence[str]) -> str:
    """Say which words are forbidden, as far as there is room."""
    if not forbidden:
        return _("None but those of the providers")
    shown = isolated(escape(join_list(forbidden[:50]), WORDS_ROOM, room=2 * WORDS_ROOM))
    return ngettext("{number} word: ||{words}||", "{number} words: ||{words}||", len(forbidden)).format(
        number=format_number(len(forbidden)), words=shown
    )


def spoiler(*, always: bool) -> str:
    """Say whether everything is hidden."""
    return (
        _("All pictures and films are hidden until somebody clicks on them")
        if always
        else _("Pictures and films are hidden as each member chooses")
    )


def language(locale: str | None) -> str:
    """Say in which language everybody is spoken to."""
    return _("Language of what everybody sees: {language}").format(language=language_name(locale))


def language_name(locale: str | None) -> str:
    """Name a language in itself; None follows the server's own at Discord."""
    known = languages().get(locale or "")
    return known.name if known is not None else _("the server's language at Discord")


def defaults(chosen: Preferences) -> str:
    """Say what is used where a member neither types nor chose an option."""
    named = options(chosen)
    return join_list(named) if named else _("As the provider usually does")


def mod_log(channel_id: int | None, gone: Collection[int]) -> str:
    """Say where moderators are told what happens."""
    if channel_id is None:
        return _("Mod log: none; the server's owner is told what cannot wait")
    return _("Mod log: {channel}").format(channel=_channel(channel_id, gone))


def showcase(channel_id: int | None, gone: Collection[int]) -> str:
    """Say where members share results."""
    if channel_id is None:
        return _("Showcase: none")
    return _("Showcase: {channel}").format(channel=_channel(channel_id, gone))


def _channel(channel_id: int, gone: Collection[int]) -> str:
    return _("⚠️ a channel that is gone") if channel_id in gone else f"<#{channel_id}>"


def allowance(credits: int | None, period: Period | None, usual: int, usual_period: Period) -> str:
    """Say what every member gets, and whose word that is."""
    each = usual if credits is None else credits
    if each == 0:
        return quotas.default_set(0, period or usual_period)
    amount = format_credits(each)
    match period or usual_period:
        case Period.DAY:
            message = _("Every member gets {price} each day")
        case Period.WEEK:
            message = _("Every member gets {price} each week")
        case Period.MONTH:
            message = _("Every member gets {price} each month")
        case Period.NEVER:
            message = _("Every member gets {price}, once and for all")
    return message.format(price=amount)


def server_limit(own: int | None, usual: int) -> str:
    """Say what all members together may spend in a period: the smaller of two limits."""
    if own is None and not usual:
        return _("All together may spend as much as they have")
    least = usual if own is None else min(own, usual) if usual else own
    if least == 0:
        return _("All together may spend 0 credits in each period: nobody can spend any")
    message = (
        _("All together may spend {price} in each period; whoever runs me allows no more")
        if usual and least == usual
        else _("All together may spend {price} in each period")
    )
    return message.format(price=format_credits(least))


def providers(ranked: Sequence[str], usual: Sequence[str]) -> str:
    """Say in which order new jobs go to providers."""
    return join_in_turn(dict.fromkeys((*ranked, *usual)))
