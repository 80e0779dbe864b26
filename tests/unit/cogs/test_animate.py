"""From a picture to a film: a button or a message's menu opens a form, and the form becomes a job."""

from typing import Any

import pytest

from bot.domain.job import Job, Kind
from bot.domain.params import JobImageRef, JobParams, Motion, Preferences, Resolution
from bot.services import member_settings
from bot.services.message_images import LIFETIME_MS
from bot.ui.buttons import AnimateButton, AnimateClick
from sandbox.discord import Interaction, Message, Permission
from sandbox.discord.modals import Modal
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

MENU = "Animate this image"
NOTHING_THERE = "I see no picture in that message. Nothing was charged. Choose a message with one, or use /video."
EMPTY = "The prompt is empty. Nothing was charged. Say in a few words what should happen in the film."


async def drawn(server: Server, **fields: Any) -> Job:
    """Write down four pictures of mira's, and keep their files."""
    params = JobParams("a red kite --ar 16:9 --no birds", motion=None)
    picture = await server.done(server.mira, kind=Kind.IMAGINE, params=params, **fields)
    await server.keep_pictures(picture)
    return picture


async def opened(asked: Interaction) -> Modal:
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked.modal


async def pressed(server: Server, picture: Job, number: int = 1, motion: Motion | None = Motion.LOW) -> Interaction:
    """Press an animate button of a card that shows no more than that, and wait for the form."""
    card = await server.card(row_of(AnimateButton(AnimateClick(picture.id, number, motion))))
    asked = await server.mira.click(card, card.buttons[0])
    await opened(asked)
    return asked


async def picked(server: Server, message: Message) -> Interaction:
    """Pick the menu of a message, and wait for the form."""
    asked = await server.mira.menu(message, MENU)
    await opened(asked)
    return asked


async def film(server: Server, sent: Interaction, *others: Job) -> Job:
    """Wait for the job that comes of a form, and its promised card."""
    await sent.answered()
    jobs = await server.until(lambda jobs: len(jobs) > len(others))
    [job] = [job for job in jobs if job.id not in {other.id for other in others}]
    assert sent.message is not None
    assert (job.kind, job.message_id, sent.message.thinking) == (Kind.VIDEO, sent.message.id, True)
    return job


async def test_a_picture_that_is_not_there_makes_no_film(server: Server) -> None:
    single = await server.done(server.mira, kind=Kind.ACTION, params=JobParams("a kite", clips=1, motion=None))
    await server.keep_pictures(single)
    for job_id, number in ((single.id, 2), ("00000000000000", 1)):
        card = await server.card(row_of(AnimateButton(AnimateClick(job_id, number, Motion.LOW))))
        asked = await server.mira.click(card, card.buttons[0])
        await opened(asked)
        assert await server.refused(await server.mira.submit(asked, {"prompt": "it moves"})) == (
            f"Job {job_id} has no picture here that you may use. Nothing was charged. Attach the picture instead."
        )


