"""The doctor tries a channel: the real defer, card and MP4 edit; an interrupt comes to it as a process."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.discord import EVERYONE, Permission
from tests.e2e.support.doctor import DoctorSandbox, doctor_sandbox


@pytest_asyncio.fixture
async def doctor(tmp_path: Path) -> AsyncGenerator[DoctorSandbox]:
    """Start the sandbox with keys of all four providers."""
    async with doctor_sandbox(tmp_path) as doctor:
        yield doctor


def timeless(lines: list[str]) -> list[str]:
    return [re.sub(r"\d+ ms\.$", "N ms.", line) for line in lines]


async def test_in_a_channel_a_click_is_deferred_and_an_mp4_edited_into_both_messages(doctor: DoctorSandbox) -> None:
    report = await doctor.check_channel(click=True)
    (click,) = doctor.sandbox.discord.interactions.values()
    assert click.deferred
    assert report.of("click") == ["wait: press “Press me” in the channel within 30 seconds."]
    assert timeless(report.of("defer")) == ["ok: answering the click of Mira took N ms."]
    read = "ok: finding the MP4 when reading the message back took N ms."
    assert timeless(report.of("answer")) == [
        "ok: adding an MP4 with the click's token took N ms.",
        read,
        "ok: deleting took N ms.",
    ]
    assert timeless(report.of("card")) == [
        "ok: posting took N ms.",
        "ok: adding an MP4 with the bot's token took N ms.",
        read,
        "ok: deleting took N ms.",
    ]
    uploads = [request for request in doctor.sandbox.discord.requests if request.files]
    assert [(request.method, request.files[0][0]) for request in uploads] == [("PATCH", "doctor.mp4")] * 2
    assert doctor.channel.messages == []
    assert not report.wrong


async def test_in_a_channel_without_a_click_the_card_is_tried_and_the_rest_named(doctor: DoctorSandbox) -> None:
    report = await doctor.check_channel(click=False)
    assert report.of("click") == [
        "wait: press “Press me” in the channel within 0.2 seconds.",
        "warn: nobody pressed the button: the defer, and the MP4 in an answer by its token, are left untested. "
        "Ask again, and press it.",
    ]
    assert [line.partition(" took ")[0] for line in report.of("card")] == [
        "ok: posting",
        "ok: adding an MP4 with the bot's token",
        "ok: finding the MP4 when reading the message back",
        "ok: deleting",
    ]
    assert (report.of("defer"), report.of("answer"), doctor.channel.messages) == ([], [], [])
    assert not report.wrong


async def test_a_bot_that_runs_beside_it_leaves_the_click_alone(doctor: DoctorSandbox) -> None:
    # The doctor takes no turn of the bot's: Discord would have it try again a moment later.
    doctor.sandbox.discord.knobs.identify_seconds = 0
    async with doctor.sandbox.bot() as bot:
        report = await doctor.check_channel(click=True)
    assert not report.wrong
    callbacks = [request for request in doctor.sandbox.discord.requests if request.path.endswith("/callback")]
    assert [request.status for request in callbacks] == [200]
    assert "Traceback" not in bot.log.read_text()


async def test_a_trial_hears_clicks_on_the_shard_of_its_server(doctor: DoctorSandbox) -> None:
    report = await doctor.check_channel(click=True, SHARD_COUNT="7")
    (session,) = doctor.sandbox.discord.gateway.sessions.values()
    assert (session.shard_id, session.shard_count) == ((doctor.guild.id >> 22) % 7, 7)
    assert report.of("defer")[0].startswith("ok: ")


async def test_a_channel_where_the_bot_may_not_attach_files_is_named_and_left_clean(doctor: DoctorSandbox) -> None:
    doctor.guild.set_bot_permissions(EVERYONE & ~Permission.ATTACH_FILES)
    report = await doctor.check_channel(click=False)
    assert report.of("server")[0].startswith("ok: ")
    assert report.of("card")[1] == (
        "wrong: adding an MP4 with the bot's token failed. The bot lacks a permission there: View Channels, Send "
        "Messages, Send Messages in Threads, Attach Files or Read Message History. Look at the channel's own settings."
    )
    assert doctor.channel.messages == []
    assert report.wrong


async def test_a_channel_where_the_bot_may_not_write_is_named(doctor: DoctorSandbox) -> None:
    doctor.guild.set_bot_permissions(EVERYONE & ~Permission.SEND_MESSAGES)
    report = await doctor.check_channel(click=False)
    (line,) = report.of("card")
    assert line.startswith("wrong: posting failed. The bot lacks a permission there: ")
    assert (report.of("click"), report.wrong) == ([], True)


async def test_a_channel_that_nobody_knows_is_named(doctor: DoctorSandbox) -> None:
    report = await doctor.run_in_channel(17, None)
    assert report.of("--channel") == [
        "wrong: the channel cannot be looked at. Discord knows no such channel. Copy its id again: developer mode, "
        "right click, Copy Channel ID."
    ]
    assert report.wrong


async def test_a_discord_that_adds_no_files_by_an_edit_only_hurts(doctor: DoctorSandbox) -> None:
    doctor.sandbox.discord.knobs.refuse_gallery_files_on_edit = True
    report = await doctor.check_channel(click=True)
    words = (
        "warn: Discord adds no files to a gallery by an edit here (its open report api-docs #7529): the bot puts films "
        "into replies to their cards instead."
    )
    assert report.of("answer")[0] == report.of("card")[1] == words
    assert (doctor.channel.messages, report.wrong) == ([], False)


async def test_a_click_that_cannot_be_answered_is_told_and_the_card_is_tried_all_the_same(
    doctor: DoctorSandbox,
) -> None:
    doctor.sandbox.discord.faults.status("POST", "/callback", 403)
    report = await doctor.check_channel(click=True)
    assert report.of("defer") == [
        "wrong: answering the click of Mira failed. Discord says: 403: injected by a fault (HTTP 403, code 0)."
    ]
    assert report.of("answer") == []
    assert report.of("card")[1].startswith("ok: adding an MP4")
    assert (doctor.channel.messages, report.wrong) == ([], True)


async def test_a_gateway_that_lets_nobody_in_is_told(doctor: DoctorSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        return 4011

    monkeypatch.setattr(doctor.sandbox.discord.gateway, "_identify", refuse)
    report = await doctor.check_channel(click=False)
    (line,) = report.of("click")
    assert line.startswith(
        "wrong: the gateway lets nobody in, so that no click can be answered. The connection failed: "
    )
    assert "4011" in line
    assert report.of("card")[1].startswith("ok: adding an MP4")
    assert (doctor.channel.messages, report.wrong) == ([], True)


async def test_a_gateway_that_hangs_up_for_good_while_it_waits_is_told(doctor: DoctorSandbox) -> None:
    async def hang_up() -> None:
        (connection,) = doctor.sandbox.discord.gateway.connections
        await connection.close(4013)

    report = await doctor.run_in_channel(doctor.channel.id, hang_up)
    assert report.of("click")[1] == (
        "wrong: the gateway closed the connection. Look at discordstatus.com and ask again."
    )
    assert report.of("card")[1].startswith("ok: adding an MP4")
    assert (doctor.channel.messages, report.wrong) == ([], True)


async def test_an_interrupted_trial_deletes_its_card(doctor: DoctorSandbox) -> None:
    environment = doctor.sandbox.environment()
    arguments = (sys.executable, "-m", "bot", "doctor", "--channel", str(doctor.channel.id))
    process = await asyncio.create_subprocess_exec(
        *arguments, env=environment, cwd=doctor.sandbox.folder, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while not (await process.stdout.readline()).startswith(b"wait "):
            assert process.returncode is None
        assert len(doctor.channel.messages) == 1
        process.send_signal(2)
        await process.stdout.read()
        assert await process.wait() == 130
    assert doctor.channel.messages == []
