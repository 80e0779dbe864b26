"""Whatever a tab says, it gets one sentence, and the server goes on."""

import contextlib
import json

import pytest

from sandbox.web import Page
from sandbox.web.guild_setup import GuildSetup
from tests.sandbox.web.page_client import PageClient, of, open_client

NOT_UNDERSTOOD = "The page said something that cannot be understood; load it again."


async def works(client: PageClient) -> None:
    await client.does("send_message", content="still here", files=[])


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "hello",
        "[]",
        "7",
        "null",
        '{"op": "enter", "ref": NaN}',
        '{"op": "enter", "ref": 1, "user": Infinity}',
        '{"op": "enter", "ref": null, "user": 1e999}',
        '{"op": "enter", "ref": ' + "9" * 5000 + "}",
        '{"op": ' + "[" * 100_000,
        '{"a":' * 30_000 + "1" + "}" * 30_000,
    ],
)
async def test_a_frame_that_is_no_object_is_refused(page: Page, frame: str) -> None:
    async with open_client(page, "mira") as client:
        await client.socket.send_str(frame)
        refused = await client.until(of("refused"))
        assert (refused["ref"], refused["say"]) == (None, NOT_UNDERSTOOD)
        await works(client)


async def test_a_frame_that_is_too_large_is_refused_and_so_are_bytes(page: Page) -> None:
    async with open_client(page, "mira") as client:
        await client.socket.send_str(json.dumps({"op": "send_message", "ref": 5, "content": "x" * 1024 * 1024}))
        refused = await client.until(of("refused", ref=5))
        assert refused["say"] == "This is too much at once, so nothing of it was sent."
        await client.socket.send_bytes(b"\x00\xff")
        assert (await client.until(lambda said: said["op"] == "refused" and said is not refused))[
            "say"
        ] == NOT_UNDERSTOOD
        await works(client)


async def test_an_enormous_frame_costs_its_own_tab_alone(page: Page) -> None:
    async with open_client(page, "mira") as other, open_client(page, "leo") as client:
        with contextlib.suppress(ConnectionError):
            await client.socket.send_str("x" * 20 * 1024 * 1024)
        await client.reading
        assert client.socket.closed
        await works(other)


async def test_characters_that_are_none_are_refused(page: Page, guild_setup: GuildSetup) -> None:
    async with open_client(page, "mira") as client:
        await client.socket.send_str('{"op": "send_message", "ref": 9, "content": "\\ud83d half an emoji"}')
        refused = await client.until(of("refused", ref=9))
        assert "no characters" in refused["say"]
        await client.socket.send_str('{"op": "send_message", "ref": 10, "content": "\\ud83d\\ude00 a whole one"}')
        await client.until(of("done", ref=10))
        assert [message.content for message in guild_setup.films.messages] == ["\U0001f600 a whole one"]


@pytest.mark.parametrize("ref", [None, "1", 1.5, True, 2**53 + 1, [1]])
async def test_a_question_without_a_number_is_refused(page: Page, ref: object) -> None:
    async with open_client(page, "mira") as client:
        await client.socket.send_str(json.dumps({"op": "send_message", "ref": ref, "content": "hello"}))
        refused = await client.until(of("refused"))
        assert (refused["ref"], refused["say"]) == (None, "The page asked without a number; load it again.")


@pytest.mark.parametrize("op", ["", "fly", None, 3, ["send_message"], {"op": "send_message"}, "by_name", "__init__"])
async def test_what_does_not_exist_is_refused(page: Page, op: object) -> None:
    async with open_client(page, "mira") as client:
        await client.socket.send_str(json.dumps({"op": op, "ref": 77}))
        refused = await client.until(of("refused", ref=77))
        assert refused["say"] == "The page asked for something that does not exist; load it again."


async def test_every_question_gets_one_answer_in_order(page: Page) -> None:
    async with open_client(page, "mira") as client:
        for ref in range(1000, 1200):
            await client.socket.send_json({"op": "send_message" if ref % 2 else "fly", "ref": ref, "content": f"{ref}"})
        await client.until(lambda said: said.get("ref") == 1199)
        answers = [said for said in client.told if said.get("ref", 0) >= 1000]
        assert [said["ref"] for said in answers] == list(range(1000, 1200))
        assert {said["op"] for said in answers if said["ref"] % 2} == {"done"}
