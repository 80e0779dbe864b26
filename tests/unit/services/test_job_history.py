"""What members look back on: their own jobs, of one server, and a finished one brought to a new card."""

from pathlib import Path

import pytest

from bot.db.card_edits import Shown
from bot.domain.job import Job, Kind, State, card_link
from bot.domain.job_lists import Needed
from bot.domain.params import JobParams
from bot.errors import CannotShow, NotInServer
from bot.media import FileStore
from bot.services.job_history import SEARCHED, SUGGESTED, JobHistory
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, OTTO, DbFixture
from tests.support.requests import deferred_reply, requester


class History:
    """Hold the history over a store, and how often the worker was woken."""

    def __init__(self, db: DbFixture, folder: Path) -> None:
        self.woken = 0
        self.media = FileStore(folder / "media")
        self.of = JobHistory(db.store, self.media, clock_of(lambda: db.now), self._wake)
        self._stage = db

    async def keep(self, job: Job, *, shown: bool = True) -> None:
        """Keep a job's first clip, and let its card show it."""
        name = await self.media.keep(f"{job.id}/1.mp4", b"clip")
        await self._stage.store.clips.set_file(job.id, 0, name, 4)
        if shown:
            await self._stage.store.card_edits.write_shown(job.id, Shown(70, {0: 700}, {}))

    async def refused(self, job: Job) -> CannotShow:
        """Expect a job not to be shown again."""
        with pytest.raises(CannotShow) as caught:
            await self.of.show_again(job, requester(), deferred_reply())
        assert self.woken == 0
        return caught.value

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def history(db: DbFixture, tmp_path: Path) -> History:
    return History(db, tmp_path)


async def test_suggestions_are_finished_jobs_that_hold_what_was_typed(db: DbFixture, history: History) -> None:
    kite = await db.done(params=JobParams("A red Kite"))
    boat = await db.done(params=JobParams("a boat"))
    await db.running(params=JobParams("a kite under way"))
    await db.done(params=JobParams("somebody else's kite"), user=OTTO)

    async def suggested(typed: str) -> set[str]:
        return {job.id for job in await history.of.suggestions(GUILD, MIRA, typed)}

    assert await suggested("") == {kite.id, boat.id}
    assert await suggested(" kITE ") == {kite.id}
    assert await suggested(boat.id[-6:]) == {boat.id}
    assert await suggested("lighthouse") == set()
    assert await history.of.suggestions(GUILD, MIRA, "", fits=lambda job: "boat" in job.params.prompt) == [
        await db.get(boat.id)
    ]


async def test_suggestions_find_words_however_old_and_in_any_order(db: DbFixture, history: History) -> None:
    kite = await db.done(params=JobParams("A red Kite by the sea"))
    cat = await db.done(params=JobParams("一只黑猫"))
    for _ in range(SEARCHED):
        db.now += 1
        await db.receive(params=JobParams("a boat"))

    async def suggested(typed: str) -> list[str]:
        return [job.id for job in await history.of.suggestions(GUILD, MIRA, typed)]

    assert await suggested("sea ki") == await suggested("KITE") == [kite.id]
    assert await suggested("黑猫") == [cat.id]
    assert await suggested("boat") == await suggested("kite boat") == await suggested("%") == []
    assert await suggested("x" * 6_000) == []


async def test_what_a_command_needs_is_suggested_however_much_else_is_newer(db: DbFixture, history: History) -> None:
    film = await db.done(params=JobParams("a boat"))
    extension = await db.done(kind=Kind.EXTEND, params=JobParams("a boat"), parent_job_id=film.id, parent_slot=0)
    picture = await db.done(kind=Kind.IMAGINE, params=JobParams("a boat"))
    db.now += 1
    for kind in (Kind.VIDEO, Kind.DESCRIBE):
        for _ in range(SEARCHED):
            await db.receive(kind=kind, params=JobParams("a boat"))
    await db.db_write("update job set state = 'done' where state = 'received'")

    async def suggested(needed: Needed, typed: str) -> list[str]:
        return [job.id for job in await history.of.suggestions(GUILD, MIRA, typed, needed)]

    for typed in ("", "boat"):
        assert await suggested(Needed.CONTINUED, typed) == [extension.id]
        assert await suggested(Needed.PICTURES, typed) == [picture.id]


