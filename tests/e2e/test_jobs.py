"""/jobs: what members asked for, and clips that are brought again to whoever may see them, free of charge."""

import asyncio
import re
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.discord import Interaction, Message, Permission, User
from bot.sandbox.discord.channels import AnyChannel
from bot.sandbox.stage import BotProcess, Stage, set_stage
from bot.sandbox.studio import faults
from tests.e2e.delivering import logged, no_token, running, turned, undelivered
from tests.e2e.scene import Scene, button, films, finished, job_id, set_scene
from tests.e2e.test_restart import hasten

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(stage: Stage) -> AsyncGenerator[BotProcess]:
    """Run a bot; none of what happens here may be an error to it."""
    async with stage.bot(MAX_RUNNING_PER_USER="10") as bot:
        yield bot
    log = bot.log.read_text()
    assert "Traceback" not in log, log


async def show(scene: Scene, who: User, job: str, channel: AnyChannel | None = None) -> Interaction:
    return await who.slash(channel or scene.channel, "jobs show", id=job)


async def refused(scene: Scene, who: User, job: str, channel: AnyChannel | None = None) -> str:
    """Expect a refusal that only the asker sees, and that leaves nothing behind."""
    place = channel or scene.channel
    before = list(place.messages)
    told = await scene.told(await show(scene, who, job, place))
    assert place.messages == before
    return told


async def delivered(scene: Scene, asked: Interaction, clips: int = 0) -> Message:
    """Wait until a card shows its films and its job has ended."""
    card = await finished(asked, clips)
    await logged(scene.stage, f"job {job_id(card)} is delivered", sum(films(m) != [] for m in cards_of(scene, card)))
    return card


async def made(scene: Scene, who: User | None = None, **options: Any) -> Message:
    """Run /video and wait until its job has ended."""
    return await delivered(scene, await scene.video(who, **options))


def cards_of(scene: Scene, card: Message) -> list[Message]:
    """Give all messages that are cards of the same job."""
    everywhere = [*scene.guild.channels, *(thread for channel in scene.guild.channels for thread in channel.threads)]
    ours = [m for channel in everywhere for m in channel.messages if m.author is card.author and films(m)]
    return [message for message in ours if job_id(message) == job_id(card)]


def nothing_to_see(job: str) -> str:
    return f"There is no job {job} here that you may see. /jobs list names yours."


def shown(message: Message) -> list[tuple[str, bytes]]:
    return [(film.filename, film.data) for film in films(message)]


# The list.


async def test_the_list_names_the_askers_ten_newest_jobs_to_them_alone(scene: Scene) -> None:
    await scene.quota("set", target=scene.mira, credits=100)
    prompt = f"a boat with **sails** <@{scene.leo.id}>"
    cards = await asyncio.gather(*(made(scene, clips=1, prompt=prompt) for _ in range(11)))
    names = sorted(map(job_id, cards), reverse=True)
    scene.stage.studio.next_submit(faults.FailLater())
    failed = await (await scene.video(clips=1)).until(lambda message: "came back" in message.text, 20)
    await made(scene, scene.leo, clips=1)
    asked = await scene.mira.slash(scene.channel, "jobs list")
    reply = await asked.private_reply()
    await reply.until(lambda message: not message.thinking)
    lines = reply.text.splitlines()
    assert [line[1:15] for line in lines] == [job_id(failed), *names[:9]]
    assert lines[0].startswith(f"`{job_id(failed)}` video, failed, <t:")
    assert re.fullmatch(
        rf"`{names[0]}` video, done, <t:\d+:R>: a boat with \\\*\\\*sails\\\*\\\* \\<@\S+ https://discord.com/channels/\S+",
        lines[1],
    )
    assert reply.ephemeral
    assert reply.pinged.users == []


async def test_the_list_of_somebody_who_asked_for_nothing_says_how_to_begin(scene: Scene) -> None:
    told = await scene.told(await scene.leo.slash(scene.channel, "jobs list"))
    assert told == "You have no jobs in this server yet. Attach a picture to **/video** to begin."


