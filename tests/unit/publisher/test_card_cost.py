"""What cards cost the database: each job under way has its own drawn again and again."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.db.clips import Fetched
from bot.db.store import Store
from bot.domain.credits import PriceList
from bot.locks import FileNamedLocks
from bot.media import Transcoder
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.publisher import CardPublisher
from bot.services.clip_links import ClipLinks
from bot.ui.card_data import CardBuilder
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_fixture import DEFAULTS
from tests.support.scripted_provider import ScriptedProvider
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Counted:
    """Hold a publisher whose database is watched, and the store that it works with."""

    publisher: CardPublisher
    store: Store
    statements: Statements


@pytest.fixture
def counted(publishing: Publishing, tmp_path: Path) -> Generator[Counted]:
    statements = Statements()
    store = Store(CountedDatabase(publishing.server.db.database, statements), DEFAULTS)
    builder = CardBuilder(
        store,
        {"ttapi": ScriptedProvider(())},
        ClipLinks(store, publishing.media, None),
        prices=PriceList(),
        max_running=2,
        max_running_per_user=2,
        clock=publishing.clock,
    )
    with FileNamedLocks.open(tmp_path / "other locks") as locks:
        batcher = AttachmentBatcher(publishing.media, Transcoder())
        publisher = CardPublisher(
            publishing.server.client, store, publishing.media, batcher, builder, locks, publishing.clock
        )
        yield Counted(publisher, store, statements)


async def test_progress_costs_one_statement_and_no_transaction(publishing: Publishing, counted: Counted) -> None:
    job = await publishing.running()
    await counted.publisher.show(job.id)
    held = await publishing.server.db.claim(job)
    await counted.store.leases.ask_again(held, publishing.server.db.now + 5000, 40)
    before = publishing.card(job).edits
    counted.statements.by_text.clear()
    await counted.publisher.show(job.id)
    assert publishing.card(job).edits == before + 1
    assert (counted.statements.total, counted.statements.transactions) == (1, 0)


async def test_a_card_that_shows_its_job_already_costs_one_statement(publishing: Publishing, counted: Counted) -> None:
    job = await publishing.running()
    await counted.publisher.show(job.id)
    counted.statements.by_text.clear()
    await counted.publisher.show(job.id)
    assert (counted.statements.total, counted.statements.transactions) == (1, 0)


async def test_four_clips_are_delivered_with_one_request_and_written_down_in_one_transaction(
    publishing: Publishing, counted: Counted
) -> None:
    job = await publishing.ready([1000] * 4)
    held = await publishing.server.db.claim(job)
    for slot in range(4):
        await publishing.server.db.store.clips.clear_file(job.id, slot)
    files = [Fetched(slot, f"{job.id}/{slot + 1}.mp4", 1000) for slot in range(4)]
    await counted.store.clips.set_files(job.id, files, sent_next=held)
    sent = len(publishing.server.discord.requests)
    counted.statements.by_text.clear()
    assert await counted.publisher.deliver(held)
    assert len(publishing.server.discord.requests) == sent + 1
    assert (counted.statements.total, counted.statements.transactions) == (4, 1)
    assert await counted.store.jobs.finish_shown(held, publishing.server.db.now) is not None
