"""Picture jobs are jobs like any other: they outlive a kill, a lost answer is found, and nothing is paid twice."""

import asyncio
from pathlib import Path

import pytest

from sandbox.discord import Interaction
from sandbox.provider.model import faults
from tests.e2e.support.delivery import rows
from tests.e2e.support.guild import Server, create_server, gallery, job_id
from tests.e2e.support.images import CREDITS, drawn, image_sandbox, imagine
from tests.support.fork_server import start_sandbox


async def ask(server: Server, prompt: str = "a red kite --ar 3:2", **options: bool) -> Interaction:
    return await server.mira.slash(server.channel, "imagine", prompt=prompt, **options)


async def test_a_kill_while_pictures_are_made_delivers_them_once(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        sandbox.provider.settings.hold = True
        async with sandbox.bot() as bot:
            asked = await ask(server)
            await asked.until(lambda message: "%" in message.text, 20)
            await bot.kill()
        async with sandbox.bot():
            sandbox.provider.release()
            card = await drawn(asked)
            assert await server.credits() == CREDITS - 1
            await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
        assert sandbox.provider.submits == 2
        assert len(server.channel.messages) == 2


async def test_a_kill_before_the_answer_costs_nothing_twice(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await imagine(server)
            sandbox.provider.next_submit(faults.Hang())
            asked = await server.mira.click(card, f"act:{job_id(card)}:variation3")
            await sandbox.provider.until(lambda fake_provider: fake_provider.submits == 2)
            await bot.kill()
        async with sandbox.bot():
            assert len(gallery(await drawn(asked))) == 4
            assert await server.credits() == CREDITS - 2
        assert sandbox.provider.submits == 2


async def test_a_kill_between_two_pictures_of_a_delivery_sends_none_twice(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        sandbox.provider.settings.hold = True
        go_on = asyncio.Event()
        async with sandbox.bot() as bot:
            asked = await ask(server)
            await asked.until(lambda message: "%" in message.text, 20)
            fault = sandbox.discord.faults.delay("PATCH", "/messages/", until=go_on)
            sandbox.provider.release()
            await asyncio.wait_for(fault.hit.wait(), 20)
            await bot.kill()
        go_on.set()
        async with sandbox.bot():
            card = await drawn(asked)
        assert len({film.filename for film in gallery(card)}) == 4
        assert sandbox.provider.submits == 1


@pytest.mark.parametrize("shows_hook", [True, False])
async def test_a_lost_answer_is_found_in_the_list_and_not_paid_for_twice(tmp_path: Path, *, shows_hook: bool) -> None:
    async with image_sandbox(tmp_path) as sandbox, sandbox.bot():
        sandbox.provider.settings.list_shows_callback = shows_hook
        server = create_server(sandbox)
        card = await imagine(server, "another kite")
        for fault in (faults.ResetAfter(), faults.Status(504, accepted=True), faults.NoJobId()):
            sandbox.provider.next_submit(fault)
        cards = await asyncio.gather(
            drawn(await ask(server)),
            drawn(await ask(server, "ein roter Drachen", translate=True)),
            drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample2"), 1),
        )
        assert [len(gallery(card)) for card in cards] == [4, 4, 1]
        assert await server.credits() == CREDITS - 4
        assert sandbox.provider.submits == 4


async def test_a_lost_blend_is_found_and_its_own_among_others(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        for _ in range(2):
            sandbox.provider.next_submit(faults.ResetAfter())
        asked = [
            await who.slash(server.channel, "blend", image1=server.image(), image2=server.image())
            for who in (server.mira, server.leo)
        ]
        cards = [await drawn(one) for one in asked]
        assert sandbox.provider.submits == 2
        remote = {rows(sandbox, "select remote_id from job where id = ?", job_id(card))[0][0] for card in cards}
        assert remote == set(sandbox.provider.jobs)


async def test_an_order_that_surely_was_not_taken_is_sent_again(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        sandbox.provider.next_submit(faults.Status(429, retry_after=0.1))
        await drawn(await ask(server))
        assert sandbox.provider.submits == 1
        assert await server.credits() == CREDITS - 1


async def test_a_callback_ends_the_waiting_for_the_next_poll(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path) as sandbox:
        server = create_server(sandbox)
        async with sandbox.bot(called=True, POLL_SECONDS="60"):
            card = await imagine(server)
            await drawn(await server.mira.click(card, f"act:{job_id(card)}:upsample1"), 1)
            described = await server.mira.slash(server.channel, "describe", image=server.image())
            await described.until(lambda message: len(message.buttons) == 4, 30)
            asked = await server.mira.slash(server.channel, "seed", job=job_id(card))
            await asked.until(lambda message: "The seed is" in message.text, 30)
        assert [delivery.status for delivery in sandbox.provider.deliveries] == [200] * 4
        polls = [request for request in sandbox.provider.requests if request.path.endswith("/fetch")]
        assert len(polls) == 4


async def test_pictures_and_films_wait_in_one_line(tmp_path: Path) -> None:
    async with image_sandbox(tmp_path, {"MAX_RUNNING": "1"}) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        sandbox.provider.settings.hold = True
        first = await ask(server)
        await first.until(lambda message: "%" in message.text, 20)
        film = await server.video(server.leo, clips=1)
        await film.until(lambda message: "Waiting, place 1" in message.text, 20)
        second = await ask(server, "a second kite")
        waiting = await second.until(lambda message: "Waiting, place 2" in message.text, 20)
        assert [button.label for button in waiting.buttons] == ["Cancel"]
        cancelled = await server.mira.click(waiting, f"cancel:{job_id(waiting)}")
        assert "came back" in await server.private_text(cancelled)
        sandbox.provider.release()
        await drawn(first)
        await film.until(lambda message: len(gallery(message)) == 1 and message.buttons, 30)
        assert sandbox.provider.submits == 2
        assert await server.credits() == CREDITS - 1


async def test_where_nobody_makes_pictures_the_commands_say_so(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path, providers=("cometapi",)) as sandbox, sandbox.bot():
        server = create_server(sandbox)
        boat = server.image()
        for asked in (
            await ask(server),
            await server.mira.slash(server.channel, "blend", image1=boat, image2=server.image()),
            await server.mira.slash(server.channel, "describe", image=boat),
        ):
            assert await server.private_text(asked) == (
                "No provider here makes pictures. Nothing was charged. Attach a picture to /video, or ask an admin."
            )
        assert sandbox.provider.requests == []
        assert sandbox.discord.violations == []
