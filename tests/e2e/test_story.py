"""The main job from end to end, with the bot as its own process and real films, killed in between."""

from pathlib import Path

import pytest

from sandbox.provider.rendering.clip_info import read_clip_info
from tests.e2e.support.guild import button, create_server, finished, gallery, job_id
from tests.support.fork_server import start_sandbox


async def test_a_picture_becomes_real_films_and_an_old_button_works_after_a_kill(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        sandbox.provider.settings.queue_seconds = 0.1
        sandbox.provider.settings.run_seconds = 0.5
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            card = await finished(await server.video(clips=1), clips=1)
            await bot.kill()
        job = next(iter(sandbox.provider.jobs.values()))
        assert [media.data for media in gallery(card)] == [job.clip_bytes(0)]
        for media in gallery(card):
            facts = read_clip_info(media.data)
            assert facts.codec == "h264"
            assert facts.seconds == pytest.approx(5, abs=0.2)
        async with sandbox.bot():
            asked = await server.mira.click(card, button(card, 1, "high"))
            extended = await finished(asked, clips=1)
        child = list(sandbox.provider.jobs.values())[1]
        assert (child.parent, child.index, child.action) == (job, 0, "extend")
        assert [media.data for media in gallery(extended)] == [child.clip_bytes(0)]
        assert f"from clip 1 of {card.link} (job {job_id(card)})" in extended.text
        assert sandbox.provider.submits == 2
        assert sandbox.discord.violations == []
