"""A person's Discord client: what it offers, what it sends, what it shows."""

from __future__ import annotations

from typing import Any

from sandbox.discord.accounts import Account
from sandbox.discord.channels import DirectChannel
from sandbox.discord.commands import (
    BOT_DM_CONTEXT,
    CHAT_INPUT,
    GUILD_CONTEXT,
    MESSAGE_COMMAND,
    USER_COMMAND,
    descend,
)
from sandbox.discord.components import BUTTON, SELECTS, walk
from sandbox.discord.errors import NotOffered, comma_list, describe_range
from sandbox.discord.interaction_metadata import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
)
from sandbox.discord.interactions import Interaction
from sandbox.discord.json_types import Json
from sandbox.discord.messages import Channel, Message
from sandbox.discord.modal_input import fill_modal
from sandbox.discord.option_input import FilledOptions, fill_options
from sandbox.discord.permissions import Permission
from sandbox.discord.user_messages import Draft, send_message
from sandbox.discord.user_reactions import UserReactions
from sandbox.discord.world_state import WorldState
from sandbox.sentences import t


class Client:
    """What people do and see; every method is for one person and is reached through User."""

    def __init__(self, world: WorldState) -> None:
        self._world = world
        self.reactions = UserReactions(world, self.can_see)

    def slash(
        self,
        user: Account,
        channel: Channel,
        command: str,
        values: dict[str, Any],
        *,
        force: bool,
        own_install: bool = False,
    ) -> Interaction:
        """Run a slash command."""
        data, _ = self._command_data(user, channel, command, values, force=force, partial=False)
        return self._send(Interaction(self._world, COMMAND, user, channel, data, own_install=own_install))

    def menu(self, user: Account, message: Message, command: str, *, force: bool) -> Interaction:
        """Pick a message command from a message's context menu."""
        channel, guild = message.channel, message.channel.guild
        self._check_present(user, channel)
        registered = self._world.commands.offered(command, guild.id if guild else None, MESSAGE_COMMAND)
        if not force:
            if registered is None:
                raise NotOffered(
                    t("There is no message command {command} in {channel}.", command=command, channel=channel.title)
                )
            self._check_seen(user, message)
            if message.ephemeral:
                raise NotOffered(t("A message that only one person sees has no commands in its menu."))
            _check_may_use(user, channel, registered)
        data = self._command_json(registered, command, MESSAGE_COMMAND)
        data["target_id"] = str(message.id)
        data["resolved"] = {"messages": {str(message.id): message.to_json()}}
        return self._send(Interaction(self._world, COMMAND, user, channel, data, target=message))

    def autocomplete(
        self, user: Account, channel: Channel, command: str, focused: str, values: dict[str, Any], *, force: bool
    ) -> Interaction:
        """Ask for suggestions for one option."""
        data, filled = self._command_data(user, channel, command, values, force=force, partial=True)
        option = next((option for option in filled.options if option["name"] == focused), None)
        if option is None:
            raise NotOffered(t("Nothing was typed into the option {option}.", option=focused))
        option["focused"] = True
        return self._send(Interaction(self._world, AUTOCOMPLETE, user, channel, data))

    def click(self, user: Account, message: Message, custom_id: str, force: bool) -> Interaction:
        """Press a button."""
        component = self._find_component(user, message, custom_id, force)
        if not force and component.get("type") != BUTTON:
            raise NotOffered(t("{component} is not a button.", component=custom_id))
        data: Json = {"component_type": BUTTON, "custom_id": custom_id, "id": component.get("id", 1)}
        return self._send(Interaction(self._world, COMPONENT, user, message.channel, data, source=message))

    def select(self, user: Account, message: Message, custom_id: str, values: list[str], force: bool) -> Interaction:
        """Choose values of a select menu."""
        component = self._find_component(user, message, custom_id, force)
        kind = component.get("type", 3)
        if not force:
            _check_selection(component, values)
        data: Json = {"component_type": kind, "custom_id": custom_id, "id": component.get("id", 1), "values": values}
        return self._send(Interaction(self._world, COMPONENT, user, message.channel, data, source=message))

    def submit(self, user: Account, opened: Interaction, values: dict[str, Any], force: bool) -> Interaction:
        """Send a modal."""
        if opened.modal is None:
            raise NotOffered(t("No form was opened."))
        if user is not opened.user:
            raise NotOffered(t("This form is shown to {person} alone.", person=opened.user.title))
        channel = opened.channel
        self._check_present(user, channel)
        data = fill_modal(self._world, channel.guild, opened.modal, values, force=force)
        return self._send(
            Interaction(self._world, MODAL_SUBMIT, user, channel, data, source=opened.source, opener=opened)
        )

    def say(self, user: Account, channel: Channel, draft: Draft) -> Message:
        """Send a message."""
        return send_message(self._world, user, channel, draft)

    def direct_channel(self, user: Account) -> DirectChannel:
        """Open the direct messages with the bot."""
        return self._world.direct_channel(user)

    def visible_messages(self, user: Account, channel: Channel) -> list[Message]:
        """List the messages that a person sees."""
        return (
            [message for message in channel.history.values() if _is_shown_to(user, message)]
            if _can_read(user, channel)
            else []
        )

    def can_see(self, user: Account, message: Message) -> bool:
        """Whether a person sees a message."""
        return _is_shown_to(user, message) and _can_read(user, message.channel)

    def offered_commands(self, user: Account, channel: Channel) -> list[Json]:
        """List the slash and message commands that a person is offered in a channel."""
        guild = channel.guild
        if guild and not guild.has_bot:
            return []
        commands = self._world.commands.all_offered(guild.id if guild else None)
        return [command for command in commands if command["type"] != USER_COMMAND and _may_use(user, channel, command)]

    def _send(self, interaction: Interaction) -> Interaction:
        self._world.interactions.add(interaction)
        self._world.announce(interaction)
        return interaction

    def _command_data(
        self, user: Account, channel: Channel, command: str, values: dict[str, Any], *, force: bool, partial: bool
    ) -> tuple[Json, FilledOptions]:
        self._check_present(user, channel)
        guild = channel.guild
        name, *words = command.split() or [""]
        registered = self._world.commands.offered(name, guild.id if guild else None)
        found = descend(registered, words) if registered else None
        if not force:
            if registered is None:
                raise NotOffered(t("There is no command /{name} in {channel}.", name=name, channel=channel.title))
            if found is None:
                raise NotOffered(t("/{name} needs one of its subcommands.", name=name))
            _check_may_use(user, channel, registered)
        path, known = found or ([], [])
        filled = fill_options(self._world, guild, known, values, force=force, partial=partial)
        options = filled.options
        for node in reversed(path):
            options = [{"name": node["name"], "type": node["type"], "options": options}]
        data = self._command_json(registered, name, CHAT_INPUT)
        data["options"] = options
        if filled.resolved and not partial:
            data["resolved"] = filled.resolved
        return data, filled

    def _command_json(self, registered: Json | None, name: str, kind: int) -> Json:
        data: Json = {"id": registered["id"] if registered else str(self._world.ids.next()), "name": name, "type": kind}
        if registered and registered.get("guild_id"):
            data["guild_id"] = registered["guild_id"]
        return data

    def _find_component(self, user: Account, message: Message, custom_id: str, force: bool) -> Json:
        self._check_present(user, message.channel)
        found = [part for _, part in walk(message.components) if part.get("custom_id") == custom_id]
        if force:
            return found[0] if found else {}
        self._check_seen(user, message)
        if not found:
            offered = comma_list(part["custom_id"] for _, part in walk(message.components) if part.get("custom_id"))
            raise NotOffered(
                t(
                    "This message has no button or menu {component}; it has {offered}.",
                    component=custom_id,
                    offered=offered,
                )
            )
        if found[0].get("disabled"):
            raise NotOffered(t("This is disabled, so it cannot be used."))
        return found[0]

    def _check_seen(self, user: Account, message: Message) -> None:
        if message.deleted:
            raise NotOffered(t("This message is deleted."))
        if not self.can_see(user, message):
            raise NotOffered(t("{person} does not see this message.", person=user.title))

    def _check_present(self, user: Account, channel: Channel) -> None:
        """What no client can do, not even a hostile one."""
        if channel.deleted:
            raise NotOffered(t("{channel} is deleted.", channel=channel.title))
        if channel.guild and user.id not in channel.guild.members:
            raise NotOffered(t("{person} is not a member of {server}.", person=user.title, server=channel.guild.name))
        if channel.guild and not channel.guild.has_bot:
            raise NotOffered(t("The bot is not a member of {server}.", server=channel.guild.name))


