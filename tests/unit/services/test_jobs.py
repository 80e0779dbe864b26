"""Requests written down, repeated, taken back, and prepared: what is refused leaves nothing behind."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import ImageUpload, JobImageRef, JobParams, ProviderImageRef
from bot.errors import (
    AnimaticError,
    Blocked,
    NoPictures,
    NoProvider,
    NoSuchImage,
    NoSuchJob,
    NotInServer,
    NotOffered,
    NotYours,
    Refused,
    TooFewCredits,
    TooLateToCancel,
)
from bot.services.jobs import new_job
from bot.services.requests import ExtendOptions, JobRequest
from tests.support.db_fixture import GUILD, MIRA, OTTO, PAINTERS, DbFixture
from tests.support.requests import deferred_reply, requester
from tests.unit.services.conftest import Services


async def made_images(db: DbFixture, **fields: Any) -> Job:
    """Bring four pictures to their end; upsample1 and reroll may follow."""
    return await db.done(kind=Kind.IMAGINE, params=JobParams("a kite --ar 3:2", motion=None), **fields)


async def test_a_request_is_written_down_as_asked_and_wakes_the_worker(db: DbFixture, services: Services) -> None:
    request = JobRequest("ttapi", JobParams("a boat"), Kind.VIDEO)
    job = await services.jobs.create_video(requester(roles=(21,)), request, deferred_reply())
    found = await db.get(job.id)
    assert (found.state, found.kind, found.params) == (State.RECEIVED, Kind.VIDEO, request.params)
    assert (found.guild_id, found.channel_id, found.user_id, found.roles) == (GUILD, 5, MIRA, (21,))
    assert (found.message_id, found.token, found.created_ms) == (101, "token 1", db.now)
    assert services.woken == 1


async def test_the_same_request_twice_is_one_job(db: DbFixture, services: Services) -> None:
    request = JobRequest("ttapi", JobParams("a boat"), Kind.VIDEO)
    first, again = [await services.jobs.create_video(requester(), request, deferred_reply()) for _ in range(2)]
    assert first.id == again.id
    assert len((await db.everything())["job"]) == 1


async def test_a_film_of_a_picture_that_is_not_there_is_refused(db: DbFixture, services: Services) -> None:
    elsewhere = await db.done(guild=2)
    before = await db.everything()
    for job_id in ("nojob", elsewhere.id):
        request = JobRequest("ttapi", JobParams("a boat", job_image=JobImageRef(job_id, "start")))
        with pytest.raises(NoSuchImage) as caught:
            await services.jobs.create_video(requester(), request, deferred_reply())
        assert caught.value.data == {"job_id": job_id, "position": "start"}
    assert await db.everything() == before


async def goes_on(db: DbFixture, services: Services) -> tuple[Job, Job]:
    """Ask for a film that goes on from another's first clip; gives the other one and the claimed request."""
    film = await db.done()
    await db.store.clips.set_file(film.id, 0, await services.media.keep(f"{film.id}/1.mp4", b"film"), 4)
    request = JobRequest("ttapi", JobParams("a boat", job_image=JobImageRef(film.id, "1")))
    return film, await db.claim(await services.jobs.create_video(requester(), request, deferred_reply()))


async def test_a_film_is_read_to_its_end_only_for_who_can_pay(db: DbFixture, services: Services) -> None:
    _, job = await goes_on(db, services)
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 1, db.now)
    with pytest.raises(TooFewCredits):
        await services.jobs.prepare_and_charge(job)
    assert services.transcoder.read == []


async def test_a_film_goes_on_from_anothers_last_frame(db: DbFixture, services: Services) -> None:
    film, job = await goes_on(db, services)
    await services.jobs.prepare_and_charge(job)
    frames = await db.store.clips.frames(job.id)
    assert {role: frame.media_file for role, frame in frames.items()} == {"start": f"{film.id}/1.last.jpg"}
    assert services.transcoder.read == ["1.mp4"]


async def test_a_film_whose_end_cannot_be_read_is_refused_and_costs_nothing(db: DbFixture, services: Services) -> None:
    film, job = await goes_on(db, services)
    services.transcoder.frame = None
    before = await db.used()
    with pytest.raises(NoSuchImage) as caught:
        await services.jobs.prepare_and_charge(job)
    assert caught.value.data == {"job_id": film.id, "position": "1"}
    assert await db.used() == before


