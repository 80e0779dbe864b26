"""Discord's permissions, named as its own settings do."""

from bot.ui.text.translate import _


def permission_name(permission: str) -> str:
    """Name a permission, given by discord.py's word for it."""
    match permission:
        case "view_channel":
            return _("View Channel")
        case "send_messages":
            return _("Send Messages")
        case "send_messages_in_threads":
            return _("Send Messages in Threads")
        case "attach_files":
            return _("Attach Files")
        case "read_message_history":
            return _("Read Message History")
        case "manage_messages":
            return _("Manage Messages")
        case "moderate_members":
            return _("Moderate Members")
        case "manage_server" | "manage_guild":
            return _("Manage Server")
        case _:
            return permission.replace("_", " ").title()
