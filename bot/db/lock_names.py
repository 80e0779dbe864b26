"""The names that transactions lock before they decide on what they read, in the order in which they are locked.

Rows come after them: jobs by their age (`order by created_ms, id`), then a member's account, then the server's. Who
keeps to that never waits for one who waits for them.
"""

CLAIMS = "claims"
"""Who claims what moves files: how much of that a member has in hand is counted first."""

PINGS = "pings"
"""Who takes the pings that are due: those that share a message are taken together."""

MOD_LOG = "mod log"
"""Who takes the events of mod logs that are due: those that share a message are taken together.

Who forgets what was told once locks it too, behind rows of jobs and providers: whoever has it asks for none of these.
"""


def provider(name: str) -> str:
    """Name the lock of those who admit jobs to a provider: how many run there is counted first."""
    return f"provider {name}"


def remote_job(remote_id: str) -> str:
    """Name the lock of those who write a provider's id to a job: no other job may have it."""
    return f"remote {remote_id}"


def open_requests(user_id: int) -> str:
    """Name the lock of those who open a member's requests and previews: the open ones are counted."""
    return f"open {user_id}"


def presets(guild_id: int, user_id: int) -> str:
    """Name the lock of those who save a member's presets: how many there are is counted first."""
    return f"presets {guild_id} {user_id}"


def member(guild_id: int, user_id: int) -> str:
    """Name the lock of those who spend for a member, or say what they may spend."""
    return f"member {guild_id} {user_id}"
