"""What is known of how a member uses the bot in a server: what they spent, and which prompts of theirs were refused."""

from dataclasses import dataclass

from bot.domain.blocks import Block


@dataclass(frozen=True)
class Conduct:
    """Hold what a member spent, in credits, and their strikes; `block` is one that means them alone."""

    used: int
    used_in_all: int
    strikes_today: int
    strikes: int
    block: Block | None = None