def _can_read(user: Account, channel: Channel) -> bool:
    needed = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
    return channel.permissions_of(user) & needed == needed


def _is_shown_to(user: Account, message: Message) -> bool:
    return not message.deleted and message.ephemeral_to in (None, user)


def _may_use(user: Account, channel: Channel, command: Json) -> bool:
    try:
        _check_may_use(user, channel, command)
    except NotOffered:
        return False
    return True


def _check_may_use(user: Account, channel: Channel, command: Json) -> None:
    contexts: list[int] | None = command.get("contexts")
    context = BOT_DM_CONTEXT if isinstance(channel, DirectChannel) else GUILD_CONTEXT
    if (contexts is not None and context not in contexts) or (
        context == BOT_DM_CONTEXT and command.get("dm_permission") is False
    ):
        raise NotOffered(t("{command} is not offered in {channel}.", command=command["name"], channel=channel.title))
    permissions = channel.permissions_of(user)
    if not channel.guild or permissions & Permission.ADMINISTRATOR:
        return
    if not permissions & Permission.USE_APPLICATION_COMMANDS or not channel.may_write(permissions):
        raise NotOffered(t("{person} may not use commands in {channel}.", person=user.title, channel=channel.title))
    needed = command.get("default_member_permissions")
    if needed is not None and (int(needed) == 0 or permissions & int(needed) != int(needed)):
        raise NotOffered(
            t(
                "{command} is hidden from {person}, who lacks the permissions {permissions}.",
                command=command["name"],
                person=user.title,
                permissions=str(needed),
            )
        )


def _check_selection(component: Json, values: list[str]) -> None:
    if component.get("type") not in SELECTS:
        raise NotOffered(t("{component} is not a select menu.", component=str(component.get("custom_id"))))
    low, high = component.get("min_values", 1), component.get("max_values", 1)
    if not low <= len(values) <= high:
        raise NotOffered(
            t(
                "This menu takes {range}, not {count}.",
                range=describe_range(low, high, "choices"),
                count=str(len(values)),
            )
        )
    options: list[Json] | None = component.get("options")
    if options is not None and not {option["value"] for option in options}.issuperset(values):
        raise NotOffered(t("This menu does not offer {values}.", values=comma_list(values)))
