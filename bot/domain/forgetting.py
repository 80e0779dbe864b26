"""What it means to forget a member: pure, standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Forgetting:
    """Mirror one row of the forgetting table: a member of whom everything goes that they asked for up to `at_ms`."""

    guild_id: int
    user_id: int
    at_ms: int
    renamed: int
    """1 once their sums stand under no name, and what they chose is gone."""
    direct: int
    """1 if they had chosen to be told by direct messages: what was sent there is deleted too."""
    due_ms: int
    tries: int = 0
