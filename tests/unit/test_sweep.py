"""What is swept from time to time."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

from bot.domain.blocks import MemberBlock
from bot.services.member_blocks import KEPT_MS, MemberBlocks
from bot.sweep import keep_sweeping
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, OTTO, open_db_fixture


async def test_blocks_that_ended_a_day_ago_are_forgotten(tmp_path: Path) -> None:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        clock = clock_of(lambda: db.now)
        for user, until_ms in ((MIRA, db.now - KEPT_MS - 1), (OTTO, db.now - KEPT_MS)):
            await db.store.member_blocks.put(GUILD, MemberBlock(user, until_ms, "spam", 77, 0), db.now)
        beside = AsyncMock()
        use_cases = SimpleNamespace(
            previews=beside,
            message_images=beside,
            storyboard_previews=beside,
            member_blocks=MemberBlocks(db.store, clock, lambda: None),
        )
        resources = SimpleNamespace(store=db.store, backups=None, media=beside)
        settings = SimpleNamespace(media_days=30)
        sweeping = asyncio.create_task(
            keep_sweeping(cast(Any, use_cases), cast(Any, resources), cast(Any, settings), clock)
        )
        async with asyncio.timeout(10):
            while len(rows := await db.database.fetch("select user_id from block")) > 1:  # noqa: ASYNC110  # a sweep tells nobody
                await asyncio.sleep(0.01)
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        assert [row["user_id"] for row in rows] == [OTTO]