async def test_a_provider_that_is_switched_off_goes_on_with_nothing(db: DbFixture, services: Services) -> None:
    film, images = await db.done(provider="apimart"), await made_images(db, provider="apimart")
    for asking in (
        services.extends.create(requester(), film.id, 0, ExtendOptions(), deferred_reply()),
        services.jobs.create_action(requester(), images.id, Kind.ACTION, deferred_reply(), action="reroll"),
    ):
        with pytest.raises(NoProvider) as caught:
            await asking
        assert caught.value.data == {"provider": "APIMart"}


@pytest.mark.parametrize(("action", "images"), [("upsample1", 1), ("reroll", 4)])
async def test_an_action_makes_as_many_pictures_as_its_button_says(
    db: DbFixture, services: Services, action: str, images: int
) -> None:
    parent = await made_images(db)
    job = await services.jobs.create_action(requester(), parent.id, Kind.ACTION, deferred_reply(), action=action)
    assert (job.kind, job.parent_job_id, job.params.action) == (Kind.ACTION, parent.id, action)
    assert (job.params.clips, job.params.prompt) == (images, "a kite --ar 3:2")


async def test_what_is_done_with_a_picture_keeps_that_its_prompt_was_translated(
    db: DbFixture, services: Services
) -> None:
    params = JobParams("con thuyền", motion=None, translate=True)
    parent = await db.done(kind=Kind.IMAGINE, params=params)
    job = await services.jobs.create_action(requester(), parent.id, Kind.ACTION, deferred_reply(), action="reroll")
    assert job.params.translate


@pytest.mark.parametrize("action", ["zoom_out_2", "explode", ""])
async def test_only_what_the_result_names_is_done(db: DbFixture, services: Services, action: str) -> None:
    parent = await made_images(db)
    with pytest.raises(NotOffered):
        await services.jobs.create_action(requester(), parent.id, Kind.ACTION, deferred_reply(), action=action)


async def test_a_film_offers_nothing_that_pictures_do(db: DbFixture, services: Services) -> None:
    film, elsewhere = await db.done(), await made_images(db, guild=2)
    refusals: tuple[tuple[Job, type[Refused]], ...] = ((film, NoPictures), (elsewhere, NoSuchJob))
    for job, refusal in refusals:
        with pytest.raises(refusal):
            await services.jobs.create_action(requester(), job.id, Kind.SEED, deferred_reply())


async def test_a_waiting_job_is_taken_back_and_costs_nothing(db: DbFixture, services: Services) -> None:
    job = await db.queued()
    assert await db.used() == 8
    (gone,) = await services.jobs.cancel(requester(), job.id, moderates=False)
    assert (gone.state, gone.error_code, gone.error_data) == (State.FAILING, "cancelled", {"by": MIRA})
    assert await db.used() == 0
    assert services.woken == 1


async def test_the_blocked_take_back_their_own_jobs_and_no_others(db: DbFixture, services: Services) -> None:
    own, others = await db.queued(roles=(PAINTERS,)), await db.queued(user=OTTO)
    await db.store.accounts.set_allowance(GUILD, "role", PAINTERS, 0, db.now)
    blocked = requester(roles=(PAINTERS,))
    with pytest.raises(Blocked):
        await services.jobs.cancel(blocked, others.id, moderates=True)
    assert (await services.jobs.cancel(blocked, own.id, moderates=False))[0].state is State.FAILING


async def test_for_the_blocked_nothing_is_fetched(db: DbFixture, services: Services) -> None:
    nowhere = JobParams("a boat", image=ImageUpload("http://127.0.0.1:1/", "boat.png", 5))
    job = await db.claim(await db.receive(params=nowhere))
    await db.db_write("insert into allowance values ($1, 'member', $2, 0, 0)", GUILD, MIRA)
    with pytest.raises(Blocked):
        await services.jobs.prepare_and_charge(job)


async def test_only_moderators_take_back_what_others_asked_for(db: DbFixture, services: Services) -> None:
    job = await db.queued()
    otto = requester(user_id=OTTO)
    with pytest.raises(NotYours):
        await services.jobs.cancel(otto, job.id, moderates=False)
    assert (await db.get(job.id)).state is State.QUEUED
    (gone,) = await services.jobs.cancel(otto, job.id, moderates=True)
    assert gone.error_data == {"by": OTTO}


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (State.RECEIVED, False),
        (State.SUBMITTING, False),
        (State.RUNNING, False),
        (State.READY, False),
        (State.DONE, True),
        (State.FAILING, True),
        (State.FAILED, True),
    ],
)
async def test_what_no_longer_waits_is_not_taken_back(
    db: DbFixture, services: Services, state: State, ended: bool
) -> None:
    job = await db.in_state(state)
    used = await db.used()
    with pytest.raises(TooLateToCancel) as caught:
        await services.jobs.cancel(requester(), job.id, moderates=True)
    assert caught.value.data == {"ended": ended}
    assert await db.used() == used


