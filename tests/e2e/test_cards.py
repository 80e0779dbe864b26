"""What members see and press."""

import asyncio
from typing import Any, cast

import pytest

from sandbox.discord import Message
from sandbox.provider import State as StudioState
from sandbox.provider.model import faults
from tests.e2e.support.guild import Server, button, extends, finished, gallery, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_card_says_who_asked_what_it_costs_and_who_made_it(server: Server) -> None:
    card = await server.finished_video()
    assert f"**Video** by {server.mira.mention}, low motion, SD, 4 clips, 8 credits" in card.text
    assert "> a paper boat" in card.text
    assert "made by TTAPI, job " in card.text
    assert [media.where for media in card.media] == ["thumbnail", *["gallery"] * 4]
    assert card.pinged.users == []
    rows = [[b.custom_id for b in card.buttons if b.row == row] for row in sorted({b.row or 0 for b in card.buttons})]
    name = job_id(card)
    extends = [[f"extend:{name}:{clip}:{motion}" for clip in (1, 2, 3, 4)] for motion in ("low", "high")]
    assert rows[:3] == [*extends, [f"words:{name}"]]


async def test_fewer_clips_have_fewer_buttons_and_cost_less(server: Server) -> None:
    card = await server.finished_video(clips=1, resolution="hd", motion="high")
    assert "high motion, HD, 1 clip, 6 credits" in card.text
    assert [b.label for b in extends(card)] == ["1", "1"]
    job = list(server.sandbox.provider.jobs.values())[-1]
    assert (job.options.clips, job.options.resolution, job.options.motion) == (1, "hd", "high")


async def test_every_option_is_sent_explicitly(server: Server) -> None:
    await server.finished_video(end_image=server.image("end.png"))
    sent = cast("dict[str, Any]", [r for r in server.sandbox.provider.requests if r.path.endswith("/submit")][-1].json)
    assert (sent["bs"], sent["manual"], sent["resolution"], sent["mode"]) == (4, "low", "sd", "fast")
    assert sent["imageUrl"] != sent["endingUrl"]


async def test_progress_and_the_place_in_the_queue_are_shown_while_waiting(server: Server) -> None:
    fake_provider = server.sandbox.provider
    submits = fake_provider.submits
    fake_provider.settings.hold = True
    await server.quota("set", target=server.mira, credits=100)
    try:
        asked = [await server.video() for _ in range(5)]
        # MAX_RUNNING_PER_USER is 3: two wait, and see their place.
        discord = server.sandbox.discord

        def texts() -> str:
            return "\n".join(message.text for message in server.channel.messages)

        await discord.wait_for(lambda: "Waiting, place 1" in texts() and "Waiting, place 2" in texts(), 20, texts)
        await discord.wait_for(lambda: texts().count("▰▰") >= 3, 20, texts)
        assert fake_provider.submits == submits + 3
        fake_provider.release()
        for one in asked:
            await finished(one, clips=4)
    finally:
        fake_provider.release()


async def test_an_extend_inherits_prompt_clips_and_resolution_and_links_its_parent(server: Server) -> None:
    await server.quota("set", target=server.leo, credits=12)
    card = await server.finished_video(clips=2, resolution="hd")
    asked = await server.leo.click(card, button(card, 2, "high"))
    extended = await finished(asked, clips=2)
    assert f"**Extension** by {server.leo.mention}, high motion, HD, 2 clips, 12 credits" in extended.text
    assert f"from clip 2 of {card.link} (job {job_id(card)})" in extended.text
    assert "> a paper boat" in extended.text
    assert await server.credits(server.mira) == 12
    child = list(server.sandbox.provider.jobs.values())[-1]
    assert (child.index, child.options.clips, child.options.motion, child.options.animate) == (1, 2, "high", "auto")
    assert len(gallery(card)) == 2


async def test_the_same_click_while_it_is_being_made_is_answered_privately_with_a_link(server: Server) -> None:
    card = await server.finished_video(clips=1)
    server.sandbox.provider.settings.hold = True
    try:
        first = await server.mira.click(card, button(card, 1, "low"))
        made = await first.until(lambda message: "Extension" in message.text)
        second = await server.mira.click(card, button(card, 1, "low"))
        assert (await server.private_text(second)) == (
            f"You have asked for this already, and it is being made. Nothing was charged. Watch it: {made.link}"
        )
        assert second.message is None
        other = await server.leo.click(card, button(card, 1, "low"))
        await other.until(lambda message: "Extension" in message.text)
    finally:
        server.sandbox.provider.release()
    await finished(first)
    await finished(other)
    again = await finished(await server.mira.click(card, button(card, 1, "low")))
    assert job_id(again) != job_id(made)


