"""Pictures that somebody was shown a form for: a payload told of them once."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from bot.db.database import Database
from bot.db.rows import dump
from bot.domain.params import ImageUpload


class MessageImageRepository:
    """Keep the pictures of messages until they are too old."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(
        self, images_id: str, guild_id: int, user_id: int, images: Sequence[ImageUpload], now_ms: int
    ) -> None:
        """Write down what somebody saw in a server; once, however often it is said."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into message_images (id, guild_id, user_id, images, created_ms) values ($1, $2, $3, $4, $5)
                   on conflict do nothing""",
                images_id,
                guild_id,
                user_id,
                dump([asdict(image) for image in images]),
                now_ms,
            )

    async def get(self, images_id: str, guild_id: int, user_id: int) -> list[ImageUpload]:
        """Give the pictures that somebody saw in a server; none for anybody else."""
        rows = await self._db.fetch(
            "select images from message_images where id = $1 and guild_id = $2 and user_id = $3",
            images_id,
            guild_id,
            user_id,
        )
        return [ImageUpload(**image) for image in json.loads(rows[0]["images"])] if rows else []

    async def forget(self, before_ms: int) -> None:
        """Forget what was seen before a moment."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from message_images where created_ms < $1", before_ms)
