"""What a message tells of the interaction that it answers (docs/resources/message, Message Interaction Metadata)."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.discord.accounts import Account
from sandbox.discord.json_types import Json

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Interaction types; a ping (1) is never sent over the gateway."""


@dataclass(frozen=True, eq=False)
class InteractionMetadata:
    """Who did what; `source_id` is the message whose component was used, `target_id` that of a message command.

    `guild_id` is None in direct messages; `opener` tells of the interaction whose answer was the submitted modal;
    `own_install` says that the person brought the application along, and the server has not let it in.
    """

    id: int
    kind: int
    user: Account
    data: Json
    guild_id: int | None
    source_id: int | None
    target_id: int | None
    opener: InteractionMetadata | None
    own_install: bool = False

    @property
    def owners(self) -> Json:
        """Who installed the application there, as interactions carry it."""
        if self.own_install:
            return {"1": str(self.user.id)}
        return {"0": "0" if self.guild_id is None else str(self.guild_id)}

    def to_json(self) -> Json:
        """Write the message interaction metadata object."""
        body: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.to_json(),
            "authorizing_integration_owners": self.owners,
        }
        if self.kind == COMMAND:
            body["name"] = self.data.get("name")
            body["command_type"] = self.data.get("type")
            if self.target_id is not None:
                body["target_message_id"] = str(self.target_id)
        if self.kind == COMPONENT and self.source_id is not None:
            body["interacted_message_id"] = str(self.source_id)
        if self.opener is not None:
            body["triggering_interaction_metadata"] = self.opener.to_json()
        return body