async def test_the_list_ends_before_it_is_too_long_for_discord(scene: Scene) -> None:
    await scene.quota("set", target=scene.mira, credits=100)
    await asyncio.gather(*(made(scene, clips=1, prompt="*" * 1500) for _ in range(10)))
    asked = await scene.mira.slash(scene.channel, "jobs list")
    assert len((await scene.told(asked)).splitlines()) == 10


async def test_the_suggestions_are_the_askers_own_finished_jobs(scene: Scene) -> None:
    boat = job_id(await made(scene, clips=1, prompt="a paper boat"))
    kite = job_id(await made(scene, clips=1, prompt="a red kite " + "x" * 200))
    await made(scene, scene.leo, clips=1)
    _, _, unfinished = await running(scene, clips=1)

    async def suggested(typed: str) -> list[str]:
        asked = await scene.mira.autocomplete(scene.channel, "jobs show", focused="id", id=typed)
        await asked.answered()
        choices = asked.choices or []
        assert all(len(choice["name"]) <= 100 for choice in choices)
        return [choice["value"] for choice in choices]

    assert await suggested("") == [kite, boat]
    assert await suggested(boat[:12]) == ([boat] if boat[:12] != kite[:12] else [kite, boat])
    assert await suggested("KITE") == [kite]
    assert await suggested("nothing like it") == []
    assert unfinished not in await suggested("")
    scene.stage.studio.release()


# Showing again.


async def test_a_finished_job_is_shown_again_with_the_same_files_and_live_buttons_for_nothing(scene: Scene) -> None:
    card = await made(
        scene,
    )
    submits = scene.stage.studio.submits
    other = scene.guild.text_channel("elsewhere")
    again = await delivered(scene, await show(scene, scene.leo, job_id(card), other), 4)
    assert again.channel is other
    assert not again.ephemeral
    assert shown(again) == shown(card)
    assert [media.where for media in again.media] == ["thumbnail", *["gallery"] * 4]
    assert [b.custom_id for b in again.buttons] == [b.custom_id for b in card.buttons]
    assert f"by {scene.mira.mention}" in again.text
    assert again.pinged.users == []
    assert scene.stage.studio.submits == submits
    assert (await scene.credits(), await scene.credits(scene.leo)) == (16, 24)
    extended = await delivered(scene, await scene.leo.click(again, button(again, 3, "high")), 4)
    assert f"from clip 3 of {again.link}" in extended.text
    await delivered(scene, await scene.leo.click(card, button(card, 1, "low")), 4)


async def test_an_extension_is_shown_again_with_its_origin(scene: Scene) -> None:
    card = await made(scene, clips=1)
    extended = await delivered(scene, await scene.mira.click(card, button(card, 1, "low")))
    again = await delivered(scene, await show(scene, scene.mira, job_id(extended)))
    assert f"from clip 1 of {card.link}" in again.text
    assert [media.where for media in again.media] == ["thumbnail", "gallery"]


async def test_an_id_may_be_typed_in_capitals_with_spaces_around(scene: Scene) -> None:
    card = await made(scene, clips=1)
    again = await delivered(scene, await show(scene, scene.mira, f" {job_id(card).upper()} "))
    assert job_id(again) == job_id(card)


async def test_who_may_not_read_the_cards_channel_is_told_that_there_is_nothing(scene: Scene) -> None:
    hidden = scene.guild.text_channel("hidden")
    job = job_id(await made(scene, clips=1, channel=hidden))
    for denied in (Permission.VIEW_CHANNEL, Permission.READ_MESSAGE_HISTORY):
        hidden.set_overwrite(scene.leo, deny=denied)
        assert await refused(scene, scene.leo, job) == nothing_to_see(job)
    hidden.set_overwrite(scene.mira, deny=Permission.VIEW_CHANNEL)
    moved = await delivered(scene, await show(scene, scene.mira, job))
    assert moved.channel is scene.channel
    await delivered(scene, await show(scene, scene.leo, job))


