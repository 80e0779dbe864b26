"""What the doctor writes into a channel that it tries, for all who read there."""

from bot.ui.text.translate import _


def click_me() -> str:
    """Label the button that is to be pressed."""
    return _("Press me")


def asks_for_click() -> str:
    """Say what the card is for."""
    return _("**A test of this channel.** Press the button; the messages vanish when it is over.")


def shows_clip() -> str:
    """Say what the clip is for."""
    return _("**A test of this channel.** This message vanishes in a moment.")
