"""Files: galleries, what is kept, limits, and links that expire."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import aiohttp
import discord
import pytest
from PIL import Image

from sandbox.discord import Discord, TextChannel, User
from sandbox.discord.files import dimensions
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot, card, clip

MIB = 1024 * 1024


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (6, 4)).save(buffer, "PNG")
    return buffer.getvalue()


async def _send(bot: SampleBot, text_channel: TextChannel, *files: discord.File) -> discord.Message:
    return await bot.get_partial_messageable(text_channel.id).send(view=card("a boat", files), files=files)


async def test_files_of_a_gallery_are_not_in_attachments_but_in_its_media(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        sent = await _send(bot, text_channel, clip("boat.png", _png()))
        assert sent.attachments == []
        container = sent.components[0]
        assert isinstance(container, discord.components.Container)
        gallery = container.children[1]
        assert isinstance(gallery, discord.MediaGalleryComponent)
        media = gallery.items[0].media
        shown = text_channel.messages[0].media[0]
        assert (media.attachment_id, media.content_type) == (shown.attachment_id, "image/png")
        assert (media.width, media.height) == (6, 4)
        assert shown.data == _png()


def test_a_videos_size_is_read_from_its_track_header():
    header = bytes(76) + (640).to_bytes(2, "big") + bytes(2) + (360).to_bytes(2, "big") + bytes(2)
    track = (len(header) + 8).to_bytes(4, "big") + b"tkhd" + header
    assert dimensions(b"ftyp" + track, "video/mp4") == (640, 360)
    assert dimensions(b"nothing like a film", "video/mp4") == (None, None)
    assert dimensions(b"nothing like an image", "image/png") == (None, None)


async def test_an_edit_drops_the_files_that_it_does_not_list(start: StartBot, text_channel: TextChannel):
    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send(files=[clip("a.mp4"), clip("b.mp4")])
        edited = await sent.edit(attachments=[sent.attachments[1], clip("c.mp4")])
        assert [file.filename for file in edited.attachments] == ["b.mp4", "c.mp4"]
        assert [media.filename for media in text_channel.messages[0].media] == ["b.mp4", "c.mp4"]
        edited = await sent.edit(content="still there")
        assert [file.filename for file in edited.attachments] == ["b.mp4", "c.mp4"]
        edited = await sent.edit(attachments=[])
        assert edited.attachments == []


@pytest.mark.parametrize("by_name", [True, False])
async def test_an_edit_may_show_a_kept_file_by_name_or_by_its_link(
    api: ApiClient, start: StartBot, text_channel: TextChannel, by_name: bool
):
    async with start() as bot:
        await _send(bot, text_channel, clip("a.mp4", b"first"))
    message = text_channel.messages[0]
    kept = message.media[0]
    body = {
        "attachments": [{"id": str(kept.attachment_id)}, {"id": "0", "description": "the second"}],
        "components": _gallery("attachment://a.mp4" if by_name else kept.url, "attachment://b.mp4"),
    }
    path = f"/channels/{text_channel.id}/messages/{message.id}"
    answer = await api.upload("PATCH", path, body, {"files[0]": ("b.mp4", b"second")})
    assert answer.status == 200
    assert [(m.filename, m.data) for m in message.media] == [("a.mp4", b"first"), ("b.mp4", b"second")]
    assert message.media[0].attachment_id == kept.attachment_id


def _gallery(*urls: str) -> list[dict[str, Any]]:
    return [{"type": 12, "items": [{"media": {"url": url}} for url in urls]}]


async def test_a_reference_to_a_file_that_is_not_there_is_refused(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    body = {"flags": 1 << 15, "components": _gallery("attachment://a.mp4")}
    answer = await api("POST", f"/channels/{text_channel.id}/messages", body)
    assert (answer.status, answer.body["code"]) == (400, 50035)
    assert "attachment://a.mp4" in local_discord.violations[0]
    local_discord.violations.clear()


async def test_an_attachment_that_is_neither_kept_nor_sent_is_refused(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
):
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"content": "x", "attachments": [{"id": "0"}]})
    assert answer.status == 400
    local_discord.violations.clear()


async def test_a_file_over_the_servers_limit_is_refused_with_40005(local_discord: Discord, start: StartBot):
    async with start() as bot:
        for tier, limit in ((0, 10 * MIB), (2, 25 * MIB)):
            text_channel = local_discord.guild("boosted", tier=tier).text_channel("films")
            channel = bot.get_partial_messageable(text_channel.id)
            if limit < 25 * MIB:
                await channel.send(file=clip("fits.mp4", bytes(limit)))
            with pytest.raises(discord.HTTPException) as refused:
                await channel.send(file=clip("big.mp4", bytes(limit + 1)))
            assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_an_interactions_own_limit_counts_for_its_uploads(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    local_discord.knobs.attachment_size_limit = 12 * MIB
    async with start() as bot:
        await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        await interaction.edit_original_response(attachments=[clip("fits.mp4", bytes(11 * MIB))])
        with pytest.raises(discord.HTTPException) as refused:
            await interaction.edit_original_response(attachments=[clip("big.mp4", bytes(12 * MIB + 1))])
        assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_a_whole_request_over_25_mib_is_refused(start: StartBot, local_discord: Discord):
    text_channel = local_discord.guild("boosted", tier=3).text_channel("films")
    async with start() as bot:
        with pytest.raises(discord.HTTPException) as refused:
            await bot.get_partial_messageable(text_channel.id).send(
                files=[clip(f"{n}.mp4", bytes(9 * MIB)) for n in range(3)]
            )
        assert refused.value.status == 413
        assert text_channel.messages == []


async def test_a_file_sent_twice_arrives_empty_and_is_noted(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot:
        file = clip("a.mp4")
        await bot.get_partial_messageable(text_channel.id).send(file=file)
        await bot.get_partial_messageable(text_channel.id).send(file=file)
        assert [message.media[0].size for message in text_channel.messages] == [4, 0]
        assert "0 bytes" in local_discord.violations[0]
        local_discord.violations.clear()


async def test_more_than_ten_files_are_refused(local_discord: Discord, api: ApiClient, text_channel: TextChannel):
    files = {f"files[{n}]": (f"{n}.mp4", b"x") for n in range(11)}
    answer = await api.upload("POST", f"/channels/{text_channel.id}/messages", {}, files)
    assert answer.status == 400
    local_discord.violations.clear()


async def test_file_names_are_normalised_and_tell_the_type(api: ApiClient, text_channel: TextChannel):
    answer = await api.upload(
        "POST",
        f"/channels/{text_channel.id}/messages",
        {"attachments": [{"id": "0"}]},
        {"files[0]": ("my b(oa)t é.png", b"x")},
    )
    assert answer.body["attachments"][0]["filename"] == "my_boat_.png"
    assert answer.body["attachments"][0]["content_type"] == "image/png"


async def test_the_open_report_about_gallery_files_on_edits_can_be_switched_on(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    local_discord.knobs.refuse_gallery_files_on_edit = True
    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send(view=card("working"))
        file = clip("a.mp4")
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(view=card("done", [file]), attachments=[file])
        assert (refused.value.status, refused.value.code) == (400, 50035)
        reply = await _send(bot, text_channel, clip("a.mp4"))
        assert reply.id == text_channel.messages[1].id


async def test_media_that_discord_has_not_fetched_yet_can_be_shown_as_loading(
    local_discord: Discord, start: StartBot, api: ApiClient, text_channel: TextChannel
):
    async with start() as bot:
        file = clip("a.mp4")
        sent = await bot.get_partial_messageable(text_channel.id).send(view=card("done", [file]), file=file)
        path = f"/channels/{text_channel.id}/messages/{sent.id}"
        loaded = (await api("GET", path)).body["components"][0]["components"][1]["items"][0]["media"]
        assert (loaded["loading_state"], loaded["content_type"]) == (2, "video/mp4")
        local_discord.knobs.media_still_loads = True
        loading = (await api("GET", path)).body["components"][0]["components"][1]["items"][0]["media"]
        assert loading["loading_state"] == 1
        assert loading.keys() == {"id", "url", "proxy_url", "loading_state", "flags"}


async def test_links_expire_after_a_day_and_cannot_be_forged(
    local_discord: Discord, start: StartBot, text_channel: TextChannel
):
    async with start() as bot, aiohttp.ClientSession() as session:
        await bot.get_partial_messageable(text_channel.id).send(file=clip("a.mp4", b"clip"))

        async def status(url: str) -> int:
            async with session.get(url) as response:
                return response.status

        url = text_channel.messages[0].media[0].url
        assert await status(url) == 200
        assert await status(url.replace("hm=", "hm=0")) == 404
        assert await status(url.split("?")[0]) == 404
        local_discord.advance(24 * 3600 + 1)
        assert await status(url) == 404
        assert await status(text_channel.messages[0].media[0].url) == 200


async def test_a_body_that_cannot_be_read_is_refused(local_discord: Discord, api: ApiClient, text_channel: TextChannel):
    path = f"{local_discord.api_url}/channels/{text_channel.id}/messages"
    for kind, data in (
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("application/json", b"{"),
        ("text/plain", b"hello"),
    ):
        async with api.session.post(path, data=data, headers={"Content-Type": kind}) as response:
            assert response.status == 400, kind
    assert text_channel.messages == []
    local_discord.violations.clear()


async def test_an_upload_whose_sender_dies_leaves_nothing_behind(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel, caplog: pytest.LogCaptureFixture
):
    host, _, port = local_discord.base_url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/v10/channels/{text_channel.id}/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    writer.write(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode())
    await writer.drain()
    await local_discord.wait_for(lambda: local_discord.requests, 10, lambda: "the request did not arrive")
    writer.close()
    await writer.wait_closed()
    assert (await api("GET", f"/channels/{text_channel.id}/messages")).body == []
    assert local_discord.requests[0].status == 0
    assert [record for record in caplog.records if record.name == "aiohttp.server"] == []
