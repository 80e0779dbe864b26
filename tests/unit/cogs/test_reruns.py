"""Edit and run again, and Try again: the form holds what was asked for, and what is sent becomes a job of one's own."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State
from bot.domain.params import (
    ImageUpload,
    JobImageRef,
    JobParams,
    Motion,
    Preferences,
    ProviderImageRef,
    Resolution,
    Shape,
    Speed,
)
from bot.errors import AnimaticError, BannedWords, JobFailed, UnconfirmedCharge
from bot.services.rerun_prices import rerun_price
from bot.ui.buttons import AgainButton
from bot.ui.cards import Card, draw
from sandbox.discord import Interaction, Message, Permission
from sandbox.discord.modals import Modal
from tests.support.in_process_bot import Server, row_of
from tests.support.scripted_provider import ScriptedProvider

pytestmark = pytest.mark.asyncio(loop_scope="module")

IMAGE = ImageUpload("https://cdn.example/boat.png", "boat.png", 1000, "image/png")
FILM = JobParams("a paper boat", 2, Motion.HIGH, Resolution.HD, image=IMAGE, explicit_options=("motion", "resolution"))
PICTURE = JobParams("a red kite --ar 16:9", motion=None, speed=Speed.TURBO, translate=True)


async def card_of(server: Server, job: Job, **shown: Any) -> Message:
    """Show a job's card, as the worker would have."""
    return await server.card(draw(Card(job, "TTAPI", 8, **shown)))


async def ended(server: Server, params: JobParams = FILM, **fields: Any) -> tuple[Job, Message]:
    job = await server.done(server.mira, params=params, **fields)
    return job, await card_of(server, job)


async def failed(server: Server, reason: AnimaticError, params: JobParams = FILM, **fields: Any) -> tuple[Job, Message]:
    """Let a job of mira's fail, and show its card."""
    running = await server.db.running(
        user=server.mira.id, guild=server.guild.id, channel_id=server.channel.id, params=params, **fields
    )
    job = await server.db.store.jobs.fail(await server.db.claim(running), reason, server.db.now)
    job = await server.db.store.jobs.finish(await server.db.claim(job))
    price = rerun_price(job, {"ttapi": ScriptedProvider(())}, PriceList())
    return job, await card_of(server, job, again=price)


async def form_of(server: Server, job: Job, card: Message) -> tuple[Interaction, Modal]:
    chosen = await server.leo.select(card, f"more:{job.id}", "edit")
    await chosen.answered()
    assert chosen.modal is not None, chosen.describe()
    return chosen, chosen.modal


async def new_job(server: Server, asked: Interaction, old: Job, *others: Job) -> Job:
    """Wait for the job that comes of what was asked, with its promised card."""
    await asked.answered()
    known = {one.id for one in (old, *others)}
    jobs = await server.until(lambda jobs: len(jobs) > len(known))
    [job] = [job for job in jobs if job.id not in known]
    assert asked.message is not None
    assert (job.message_id, asked.message.thinking) == (asked.message.id, True)
    return job


async def test_the_form_of_a_film_holds_all_that_was_asked_for_and_names_the_rest(server: Server) -> None:
    params = replace(
        FILM,
        loop=True,
        speed=Speed.TURBO,
        explicit_options=("motion", "resolution", "clips", "speed", "provider"),
    )
    job, card = await ended(server, params)
    _, form = await form_of(server, job, card)
    assert form.title == "Edit and run again"
    assert [field.custom_id for field in form.fields] == ["prompt", "motion", "films"]
    assert form["prompt"].value == "a paper boat"
    assert form["motion"].value == ["high"]
    assert form["films"].value == ["2-hd"]
    assert form["films"].choices[0].label == "2 films, HD: 12 credits"
    assert form.texts == ("-# Taken over: the picture to start with, loop, turbo speed, TTAPI.",)


async def test_what_is_sent_becomes_a_job_of_whoever_sent_it_with_the_same_pictures(server: Server) -> None:
    job, card = await ended(server, spoiler=1)
    asked, _ = await form_of(server, job, card)
    sent = await server.leo.submit(asked, {"prompt": "a paper ship", "films": "1-sd"})
    again = await new_job(server, sent, job)
    assert (again.kind, again.user_id, again.spoiler) == (Kind.VIDEO, server.leo.id, 1)
    params = again.params
    assert (params.prompt, params.motion, params.clips, params.resolution) == (
        "a paper ship",
        Motion.HIGH,
        1,
        Resolution.SD,
    )
    assert (params.image, params.again_of) == (IMAGE, job.id)