async def test_a_failed_job_gives_all_credits_back_and_its_card_says_so(server: Server) -> None:
    server.sandbox.provider.next_submit(faults.FailLater("[Image denied] not allowed"))
    asked = await server.video()
    card = await asked.until(lambda message: "came back" in message.text, 20)
    assert "TTAPI refused the picture because of what it shows. All 8 credits came back." in card.text
    assert "Use another picture." in card.text
    assert card.accent_color == 0xE74C3C
    assert card.buttons == []
    assert await server.credits() == 24


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (faults.Status(401), "TTAPI does not accept our key."),
        (faults.Status(402), "Our account at TTAPI is empty."),
        (faults.Status(403), "Our account at TTAPI is blocked."),
        (faults.FailLater("[Banned prompt detected] x"), "TTAPI refused the prompt because of its words."),
        (faults.FailLater("[Invalid link!] x"), "TTAPI could not open the picture."),
        (faults.FailLater("job timeout"), "TTAPI did not finish in time."),
        (faults.FailLater("[Internal error] x"), "TTAPI failed while making it."),
    ],
)
async def test_each_documented_failure_is_told_in_one_sentence_with_the_credits(
    server: Server, fault: faults.SubmitFault, sentence: str
) -> None:
    server.sandbox.provider.next_submit(fault)
    card = await (await server.video()).until(lambda message: "came back" in message.text, 20)
    assert sentence in card.text
    assert await server.credits() == 24


async def test_fewer_clips_than_asked_are_settled_at_their_price(server: Server) -> None:
    server.sandbox.provider.next_submit(faults.FewerClips(3))
    card = await finished(await server.video(), clips=3)
    assert len(gallery(card)) == 3
    assert len(extends(card)) == 6
    assert await server.credits() == 18


async def test_a_provider_that_is_full_for_a_moment_is_asked_again(server: Server) -> None:
    server.sandbox.provider.next_submit(faults.Status(499))
    asked = await server.video(clips=1)
    await asked.until(lambda message: "TTAPI is busy; I am trying again." in message.text, 20)
    await finished(asked)
    assert await server.credits() == 22


async def test_what_the_vendor_charged_is_in_the_usage_and_on_no_card(server: Server) -> None:
    card = await server.finished_video()
    assert "30" not in card.text.replace(job_id(card), "").replace(server.mira.mention, "")
    usage = await server.quota("usage")
    assert f"{server.mira.mention}: 8 credits in 1 job, TTAPI charged 30 quota" in usage


async def test_cards_are_made_in_threads_too(server: Server) -> None:
    thread = server.channel.thread("a thread")
    card = await server.finished_video(channel=thread, clips=1)
    assert card.channel is thread


async def test_many_members_at_once_each_get_their_own_films(server: Server) -> None:
    people = [server.sandbox.discord.user(f"guest{n}-{server.guild.id}") for n in range(6)]
    for person in people:
        server.guild.join(person)
    asked = [await server.video(person, clips=1) for person in people]
    cards = await asyncio.gather(*(finished(one) for one in asked))
    made = {job.clip_bytes(0) for job in server.sandbox.provider.jobs.values() if job.state is StudioState.DONE}
    shown = [gallery(card)[0].data for card in cards]
    assert len(set(shown)) == 6
    assert set(shown) <= made


async def test_a_waiting_job_is_cancelled_by_its_requester_or_a_moderator_and_all_comes_back(server: Server) -> None:
    fake_provider = server.sandbox.provider
    fake_provider.settings.hold = True
    await server.quota("set", target=server.mira, credits=100)
    try:
        submits = fake_provider.submits + 3
        asked = [await server.video(clips=1) for _ in range(5)]
        await fake_provider.until(lambda _: fake_provider.submits == submits)
        await server.sandbox.discord.wait_for(lambda: _running(server) == 3, 20, lambda: "three do not run")
        waiting = await server.sandbox.discord.wait_for(
            lambda: _two_waiting(server), 20, lambda: "nothing has two cancel buttons"
        )
        refused = await server.leo.click(waiting[0], waiting[0].buttons[0])
        assert (
            await server.private_text(refused) == "Only the member who asked for it, or a moderator, may cancel this."
        )
        own = await server.mira.click(waiting[0], waiting[0].buttons[0])
        assert await server.private_text(own) == "Cancelled. All 2 credits came back."
        await waiting[0].until(
            lambda message: f"Cancelled by {server.mira.mention}. All 2 credits came back." in message.text
        )
        moderated = await server.ada.click(waiting[1], waiting[1].buttons[0])
        assert await server.private_text(moderated) == "Cancelled. All 2 credits came back."
        await waiting[1].until(lambda message: f"Cancelled by {server.ada.mention}." in message.text)
        assert waiting[1].buttons == []
        assert await server.credits() == 94
    finally:
        fake_provider.release()
    for one in asked:
        if one.message not in waiting:
            await finished(one)
    assert fake_provider.submits == submits


def _running(server: Server) -> int:
    return sum("%" in message.text for message in server.channel.messages)


def _two_waiting(server: Server) -> list[Message] | None:
    found = [m for m in server.channel.messages if any((b.custom_id or "").startswith("cancel:") for b in m.buttons)]
    return found if len(found) == 2 else None