async def test_the_card_of_a_thread_is_shown_to_those_who_may_read_the_thread(scene: Scene) -> None:
    thread = scene.channel.thread("a thread")
    job = job_id(await made(scene, clips=1, channel=thread))
    thread.archive()
    scene.channel.set_overwrite(scene.leo, deny=Permission.VIEW_CHANNEL)
    other = scene.guild.text_channel("elsewhere")
    assert await refused(scene, scene.leo, job, other) == nothing_to_see(job)
    scene.channel.set_overwrite(scene.leo)
    await delivered(scene, await show(scene, scene.leo, job, other))


async def test_what_a_member_may_do_in_their_own_channel_opens_no_other_one(scene: Scene) -> None:
    staff = scene.guild.text_channel("staff")
    job = job_id(await made(scene, clips=1, channel=staff))
    staff.set_overwrite(scene.leo, deny=Permission.VIEW_CHANNEL)
    own = scene.guild.text_channel("own")
    own.set_overwrite(scene.leo, allow=Permission.MANAGE_MESSAGES | Permission.MANAGE_THREADS)
    assert await refused(scene, scene.leo, job, own) == nothing_to_see(job)
    staff.delete()
    assert await refused(scene, scene.leo, job, own) == nothing_to_see(job)


async def test_the_card_of_a_deleted_channel_is_for_its_member_and_moderators(scene: Scene) -> None:
    doomed = scene.guild.text_channel("doomed")
    jobs = [job_id(await made(scene, clips=1, channel=doomed)) for _ in range(2)]
    doomed.delete()
    assert await refused(scene, scene.leo, jobs[0]) == nothing_to_see(jobs[0])
    await delivered(scene, await show(scene, scene.mira, jobs[0]))
    scene.guild.members[scene.leo.id].give(scene.guild.role("moderators", Permission.MANAGE_MESSAGES))
    await delivered(scene, await show(scene, scene.leo, jobs[1]))


async def test_a_job_of_another_server_or_of_nowhere_is_not_there(scene: Scene) -> None:
    elsewhere = set_scene(scene.stage)
    elsewhere.guild.join(scene.mira)
    job = job_id(await made(scene, clips=1))
    assert await refused(elsewhere, scene.mira, job) == nothing_to_see(job)
    assert await refused(elsewhere, elsewhere.ada, job) == nothing_to_see(job)
    assert await refused(scene, scene.mira, "nothing") == nothing_to_see("nothing")


async def test_an_unfinished_or_failed_job_is_told_in_one_sentence(scene: Scene) -> None:
    _, card, job = await running(scene, clips=1)
    assert await refused(scene, scene.mira, job) == f"Job {job} is not finished yet. Watch it: {card.link}"
    scene.stage.studio.release()
    scene.stage.studio.next_submit(faults.FailLater())
    failed = await (await scene.video(clips=1)).until(lambda message: "came back" in message.text, 20)
    job = job_id(failed)
    assert await refused(scene, scene.mira, job) == (
        f"Job {job} failed, so it has no clips. Start it again with /video."
    )


async def test_where_the_bot_may_not_attach_nothing_is_shown(scene: Scene) -> None:
    job = job_id(await made(scene, clips=1))
    mute = scene.guild.text_channel("mute")
    mute.set_overwrite(scene.stage.discord.bot_user, deny=Permission.ATTACH_FILES)
    assert (await refused(scene, scene.mira, job, mute)).startswith("I lack Attach Files in this channel.")
    await delivered(scene, await show(scene, scene.mira, job))


async def test_two_who_ask_at_once_get_one_card_and_one_link(scene: Scene) -> None:
    job = job_id(await made(scene, clips=1))
    studio, discord = scene.stage.studio, scene.stage.discord
    submits = studio.submits
    go_on = asyncio.Event()
    fault = discord.faults.delay("PATCH", "/messages/", until=go_on)
    first = await show(scene, scene.mira, job)
    await asyncio.wait_for(fault.hit.wait(), 20)
    told = await refused(scene, scene.leo, job)
    go_on.set()
    card = await delivered(scene, first)
    assert told == f"Job {job} is being shown just now. Watch it: {card.link}"
    await delivered(scene, await show(scene, scene.leo, job))
    assert studio.submits == submits


