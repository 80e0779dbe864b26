"""An extension that is asked for once more ends as it did."""

from typing import Any

import pytest

from bot.domain.job import Kind
from bot.domain.params import ImageUpload, JobParams, Motion
from bot.errors import JobFailed
from tests.support.in_process_bot import Server
from tests.unit.cogs.test_reruns import ended, failed, form_of, new_job

pytestmark = pytest.mark.asyncio(loop_scope="module")

END = ImageUpload("https://example.com/end.png", "picture", 0)
SINKS = JobParams("it sinks", 1, Motion.LOW, from_last_frame=True, explicit_options=("prompt",), end_image=END)


@pytest.mark.parametrize("edits", [True, False], ids=["edited", "tried again"])
async def test_an_extension_ends_with_the_same_image_again(server: Server, *, edits: bool) -> None:
    parent = await server.done(server.mira)
    of_parent: dict[str, Any] = {"kind": Kind.EXTEND, "parent_job_id": parent.id, "parent_slot": 0}
    if edits:
        job, card = await ended(server, SINKS, **of_parent)
        asked, form = await form_of(server, job, card)
        assert form.texts == ("-# Taken over: the clip that it goes on from, SD, TTAPI, the picture to end with.",)
        pressed = await server.leo.submit(asked, {"films": "1-sd"})
    else:
        job, card = await failed(server, JobFailed("upstream", "TTAPI"), SINKS, **of_parent)
        pressed = await server.leo.click(card, card.buttons[0])
    again = (await new_job(server, pressed, job, parent)).params
    assert (again.from_last_frame, again.end_image, again.again_of) == (True, END, job.id)


async def test_new_words_say_what_an_extension_ends_with(server: Server) -> None:
    parent = await server.done(server.mira)
    job, card = await ended(server, SINKS, kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0)
    asked, _ = await form_of(server, job, card)
    sent = await server.leo.submit(asked, {"prompt": "it turns --end https://example.com/other.png", "films": "1-sd"})
    again = (await new_job(server, sent, job, parent)).params
    assert again.end_image is not None
    assert (again.end_image.url, again.again_of) == ("https://example.com/other.png", None)


async def test_an_extension_that_was_hidden_is_hidden_again(server: Server) -> None:
    parent = await server.done(server.mira)
    job, card = await failed(
        server, JobFailed("upstream", "TTAPI"), kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0, spoiler=1
    )
    assert (await new_job(server, await server.leo.click(card, card.buttons[0]), job, parent)).spoiler == 1


async def test_what_cannot_loop_is_not_tried_again_without_its_loop(server: Server) -> None:
    parent = await server.done(server.mira)
    params = JobParams("it sinks", from_last_frame=True, explicit_options=("prompt",), loop=True)
    _, card = await failed(
        server, JobFailed("upstream", "TTAPI"), params, kind=Kind.EXTEND, parent_job_id=parent.id, parent_slot=0
    )
    assert "loop" in await server.refused(await server.leo.click(card, card.buttons[0]))
