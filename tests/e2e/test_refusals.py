"""What is refused: one clear sentence, only to the member; nothing reserved, no call to the provider."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from sandbox.discord import Permission
from tests.e2e.support.guild import Scene, finished, picture

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 1024 * 1024
NOTHING_CHARGED = "Nothing was charged."


async def refused(scene: Scene, options: dict[str, Any], **how: Any) -> str:
    """Run /video, expect a refusal, and check that nothing else happened."""
    before = scene.sandbox.provider.requests.position
    asked = await scene.video(**options, **how)
    sentence = await scene.told(asked)
    assert asked.message is None or asked.message.ephemeral
    assert asked.followups == [] or all(message.ephemeral for message in asked.followups)
    assert scene.messages == []
    assert NOTHING_CHARGED in sentence
    assert sentence.count("\n") == 0
    assert scene.sandbox.provider.requests.position == before
    assert await scene.credits() == 24
    return sentence


def bomb() -> bytes:
    """Make a small PNG that claims 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def test_a_text_file_renamed_png(scene: Scene) -> None:
    told = await refused(scene, {"image": scene.boat("boat.png", b"I am only text." * 100)})
    assert told == ("The image is not a picture that I can read. Nothing was charged. Attach a PNG, JPEG, WebP or GIF.")


async def test_a_file_that_says_itself_that_it_is_no_picture(scene: Scene) -> None:
    told = await refused(scene, {"image": scene.boat("notes.txt", b"I am only text.")})
    assert told.startswith("The image is not a picture that I can read.")


async def test_a_truncated_picture(scene: Scene) -> None:
    told = await refused(scene, {"image": scene.boat("boat.png", picture()[: len(picture()) // 2])})
    assert told == ("The image is broken or incomplete. Nothing was charged. Save it again and attach the new file.")


async def test_a_broken_picture(scene: Scene) -> None:
    data = bytearray(picture())
    data[len(data) // 2 : len(data) // 2 + 2000] = b"\xff" * 2000
    assert (await refused(scene, {"image": scene.boat("boat.png", bytes(data))})).startswith("The image is broken")


async def test_a_decompression_bomb(scene: Scene) -> None:
    told = await refused(scene, {"image": scene.boat("boat.png", bomb())})
    assert told == (
        "The image has more than 50 million pixels. Nothing was charged. Scale it down and attach it again."
    )


async def test_a_picture_over_12_mib(scene: Scene) -> None:
    told = await refused(scene, {"image": scene.boat("boat.png", size=12 * MIB + 1)})
    assert told == "The image is larger than 12 MiB. Nothing was charged. Attach a smaller file."


async def test_a_picture_over_12_mib_that_claims_to_be_small(scene: Scene) -> None:
    noise = Image.effect_noise((4096, 4096), 90)
    data = io.BytesIO()
    noise.save(data, "PNG", compress_level=0)
    assert len(data.getvalue()) > 12 * MIB
    told = await refused(scene, {"image": scene.boat("boat.png", data.getvalue(), size=1000)})
    assert told.startswith("The image is larger than 12 MiB.")


async def test_an_end_image_that_is_not_an_image(scene: Scene) -> None:
    told = await refused(scene, {"end_image": scene.boat("end.png", b"GIF? no.")})
    assert told.startswith("The end image is not a picture that I can read.")


async def test_an_end_image_together_with_loop(scene: Scene) -> None:
    told = await refused(scene, {"end_image": scene.boat("end.png"), "loop": True})
    assert told == (
        "A loop ends where it begins, so it cannot have an end image. Nothing was charged. Choose one of them."
    )


@pytest.mark.parametrize("prompt", ["   ", "\u200b", "--bs 4", "https://example.com/a.png", " - "])
async def test_an_empty_prompt(scene: Scene, prompt: str) -> None:
    told = await refused(scene, {"prompt": prompt})
    assert told == "The prompt is empty. Nothing was charged. Say in a few words what should happen in the film."


async def test_a_prompt_over_2000_characters(scene: Scene) -> None:
    told = await refused(scene, {"prompt": "x" * 2001})
    assert told == (
        "The prompt has 2,001 characters, and 2,000 are allowed. Nothing was charged. Shorten it and try again."
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [({"loop": True}, "loop"), ({"speed": "turbo"}, "speed turbo")],
)
async def test_an_option_that_the_provider_lacks(scene: Scene, options: dict[str, Any], named: str) -> None:
    told = await refused(scene, options)
    assert told == f"TTAPI has no {named}. Nothing was charged. Leave that option out."


async def test_an_unknown_provider(scene: Scene) -> None:
    told = await refused(scene, {"provider": "elsewhere"})
    assert told == "I know no provider “elsewhere”. Nothing was charged. Choose TTAPI, or leave it out."


async def test_a_provider_is_found_by_its_title_too(scene: Scene) -> None:
    card = await finished(await scene.video(clips=1, provider=" TTAPI "))
    assert "made by TTAPI" in card.text


async def test_even_a_very_long_wrong_name_gets_an_answer(scene: Scene) -> None:
    told = await refused(scene, {"provider": "@everyone **x** " * 300})
    assert told.startswith("I know no provider “everyone x")


async def test_too_few_credits(scene: Scene) -> None:
    await scene.quota("set", target=scene.leo, credits=7)
    asked = await scene.video(scene.leo)
    told = await scene.told(asked)
    assert told.startswith("This takes 8 credits, and you have 7 left. Nothing was charged. They renew <t:")
    assert scene.messages == []
    assert await scene.credits(scene.leo) == 7
    await finished(await scene.video(scene.leo, clips=1))
    assert await scene.credits(scene.leo) == 5


@pytest.mark.parametrize(
    ("denied", "named"),
    [(Permission.SEND_MESSAGES, "Send Messages"), (Permission.ATTACH_FILES, "Attach Files")],
)
async def test_a_channel_where_the_bot_may_not_post_or_attach(scene: Scene, denied: Permission, named: str) -> None:
    scene.channel.set_overwrite(scene.sandbox.discord.bot_user, deny=denied)
    told = await refused(scene, {})
    assert (
        told
        == f"I lack {named} in this channel. Nothing was charged. Ask an admin to allow it, or use another channel."
    )


async def test_a_thread_where_the_bot_may_not_post(scene: Scene) -> None:
    scene.channel.set_overwrite(scene.sandbox.discord.bot_user, deny=Permission.SEND_MESSAGES_IN_THREADS)
    thread = scene.channel.thread("a thread")
    told = await refused(scene, {"channel": thread})
    assert told.startswith("I lack Send Messages in Threads in this channel.")


async def test_an_extend_where_the_bot_may_not_post_any_more(scene: Scene) -> None:
    card = await scene.film(clips=1)
    scene.channel.set_overwrite(scene.sandbox.discord.bot_user, deny=Permission.ATTACH_FILES)
    asked = await scene.mira.click(card, card.buttons[0])
    assert (await scene.told(asked)).startswith("I lack Attach Files in this channel.")
    assert scene.messages == [card]


async def test_a_direct_message(scene: Scene) -> None:
    asked = await scene.mira.slash(scene.mira.direct, "video", force=True, prompt="a boat", image=scene.boat())
    assert await scene.told(asked) == (
        "I only work in servers, where an admin shares the credits. Nothing was charged. Use me in a server's channel."
    )
