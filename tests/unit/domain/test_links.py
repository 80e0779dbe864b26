"""A link to a message is read as Discord's clients copy it."""

import pytest

from bot.domain.links import MessageLink, read_message_link


@pytest.mark.parametrize(
    "typed",
    [
        "https://discord.com/channels/1/2/3",
        " <https://discord.com/channels/1/2/3> ",
        "https://ptb.discord.com/channels/1/2/3",
        "https://canary.discordapp.com/channels/1/2/3/",
        "HTTPS://DISCORD.COM/channels/1/2/3?x=y",
    ],
)
def test_a_link_names_server_channel_and_message(typed: str) -> None:
    assert read_message_link(typed) == MessageLink(1, 2, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1jd8x3k2m9f4qz",
        "https://discord.com/channels/1/2",
        "https://discord.com/channels/@me/2/3",
        "https://evil.example/channels/1/2/3",
        "https://discord.com.evil.example/channels/1/2/3",
        "https://discord.com/channels/1/2/3 and more",
        f"https://discord.com/channels/1/2/{'9' * 21}",
    ],
)
def test_what_is_no_link_to_a_message_is_none(typed: str) -> None:
    assert read_message_link(typed) is None
