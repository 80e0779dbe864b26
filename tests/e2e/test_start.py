"""What is wrong with a setting ends the start with one sentence that names it, and never with a traceback.

What is found before anything is opened is tested in `unit/test_config.py`; one such setting stands for all here. That
one, and what registers the commands, start `python -m bot` itself; the others go its way in a process that was forked.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from tests.support.fork_server import fork_program, start_sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox alone."""
    async with start_sandbox(tmp_path_factory.mktemp("start")) as sandbox:
        yield sandbox


Changes = Mapping[str, str | None]
"""Settings, by name; those that are None are not set."""


def changed(sandbox: Sandbox, changes: Changes) -> dict[str, str]:
    """Give a bot's whole environment with changed settings."""
    environment = sandbox.environment({"HTTP_PORT": "0", "LOG_LEVEL": "ERROR"})
    values = {**environment, **changes}
    return {name: value for name, value in values.items() if value is not None}


async def start_anew(sandbox: Sandbox, changes: Changes, *verb: str) -> tuple[int | None, str]:
    """Run `python -m bot` with changed settings until it ends; give its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *verb),
        env=changed(sandbox, changes),
        cwd=sandbox.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, printed.decode()


async def start(sandbox: Sandbox, changes: Changes, *verb: str) -> tuple[int | None, str]:
    """Do the same in a process that is forked."""
    said = sandbox.folder / "said"
    said.unlink(missing_ok=True)
    process = await fork_program(changed(sandbox, changes), sandbox.folder, said, *verb)
    code = await asyncio.wait_for(process.wait(), 60)
    return code, said.read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DISCORD_TOKEN": "not-the-token"}, "DISCORD_TOKEN is wrong: Discord does not accept it.\n"),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/a.db"}, "DATABASE_URL cannot be opened: "),
        ({"DATABASE_URL": "sqlite:///."}, "DATABASE_URL names a folder; it must name a file.\n"),
        ({"HTTP_HOST": "192.0.2.1"}, "HTTP_HOST is no address of this machine: "),
        ({"MEDIA_DIR": "/proc/nowhere"}, "MEDIA_DIR cannot be used: "),
        (
            {"DATABASE_URL": "sqlite:///data/animatic.db", "MEDIA_DIR": "data"},
            "MEDIA_DIR holds the database; name a folder that nothing else is kept in.\n",
        ),
        (
            {"DATABASE_URL": "sqlite:////var/lib/animatic.db", "MEDIA_DIR": "."},
            "MEDIA_DIR holds the folder that the bot works in; name a folder that nothing else is kept in.\n",
        ),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is wrong: "),
    ],
)
async def test_a_wrong_setting_is_named_in_one_sentence(sandbox: Sandbox, changes: Changes, sentence: str) -> None:
    code, printed = await start(sandbox, changes)
    assert printed.startswith(sentence)
    assert printed.count("\n") == 1
    assert code == 2


async def test_a_missing_setting_is_named_in_one_sentence(sandbox: Sandbox) -> None:
    code, printed = await start_anew(sandbox, {"DISCORD_TOKEN": None})
    assert (code, printed) == (2, "DISCORD_TOKEN is not set; put it into the environment or .env.\n")


async def test_a_missing_setting_ends_the_doctor_as_it_ends_the_start(sandbox: Sandbox) -> None:
    code, printed = await start(sandbox, {"DISCORD_TOKEN": None}, "doctor")
    assert (code, printed) == (2, "DISCORD_TOKEN is not set; put it into the environment or .env.\n")


async def test_a_discord_that_cannot_be_reached_is_named(sandbox: Sandbox) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/api/v10"
        code, printed = await start(sandbox, {"DISCORD_API_URL": url})
    assert printed.startswith("DISCORD_API_URL cannot be reached: ")
    assert (printed.count("\n"), code) == (1, 2)


async def test_an_address_that_is_no_discord_is_named(sandbox: Sandbox) -> None:
    code, printed = await start(sandbox, {"DISCORD_API_URL": f"{sandbox.discord.api_url}/elsewhere"})
    assert printed.startswith("DISCORD_API_URL does not answer like Discord's API: ")
    assert (printed.count("\n"), code) == (1, 2)
    sandbox.discord.violations.clear()


async def test_commands_that_cannot_be_registered_do_not_stop_the_start(sandbox: Sandbox, tmp_path: Path) -> None:
    async with sandbox.bot():
        pass
    sandbox.discord.faults.status("PUT", "/commands", 403)
    async with sandbox.bot(DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}") as bot:
        await bot.healthy()
        assert "the commands changed and could not be registered" in bot.log.read_text()


async def test_a_port_that_is_taken_is_named(sandbox: Sandbox) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, printed = await start(sandbox, {"HTTP_PORT": str(taken.getsockname()[1])})
    assert printed.startswith("HTTP_PORT cannot be used on 127.0.0.1: ")
    assert (printed.count("\n"), code) == (1, 2)


async def test_sync_registers_the_commands_and_ends(sandbox: Sandbox, tmp_path: Path) -> None:
    before = len([r for r in sandbox.discord.requests if r.method == "PUT"])
    code, printed = await start_anew(sandbox, {"DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"}, "sync")
    assert (code, printed) == (0, "26 commands are registered.\n")
    assert len([r for r in sandbox.discord.requests if r.method == "PUT"]) == before + 1


async def test_a_bucket_that_cannot_be_used_is_named_by_the_start_and_by_the_doctor(sandbox: Sandbox) -> None:
    changes: dict[str, str | None] = {"MEDIA_URL": "s3://films/deep", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    changes |= {"AWS_ACCESS_KEY_ID": "a-key", "AWS_SECRET_ACCESS_KEY": "a-secret"}
    sentence = "leads to no server that answers, and the bucket that MEDIA_URL names should be there."
    code, printed = await start(sandbox, changes)
    assert (code, printed) == (2, f"AWS_ENDPOINT_URL {sentence}\n")
    code, printed = await start(sandbox, changes, "doctor")
    assert code == 1
    assert f"wrong  AWS_ENDPOINT_URL  {sentence} See that the server runs and can be reached from here.\n" in printed
    assert "a-secret" not in printed
