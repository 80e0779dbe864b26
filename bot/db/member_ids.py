"""The ids under which a member's money, blocks and strikes may stand: their own, and that of who was forgotten.

The second one is a hash over server and member, with a key that is made at the first start and kept in the metadata.
It is below 0, as no id of Discord's is, so that nobody takes it for a member's.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple

from bot.db.database import Transaction

EVERYWHERE = 0
"""Instead of a server, for what counts in all servers together."""

_KEY = "member_key"
_BITS = (1 << 63) - 1


class Ids(NamedTuple):
    """Name both; most members have rows under the first alone."""

    own: int
    hashed: int


class MemberIds:
    """Work out a member's ids; the key is read once."""

    def __init__(self) -> None:
        self._key: bytes | None = None

    async def of(self, tx: Transaction, guild_id: int, user_id: int) -> Ids:
        """Name both ids of a member of a server, or with `EVERYWHERE` of all servers together."""
        if self._key is None:
            await self.read_key(tx)
        return Ids(user_id, hashed_id(self._key or b"", guild_id, user_id))

    async def read_key(self, tx: Transaction) -> None:
        """Read the key, so that nothing has to be asked later."""
        [row] = await tx.fetch("select value from metadata where name = $1", _KEY)
        self._key = bytes.fromhex(row["value"])


async def make_key(tx: Transaction) -> None:
    """Make the key, if there is none: without it nobody who was forgotten is known again."""
    await tx.fetch(
        "insert into metadata (name, value) values ($1, $2) on conflict do nothing", _KEY, secrets.token_hex(32)
    )


def hashed_id(key: bytes, guild_id: int, user_id: int) -> int:
    """Hash a member of a server to 63 bits, and write that below 0."""
    digest = hmac.digest(key, f"{guild_id}:{user_id}".encode(), hashlib.sha256)
    return -(int.from_bytes(digest[:8]) & _BITS or 1)