async def test_no_more_is_suggested_than_discord_takes(db: DbFixture, history: History) -> None:
    for _ in range(SUGGESTED + 1):
        await db.done(clips=1)
    assert len(await history.of.suggestions(GUILD, MIRA, "")) == SUGGESTED


async def test_jobs_of_another_server_are_not_found(db: DbFixture, history: History) -> None:
    job = await db.done(guild=2)
    assert (await history.of.find(2, job.id)).id == job.id
    for guild_id, job_id in ((GUILD, job.id), (None, job.id), (GUILD, "nojob")):
        with pytest.raises(CannotShow) as caught:
            await history.of.find(guild_id, job_id)
        assert caught.value.data == {"job_id": job_id, "why": "unknown", "link": ""}


async def test_a_finished_job_is_brought_to_the_new_card_for_free(db: DbFixture, history: History) -> None:
    job = await db.done()
    await history.keep(job)
    used = await db.used()
    await history.of.show_again(job, requester(channel_id=6, file_limit=99), deferred_reply(7))
    again = await db.get(job.id)
    assert (again.state, again.channel_id, again.message_id, again.token) == (State.READY, 6, 107, "token 7")
    assert again.file_limit == 99
    assert await db.used() == used
    assert history.woken == 1


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.RECEIVED, "unfinished"),
        (State.QUEUED, "unfinished"),
        (State.RUNNING, "unfinished"),
        (State.READY, "being_shown"),
        (State.FAILING, "failed"),
        (State.FAILED, "failed"),
    ],
)
async def test_what_is_not_finished_is_not_shown_again(db: DbFixture, history: History, state: State, why: str) -> None:
    job = await db.in_state(state)
    assert (await history.refused(job)).data == {"job_id": job.id, "why": why, "link": card_link(job)}


async def test_what_is_shown_elsewhere_and_kept_no_more_is_not_shown_again(db: DbFixture, history: History) -> None:
    job = await db.done()
    await history.keep(job)
    history.media.path(f"{job.id}/1.mp4").unlink()
    assert (await history.refused(job)).data["why"] == "gone"


async def test_a_job_that_somebody_else_brings_back_at_this_moment_is_being_shown(
    db: DbFixture, history: History
) -> None:
    job = await db.done()
    await history.keep(job)
    await db.show_again(job)
    assert (await history.refused(job)).data["why"] == "being_shown"


async def test_nothing_is_shown_in_a_direct_message(db: DbFixture, history: History) -> None:
    job = await db.done()
    with pytest.raises(NotInServer):
        await history.of.show_again(job, requester(guild_id=None), deferred_reply())


async def test_a_shot_is_not_shown_elsewhere_while_another_is_to_be_made(db: DbFixture, history: History) -> None:
    one, two, three = await db.queued_shots()
    done = await db.finish_shot(one)
    await history.keep(done)
    await db.admit(two)
    refused = await history.refused(done)
    assert refused.data == {"job_id": done.id, "why": "unfinished", "link": card_link(done)}
    assert {job.channel_id for job in await db.store.storyboards.jobs(done.storyboard_id or "")} == {5}
    await db.store.jobs.finish(await db.claim(await db.fail(await db.get(two.id))))
    assert (await history.refused(done)).data["why"] == "being_shown"
    await db.store.jobs.finish(await db.claim(three))
    await history.of.show_again(done, requester(channel_id=6), deferred_reply(7))
    assert {job.channel_id for job in await db.store.storyboards.jobs(done.storyboard_id or "")} == {6}


async def test_a_shot_is_not_shown_elsewhere_where_another_would_be_lost_by_it(db: DbFixture, history: History) -> None:
    shots = await db.queued_shots(2)
    for number, shot in enumerate([await db.finish_shot(shot) for shot in shots]):
        await history.keep(shot, shown=False)
        await db.store.card_edits.write_shown(shot.id, Shown(70, {number: 700 + number}, {}))
    (one, two) = await db.store.storyboards.jobs(shots[0].storyboard_id or "")
    history.media.path(f"{one.id}/1.mp4").unlink()
    assert (await history.refused(two)).data["why"] == "gone"
    assert [clip.attachment_id for clip in await db.store.clips.clips(one.id)] == [700]
    await history.media.keep(f"{one.id}/1.mp4", b"clip")
    await history.of.show_again(two, requester(channel_id=6), deferred_reply(7))