async def test_a_hidden_job_that_a_form_names_without_its_card_is_not_there(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    picture = await drawn(server, channel_id=hidden.id)
    card = await server.card(row_of(AnimateButton(AnimateClick(picture.id, 1, Motion.LOW))))
    asked = await server.leo.click(card, card.buttons[0])
    await opened(asked)
    # What is sent names the job; the message that it says it comes from does not.
    card.components = (await server.card(row_of(AnimateButton(AnimateClick("other", 1, Motion.LOW))))).components
    told = await server.refused(await server.leo.submit(asked, {"prompt": "it moves"}))
    assert told.startswith(f"Job {picture.id} has no picture here that you may use.")


@pytest.mark.parametrize("motion", [Motion.LOW, Motion.HIGH])
async def test_a_button_opens_a_form_with_the_words_of_the_picture_in_it(server: Server, motion: Motion) -> None:
    asked = await pressed(server, await drawn(server), 2, motion)
    form = await opened(asked)
    assert form.title == f"Animate picture 2, {motion} motion"
    assert [field.custom_id for field in form.fields] == ["prompt", "films"]
    assert form["prompt"].value == "a red kite"
    assert form["films"].value == ["4-sd"]


async def test_a_form_becomes_a_job_of_the_picture_that_it_was_opened_for(server: Server) -> None:
    picture = await drawn(server)
    asked = await pressed(server, picture, 3, Motion.HIGH)
    sent = await server.mira.submit(asked, {"prompt": "the kite rises --bs 4", "films": "2-hd"})
    params = (await film(server, sent, picture)).params
    assert params.job_image == JobImageRef(picture.id, "3")
    assert (params.prompt, params.removed) == ("the kite rises", ("--bs 4",))
    assert (params.motion, params.resolution, params.clips) == (Motion.HIGH, Resolution.HD, 2)


async def test_a_form_that_is_sent_twice_asks_for_two_films(server: Server) -> None:
    picture = await drawn(server)
    asked = await pressed(server, picture)
    first = await film(server, await server.mira.submit(asked, {"prompt": "it rises"}), picture)
    second = await film(server, await server.mira.submit(asked, {"prompt": "it falls"}), picture, first)
    assert [first.params.prompt, second.params.prompt] == ["it rises", "it falls"]


async def test_choices_that_no_form_offers_count_as_the_first(server: Server) -> None:
    picture = await drawn(server)
    sent = await server.mira.submit(await pressed(server, picture), {"films": "17-8k"}, force=True)
    params = (await film(server, sent, picture)).params
    assert (params.motion, params.resolution, params.clips) == (Motion.LOW, Resolution.SD, 4)


@pytest.mark.parametrize("prompt", ["   ", "-", "--fast --bs 4"])
@pytest.mark.parametrize("form", ["a button's", "a menu's"])
async def test_an_empty_prompt_is_refused(server: Server, form: str, prompt: str) -> None:
    if form == "a button's":
        asked = await pressed(server, await drawn(server))
    else:
        asked = await picked(server, await server.leo.say(server.channel, attachments=[server.image()]))
    sent = await server.mira.submit(asked, {"prompt": prompt})
    assert await server.refused(sent) == EMPTY
    # No card was promised for it.
    assert sent.message is not None
    assert sent.message.ephemeral


async def test_whoever_sees_the_card_may_animate_it_wherever_it_was_asked_for(server: Server) -> None:
    hidden = server.guild.text_channel("hidden")
    hidden.set_overwrite(server.leo, deny=Permission.VIEW_CHANNEL)
    picture = await drawn(server, channel_id=hidden.id)
    card = await server.card(row_of(AnimateButton(AnimateClick(picture.id, 1, Motion.LOW))))
    asked = await server.leo.click(card, card.buttons[0])
    await opened(asked)
    assert (await film(server, await server.leo.submit(asked, {}), picture)).user_id == server.leo.id


async def test_where_the_bot_may_not_attach_files_no_form_opens(server: Server) -> None:
    card = await server.card(row_of(AnimateButton(AnimateClick((await drawn(server)).id, 1, Motion.LOW))))
    message = await server.leo.say(server.channel, attachments=[server.image()])
    server.channel.set_overwrite(server.discord.bot_user, deny=Permission.ATTACH_FILES)
    for asked in (await server.mira.click(card, card.buttons[0]), await server.mira.menu(message, MENU)):
        assert (await server.refused(asked)).startswith("I lack Attach Files in this channel.")
        assert asked.modal is None


async def test_the_picture_of_a_message_is_animated_as_the_form_says(server: Server) -> None:
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    asked = await picked(server, message)
    form = await opened(asked)
    assert [field.custom_id for field in form.fields] == ["prompt", "motion", "films"]
    assert form["prompt"].value in ("", None)
    assert form["motion"].value == ["low"]
    sent = await server.mira.submit(asked, {"prompt": "the boat turns", "motion": "high", "films": "1-sd"})
    params = (await film(server, sent)).params
    assert (params.prompt, params.motion, params.clips) == ("the boat turns", Motion.HIGH, 1)
    assert params.image is not None
    assert params.image.filename == "boat.png"


async def test_one_of_several_pictures_is_chosen_by_its_place(server: Server) -> None:
    files = [server.image("notes.txt", content_type="text/plain"), server.image(), server.image("kite.png")]
    asked = await picked(server, await server.leo.say(server.channel, attachments=files))
    form = await opened(asked)
    assert [choice.label for choice in form["picture"].choices] == [
        f"Picture {number} by {server.leo.title}" for number in (1, 2)
    ]
    assert form["picture"].value == ["1"]
    sent = await server.mira.submit(asked, {"prompt": "it moves", "picture": "2"})
    image = (await film(server, sent)).params.image
    assert image is not None
    assert image.filename == "kite.png"


async def test_what_another_application_shows_is_animated_too(server: Server) -> None:
    painter = server.discord.app("painter")
    server.guild.join(painter)
    asked = await picked(server, await painter.say(server.channel, "mine", attachments=[server.image()]))
    assert (await film(server, await server.mira.submit(asked, {"prompt": "it moves"}))).params.image is not None


@pytest.mark.parametrize("with_file", [False, True])
async def test_a_message_without_a_picture_opens_no_form(server: Server, *, with_file: bool) -> None:
    files = [server.image("notes.txt", content_type="text/plain")] if with_file else []
    message = await server.leo.say(server.channel, "only words", attachments=files)
    asked = await server.mira.menu(message, MENU)
    assert await server.refused(asked) == NOTHING_THERE
    assert asked.modal is None


async def test_a_form_that_is_sent_after_its_pictures_are_forgotten_is_refused(server: Server) -> None:
    asked = await picked(server, await server.leo.say(server.channel, attachments=[server.image()]))
    await server.db.store.message_images.forget(server.db.now + LIFETIME_MS)
    told = await server.refused(await server.mira.submit(asked, {"prompt": "it moves"}))
    assert told == (
        "I do not remember which picture this was. Nothing was charged. "
        "Use *Animate this image* on its message once more."
    )
    assert not any(shown.thinking for shown in server.channel.messages)


async def test_what_a_form_asks_for_is_bought_as_it_stands_and_settings_add_the_rest(server: Server) -> None:
    settings: dict[str, Any] = {"motion": "high", "resolution": "hd", "clips": "1", "provider": "ttapi"}
    await server.told(await server.mira.slash(server.channel, "settings", **settings))
    picture = await drawn(server)
    asked = await pressed(server, picture)
    assert asked.modal is not None
    assert asked.modal["films"].value == ["1-hd"]
    sent = await server.mira.submit(asked, {"prompt": "it moves", "films": "2-sd"})
    params = (await film(server, sent, picture)).params
    assert (params.motion, params.resolution, params.clips) == (Motion.LOW, Resolution.SD, 2)
    assert params.preferred == Preferences(provider="ttapi")


async def test_the_form_for_a_message_has_the_members_own_choice_set(server: Server) -> None:
    settings: dict[str, Any] = {"motion": "high", "clips": "2"}
    await server.told(await server.mira.slash(server.channel, "settings", **settings))
    message = await server.leo.say(server.channel, "look", attachments=[server.image()])
    form = await opened(await picked(server, message))
    assert (form["motion"].value, form["films"].value) == (["high"], ["2-sd"])


async def test_a_form_opens_as_usual_where_settings_are_not_read_in_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_settings, "FORM_SECONDS", -1)
    await server.told(await server.mira.slash(server.channel, "settings", clips="2"))
    asked = await pressed(server, await drawn(server))
    assert asked.modal is not None
    assert asked.modal["films"].value == ["4-sd"]
