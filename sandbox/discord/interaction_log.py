"""The interactions of one Discord, found by their tokens; the oldest that have ended are forgotten."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.bounded_log import BoundedLog
from sandbox.discord.interactions import Interaction


class InteractionLog(dict[str, Interaction]):
    """Interactions by token, oldest first; `log` has them at positions that stay their own.

    `limit` is how many are kept once they have ended.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        super().__init__()
        self.log = BoundedLog[Interaction](limit, lambda interaction: not interaction.ended)

    def add(self, interaction: Interaction) -> None:
        """Keep a new interaction, and forget old ones."""
        self[interaction.token] = interaction
        self.log.append(interaction)
        if len(self) > len(self.log):
            kept = {one.token for one in self.log}
            for token in [token for token in self if token not in kept]:
                del self[token]
