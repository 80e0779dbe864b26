"""The images of a message are found wherever in it they stand, and whatever is claimed of them."""

from typing import Any

import discord
import pytest

from bot.domain.params import ImageUpload
from bot.ui.images_in_message import film_source, images_in, names_on_film_card, shows_film

WHEN = "2026-11-18T12:00:00+00:00"
CDN = "https://cdn.discordapp.com/attachments/5/6"
PROXY = "https://images-ext-1.discordapp.net/external/x"
EMPTY: dict[str, Any] = {
    "type": 0,
    "content": "",
    "embeds": [],
    "attachments": [],
    "components": [],
    "timestamp": WHEN,
    "edited_timestamp": None,
    "flags": 0,
    "mentions": [],
    "mention_roles": [],
}


def message(**parts: Any) -> discord.Message:
    """Read a message as a gateway's payload tells of it."""
    client = discord.Client(intents=discord.Intents.none())
    author = {"id": "11", "username": "leo", "discriminator": "0", "avatar": None, "global_name": None}
    told = {"id": "7", "channel_id": "5", "author": author, "pinned": False, "mention_everyone": False, "tts": False}
    payload: Any = {**EMPTY, **told, **parts}
    channel: Any = client.get_partial_messageable(5)
    state = client._connection  # pyright: ignore[reportPrivateUsage]  # messages are made with it
    return discord.Message(state=state, channel=channel, data=payload)


def attachment(name: str, content_type: str | None = None) -> dict[str, Any]:
    claimed = {} if content_type is None else {"content_type": content_type}
    return {"id": "6", "filename": name, "size": 9, "url": f"{CDN}/{name}", "proxy_url": f"{CDN}/{name}", **claimed}


def sticker(number: int, kind: int) -> dict[str, Any]:
    return {"id": str(number), "name": "a gull", "format_type": kind}


def gallery(*media: dict[str, Any]) -> dict[str, Any]:
    items = [{"media": {"proxy_url": PROXY, **one}} for one in media]
    return {"type": 17, "id": 1, "components": [{"type": 12, "id": 2, "items": items}]}


def own(name: str, content_type: str) -> dict[str, Any]:
    return {"url": f"{CDN}/{name}?ex=1", "content_type": content_type, "attachment_id": "6"}


def links(shown: discord.Message) -> list[str]:
    return [image.url for image in images_in(shown, films=False)]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("boat.png", "image/png"),
        ("boat.bin", "IMAGE/PNG"),
        ("boat.jfif", None),
        ("BOAT.JPG", None),
        ("boat.webp", "application/octet-stream"),
    ],
)
def test_an_attachment_that_may_be_an_image_is_one(name: str, content_type: str | None) -> None:
    shown = message(attachments=[attachment(name, content_type)])
    assert images_in(shown, films=False) == [ImageUpload(f"{CDN}/{name}", name, 9, content_type)]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("boat.txt", None), ("boat.mp4", "video/mp4"), ("boat.png", "text/plain"), ("boat", None)],
)
def test_an_attachment_that_is_surely_none_is_not_taken(name: str, content_type: str | None) -> None:
    assert links(message(attachments=[attachment(name, content_type)])) == []


def test_a_forwarded_message_is_looked_into() -> None:
    within = {
        **EMPTY,
        "attachments": [attachment("boat.png", "image/png")],
        "components": [gallery(own("kite.png", "image/png"))],
        "sticker_items": [sticker(31, 1)],
        "embeds": [
            {"type": "image", "thumbnail": {"url": "https://a.example/gull.png", "proxy_url": f"{PROXY}/gull.png"}}
        ],
    }
    assert links(message(message_snapshots=[{"message": within}])) == [
        f"{CDN}/boat.png",
        f"{CDN}/kite.png?ex=1",
        "https://cdn.discordapp.com/stickers/31.png",
        f"{PROXY}/gull.png",
    ]


def test_stickers_are_images_but_those_that_are_drawn_by_a_program() -> None:
    shown = message(sticker_items=[sticker(1, 1), sticker(2, 2), sticker(3, 3), sticker(4, 4)])
    assert [image.filename for image in images_in(shown, films=False)] == ["1.png", "2.png", "4.gif"]


def test_of_an_embed_discords_own_copy_is_taken() -> None:
    embeds = [
        {"image": {"url": "https://a.example/boat.png", "proxy_url": f"{PROXY}/boat.png"}},
        {"image": {"url": "https://a.example/kite.png"}},
    ]
    found = images_in(message(embeds=embeds), films=False)
    assert [(image.url, image.filename) for image in found] == [
        (f"{PROXY}/boat.png", "boat.png"),
        ("https://a.example/kite.png", "kite.png"),
    ]


def test_of_a_gallery_own_files_are_taken_as_they_are_and_others_from_discords_copy() -> None:
    other = {"url": "https://a.example/kite.png", "content_type": None}
    assert links(message(components=[gallery(own("boat.png", "image/png"), other)])) == [f"{CDN}/boat.png?ex=1", PROXY]


def test_the_same_image_is_found_once() -> None:
    embed = {"url": "https://a.example/boat.png", "proxy_url": f"{PROXY}/boat.png"}
    assert links(message(embeds=[{"image": embed, "thumbnail": embed}])) == [f"{PROXY}/boat.png"]


def film_card() -> discord.Message:
    clips = [own(f"animatic-1jd8x3k2m9f4qz-{number}.mp4", "video/mp4") for number in (1, 2)]
    return message(components=[gallery(*clips), gallery(own("start.jpg", "image/jpeg"), own("end.jpg", "image/jpeg"))])


def test_of_a_film_card_what_its_clips_end_on_comes_first_and_each_is_named() -> None:
    assert shows_film(film_card())
    images = images_in(film_card(), films=True)
    assert [film_source(image) for image in images] == ["1jd8x3k2m9f4qz#1", "1jd8x3k2m9f4qz#2", None, None]
    assert list(names_on_film_card(images).values()) == [
        "Last frame of clip 1",
        "Last frame of clip 2",
        "The picture to start with",
        "The picture to end with",
    ]


def test_where_no_film_can_be_read_its_card_still_says_which_picture_is_taken() -> None:
    images = images_in(film_card(), films=False)
    assert names_on_film_card(images) == {1: "The picture to start with", 2: "The picture to end with"}


def test_what_only_looks_like_a_film_of_ours_is_none() -> None:
    shown = message(attachments=[attachment("animatic-1jd8x3k2m9f4qz-1.mp4", "video/mp4")])
    assert not shows_film(shown)
    assert images_in(shown, films=True) == []
    assert film_source(ImageUpload(f"{CDN}/animatic-1jd8x3k2m9f4qz-1.mp4", "animatic-1jd8x3k2m9f4qz-1.mp4", 0)) is None