async def test_a_form_that_is_sent_twice_makes_one_job_while_it_is_being_made(server: Server) -> None:
    job, card = await ended(server)
    asked, _ = await form_of(server, job, card)
    first = await new_job(server, await server.leo.submit(asked, {"prompt": "a ship"}), job)
    told = await server.refused(await server.leo.submit(asked, {"prompt": "a ship"}))
    assert f"/{first.channel_id}/{first.message_id}" in told
    await new_job(server, await server.leo.submit(asked, {"prompt": "another ship"}), job, first)


async def test_a_film_of_a_cards_picture_starts_from_it_again(server: Server) -> None:
    drawn = await server.done(server.mira, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    await server.keep_pictures(drawn)
    source = JobImageRef(drawn.id, "2")
    job, card = await ended(server, JobParams("it moves", job_image=source))
    asked, _ = await form_of(server, job, card)
    params = (await new_job(server, await server.leo.submit(asked, {}), job, drawn)).params
    assert (params.prompt, params.image, params.job_image) == ("it moves", None, source)


async def test_a_picture_of_the_providers_own_needs_no_words(server: Server) -> None:
    job, card = await ended(server, JobParams("", provider_image=ProviderImageRef("5d2f-1", 2)))
    asked, form = await form_of(server, job, card)
    assert (form["prompt"].value, form["prompt"].required) == ("", False)
    # TTAPI starts no film from its own pictures, whatever the job is said to be.
    assert "pictures of its own" in await server.refused(await server.leo.submit(asked, {}))


async def test_the_form_of_pictures_holds_the_prompt_with_its_flags_and_the_speed_with_the_price(
    server: Server,
) -> None:
    job, card = await ended(server, PICTURE, kind=Kind.IMAGINE)
    asked, form = await form_of(server, job, card)
    assert [field.custom_id for field in form.fields] == ["prompt", "speed"]
    assert form["prompt"].value == "a red kite --ar 16:9"
    assert form["speed"].value == ["turbo"]
    assert [option.label for option in form["speed"].choices] == [
        "turbo speed: 1 credit",
        "relax speed: 1 credit",
        "fast speed: 1 credit",
    ]
    assert form.texts == ("-# Taken over: the translation into English.",)
    sent = await server.leo.submit(asked, {"prompt": "a kite --ar 3:2 --fast", "speed": "relax"})
    again = await new_job(server, sent, job)
    assert (again.kind, again.params.prompt, again.params.removed) == (Kind.IMAGINE, "a kite --ar 3:2", ("--fast",))
    assert (again.params.speed, again.params.translate) == (Speed.RELAX, True)


async def test_a_blend_is_mixed_again_in_another_shape(server: Server) -> None:
    params = JobParams("", motion=None, speed=Speed.FAST, shape=Shape.SQUARE, images=(IMAGE, IMAGE))
    job, card = await ended(server, params, kind=Kind.BLEND)
    asked, form = await form_of(server, job, card)
    assert [field.custom_id for field in form.fields] == ["shape", "speed"]
    assert form.texts == ("-# Taken over: the pictures.",)
    again = await new_job(server, await server.leo.submit(asked, {"shape": "portrait"}), job)
    assert (again.kind, again.params.shape, again.params.images) == (Kind.BLEND, Shape.PORTRAIT, (IMAGE, IMAGE))
    assert again.params.again_of == job.id


async def test_an_action_takes_no_words_so_other_words_draw_a_new_picture(server: Server) -> None:
    job, card = await ended(server, JobParams("a kite", 1, None, action="upsample2"), kind=Kind.ACTION)
    asked, form = await form_of(server, job, card)
    assert form.title == "Edit and draw four new pictures"
    assert form["prompt"].value == "a kite"
    assert form.texts == (
        "-# U2 takes no words, so it is not run again: four new pictures are drawn of the prompt. "
        "Taken over: the prompt with its flags.",
    )
    again = await new_job(server, await server.leo.submit(asked, {"prompt": "a dragon"}), job)
    assert (again.kind, again.params.prompt, again.params.action) == (Kind.IMAGINE, "a dragon", None)
    assert again.parent_job_id is None


async def redrawn(server: Server) -> tuple[Job, Job, Message]:
    """Give a single picture, what a part of it was redrawn to, and the card of that."""
    single = await server.done(server.mira, kind=Kind.ACTION, params=JobParams("a kite", 1, None, action="upsample2"))
    params = JobParams("a bird", motion=None, explicit_options=("prompt",))
    job, card = await ended(server, params, kind=Kind.REGION, parent_job_id=single.id)
    return single, job, card


@pytest.mark.parametrize(
    ("typed", "prompt", "explicit"), [("a cloud", "a cloud", ("prompt",)), ("", "a kite", ())], ids=["words", "none"]
)
async def test_the_same_part_is_redrawn_with_other_words_or_with_the_pictures_own(
    server: Server, typed: str, prompt: str, explicit: tuple[str, ...]
) -> None:
    single, job, card = await redrawn(server)
    asked, form = await form_of(server, job, card)
    assert [field.custom_id for field in form.fields] == ["prompt"]
    assert form.texts == ("-# Taken over: the picture, the mask. It costs 1 credit.",)
    again = await new_job(server, await server.leo.submit(asked, {"prompt": typed}), job, single)
    assert (again.kind, again.parent_job_id, again.params.again_of) == (Kind.REGION, single.id, job.id)
    assert (again.params.prompt, again.params.explicit_options) == (prompt, explicit)


async def test_an_extension_goes_on_from_the_same_clip(server: Server) -> None:
    parent = await server.done(server.mira)
    job, card = await ended(
        server, JobParams("a paper boat", 4, Motion.LOW), kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=2
    )
    asked, form = await form_of(server, job, card)
    assert [option.value for option in form["films"].choices] == ["4-sd", "2-sd", "1-sd"]
    assert form["prompt"].value == "a paper boat"
    assert form["prompt"].description == (
        "With other words it becomes a new film that starts at the clip's last frame."
    )
    again = await new_job(server, await server.leo.submit(asked, {"motion": "high", "films": "1-sd"}), job, parent)
    assert (again.kind, again.parent_job_id, again.parent_slot) == (Kind.EXTEND, parent.id, 2)
    assert (again.params.motion, again.params.clips, again.params.from_last_frame) == (Motion.HIGH, 1, False)
    sent = await server.leo.submit(asked, {"prompt": "a paper ship", "films": "1-sd"})
    other = await new_job(server, sent, job, parent, again)
    assert (other.params.prompt, other.params.from_last_frame) == ("a paper ship", True)
    assert (other.kind, other.parent_job_id, other.parent_slot) == (Kind.EXTEND, parent.id, 2)


async def test_words_that_are_none_are_refused_before_a_card_is_promised(server: Server) -> None:
    job, card = await ended(server, PICTURE, kind=Kind.IMAGINE)
    asked, _ = await form_of(server, job, card)
    sent = await server.leo.submit(asked, {"prompt": "--fast"})
    assert await server.refused(sent) == "The prompt is empty. Nothing was charged. Say in a few words what to draw."
    assert sent.message is not None
    assert sent.message.ephemeral


async def test_a_hidden_job_that_a_form_names_without_its_card_is_not_there(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    job, card = await ended(server, channel_id=hidden.id)
    asked, _ = await form_of(server, job, card)
    # What is sent names the job; the message that it says it comes from does not.
    card.components = (await ended(server))[1].components
    told = await server.refused(await server.leo.submit(asked, {}))
    assert told.startswith(f"There is no job {job.id} here that you may see.")


async def test_a_job_of_another_server_is_not_there(server: Server) -> None:
    job = await server.db.done(user=server.leo.id, guild=1, params=FILM)
    card = await card_of(server, job)
    told = await server.refused(await server.leo.select(card, f"more:{job.id}", "edit"))
    assert told.startswith(f"There is no job {job.id} here that you may see.")


async def test_a_choice_that_is_taken_back_does_nothing(server: Server) -> None:
    job, card = await ended(server)
    taken_back = await server.leo.select(card, f"more:{job.id}")
    await taken_back.answered()
    assert taken_back.deferred
    assert (taken_back.modal, taken_back.followups) == (None, [])
    assert [one.id for one in await server.jobs()] == [job.id]


async def test_what_failed_for_passing_reasons_is_tried_again_with_one_click(server: Server) -> None:
    for reason in (JobFailed("upstream", "TTAPI"), UnconfirmedCharge("TTAPI")):
        job, card = await failed(server, reason)
        before = [one for one in await server.jobs() if one.id != job.id]
        assert [button.label for button in card.buttons] == ["Try again, 24 credits"]
        again = await new_job(server, await server.leo.click(card, card.buttons[0]), job, *before)
        assert (again.kind, again.user_id) == (Kind.VIDEO, server.leo.id)
        assert again.params == replace(job.params, again_of=job.id)
        told = await server.refused(await server.leo.click(card, card.buttons[0]))
        assert f"/{again.channel_id}/{again.message_id}" in told


async def test_a_price_that_has_changed_is_told_with_a_fresh_button_before_it_is_spent(server: Server) -> None:
    job, _ = await failed(server, JobFailed("upstream", "TTAPI"))
    card = await server.card(row_of(AgainButton(job.id, (8, 12))))
    pressed = await server.leo.click(card, card.buttons[0])
    [told] = await pressed.wait_for(lambda: pressed.followups, 10, pressed.describe)
    assert told.ephemeral
    assert told.text == (
        "The price has changed: it is 24 credits now. Nothing was charged. To pay that, press the button below."
    )
    assert await server.jobs() == [job]
    assert [button.label for button in told.buttons] == ["Try again, 24 credits"]
    await new_job(server, await server.leo.click(told, told.buttons[0]), job)


async def test_a_button_from_before_prices_stood_in_it_is_understood(server: Server) -> None:
    job, _ = await failed(server, JobFailed("upstream", "TTAPI"))
    card = await server.card(row_of(AgainButton(job.id)))
    assert card.buttons[0].custom_id == f"again:{job.id}"
    await new_job(server, await server.leo.click(card, card.buttons[0]), job)


@pytest.mark.parametrize("kind", [Kind.ACTION, Kind.EXTEND, Kind.SEED])
async def test_what_goes_on_from_another_job_is_tried_again_from_there(server: Server, kind: Kind) -> None:
    made = Kind.VIDEO if kind is Kind.EXTEND else Kind.IMAGINE
    parent = await server.done(server.mira, kind=made, params=JobParams("a kite", motion=None))
    params = JobParams("a kite", motion=None, action="upsample1" if kind is Kind.ACTION else None)
    job, card = await failed(
        server, JobFailed("job_timeout", "TTAPI"), params, kind=kind, parent_job_id=parent.id, parent_slot=1
    )
    again = await new_job(server, await server.leo.click(card, card.buttons[0]), job, parent)
    assert (again.kind, again.parent_job_id, again.params.action) == (kind, parent.id, params.action)


async def test_a_description_is_made_again_by_an_entry_that_names_the_price(server: Server) -> None:
    job = await server.done(server.mira, kind=Kind.DESCRIBE, params=JobParams("", 1, None, images=(IMAGE,)))
    card = await card_of(server, job, each=1)
    again = await new_job(server, await server.leo.select(card, f"more:{job.id}", "again"), job)
    assert (again.kind, again.params.images, again.params.again_of) == (Kind.DESCRIBE, (IMAGE,), job.id)


async def test_refused_words_can_be_edited_and_not_sent_again(server: Server) -> None:
    job, card = await failed(server, BannedWords(("x",), "TTAPI"))
    assert job.state is State.FAILED
    await form_of(server, job, card)


async def test_what_settings_chose_is_asked_for_again_as_the_form_shows_it(server: Server) -> None:
    chosen = Preferences(motion=Motion.HIGH, resolution=Resolution.HD, clips=1, provider="ttapi")
    params = replace(FILM, motion=Motion.HIGH, resolution=Resolution.HD, clips=1, explicit_options=(), preferred=chosen)
    job, card = await ended(server, params)
    asked, _form = await form_of(server, job, card)
    again = await new_job(server, await server.leo.submit(asked, {"prompt": "it turns"}), job)
    assert (again.params.motion, again.params.resolution, again.params.clips) == (Motion.HIGH, Resolution.HD, 1)
    assert again.params.preferred == Preferences(provider="ttapi")


BY_LOCALE = Preferences(translate=True, from_locale=("translate",))


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        (replace(PICTURE, preferred=BY_LOCALE), ()),
        (replace(PICTURE, explicit_options=("translate",)), ("translate",)),
        (replace(PICTURE, translate=False), ("translate",)),
    ],
    ids=["by itself", "as it was typed", "not at all"],
)
async def test_other_words_are_translated_as_those_before_were_whoever_asks(
    server: Server, params: JobParams, asked: tuple[str, ...]
) -> None:
    job, card = await ended(server, params, kind=Kind.IMAGINE)
    server.leo.locale = "en-GB" if params.translate else "vi"
    opened, _form = await form_of(server, job, card)
    again = await new_job(server, await server.leo.submit(opened, {"prompt": "con thuyền"}), job)
    assert (again.params.translate, again.params.explicit_options) == (params.translate, asked)
    assert again.params.preferred == params.preferred
