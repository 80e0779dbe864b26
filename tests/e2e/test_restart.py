"""What outlives the process: unfinished jobs, old buttons, late results."""

from pathlib import Path

from sandbox.harness import Sandbox
from tests.e2e.support.guild import button, create_server, finished, gallery, job_id
from tests.support.fork_server import start_sandbox


def hasten(sandbox: Sandbox) -> None:
    """Make clips beforehand and wait for nothing."""
    sandbox.provider.settings.ready_made = True
    sandbox.provider.settings.queue_seconds = 0.02
    sandbox.provider.settings.run_seconds = 0.2
    sandbox.settings.update(POLL_SECONDS="0.1")


async def test_waiting_and_running_jobs_go_on_after_a_kill(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot(MAX_RUNNING="1") as bot:
            running = await server.video(clips=1)
            await running.until(lambda message: "%" in message.text, 20)
            waiting = await server.video(server.leo, clips=1)
            await waiting.until(lambda message: "Waiting, place 1" in message.text, 20)
            await bot.kill()
        async with sandbox.bot(MAX_RUNNING="1"):
            sandbox.provider.release()
            await finished(running)
            await finished(waiting)
            assert sandbox.provider.submits == 2
            assert (await server.credits(), await server.credits(server.leo)) == (22, 22)
        assert sandbox.discord.violations == []


async def test_a_result_after_15_minutes_is_edited_in_with_the_bot_token(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video(clips=1)
            await asked.until(lambda message: "%" in message.text, 20)
            await bot.kill()
        sandbox.discord.advance(16 * 60)
        # The sandbox's Discord refuses the old token now; the bot still believes in it until its own clock says so.
        async with sandbox.bot():
            sandbox.provider.release()
            card = await finished(asked)
        assert len(gallery(card)) == 1
        assert [r.method for r in sandbox.discord.requests if f"/channels/{server.channel.id}/messages" in r.path] != []


async def test_sigterm_hands_the_jobs_over_without_an_error(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        sandbox.provider.settings.hold = True
        server = create_server(sandbox)
        async with sandbox.bot() as bot:
            asked = await server.video(clips=1)
            await asked.until(lambda message: "%" in message.text, 20)
            assert await bot.stop() == 0
            log = bot.log.read_text()
        assert "Traceback" not in log
        assert "ERROR" not in log
        async with sandbox.bot():
            sandbox.provider.release()
            await finished(asked)
        assert sandbox.provider.submits == 1


async def test_the_button_of_a_card_whose_job_is_forgotten_says_so(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot():
            card = await server.finished_video(clips=1)
        async with sandbox.bot(DATABASE_URL=f"sqlite:///{tmp_path / 'another.db'}"):
            asked = await server.mira.click(card, button(card, 1, "low"))
            told = await server.private_text(asked)
        name = job_id(card)
        assert told == (
            f"Job {name} has no clip 1 that can be extended. Nothing was charged. Start a new video with /video."
        )


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        async with sandbox.bot():
            pass
        async with sandbox.bot() as bot:
            await bot.healthy()
        written = [r for r in sandbox.discord.requests if r.method == "PUT" and r.path.endswith("/commands")]
        assert len(written) == 1
        names = {command["name"] for command in sandbox.discord.commands.listed()}
        others = {"video", "extend", "providers", "credits", "quota", "admin", "jobs", "settings", "preset"}
        others |= {"favourites", "film", "storyboard", "help", "info", "privacy", "setup", "mod"}
        pictures = {"imagine", "blend", "describe", "region", "seed"}
        menu = {"Animate this image", "Remove", "Report to moderators", "Who made this?"}
        assert names == others | pictures | menu


async def test_a_server_that_is_not_allowed_is_told_so_and_spends_nothing(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        async with sandbox.bot(ALLOWED_GUILDS="1,2") as bot:
            asked = await server.video()
            assert await server.private_text(asked) == (
                "I am not set up for this server. Nothing was charged. Whoever runs me can add it to ALLOWED_GUILDS."
            )
            asked = await server.mira.slash(server.channel, "credits")
            assert (await server.private_text(asked)).startswith("I am not set up for this server.")
            assert sandbox.provider.requests == []
            assert server.channel.messages == []
            await bot.healthy()
            elsewhere = sandbox.discord.guild("Elsewhere", joined=False)
            channel = elsewhere.text_channel("general")
            elsewhere.join_bot()
            [words] = await sandbox.discord.wait_for(lambda: channel.messages, 10, lambda: "nothing was said")
            assert words.text == "I am not set up for this server. Whoever runs me can add it to ALLOWED_GUILDS."


async def test_a_new_server_is_told_in_two_lines_how_to_begin_where_the_bot_may_write(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox, sandbox.bot() as bot:
        await bot.healthy()
        guild = sandbox.discord.guild("New", joined=False)
        rules = guild.text_channel("rules")
        general = guild.text_channel("general")
        guild.join_bot()
        [words] = await sandbox.discord.wait_for(
            lambda: rules.messages + general.messages, 10, lambda: "nothing was said"
        )
        assert words.channel is rules
        assert len(words.text.splitlines()) == 2
        assert "/video" in words.text
        assert "/imagine" in words.text
        assert "Admins: begin with </setup:" in words.text


async def test_the_owner_is_obeyed_by_mention_and_nobody_else_is(tmp_path: Path) -> None:
    async with start_sandbox(tmp_path) as sandbox:
        hasten(sandbox)
        server = create_server(sandbox)
        discord = sandbox.discord
        server.guild.join(discord.owner)
        async with sandbox.bot() as bot:
            await server.mira.say(server.channel, f"{discord.bot_user.mention} jobs")
            await server.mira.say(server.channel, f"{discord.bot_user.mention} dance")
            await discord.owner.say(server.channel, f"{discord.bot_user.mention} sync here")
            answers = await discord.wait_for(
                lambda: [m.text for m in server.channel.messages if m.author is discord.bot_user], 10, lambda: "silence"
            )
            assert answers == ["26 commands registered in this server."]
            await discord.owner.say(server.channel, f"{discord.bot_user.mention} sync")
            await discord.wait_for(lambda: "registered everywhere" in server.channel.messages[-1].text, 10, lambda: "")
            assert sandbox.discord.commands.listed(server.guild.id) == []
            assert "Traceback" not in bot.log.read_text()
        assert discord.violations == []
