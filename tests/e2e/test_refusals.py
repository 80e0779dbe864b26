"""What is refused: one clear sentence to the member alone, in their language; nothing reserved, no provider called."""

import io
import re
import struct
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.languages import languages
from sandbox.discord import Interaction, Permission
from tests.e2e.support.guild import Server, finished
from tests.support.sample_images import small_photo

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024
NOTHING_CHARGED = "Nothing was charged."

ENGLISH_WORDS = re.compile(r"\b(the|image|is|not|was|charged|and|this|here|you|in|of|again)\b", re.IGNORECASE)
"""What a sentence in another language has none of."""


async def told(server: Server, asked: Interaction) -> str:
    """Wait for what the asker alone is told, and check that nothing is to be seen of it."""
    sentence = await server.private_text(asked)
    assert asked.message is None or asked.message.ephemeral
    assert asked.followups == [] or all(message.ephemeral for message in asked.followups)
    assert sentence.count("\n") == 0
    return sentence


async def told_in_each_language(server: Server, ask: Callable[[], Awaitable[Interaction]]) -> str:
    """Ask for the same in each language, expect the same to be said, and give it in English."""
    sentences: dict[str, str] = {}
    for code, language in languages().items():
        server.mira.locale = code
        sentences[code] = sentence = await told(server, await ask())
        assert language.catalogue.gettext(NOTHING_CHARGED) in sentence
        if code != "en":
            assert ENGLISH_WORDS.search(sentence) is None, sentence
    server.mira.locale = "en-US"
    assert len(set(sentences.values())) == len(sentences) > 2
    return sentences["en"]


async def refused(server: Server, options: dict[str, Any], **how: Any) -> str:
    """Run /video, expect a refusal, and check that nothing else happened."""
    before = server.sandbox.provider.requests.position
    sentence = await told_in_each_language(server, lambda: server.video(**options, **how))
    assert server.messages == []
    assert server.sandbox.provider.requests.position == before
    assert await server.credits() == 24
    return sentence


def bomb() -> bytes:
    """Make a small PNG that claims 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def test_a_text_file_renamed_png(server: Server) -> None:
    said = await refused(server, {"image": server.image("boat.png", b"I am only text." * 100)})
    assert said == ("The image is not a picture that I can read. Nothing was charged. Attach a PNG, JPEG, WebP or GIF.")


@pytest.mark.parametrize("name", ["ztxt_workflow_1.8MB.png", "text_bad_crc.png", "baseline_no_eoi.jpg"])
async def test_what_is_beside_a_pictures_pixels_is_no_reason_to_refuse_it(server: Server, name: str) -> None:
    data = (Path(__file__).parents[1] / "unit" / "media" / "data" / name).read_bytes()
    given = server.image(name, data, content_type="application/octet-stream")
    asked = await server.mira.slash(
        server.channel, "video", prompt="a boat", image=given, end_image=given, clips=1, motion="low"
    )
    assert (await finished(asked)).text.startswith("**Video** by")


async def test_a_truncated_picture(server: Server) -> None:
    said = await refused(server, {"image": server.image("boat.png", small_photo()[: len(small_photo()) // 2])})
    assert said == ("The image is broken or incomplete. Nothing was charged. Save it again and attach the new file.")


async def test_a_broken_picture(server: Server) -> None:
    data = bytearray(small_photo())
    data[len(data) // 2 : len(data) // 2 + 2000] = b"\xff" * 2000
    assert (await refused(server, {"image": server.image("boat.png", bytes(data))})).startswith("The image is broken")


async def test_a_decompression_bomb(server: Server) -> None:
    said = await refused(server, {"image": server.image("boat.png", bomb())})
    assert said == (
        "The image has more than 80 million pixels. Nothing was charged. Scale it down and attach it again."
    )


async def test_a_picture_over_12_mib_that_claims_to_be_small(server: Server) -> None:
    noise = Image.effect_noise((4096, 4096), 90)
    data = io.BytesIO()
    noise.save(data, "PNG", compress_level=0)
    assert len(data.getvalue()) > 12 * MIB
    said = await refused(server, {"image": server.image("boat.png", data.getvalue(), size=1000)})
    assert said.startswith("The image is larger than 12 MiB.")


async def test_an_end_image_that_is_not_an_image(server: Server) -> None:
    said = await refused(server, {"end_image": server.image("end.png", b"GIF? no.")})
    assert said.startswith("The end image is not a picture that I can read.")


async def test_even_a_very_long_wrong_name_gets_an_answer(server: Server) -> None:
    said = await refused(server, {"provider": "@everyone **x** " * 300})
    assert said.startswith("I know no provider “everyone x")


async def test_too_few_credits(server: Server) -> None:
    await server.quota("set", target=server.mira, credits=7)
    said = await told_in_each_language(server, server.video)
    assert said.startswith("This takes 8 credits, and you have 7 left. Nothing was charged. They renew <t:")
    assert server.messages == []
    assert await server.credits() == 7
    await finished(await server.video(clips=1))
    assert await server.credits() == 5


async def test_an_extend_where_the_bot_may_not_post_any_more(server: Server) -> None:
    card = await server.finished_video(clips=1)
    server.channel.set_overwrite(server.sandbox.discord.bot_user, deny=Permission.ATTACH_FILES)
    said = await told_in_each_language(server, lambda: server.mira.click(card, card.buttons[0]))
    assert said.startswith("I lack Attach Files in this channel.")
    assert server.messages == [card]


async def test_a_direct_message(server: Server) -> None:
    async def ask() -> Interaction:
        return await server.mira.slash(server.mira.direct, "video", force=True, prompt="a boat", image=server.image())

    assert await told_in_each_language(server, ask) == (
        "I only work in servers, where an admin shares the credits. Nothing was charged. Use me in a server's channel."
    )
