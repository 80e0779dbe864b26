"""The first response to an interaction."""

from __future__ import annotations

import copy
from typing import Any

from aiohttp import web

from sandbox.discord.attachments import MessagePayload
from sandbox.discord.components import assign_ids
from sandbox.discord.errors import ApiError, FormError, unknown_interaction
from sandbox.discord.interaction_metadata import (
    AUTOCOMPLETE,
    COMPONENT,
    MODAL_SUBMIT,
)
from sandbox.discord.interactions import Interaction
from sandbox.discord.json_types import Json, as_int, as_object, as_objects
from sandbox.discord.message_writes import edit_content, write_content
from sandbox.discord.messages import (
    CHAT_INPUT_COMMAND,
    CONTEXT_MENU_COMMAND,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    REPLY,
    Channel,
    Message,
)
from sandbox.discord.modal_rules import check_modal
from sandbox.discord.modals import parse_modal
from sandbox.discord.routes.access import may_attach, require_unlocked
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@table.route("POST", "/interactions/{interaction_id}/{interaction_token}/callback")
@endpoint
def create_response(call: Call) -> Any:
    """Accept the first response to an interaction."""
    interaction = call.world.interactions.get(call.parameters["interaction_token"])
    if interaction is None or interaction.id != call.id("interaction_id") or interaction.failed:
        raise unknown_interaction()
    if interaction.acknowledged:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    kind = call.body.get("type")
    if not isinstance(kind, int) or kind not in _allowed(interaction):
        raise FormError({"type": f"Response type {kind} cannot answer this interaction."})
    require_unlocked(call, interaction.channel)
    data = as_object(call.body.get("data"))
    message = _RESPONSES[kind](call, interaction, data)
    interaction.acknowledge(kind)
    interaction.changed()
    return _callback_response(interaction, kind, message) if call.flag("with_response") else None


def _allowed(interaction: Interaction) -> set[int]:
    if interaction.kind == AUTOCOMPLETE:
        return {CHOICES}
    allowed = {MESSAGE, DEFERRED_MESSAGE}
    if interaction.kind != MODAL_SUBMIT:
        allowed.add(MODAL)
    if interaction.source is not None:
        allowed |= {DEFERRED_UPDATE, UPDATE}
    return allowed


def _reply(call: Call, interaction: Interaction, data: Json) -> Message:
    message = new_message(interaction, interaction.channel, data, first=True)
    write_content(message, payload_of(call, interaction, data))
    interaction.set_original(message)
    call.world.publish(message)
    return message


def _defer_message(call: Call, interaction: Interaction, data: Json) -> Message:
    message = new_message(interaction, interaction.channel, data, first=True)
    message.flags |= LOADING
    interaction.set_original(message)
    call.world.publish(message)
    return message


def _defer_update(call: Call, interaction: Interaction, data: Json) -> None:
    if interaction.source is not None:
        interaction.set_original(interaction.source)


def _update(call: Call, interaction: Interaction, data: Json) -> Message | None:
    source = interaction.source
    if source is None:
        return None
    edit_content(source, payload_of(call, interaction, data))
    interaction.set_original(source)
    call.world.republish(source)
    return source


def _give_choices(call: Call, interaction: Interaction, data: Json) -> None:
    choices = as_objects(data.get("choices"))
    if len(choices) > 25:
        raise FormError({"data.choices": "Must be 25 or fewer in length."})
    interaction.choices = choices


def _open_modal(call: Call, interaction: Interaction, data: Json) -> None:
    if problems := check_modal(data):
        raise FormError({f"data.{path}": sentence for path, sentence in problems.items()})
    modal = copy.deepcopy(data)
    assign_ids(as_objects(modal["components"]))
    interaction.modal = parse_modal(modal)


_RESPONSES = {
    MESSAGE: _reply,
    DEFERRED_MESSAGE: _defer_message,
    DEFERRED_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _give_choices,
    MODAL: _open_modal,
}


def new_message(interaction: Interaction, channel: Channel, data: Json, *, first: bool) -> Message:
    """Make the bot's empty message that answers an interaction, to everyone or only to the person."""
    ephemeral = bool(as_int(data.get("flags")) & EPHEMERAL)
    kind, reference = _kind_and_reference(interaction, first=first)
    world = interaction.world
    return Message(
        world,
        channel,
        world.bot_user,
        kind=kind,
        interaction=interaction.metadata,
        reference=reference,
        ephemeral_to=interaction.user if ephemeral else None,
    )


def _kind_and_reference(interaction: Interaction, *, first: bool) -> tuple[int, Message | None]:
    """Return the message's type and what it refers to (docs/resources/message, Message Types)."""
    if interaction.kind == COMPONENT:
        return REPLY, interaction.source
    if not first:
        return (REPLY, interaction.message) if interaction.message else (DEFAULT, None)
    return (CONTEXT_MENU_COMMAND, interaction.target) if interaction.target else (CHAT_INPUT_COMMAND, None)


def payload_of(call: Call, interaction: Interaction, data: Json) -> MessagePayload:
    """Collect a post under the limits of an interaction's token."""
    return MessagePayload(data, call.uploads, interaction.upload_limit, may_attach(call, interaction.channel))


def _callback_response(interaction: Interaction, kind: int, message: Message | None) -> Json:
    """Write the callback's response; only a finished message comes with it as a resource."""
    described: Json = {"id": str(interaction.id), "type": interaction.kind}
    response: Json = {"interaction": described}
    if message is not None:
        described["response_message_id"] = str(message.id)
        described["response_message_loading"] = message.thinking
        described["response_message_ephemeral"] = message.ephemeral
        if kind in (MESSAGE, UPDATE):
            response["resource"] = {"type": kind, "message": message.to_json()}
    return response
