"""Files that people attach on the page: what Discord takes, to whom it belongs, and what it claims to be."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from sandbox.harness import Sandbox
from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from sandbox.web.uploads import Uploads
from tests.sandbox.web.page_client import of, open_client

MIB = 1024 * 1024


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (6, 4)).save(buffer, "PNG")
    return buffer.getvalue()


async def upload(
    page: Page,
    guild_setup: GuildSetup,
    data: Any,
    *,
    name: str = "boat.png",
    user: str = "mira",
    channel: object = None,
    claimed: str = "image/png",
) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": claimed, "Origin": page.url.rstrip("/")}
    where = {"name": name, "user": user, "channel": str(guild_setup.films.id if channel is None else channel)}
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(f"{page.url}files", data=data, params=where, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_picture_is_taken_and_sent_with_a_message(page: Page, guild_setup: GuildSetup) -> None:
    status, file = await upload(page, guild_setup, picture(), name="my boat.png")
    assert status == 200
    assert (file["filename"], file["size"], file["content_type"]) == ("my_boat.png", len(picture()), "image/png")
    assert (file["width"], file["height"]) == (6, 4)
    async with open_client(page, "mira") as client, aiohttp.ClientSession() as browser:
        async with browser.get(file["url"]) as answer:
            assert await answer.read() == picture()
        await client.does("send_message", content="", files=[file["id"]])
        shown = (await client.until(of("message_shown")))["message"]
        assert [one["filename"] for one in shown["page"]["files"]] == ["my_boat.png"]


async def test_a_file_belongs_to_who_brought_it(page: Page, guild_setup: GuildSetup) -> None:
    _, file = await upload(page, guild_setup, picture(), user="mira")
    guild_setup.discord.commands.overwrite(
        [
            {
                "name": "film",
                "type": 1,
                "description": "x",
                "options": [{"name": "image", "type": 11, "description": "x"}],
            }
        ]
    )
    async with open_client(page, "leo") as leo, open_client(page, "mira") as mira:
        for op, fields in (
            ("send_message", {"content": "", "files": [file["id"]]}),
            ("slash", {"command": "film", "options": {"image": file["id"]}}),
        ):
            assert await leo.refused(op, **fields) == "Discord does not have this file any more; attach it again."
            await mira.does(op, **fields)


async def test_a_file_may_be_as_large_as_discord_takes_it_there_and_no_larger(
    page: Page, guild_setup: GuildSetup
) -> None:
    assert (await upload(page, guild_setup, io.BytesIO(bytes(10 * MIB))))[0] == 200
    status, said = await upload(page, guild_setup, io.BytesIO(bytes(10 * MIB + 1)))
    assert (status, said) == (413, {"say": "This file is too large: a file may have 10 MiB here."})


async def test_a_length_that_is_not_told_is_counted(page: Page, guild_setup: GuildSetup) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        for _ in range(200):
            yield bytes(MIB)

    status, said = await upload(page, guild_setup, pieces())
    assert (status, said) == (413, {"say": "This file is too large: a file may have 10 MiB here."})


@pytest.mark.parametrize(
    ("data", "where", "sentence"),
    [
        (b"", {}, "This file is empty, so it cannot be attached."),
        (b"x", {"user": "nobody"}, "It is not clear who attaches this file; load the page again."),
        (b"x", {"user": "animatic"}, "It is not clear who attaches this file; load the page again."),
        (b"x", {"channel": 1}, "This channel is not there any more, so the file was not taken."),
        (b"x", {"channel": "films"}, "This channel is not there any more, so the file was not taken."),
        (b"x", {"channel": "9" * 400}, "This channel is not there any more, so the file was not taken."),
    ],
)
async def test_what_cannot_be_attached_is_refused(
    page: Page, guild_setup: GuildSetup, data: bytes, where: dict[str, Any], sentence: str
) -> None:
    assert await upload(page, guild_setup, data, **where) == (400, {"say": sentence})


@pytest.mark.parametrize(
    ("name", "claimed", "stored", "kind"),
    [
        ("../../etc/passwd", "text/plain", "etcpasswd", "text/plain"),
        ("", "image/png", "unknown", "image/png"),
        ("x" * 5000 + ".png", "image/png", "x" * 260, "image/png"),
        ("boat.png", "not a type", "boat.png", "image/png"),
        ("boat", "image/png; x=" + "y" * 200, "boat", None),
        ("\U0001f600\u202eboat.png", "IMAGE/PNG", "boat.png", "IMAGE/PNG"),
    ],
)
async def test_names_and_types_are_only_claims(
    page: Page, guild_setup: GuildSetup, name: str, claimed: str, stored: str, kind: str | None
) -> None:
    status, file = await upload(page, guild_setup, b"no picture", name=name, claimed=claimed)
    assert status == 200
    assert (file["filename"], file["content_type"], file["width"]) == (stored, kind, None)


async def test_the_oldest_files_go_when_too_many_lie_about(sandbox: Sandbox, guild_setup: GuildSetup) -> None:
    uploads = Uploads(sandbox.discord, kept_bytes=25)
    files = [uploads.keep(guild_setup.mira, "x.txt", bytes(10), None) for _ in range(3)]
    assert [uploads.of(guild_setup.mira, file.id) is file for file in files] == [False, True, True]
    assert sandbox.discord.files.find(sandbox.discord.files.url(files[0])) is None


async def test_the_oldest_files_go_when_there_are_too_many_small_ones(
    sandbox: Sandbox, guild_setup: GuildSetup
) -> None:
    uploads = Uploads(sandbox.discord, kept_files=2)
    files = [uploads.keep(guild_setup.mira, "x.txt", b"x", None) for _ in range(3)]
    assert [uploads.of(guild_setup.mira, file.id) is not None for file in files] == [False, True, True]