async def test_jobs_of_another_server_are_not_there_to_be_taken_back(db: DbFixture, services: Services) -> None:
    job = await db.queued(guild=2)
    for job_id in (job.id, "nojob"):
        with pytest.raises(TooLateToCancel) as caught:
            await services.jobs.cancel(requester(), job_id, moderates=True)
        assert caught.value.data == {"ended": True}
    assert (await db.get(job.id)).state is State.QUEUED


async def test_a_job_is_charged_what_its_provider_costs(db: DbFixture, services: Services) -> None:
    job = await db.claim(await db.receive(params=JobParams("a boat", clips=2, explicit_options=("clips",))))
    charged = await services.jobs.prepare_and_charge(job)
    assert (charged.state, charged.cost) == (State.QUEUED, 4)
    assert await db.used() == 4


async def test_an_extend_shows_the_picture_that_its_parent_began_with(db: DbFixture, services: Services) -> None:
    parent = await db.done()
    await db.db_write("insert into frame (job_id, role, media_file) values ($1, 'start', 'kept.png')", parent.id)
    waiting = await db.receive(kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0)
    job = await services.jobs.prepare_and_charge(await db.claim(waiting))
    frames = await db.store.clips.frames(job.id)
    assert {role: frame.media_file for role, frame in frames.items()} == {"start": "kept.png"}


async def test_a_region_whose_mask_was_thrown_away_is_refused(db: DbFixture, services: Services) -> None:
    job = await db.claim(await db.receive(kind=Kind.REGION))
    with pytest.raises(AnimaticError) as caught:
        await services.jobs.prepare_and_charge(job)
    assert caught.value.code == "preview_gone"
    assert await db.used() == 0


def test_no_job_is_made_outside_of_a_server() -> None:
    with pytest.raises(NotInServer):
        new_job(
            requester(guild_id=None), deferred_reply(), 0, kind=Kind.VIDEO, provider="ttapi", params=JobParams("boat")
        )


async def test_a_picture_is_known_at_its_provider_where_nothing_is_missing(db: DbFixture, services: Services) -> None:
    whole = await made_images(db)
    fewer = await db.succeed(
        await db.claim(await db.running(kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))), 3
    )
    find = services.results.provider_image
    assert await find(JobImageRef(whole.id, "2"), "ttapi") == ProviderImageRef(f"remote {whole.id}", 1)
    assert await find(JobImageRef(whole.id, "start"), "ttapi") == ProviderImageRef(f"remote {whole.id}", 0)
    assert await find(JobImageRef(whole.id, "end"), "ttapi") is None
    assert await find(JobImageRef(whole.id, "2"), "apimart") is None
    assert await find(JobImageRef(fewer.id, "2"), "ttapi") is None
    assert await find(JobImageRef((await db.done()).id, "2"), "ttapi") is None


async def test_prompts_of_another_server_are_told_nobody(db: DbFixture, services: Services) -> None:
    job = await made_images(db)
    assert await services.results.prompt(requester(), job.id) == "a kite"
    assert await services.results.prompt(requester(guild_id=2), job.id) == ""
    assert await services.results.prompt(requester(), "nojob") == ""


async def test_a_descriptions_prompts_are_counted_from_one(db: DbFixture, services: Services) -> None:
    job = replace(await made_images(db))
    assert await services.results.description(requester(), job.id, 1) == "a prompt"
    for who, number in ((requester(), 0), (requester(), 2), (requester(guild_id=2), 1)):
        with pytest.raises(NotOffered):
            await services.results.description(who, job.id, number)


async def test_a_seed_is_told_of_pictures_of_this_server_alone(db: DbFixture, services: Services) -> None:
    job = await made_images(db)
    assert await services.results.seed(requester(), job.id) == "42"
    assert await services.results.seed(requester(guild_id=2), job.id) is None
    assert await services.results.seed(requester(), (await db.done()).id) is None