async def test_swept_files_are_where_they_were_shown(scene: Scene) -> None:
    card = await made(scene, clips=2)
    job = job_id(card)
    await asyncio.to_thread(shutil.rmtree, scene.stage.folder / "media" / job)
    assert await refused(scene, scene.mira, job) == (
        f"The clips of job {job} are no longer kept here. They are where they were shown: {card.link}"
    )


async def test_what_was_swept_in_part_is_fetched_again_or_named(scene: Scene) -> None:
    card = await made(scene, clips=2)
    job = job_id(card)
    kept = scene.stage.folder / "media" / job
    (kept / "2.mp4").unlink()
    again = await delivered(scene, await show(scene, scene.mira, job), 2)
    assert shown(again) == shown(card)
    (kept / "2.mp4").unlink()
    (kept / "start.png").unlink()
    scene.stage.studio.next_download(faults.Status(404))
    part = await delivered(scene, await show(scene, scene.mira, job))
    assert shown(part) == shown(card)[:1]
    assert "Clip 2 was made and is paid for, but I could not fetch it from TTAPI" in part.text
    assert len(part.buttons) == 4
    await delivered(scene, await show(scene, scene.mira, job), 2)


async def test_a_job_that_could_not_be_delivered_is_listed_so_and_repaired_wholly(
    scene: Scene, bot: BotProcess
) -> None:
    asked, _, job = await running(scene, clips=2)
    with no_token(scene.stage):
        scene.channel.set_overwrite(scene.stage.discord.bot_user, deny=Permission.VIEW_CHANNEL)
        scene.stage.studio.release()
        await undelivered(scene, job)
    other = scene.guild.text_channel("elsewhere")
    listed = await scene.told(await scene.mira.slash(other, "jobs list"))
    assert f"made, but not delivered: `/jobs show id:{job}`" in listed
    again = await delivered(scene, await show(scene, scene.mira, job, other), 2)
    listed = await scene.told(await scene.mira.slash(other, "jobs list"))
    assert "not delivered" not in listed
    assert "video, done, <t:" in listed
    assert again.link in listed
    assert "I could not attach" not in again.text
    await delivered(scene, await scene.leo.click(again, button(again, 2, "low")), 2)
    assert asked.message is not None


async def test_large_clips_come_in_several_edits_here_too(scene: Scene) -> None:
    with turned(scene.stage.studio.knobs, download_fault=faults.Huge(7 * MIB)):
        card = await delivered(scene, await scene.video(), 4)
    again = await delivered(scene, await show(scene, scene.leo, job_id(card)), 4)
    assert [film.size for film in films(again)] == [7 * MIB] * 4


async def test_a_kill_while_a_job_is_shown_again_does_not_lose_it(tmp_path: Path) -> None:
    async with set_stage(tmp_path) as stage:
        hasten(stage)
        scene = set_scene(stage)
        never = asyncio.Event()
        async with stage.bot() as bot:
            job = job_id(await made(scene, clips=2))
            fault = stage.discord.faults.delay("PATCH", "/messages/", until=never)
            asked = await show(scene, scene.leo, job)
            await asyncio.wait_for(fault.hit.wait(), 20)
            await bot.kill()
        never.set()
        async with stage.bot():
            again = await delivered(scene, asked, 2)
            assert await scene.credits() == 20
        assert job_id(again) == job
        assert stage.studio.submits == 1
        assert stage.discord.violations == []


async def test_a_deleted_new_card_comes_again_once_and_the_old_one_stays(scene: Scene) -> None:
    discord = scene.stage.discord
    card = await made(scene, clips=1)
    other = scene.guild.text_channel("elsewhere")
    go_on = asyncio.Event()
    fault = discord.faults.delay("PATCH", "/messages/", until=go_on)
    asked = await show(scene, scene.mira, job_id(card), other)
    await asyncio.wait_for(fault.hit.wait(), 20)
    assert asked.message is not None
    discord.moderator_deletes(asked.message)
    go_on.set()
    await discord.wait_for(lambda: any(films(m) for m in other.messages), 20, lambda: str(other.messages))
    [again] = other.messages
    assert shown(again) == shown(card)
    assert [media.where for media in again.media] == ["thumbnail", "gallery"]
    assert cards_of(scene, card) == [card, again]
