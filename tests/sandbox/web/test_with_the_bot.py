"""The page with the real bot behind it: commands, cards, forms, refusals, and a bot that is dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.harness import Sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import LEOS_CREDITS, MIRAS_EXTRA, GuildSetup
from tests.sandbox.web.page_client import Json, PageClient, of, open_client
from tests.sandbox.web.test_static_files import upload

GALLERY = 12


@pytest.fixture
async def lively(
    sandbox: Sandbox, guild_setup: GuildSetup, page: Page, supervisor: BotSupervisor
) -> AsyncIterator[GuildSetup]:
    """Let the bot run, on a fake provider that is quick."""
    sandbox.provider.settings.ready_made = True
    sandbox.provider.settings.queue_seconds = sandbox.provider.settings.run_seconds = 0.3
    assert await supervisor.start()
    yield guild_setup
    assert sandbox.discord.violations == []
    assert "Traceback" not in await asyncio.to_thread(sandbox.log.read_text)


def parts(message: Json) -> list[Json]:
    """List all components of a message."""
    found: list[Json] = []
    waiting: list[Json] = list(message["components"])
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        waiting += part.get("components", [])
    return found


def words(message: Json) -> str:
    return "\n".join([message["content"], *(part["content"] for part in parts(message) if part["type"] == 10)])


def films(message: Json) -> list[Json]:
    return [item["media"] for part in parts(message) if part["type"] == GALLERY for item in part["items"]]


def button(message: Json, ending: str) -> str:
    ids = (part.get("custom_id", "") for part in parts(message) if part["type"] == 2)
    return next(custom_id for custom_id in ids if custom_id.endswith(ending))


async def attach(page: Page, guild_setup: GuildSetup, user: str) -> str:
    status, file = await upload(page, guild_setup, draw_sample(), name="boat.png", user=user)
    assert status == 200, file
    return file["id"]


async def film(page: Page, guild_setup: GuildSetup, client: PageClient, user: str, **options: Any) -> Json:
    """Run /video and give the answer to the question."""
    options = {"prompt": "a paper boat", "image": await attach(page, guild_setup, user), **options}
    return await client.does("slash", command="video", options=options)


async def finished(client: PageClient, count: int) -> Json:
    told = await client.until(
        lambda said: said["op"] == "message_shown" and len(films(said["message"])) == count, timeout=30
    )
    return told["message"]


async def private(client: PageClient) -> Json:
    told = await client.until(
        lambda said: said["op"] == "message_shown" and said["message"]["page"]["ephemeral"] and words(said["message"])
    )
    return told["message"]


async def test_a_film_is_asked_for_watched_and_extended(page: Page, lively: GuildSetup) -> None:
    async with open_client(page, "mira") as mira, open_client(page, "leo") as leo:
        done = await film(page, lively, mira, "mira", clips=2)
        await mira.until(of("interaction", id=done["interaction"], state="waiting", command="video", kind="slash"))
        await mira.until(of("interaction", id=done["interaction"], state="answered"))
        thinking = (await leo.until(of("message_shown")))["message"]
        assert thinking["page"]["thinking"]
        assert thinking["page"]["used"] == {"user": str(lively.mira.id), "title": "Mira", "command": "video"}
        card = await finished(leo, 2)
        assert card["id"] == thinking["id"]
        assert not card["page"]["thinking"]
        assert all(media["content_type"] == "video/mp4" for media in films(card))
        states = [words(said["message"]) for said in leo.all("message_shown")]
        assert any("Waiting" in state or "▱" in state for state in states)
        assert leo.all("interaction") == []
        leo.told.clear()
        done = await leo.does("click", message=card["id"], custom_id=button(card, ":2:high"))
        await leo.until(of("interaction", id=done["interaction"], kind="click", message=card["id"], state="answered"))
        extended = await finished(leo, 2)
        assert extended["page"]["reply"] == {"id": card["id"], "author": "animatic", "text": ""}


async def test_a_form_opens_only_where_it_was_asked_for_and_is_sent_once(page: Page, lively: GuildSetup) -> None:
    async with open_client(page, "mira") as client, open_client(page, "mira") as same, open_client(page, "leo") as leo:
        done = await client.does("slash", command="imagine", options={"prompt": "a paper boat"})
        drawn = await finished(client, 4)
        client.told.clear()
        await client.does("click", message=drawn["id"], custom_id=button(drawn, ":upsample1"))
        single = await finished(client, 1)
        done = await client.does("click", message=single["id"], custom_id=button(single, ":1:high"))
        modal = (await client.until(of("interaction", id=done["interaction"], state="modal")))["modal"]
        assert (await same.until(of("interaction", id=done["interaction"], state="answered")))["modal"] is None
        assert modal["id"] == done["interaction"]
        fields = {field["custom_id"]: field for field in modal["fields"]}
        assert fields["prompt"]["kind"] in ("text", "paragraph")
        assert [choice["value"] for choice in fields["films"]["choices"]]
        for values, sentence in (
            ({"prompt": ["x"]}, "takes a text"),
            ({"films": "77"}, "does not offer 77"),
            ({"prompt": "x" * 5000}, "characters, not 5000"),
            ({"nothing": "x"}, "This form has no field nothing"),
        ):
            assert sentence in await client.refused("submit", modal=modal["id"], values=values)
        assert await leo.refused("submit", modal=modal["id"], values={}) == "This form is not open any more."
        client.told.clear()
        sent = await client.does("submit", modal=modal["id"], values={"prompt": "it sails away", "films": "1-sd"})
        assert await client.refused("submit", modal=modal["id"], values={}) == "This form was sent already."
        await client.until(of("interaction", id=sent["interaction"], kind="submit", state="answered"))
        assert "it sails away" in words(await finished(client, 1))


async def test_suggestions_come_from_the_bot_and_fail_without_it(
    page: Page, lively: GuildSetup, supervisor: BotSupervisor
) -> None:
    async with open_client(page, "mira") as client:
        wanted = {"command": "video", "focused": "provider", "options": {"prompt": "x", "provider": ""}}
        answer = await client.does("autocomplete", **wanted)
        assert "TTAPI" in [choice["name"] for choice in answer["choices"]]
        assert await client.refused("autocomplete", command="video", focused="nothing", options={}) != ""
        lively.discord.knobs.first_answer_seconds = 0.5
        await supervisor.kill()
        client.told.clear()
        asking = asyncio.create_task(client.refused("autocomplete", **wanted))
        await asyncio.sleep(0)  # it asks first
        await client.does("send_message", content="meanwhile", files=[])
        assert client.all("refused") == []
        assert await asking == "Loading options failed."


async def test_a_dead_bot_does_not_respond_and_comes_back(
    page: Page, lively: GuildSetup, supervisor: BotSupervisor
) -> None:
    async with open_client(page, "mira") as client:
        await supervisor.kill()
        await client.until(of("bot", state="stopped", pid=None))
        began = asyncio.get_running_loop().time()
        done = await client.does("slash", command="credits", options={})
        failed = await client.until(of("interaction", id=done["interaction"], state="failed"))
        assert 2.5 < asyncio.get_running_loop().time() - began < 5
        assert failed["say"] == "The application did not respond"
        assert await supervisor.start()
        await client.until(of("bot", state="starting"))
        await client.until(of("bot", state="running", pid=supervisor.pid))
        await client.does("slash", command="credits", options={})
        assert "credits left" in words(await private(client))


async def test_a_reload_in_the_middle_loses_nothing(
    page: Page, sandbox: Sandbox, lively: GuildSetup, supervisor: BotSupervisor
) -> None:
    sandbox.provider.settings.hold = True
    async with open_client(page, "mira") as client:
        await client.does("slash", command="credits", options={})
        await private(client)
        await film(page, lively, client, "mira", clips=1)
        await client.until(lambda said: said["op"] == "message_shown" and "▱" in words(said["message"]), timeout=30)
        await supervisor.kill()
        unanswered = (await client.does("slash", command="credits", options={}))["interaction"]
    async with open_client(page, "mira") as client:
        assert ["credits left" in words(message) for message in client.history] == [True, False]
        await client.until(of("interaction", id=unanswered, state="waiting"))
        await client.until(of("interaction", id=unanswered, state="failed"))
        sandbox.provider.release()
        sandbox.provider.settings.hold = False
        assert await supervisor.start()
        card = await finished(client, 1)
        assert card["id"] == client.history[-1]["id"]


async def test_mira_can_afford_a_lot_and_leo_is_refused(page: Page, lively: GuildSetup) -> None:
    await lively.grant_credits()
    async with open_client(page, "mira") as mira, open_client(page, "leo") as leo:
        await mira.does("slash", command="credits", options={})
        assert f"{24 + MIRAS_EXTRA} of {24 + MIRAS_EXTRA} credits left" in words(await private(mira))
        await film(page, lively, leo, "leo")
        refusal = words(await private(leo))
        assert "8 credits" in refusal
        assert f"{LEOS_CREDITS}" in refusal
        leo.told.clear()
        await film(page, lively, leo, "leo", clips=1)
        await finished(leo, 1)


async def test_the_bot_says_that_it_may_not_post_where_it_may_not(page: Page, lively: GuildSetup) -> None:
    no_bots = next(channel for channel in lively.guild.channels if channel.name == "no-bots")
    async with open_client(page, "mira", channel=str(no_bots.id)) as client:
        await film(page, lively, client, "mira")
        assert words(await private(client)).startswith("I lack Send Messages in this channel. Nothing was charged.")
        assert no_bots.messages == []


async def test_what_is_behind_the_scenes_is_told_only_while_a_tab_looks(
    page: Page, lively: GuildSetup, sandbox: Sandbox
) -> None:
    async with open_client(page, "mira") as looks, open_client(page, "mira") as not_looking:
        await looks.does("watch", drawer=True)
        assert (await looks.until(of("activity", reset=True)))["faults"]
        await film(page, lively, looks, "mira", clips=1)
        await looks.until(lambda said: said["op"] == "activity" and said.get("jobs"), timeout=20)
        await looks.does("watch", drawer=False)
        looks.told.clear()
        await looks.does("slash", command="credits", options={})
        await private(looks)
        await asyncio.sleep(0.6)
        assert looks.all("activity") == not_looking.all("activity") == []
        await looks.does("inject_fault", name="gateway")
        gateway = sandbox.discord.gateway
        await gateway.wait_for(lambda: gateway.resumes == 1, 20, lambda: "the bot did not resume")


async def test_every_option_of_every_command_says_what_it_is(page: Page, lively: GuildSetup) -> None:
    async with open_client(page) as client:
        place = await client.enters("ada")
        waiting = [command for command in place["commands"] if command.get("type", 1) == 1]
        told: list[str] = []
        while waiting:
            one = waiting.pop()
            waiting += one.get("options", [])
            told.append(one["description"])
        assert len(told) > 40
        assert "…" not in told
