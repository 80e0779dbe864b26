"""What a card is told of its job: price, place, wait, clips, and which buttons can work."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.db.card_edits import Shown
from bot.db.provider_health import PAUSE_AFTER
from bot.domain.credits import PriceList, Prices
from bot.domain.film import Ancestor, Part
from bot.domain.job import Job, Kind, State, card_link
from bot.domain.params import JobParams, Motion
from bot.media import FileStore
from bot.providers.acedata import ACEDATA
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities
from bot.providers.cometapi import COMETAPI
from bot.providers.ttapi.videos import TTAPI
from bot.services.clip_links import ClipLinks
from bot.ui.card_data import CardBuilder
from bot.ui.cards import Card, ShownClip
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, OTTO, DbFixture
from tests.support.scripted_provider import ScriptedProvider

MIB = 2**20


class Builder:
    """Build cards over a store; clips can be watched at our own address if there is one."""

    def __init__(
        self,
        db: DbFixture,
        folder: Path,
        public_url: str | None = None,
        *,
        able: Capabilities = ScriptedProvider.capabilities,
        reads_films: bool = False,
    ) -> None:
        self._db = db
        provider = ScriptedProvider(())
        provider.capabilities = able
        self._builder = CardBuilder(
            db.store,
            {"ttapi": provider},
            ClipLinks(db.store, FileStore(folder), public_url),
            prices=PriceList(Prices(2, 6)),
            max_running=2,
            max_running_per_user=2,
            reads_films=reads_films,
            clock=clock_of(lambda: db.now),
        )

    async def card(self, job: Job) -> Card:
        facts = await self._db.store.card_facts.read(job.id)
        assert facts is not None
        return await self._builder.build(job, facts)

    async def clips(self, job: Job) -> Sequence[ShownClip]:
        return (await self.card(job)).clips


@pytest.fixture
def builder(db: DbFixture, tmp_path: Path) -> Builder:
    return Builder(db, tmp_path)


async def timed(db: DbFixture, kind: Kind = Kind.VIDEO) -> None:
    """Let one job have taken a minute."""
    job = await db.running(kind=kind)
    db.now += 60_000
    await db.store.jobs.finish(await db.claim(await db.succeed(await db.claim(job))))


async def test_a_job_costs_its_price_until_it_is_charged_and_then_what_it_was_charged(
    db: DbFixture, builder: Builder
) -> None:
    received = await db.receive(clips=2)
    card = await builder.card(received)
    assert (card.price, card.each, card.provider) == (4, 4, "TTAPI")
    charged = replace(await db.charge(await db.claim(received)), cost=3)
    assert ((await builder.card(charged)).price, (await builder.card(charged)).each) == (3, 4)


async def test_a_provider_without_a_key_is_still_named(db: DbFixture, builder: Builder) -> None:
    assert (await builder.card(await db.receive(provider="apimart"))).provider == "APIMart"


async def test_places_count_and_the_wait_follows_from_what_jobs_took(db: DbFixture, builder: Builder) -> None:
    waiting: list[Job] = []
    for _ in range(3):
        db.now += 1
        waiting.append(await db.queued())
    assert [(card.queue_position, card.wait_ms) for card in [await builder.card(job) for job in waiting]] == [
        (1, None),
        (2, None),
        (3, None),
    ]
    await timed(db)
    cards = [await builder.card(job) for job in waiting]
    usual = cards[0].wait_ms
    assert usual is not None
    assert usual >= 60_000
    assert [(card.queue_position, card.wait_ms) for card in cards] == [(1, usual), (2, usual), (3, 2 * usual)]


async def test_what_is_left_of_a_running_job_shrinks_and_never_goes_below_nothing(
    db: DbFixture, builder: Builder
) -> None:
    await timed(db)
    job = await db.running()
    job = await db.get(job.id)
    before = (await builder.card(job)).wait_ms
    db.now += 10_000
    after = (await builder.card(job)).wait_ms
    assert before is not None
    assert after == before - 10_000
    db.now += 10**7
    assert (await builder.card(job)).wait_ms == 0


async def test_an_extend_is_expected_to_take_as_long_as_a_video(db: DbFixture, builder: Builder) -> None:
    await timed(db)
    assert (await builder.card(await db.queued(kind=Kind.EXTEND))).wait_ms is not None
    assert (await builder.card(await db.queued(kind=Kind.IMAGINE))).wait_ms is None


async def test_a_paused_provider_says_until_when(db: DbFixture, builder: Builder) -> None:
    job = await db.queued()
    for _ in range(PAUSE_AFTER):
        assert (await builder.card(job)).paused_until_ms is None
        await db.store.provider_health.record_failure("ttapi", db.now)
    paused = (await builder.card(job)).paused_until_ms
    assert paused is not None
    db.now = paused
    assert (await builder.card(job)).paused_until_ms is None


async def test_clips_are_told_only_once_they_are_there(db: DbFixture, builder: Builder) -> None:
    assert await builder.clips(await db.running()) == []
    assert [clip.slot for clip in await builder.clips(await db.ready())] == [0, 1, 2, 3]


async def shown(db: DbFixture, message_id: int) -> Job:
    """Bring a job of one clip to its card, message 70, and let a message show the clip."""
    job = await db.ready(clips=1, message_id=70)
    await db.store.clips.set_file(job.id, 0, f"{job.id}/1.mp4", 30 * MIB)
    await db.store.card_edits.write_shown(job.id, Shown(message_id, {0: 700}, {}))
    return await db.get(job.id)


async def test_a_clip_on_the_card_is_a_file_and_one_elsewhere_is_a_link(db: DbFixture, builder: Builder) -> None:
    here, there = await shown(db, 70), await shown(db, 71)
    assert await builder.clips(here) == [ShownClip(0, f"animatic-{here.id}-1.mp4")]
    assert await builder.clips(there) == [ShownClip(0, result=card_link(replace(there, message_id=71)))]
    assert (await builder.card(here)).job.state is State.DONE


async def test_a_clip_that_is_too_large_is_watched_at_our_address_or_else_at_the_vendors(
    db: DbFixture, tmp_path: Path
) -> None:
    job = await db.ready(clips=1)
    await db.store.clips.set_file(job.id, 0, f"{job.id}/1.mp4", 30 * MIB)
    [own] = await Builder(db, tmp_path, "https://bot.example").clips(job)
    assert own.note.startswith("Clip 1 is 30 MiB, too large for this chat: [watch it here](https://bot.example/films/")
    [vendors] = await Builder(db, tmp_path).clips(job)
    assert f"[watch it at TTAPI](https://cdn.example/{job.id}/0.mp4)" in vendors.note
    assert (own.kept, vendors.kept) == (True, True)


async def test_a_clip_that_could_not_be_fetched_is_kept_nowhere(db: DbFixture, builder: Builder) -> None:
    [clip] = await builder.clips(await db.ready(clips=1))
    assert not clip.kept
    assert "I could not fetch it from TTAPI" in clip.note


async def test_a_card_that_no_clip_could_reach_says_nothing_of_single_ones(db: DbFixture, builder: Builder) -> None:
    ready = await db.ready(clips=1)
    assert [clip.note for clip in await builder.clips(replace(ready, error_code="undeliverable"))] == [""]


async def test_a_card_knows_the_parts_that_lead_to_it(db: DbFixture, builder: Builder) -> None:
    first = await db.done(message_id=1)
    second = await db.done(message_id=2, kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=2)
    third = await db.done(message_id=3, kind=Kind.EXTEND, parent_job_id=second.id, parent_slot=0)
    start, between = Ancestor(None, card_link(first)), Ancestor(2, card_link(second))
    assert (await builder.card(first)).lineage == ()
    assert list((await builder.card(second)).lineage) == [start, Ancestor(2, None)]
    assert list((await builder.card(third)).lineage) == [start, between, Ancestor(0, None)]
    grid = await db.done(kind=Kind.IMAGINE)
    assert (await builder.card(await db.done(kind=Kind.ACTION, parent_job_id=grid.id))).lineage == ()


async def test_where_a_card_comes_from_is_read_once_for_many_drawings_and_never_for_short_chains(
    db: DbFixture, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    parts = db.store.lineage.parts

    async def counted(job_id: str, slot: int) -> list[Part]:
        read.append(job_id)
        return await parts(job_id, slot)

    monkeypatch.setattr(db.store.lineage, "parts", counted)
    first = await db.done()
    second = await db.done(kind=Kind.EXTEND, parent_job_id=first.id, parent_slot=2)
    third = await db.done(kind=Kind.EXTEND, parent_job_id=second.id, parent_slot=0)
    for job in (first, second, third) * 3:
        await builder.card(job)
    assert read == [third.id]


async def test_only_extends_that_can_work_have_buttons(db: DbFixture, builder: Builder, tmp_path: Path) -> None:
    done = await db.done()
    assert (await builder.card(done)).motions == (Motion.LOW, Motion.HIGH)
    assert (await builder.card(replace(done, extend_ref=None))).motions == ()
    assert (await builder.card(replace(done, provider="apimart"))).motions == ()
    assert (await Builder(db, tmp_path, able=APIMART).card(done)).motions == ()


async def test_where_films_can_be_read_every_clip_can_go_on(db: DbFixture, tmp_path: Path) -> None:
    done = await db.done()
    both = (Motion.LOW, Motion.HIGH)
    for able, extend_ref, motions in (
        (TTAPI, "ref", both),
        (APIMART, None, both),
        (APIMART, "ref", both),
        (ACEDATA, "ref", (None,)),
        (ACEDATA, None, (None,)),
        (replace(TTAPI, extend_motions=()), None, both),
    ):
        card = await Builder(db, tmp_path, able=able, reads_films=True).card(replace(done, extend_ref=extend_ref))
        assert (card.motions, card.with_words) == (motions, True)


async def test_where_films_cannot_be_read_only_a_providers_own_extend_goes_on(db: DbFixture, tmp_path: Path) -> None:
    done = await db.done()
    for able, extend_ref, motions, with_words in (
        (TTAPI, "ref", (Motion.LOW, Motion.HIGH), False),
        (COMETAPI, "ref", (Motion.LOW, Motion.HIGH), True),
        (COMETAPI, None, (), False),
        (APIMART, None, (), False),
    ):
        card = await Builder(db, tmp_path, able=able).card(replace(done, extend_ref=extend_ref))
        assert (card.motions, card.with_words) == (motions, with_words)


async def test_a_film_without_words_goes_on_from_its_last_frame_only_with_new_ones(
    db: DbFixture, tmp_path: Path
) -> None:
    silent = await db.done(params=JobParams(""))
    card = await Builder(db, tmp_path, able=APIMART, reads_films=True).card(silent)
    assert (card.motions, card.with_words) == ((), True)


@pytest.mark.parametrize("reads_films", [True, False])
async def test_films_are_joined_where_they_can_be_read(db: DbFixture, tmp_path: Path, *, reads_films: bool) -> None:
    card = await Builder(db, tmp_path, reads_films=reads_films).card(await db.done())
    assert card.joins_films is reads_films


async def test_images_are_not_gone_on_from_with_words(db: DbFixture, tmp_path: Path) -> None:
    images = await db.done(kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    assert not (await Builder(db, tmp_path, reads_films=True).card(images)).with_words


async def test_a_follower_links_its_parent(db: DbFixture, builder: Builder) -> None:
    parent = await db.done(message_id=70)
    child = await db.receive(kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0, params=JobParams("rain"))
    assert (await builder.card(child)).parent_link == card_link(parent)
    assert (await builder.card(parent)).parent_link is None


async def test_who_waits_for_their_own_jobs_is_told_so(db: DbFixture, builder: Builder) -> None:
    waiting = await db.queued()
    await db.running()
    assert (await builder.card(waiting)).own_limit is None
    running = await db.submitting()
    assert (await builder.card(waiting)).own_limit == 2
    assert (await builder.card(running)).own_limit is None
    assert (await builder.card(await db.queued(user=OTTO))).own_limit is None


async def test_a_card_offers_nothing_that_its_server_would_refuse(db: DbFixture, builder: Builder) -> None:
    job, (shot, *_) = await db.done(), await db.queued_shots()

    async def withheld() -> list[set[str]]:
        cards = [await builder.card(one) for one in (job, shot)]
        assert cards[1].storyboard is not None
        return [set(cards[0].withheld), set(cards[1].storyboard.withheld)]

    assert await withheld() == [{"share"}] * 2
    settings = db.store.guild_settings
    await settings.change(GUILD, lambda before: replace(before, spoiler=True), db.now)
    assert await withheld() == [{"share", "unhide"}] * 2
    await settings.change(GUILD, lambda before: replace(before, spoiler=False, showcase_channel_id=7), db.now)
    assert await withheld() == [set()] * 2
