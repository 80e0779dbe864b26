"""Going on from a clip: at its provider where that can, else by a video that starts at the clip's last frame."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import Job, Kind, State, card_link
from bot.domain.params import ImageUpload, JobParams, Motion, PromptMode, Resolution, Speed
from bot.errors import (
    AlreadyRunning,
    AutoModeNeedsProviderImage,
    ClipGone,
    EmptyPrompt,
    NoLastFrame,
    NoSuchClip,
    TooFewCredits,
    Unsupported,
)
from bot.providers.acedata import ACEDATA
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities, FilmOffer
from bot.providers.cometapi import COMETAPI
from bot.providers.ttapi.videos import TTAPI
from bot.services.requests import ExtendOptions
from tests.support.db_fixture import GUILD, MIRA, DbFixture
from tests.support.requests import deferred_reply, requester
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.unit.services.conftest import Services


async def extended(services: Services, parent: Job, slot: int = 0, **options: Any) -> Job:
    return await services.extends.create(requester(), parent.id, slot, ExtendOptions(**options), deferred_reply())


async def test_an_extend_takes_over_what_was_not_typed(db: DbFixture, services: Services) -> None:
    parent = await db.done(clips=2)
    options = ExtendOptions(motion=Motion.HIGH)
    job = await services.extends.create(requester(), parent.id, 1, options, deferred_reply())
    assert (job.kind, job.provider, job.parent_job_id, job.parent_slot) == (Kind.EXTEND, "ttapi", parent.id, 1)
    assert (job.params.prompt, job.params.clips, job.params.motion) == ("a paper boat", 2, Motion.HIGH)
    assert job.params.explicit_options == ("motion",)


async def test_the_same_click_while_it_is_made_leads_to_the_first_card(db: DbFixture, services: Services) -> None:
    parent = await db.done()

    async def click(number: int, motion: Motion = Motion.LOW, clips: int | None = None) -> Job:
        wanted = ExtendOptions(motion=motion, clips=clips)
        return await services.extends.create(requester(number), parent.id, 0, wanted, deferred_reply(number))

    first = await click(1)
    with pytest.raises(AlreadyRunning) as caught:
        await click(2)
    assert caught.value.data == {"link": card_link(first)}
    others = [await click(3, motion=Motion.HIGH), await click(4, clips=2)]
    assert len({first.id, *(job.id for job in others)}) == 3
    assert services.woken == 3


@pytest.mark.parametrize(("guild", "slot"), [(2, 0), (GUILD, 4)], ids=["elsewhere", "a fifth clip"])
async def test_only_clips_of_this_server_can_be_extended(
    db: DbFixture, services: Services, guild: int, slot: int
) -> None:
    parent = await db.done(guild=guild)
    with pytest.raises(NoSuchClip) as caught:
        await services.extends.create(requester(), parent.id, slot, ExtendOptions(), deferred_reply())
    assert caught.value.clip == slot + 1


async def test_an_extend_is_refused_by_what_its_provider_lacks(db: DbFixture, services: Services) -> None:
    parent = await db.done()
    wanted = ExtendOptions(prompt_mode=PromptMode.AUTO)
    with pytest.raises(Unsupported) as caught:
        await services.extends.create(requester(), parent.id, 0, wanted, deferred_reply())
    assert caught.value.data == {
        "option": "extend_animation_auto",
        "provider": "TTAPI",
        "offered_by": (),
        "stays": True,
    }


WORDS = {"prompt": "it sinks"}


@pytest.mark.parametrize(
    ("able", "options", "from_last_frame"),
    [
        (TTAPI, {}, False),
        (TTAPI, WORDS, True),
        (ACEDATA, {}, False),
        (ACEDATA, WORDS, False),
        (COMETAPI, {}, False),
        (COMETAPI, WORDS, False),
        (APIMART, {}, True),
        (APIMART, WORDS, True),
    ],
)
async def test_the_last_frame_is_where_an_extend_starts_that_its_provider_lacks(
    db: DbFixture, services: Services, able: Capabilities, options: dict[str, Any], from_last_frame: bool
) -> None:
    services.provider.capabilities = able
    job = await extended(services, await db.done(), 2, **options)
    assert job.params.from_last_frame is from_last_frame
    assert (job.kind, job.parent_slot, job.params.clips) == (Kind.EXTEND, 2, 4)
    assert job.params.prompt == options.get("prompt", "a paper boat")
    # It survives the row.
    assert (await db.get(job.id)).params == job.params


async def test_a_job_that_its_provider_gave_nothing_to_extend_by_goes_on_from_its_last_frame(
    db: DbFixture, services: Services
) -> None:
    parent = await db.done()
    await db.db_write("update job set extend_ref = null where id = $1", parent.id)
    assert (await extended(services, parent)).params.from_last_frame


async def test_an_extend_from_the_last_frame_has_its_parents_clips_and_size_and_a_videos_options(
    db: DbFixture, services: Services
) -> None:
    services.provider.capabilities = replace(APIMART, speeds=(Speed.FAST, Speed.TURBO))
    parent = await db.done(params=JobParams("a boat", clips=2, resolution=Resolution.HD, speed=Speed.TURBO))
    params = (await extended(services, parent, 1, motion=Motion.HIGH)).params
    assert (params.clips, params.resolution, params.motion) == (2, Resolution.HD, Motion.HIGH)
    assert (params.speed, params.prompt_mode, params.job_image) == (Speed.FAST, None, None)


async def test_an_end_image_is_taken_where_a_video_has_one_and_no_extend_does(
    db: DbFixture, services: Services
) -> None:
    end = ImageUpload("https://example.com/end.png", "picture", 0)
    parent = await db.done()
    job = await extended(services, parent, prompt="it sinks", end_image=end)
    assert (job.params.from_last_frame, job.params.end_image) == (True, end)
    with pytest.raises(Unsupported) as caught:
        await extended(services, parent, end_image=end)
    assert caught.value.option == "extend_end_image"
    services.provider.capabilities = APIMART
    with pytest.raises(Unsupported) as caught:
        await extended(services, parent, loop=True)
    assert caught.value.option == "loop"


async def test_what_a_video_from_the_last_frame_lacks_is_refused(db: DbFixture, services: Services) -> None:
    services.provider.capabilities = replace(APIMART, clip_counts=(4,), motions=())
    parent = await db.done()
    before = await db.everything()
    typed: list[tuple[dict[str, Any], str]] = [({"motion": Motion.LOW}, "motion_low"), ({"clips": 2}, "clips_2")]
    for options, option in typed:
        with pytest.raises(Unsupported) as caught:
            await extended(services, parent, **options)
        assert caught.value.option == option
    with pytest.raises(AutoModeNeedsProviderImage):
        await extended(services, parent, prompt_mode=PromptMode.AUTO)
    assert await db.everything() == before


async def test_who_says_what_happens_needs_no_saying_where_it_is_the_prompt(db: DbFixture, services: Services) -> None:
    job = await extended(services, await db.done(), prompt="it sinks", prompt_mode=PromptMode.MANUAL)
    assert (job.params.from_last_frame, job.params.prompt_mode) == (True, None)
    assert job.params.explicit_options == ("prompt",)


async def test_without_words_a_film_that_had_none_cannot_go_on_from_its_last_frame(
    db: DbFixture, services: Services
) -> None:
    services.provider.capabilities = APIMART
    parent = await db.done(params=JobParams(""))
    with pytest.raises(EmptyPrompt):
        await extended(services, parent)
    assert (await extended(services, parent, prompt="it sinks")).params.prompt == "it sinks"


async def test_where_films_cannot_be_read_that_is_said_before_anything_is_written(
    db: DbFixture, services: Services
) -> None:
    services.transcoder.installed = False
    parent = await db.done()
    before = await db.everything()
    with pytest.raises(NoLastFrame) as caught:
        await extended(services, parent, 1, prompt="it sinks")
    assert caught.value.data == {"parent": parent.id, "clip": 2, "read": False}
    with pytest.raises(NoLastFrame):
        await services.extends.form(requester(), parent.id)
    assert await db.everything() == before
    assert not (await extended(services, parent, 1)).params.from_last_frame


async def test_images_have_no_clips_to_go_on_from(db: DbFixture, services: Services) -> None:
    images = await db.done(kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    with pytest.raises(NoSuchClip):
        await extended(services, images)
    with pytest.raises(NoSuchClip):
        await services.extends.form(requester(), images.id)


async def received(db: DbFixture, services: Services, *, kept: bool = True) -> tuple[Job, Job]:
    """Give a film, whose second clip is `kept` or not, and the claimed request to go on from that with words."""
    parent = await db.done()
    if kept:
        name = await services.media.keep(f"{parent.id}/2.mp4", b"film")
        await db.store.clips.set_file(parent.id, 1, name, 4)
    return parent, await db.claim(await extended(services, parent, 1, prompt="it sinks"))


async def test_the_last_frame_becomes_the_start_frame_and_the_extend_costs_as_one(
    db: DbFixture, services: Services
) -> None:
    parent, job = await received(db, services)
    before = await db.used()
    job = await services.jobs.prepare_and_charge(job)
    assert (job.state, await db.used() - before) == (State.QUEUED, 8)
    frames = await db.store.clips.frames(job.id)
    assert {role: frame.media_file for role, frame in frames.items()} == {"start": f"{parent.id}/2.last.jpg"}
    assert services.transcoder.read == ["2.mp4"]


async def test_no_film_is_read_for_who_cannot_pay(db: DbFixture, services: Services) -> None:
    _, job = await received(db, services)
    await db.store.accounts.set_allowance(GUILD, "member", MIRA, 1, db.now)
    with pytest.raises(TooFewCredits):
        await services.jobs.prepare_and_charge(job)
    assert services.transcoder.read == []


async def test_new_words_are_checked_before_they_are_paid_for(db: DbFixture, services: Services) -> None:
    _, job = await received(db, services)
    images = services.provider.images
    assert isinstance(images, ScriptedImageProvider)
    await services.jobs.prepare_and_charge(job)
    assert images.checked == ["it sinks"]


async def test_a_clip_that_is_nowhere_any_more_costs_nothing(db: DbFixture, services: Services) -> None:
    parent, job = await received(db, services, kept=False)
    before = await db.used()
    with pytest.raises(ClipGone) as caught:
        await services.jobs.prepare_and_charge(job)
    assert (caught.value.parent, caught.value.clip) == (parent.id, 2)
    assert await db.used() == before


async def test_a_clip_that_cannot_be_read_costs_nothing(db: DbFixture, services: Services) -> None:
    parent, job = await received(db, services)
    services.transcoder.frame = None
    before = await db.used()
    with pytest.raises(NoLastFrame) as caught:
        await services.jobs.prepare_and_charge(job)
    assert caught.value.data == {"parent": parent.id, "clip": 2, "read": True}
    assert await db.used() == before


async def test_a_form_offers_what_its_provider_can_do_with_words_and_the_whole_price_of_each_choice(
    db: DbFixture, services: Services
) -> None:
    parent = await db.done(params=JobParams("a boat", clips=2, resolution=Resolution.HD))
    offers = {clips: FilmOffer(clips, Resolution.HD, 6 * clips, 6 * clips) for clips in (1, 2, 4)}
    for able, motions, counts, from_last_frame in (
        (TTAPI, (Motion.LOW, Motion.HIGH), (2, 4, 1), True),
        (ACEDATA, (), (4,), False),
        (COMETAPI, (Motion.LOW, Motion.HIGH), (4,), False),
        (APIMART, (Motion.LOW, Motion.HIGH), (2, 4, 1), True),
    ):
        services.provider.capabilities = able
        form = await services.extends.form(requester(), parent.id)
        assert (form.slots, form.motions, form.from_last_frame) == ((0, 1), motions, from_last_frame)
        assert form.films == tuple(offers[count] for count in counts)


async def test_a_form_is_about_a_film_of_this_server(db: DbFixture, services: Services) -> None:
    elsewhere = await db.done(guild=2)
    for job_id in ("nojob", elsewhere.id, (await db.queued()).id):
        with pytest.raises(NoSuchClip):
            await services.extends.form(requester(), job_id)
