"""What an interaction's token may do after the first response."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.errors import (
    ApiError,
    unknown_channel,
    unknown_message,
    unknown_webhook,
)
from sandbox.discord.interactions import Interaction
from sandbox.discord.message_writes import edit_content, write_content
from sandbox.discord.messages import Message
from sandbox.discord.routes.access import require_unlocked
from sandbox.discord.routes.interactions import MODAL, new_message, payload_of
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()

_MESSAGES = "/webhooks/{webhook_id}/{webhook_token}/messages"


def _interaction_of(call: Call) -> Interaction:
    if call.id("webhook_id") != call.world.application_id:
        raise unknown_webhook()
    interaction = call.world.interactions.get(call.parameters["webhook_token"])
    if interaction is None or interaction.expired:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if not interaction.acknowledged or interaction.response_type == MODAL:
        raise unknown_webhook()
    if interaction.channel.deleted:
        raise unknown_channel()
    require_unlocked(call, interaction.channel)
    return interaction


def _original_of(interaction: Interaction) -> Message:
    if interaction.message is None:
        raise unknown_message()
    return interaction.message


def _followup_of(call: Call, interaction: Interaction) -> Message:
    own = [message for message in [interaction.message, *interaction.followups] if message and not message.deleted]
    found = next((message for message in own if message.id == call.id("message_id")), None)
    if found is None:
        raise unknown_message()
    return found


@table.route("POST", "/webhooks/{webhook_id}/{webhook_token}")
@endpoint
def create_followup(call: Call) -> Any:
    """The first follow-up after a deferred answer is that answer, and keeps who may see it."""
    interaction = _interaction_of(call)
    waiting = interaction.message
    if waiting is not None and waiting.thinking and waiting.interaction is interaction.metadata:
        return _edit(call, interaction, waiting)
    message = new_message(interaction, interaction.channel, call.body, first=False)
    write_content(message, payload_of(call, interaction, call.body))
    interaction.add_followup(message)
    call.world.publish(message)
    return message.to_json()


@table.route("GET", _MESSAGES + "/@original")
@endpoint
def get_original(call: Call) -> Any:
    """Answer with the original response."""
    return _original_of(_interaction_of(call)).to_json()


@table.route("GET", _MESSAGES + "/{message_id}")
@endpoint
def get_followup(call: Call) -> Any:
    """Answer with a follow-up."""
    return _followup_of(call, _interaction_of(call)).to_json()


@table.route("PATCH", _MESSAGES + "/@original")
@endpoint
def edit_original(call: Call) -> Any:
    """Edit the original response."""
    interaction = _interaction_of(call)
    return _edit(call, interaction, _original_of(interaction))


@table.route("PATCH", _MESSAGES + "/{message_id}")
@endpoint
def edit_followup(call: Call) -> Any:
    """Edit a follow-up."""
    interaction = _interaction_of(call)
    return _edit(call, interaction, _followup_of(call, interaction))


def _edit(call: Call, interaction: Interaction, message: Message) -> Any:
    edit_content(message, payload_of(call, interaction, call.body))
    call.world.republish(message)
    return message.to_json()


@table.route("DELETE", _MESSAGES + "/@original")
@endpoint
def delete_original(call: Call) -> Any:
    """Delete the original response."""
    call.world.delete(_original_of(_interaction_of(call)))


@table.route("DELETE", _MESSAGES + "/{message_id}")
@endpoint
def delete_followup(call: Call) -> Any:
    """Delete a follow-up."""
    call.world.delete(_followup_of(call, _interaction_of(call)))
