"""What stands at a card's end outlives the process: a form, a second try, and what is hidden."""

import asyncio
from pathlib import Path

from sandbox.discord import Message
from sandbox.discord.components import walk
from sandbox.provider.model import faults
from tests.e2e.support.delivery import logged, rows
from tests.e2e.support.guild import create_server, finished, gallery, job_id
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox


def spoilers(card: Message) -> list[bool]:
    """Tell of each picture and film on a card whether it is hidden."""
    shown = [part for _, part in walk(card.components)]
    shown += [item for part in shown for item in part.get("items", [])]
    return [bool(part.get("spoiler")) for part in shown if "media" in part]


async def test_a_form_that_was_open_before_a_kill_makes_one_film_however_often_it_is_sent(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await server.finished_video(clips=1)
            opened = await server.leo.select(card, f"more:{job_id(card)}", "edit")
            await opened.answered()
            assert opened.modal is not None
            assert opened.modal["prompt"].value == "a paper boat"
            assert opened.modal["films"].value == ["1-sd"]
            await bot.kill()
        sandbox.provider.settings.hold = True
        async with sandbox.bot():
            sent = await server.leo.submit(opened, {"prompt": "a paper ship", "films": "2-sd"})
            running = await sent.until(lambda message: "%" in message.text, 20)
            again = await server.leo.submit(opened, {"prompt": "a paper ship", "films": "2-sd"})
            assert running.link in await server.private_text(again)
            sandbox.provider.release()
            made = await finished(sent, 2)
            # The picture is the first card's, and the credits are those of whoever sent the form.
            assert made.media[0].data == card.media[0].data
            assert "a paper ship" in made.text
            assert (await server.credits(), await server.credits(server.leo)) == (22, 20)
        assert sandbox.provider.submits == 2
        assert sandbox.discord.violations == []


async def test_what_the_provider_failed_at_is_tried_again_with_one_click_after_a_kill(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            sandbox.provider.next_submit(faults.FailLater("the server is overloaded"))
            asked = await server.video(clips=2)
            card = await asked.until(lambda message: "came back" in message.text and message.buttons, 20)
            assert [one.label for one in card.buttons] == ["Try again, 4 credits"]
            await bot.kill()
        async with sandbox.bot():
            clicked = await server.mira.click(card, card.buttons[0])
            assert len(gallery(await finished(clicked, 2))) == 2
            assert await server.credits() == 20
        assert sandbox.discord.violations == []


async def test_a_hidden_card_stays_hidden_through_a_kill_and_wherever_it_is_shown(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video(clips=2)
            card = await finished(asked, 2)
            assert spoilers(card) == [False] * 3
            await logged(sandbox, f"job {job_id(card)} is delivered")
            await server.mira.select(card, f"more:{job_id(card)}", "hide")
            # Killed as soon as it is written down, mostly before the card is drawn anew.
            while not rows(sandbox, "select 1 from job where spoiler = 1"):  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0)
            await bot.kill()
        async with sandbox.bot():
            await asked.until(lambda message: all(spoilers(message)), 20)
            assert spoilers(card) == [True] * 3
            await logged(sandbox, f"job {job_id(card)} is delivered", times=2)
            again = await server.leo.slash(server.channel, "jobs show", id=job_id(card))
            shown = await finished(again, 2)
            assert spoilers(shown) == [True] * 3
            submits = sandbox.provider.submits
            await logged(sandbox, f"job {job_id(card)} is delivered", times=3)
            await server.ada.select(shown, f"more:{job_id(card)}", "unhide")
            await again.until(lambda message: not any(spoilers(message)), 20)
            assert sandbox.provider.submits == submits
            assert await server.credits() == 20
        assert sandbox.discord.violations == []
