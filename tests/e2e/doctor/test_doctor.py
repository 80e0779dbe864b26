"""The doctor tells one line of everything that the settings lead to, and changes nothing."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.db.schema import MIGRATIONS
from sandbox.discord import EVERYONE, Permission
from tests.e2e.support.doctor import FOUR, DoctorSandbox, closed_port, doctor_sandbox

TITLES = ("TTAPI", "AceData", "APIMart", "CometAPI")
INVITATION = (
    r"https://discord\.com/oauth2/authorize\?client_id=\d+&scope=bot\+applications\.commands&permissions=274878008320"
)


@pytest_asyncio.fixture
async def doctor(tmp_path: Path) -> AsyncGenerator[DoctorSandbox]:
    """Start the sandbox with keys of all four providers."""
    async with doctor_sandbox(tmp_path) as doctor:
        yield doctor


async def test_when_all_is_well_every_line_says_so(doctor: DoctorSandbox) -> None:
    report = await doctor.run()
    me = doctor.sandbox.discord.application_id
    assert report.of("DISCORD_TOKEN") == [f"ok: Discord accepts it; the bot is animatic, application {me}."]
    assert report.of("server") == [f"ok: “Paper Boats” ({doctor.guild.id}): the bot's roles allow all that it needs."]
    assert report.of("TTAPI") == ["ok: the key works; balance 100000 quota, 10 jobs at once."]
    for title in TITLES[1:]:
        (line,) = report.of(title)
        assert line.startswith("ok: the key works; ")
    assert report.of("DATABASE_URL") == [
        f"ok: {doctor.sandbox.folder}/animatic.db does not exist yet; the bot makes it when it starts."
    ]
    (media,) = report.of("MEDIA_DIR")
    beginning = f"ok: {doctor.sandbox.folder}/media does not exist yet; the bot makes it when it starts; "
    assert re.fullmatch(re.escape(beginning) + r"[\d.]+ GiB are free\.", media)
    assert report.of("PUBLIC_URL") == [
        "warn: is not set: providers cannot call back, and clips too large for Discord are linked at the provider, "
        "where they vanish. Set it once the bot can be reached from outside."
    ]
    assert (len(report.lines), report.wrong) == (9, False)


async def test_it_changes_nothing(doctor: DoctorSandbox) -> None:
    await doctor.run()
    assert {request.method for request in doctor.sandbox.discord.requests} == {"GET"}
    assert doctor.sandbox.provider.jobs == {}
    assert list(doctor.sandbox.folder.iterdir()) == []


async def test_beside_a_bot_that_runs_it_finds_its_database_and_its_public_address(doctor: DoctorSandbox) -> None:
    async with doctor.sandbox.bot(called=True) as bot:
        await bot.healthy()
        report = await doctor.run(PUBLIC_URL=bot.url)
    database = doctor.sandbox.folder / "animatic.db"
    assert report.of("DATABASE_URL") == [f"ok: {database} can be read and written; schema version {len(MIGRATIONS)}."]
    (media,) = report.of("MEDIA_DIR")
    assert media.startswith(f"ok: {doctor.sandbox.folder}/media can be written; ")
    assert report.of("PUBLIC_URL") == [
        f"warn: {bot.url} answers, but 127.0.0.1 is a private address: no provider and no member reaches it from "
        "outside. Set a public one."
    ]
    assert not report.wrong
    assert "Traceback" not in bot.log.read_text()


async def test_a_wrong_token_is_named_and_stops_no_other_check(doctor: DoctorSandbox) -> None:
    report = await doctor.run_in_channel(doctor.channel.id, None, DISCORD_TOKEN="not-the-token")
    assert report.of("DISCORD_TOKEN") == [
        "wrong: Discord does not accept it. Make a new one under Bot in the developer portal and put it into .env."
    ]
    assert report.of("server") == ["warn: permissions are not looked at, because the bot could not log in."]
    assert report.of("--channel") == ["warn: is not tried, because the bot could not log in."]
    assert report.of("TTAPI")[0].startswith("ok: ")
    assert report.of("MEDIA_DIR")[0].startswith("ok: ")
    assert "not-the-token" not in report.text
    assert report.wrong


@pytest.mark.parametrize(("name", "title"), [*zip(FOUR, TITLES, strict=True)])
async def test_a_wrong_key_is_named_beside_three_good_ones(doctor: DoctorSandbox, name: str, title: str) -> None:
    keys = {f"{name.upper()}_API_KEY": "sk-nobody-knows-this-one"}
    report = await doctor.run(**keys)
    assert report.of(title) == [
        f"wrong: does not accept the key. Make a new one in its console and put it into {name.upper()}_API_KEY."
    ]
    assert report.text.count("the key works") == 3
    assert "sk-nobody" not in report.text
    assert report.wrong


async def test_a_provider_that_is_not_there_is_named(doctor: DoctorSandbox) -> None:
    with closed_port() as url:
        report = await doctor.run(APIMART_BASE_URL=url)
    (line,) = report.of("APIMart")
    assert line.startswith("wrong: cannot be reached: ")
    assert line.endswith("Look at this machine's network and at APIMART_BASE_URL.")
    assert report.wrong


async def test_a_discord_that_is_down_is_named(doctor: DoctorSandbox) -> None:
    with closed_port() as url:
        report = await doctor.run(DISCORD_API_URL=f"{url}/api/v10")
    (line,) = report.of("DISCORD_API_URL")
    assert line.startswith(f"wrong: {url} cannot be reached: ")
    assert line.endswith("Look at this machine's network, at discordstatus.com, and at DISCORD_API_URL if it is set.")
    assert report.of("TTAPI")[0].startswith("ok: ")
    assert report.wrong


async def test_an_address_that_is_no_discord_is_named(doctor: DoctorSandbox) -> None:
    report = await doctor.run(DISCORD_API_URL=f"{doctor.sandbox.discord.api_url}/elsewhere")
    (line,) = report.of("DISCORD_API_URL")
    assert re.search(r"^wrong: http://127\.0\.0\.1:\d+ does not answer like Discord's API: 404 .* unset it\.$", line)
    assert report.wrong
    doctor.sandbox.discord.violations.clear()


async def test_servers_that_cannot_be_listed_are_told(doctor: DoctorSandbox) -> None:
    doctor.sandbox.discord.faults.status("GET", "/users/@me/guilds", 403)
    report = await doctor.run()
    (line,) = report.of("server")
    assert line.startswith("wrong: the servers could not be listed: 403 ")
    assert line.endswith("Ask again in a minute.")
    assert (len(report.lines), report.wrong) == (9, True)


async def test_a_media_folder_that_is_a_file_is_named(doctor: DoctorSandbox) -> None:
    (doctor.sandbox.folder / "media").write_text("a file")
    report = await doctor.run()
    assert report.of("MEDIA_DIR") == [
        f"wrong: {doctor.sandbox.folder}/media is a file. Name a folder, or move the file away."
    ]
    assert report.wrong


async def test_a_database_path_that_is_a_folder_is_named(doctor: DoctorSandbox) -> None:
    report = await doctor.run(DATABASE_URL=f"sqlite:///{doctor.sandbox.folder}")
    assert report.of("DATABASE_URL") == [
        f"wrong: {doctor.sandbox.folder} is a folder. Name a file in it, such as {doctor.sandbox.folder}/animatic.db."
    ]
    assert report.wrong


async def test_a_public_url_that_nobody_serves_is_named_and_that_no_bot_runs(doctor: DoctorSandbox) -> None:
    with closed_port() as public, closed_port() as local:
        report = await doctor.run(PUBLIC_URL=f"{public}/secret-path", HTTP_PORT=local.rpartition(":")[2])
    assert report.of("PUBLIC_URL") == [
        f"wrong: {public} refuses the connection. Nor does a bot run at {local}: start it, and ask again."
    ]
    assert report.wrong


async def test_a_public_url_that_misses_the_bot_which_runs_is_named(doctor: DoctorSandbox) -> None:
    with closed_port() as public:
        async with doctor.sandbox.bot() as bot:
            await bot.healthy()
            report = await doctor.run(PUBLIC_URL=public, HTTP_PORT=bot.url.rpartition(":")[2])
    assert report.of("PUBLIC_URL") == [
        f"wrong: {public} refuses the connection. But a bot runs at {bot.url}: let the proxy or the router lead there."
    ]
    assert report.wrong


async def test_missing_permissions_are_named_with_an_invitation(doctor: DoctorSandbox) -> None:
    less = EVERYONE & ~Permission.ATTACH_FILES & ~Permission.SEND_MESSAGES_IN_THREADS
    doctor.guild.everyone.set_permissions(less)
    doctor.guild.set_bot_permissions(less)
    report = await doctor.run()
    (line,) = report.of("server")
    expected = (
        rf"wrong: “Paper Boats” \({doctor.guild.id}\): the bot lacks Send Messages in Threads, Attach Files\. "
        rf"Allow it to the bot's role under Server Settings, Roles, or invite the bot again: {INVITATION}"
    )
    assert re.fullmatch(expected, line)
    assert report.wrong


async def test_an_administrator_lacks_nothing(doctor: DoctorSandbox) -> None:
    doctor.guild.everyone.set_permissions(Permission(0))
    doctor.guild.set_bot_permissions(Permission.ADMINISTRATOR)
    report = await doctor.run()
    assert report.of("server") == [f"ok: “Paper Boats” ({doctor.guild.id}): the bot's roles allow all that it needs."]


async def test_servers_outside_the_allowed_ones_are_named_and_allowed_ones_without_the_bot(
    doctor: DoctorSandbox,
) -> None:
    home = doctor.sandbox.discord.guild("Home\x1b[31m\nwrong  TTAPI")
    report = await doctor.run(ALLOWED_GUILDS=f"{home.id},17")
    assert report.of("server") == [
        f"warn: “Paper Boats” ({doctor.guild.id}) is not in ALLOWED_GUILDS: there the bot only says so. Add its id, or "
        "let the bot leave.",
        f"ok: “Home [31m wrong TTAPI” ({home.id}): the bot's roles allow all that it needs.",
    ]
    (absent,) = report.of("ALLOWED_GUILDS")
    assert re.fullmatch(f"warn: names 17, where the bot is not. Invite it, or take the id out: {INVITATION}", absent)
    assert not report.wrong


async def test_a_bot_in_no_server_is_told_how_to_get_into_one(doctor: DoctorSandbox) -> None:
    doctor.guild.remove_bot()
    report = await doctor.run()
    (line,) = report.of("server")
    assert re.fullmatch(f"warn: the bot is in none. Invite it: {INVITATION}", line)


async def test_of_many_servers_those_in_trouble_come_first_and_the_rest_is_counted(doctor: DoctorSandbox) -> None:
    for number in range(2, 31):
        doctor.sandbox.discord.guild(f"Server {number}")
    doctor.sandbox.discord.guild("Last").everyone.set_permissions(Permission(0))
    last = doctor.sandbox.discord.guilds[max(doctor.sandbox.discord.guilds)]
    last.set_bot_permissions(EVERYONE & ~Permission.READ_MESSAGE_HISTORY)
    report = await doctor.run()
    lines = report.of("server")
    assert "“Last”" in lines[0]
    assert "the bot lacks Read Message History." in lines[0]
    assert (len(lines), lines[-1]) == (21, "ok: and 11 more, in which nothing is wrong.")
    report = await doctor.run(ALLOWED_GUILDS=str(last.id))
    assert report.of("server")[-1] == "warn: and 11 more, 11 of them in trouble too. Cure those above first."


async def test_more_servers_than_discord_lists_at_once_are_not_all_looked_at(doctor: DoctorSandbox) -> None:
    for number in range(2, 206):
        doctor.sandbox.discord.guild(f"Server {number}")
    report = await doctor.run(ALLOWED_GUILDS="17")
    assert report.of("server")[-1] == "warn: only 200 servers were looked at, and the bot is in about 205."
    assert report.of("ALLOWED_GUILDS") == []
