"""How much a Discord that runs for days remembers."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass
class Retention:
    """How many of each are kept, the oldest forgotten first; what is under way stays beyond that.

    A test that reads further back raises a number, before or while the Discord runs.
    """

    requests: int = 5000
    interactions: int = 1000
    """Those whose token has expired, or that failed."""
    messages: int = 10_000
    """In each channel; their files go with them."""
    loose_file_bytes: int = 256 * MIB
    """Files that no message holds: what members attach to commands and modals."""
    lost_sessions: int = 16
    """Gateway sessions without a connection, which a client may still resume."""
