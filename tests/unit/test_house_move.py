"""`animatic move`: what it says when all is moved, when there is nothing to do, and when it cannot be done."""

import asyncio
import io
import os
import shutil
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from bot.config import Settings, load_settings
from bot.database_url import PostgresServer, parse_database_url
from bot.db.postgres import open_postgres
from bot.doctor.findings import Finding
from bot.doctor.postgres_check import check_postgres
from bot.doctor.storage_check import check_database
from bot.domain.clock import Clock
from bot.errors import SettingsError
from bot.house_move import NEXT, move_house
from bot.locks import FileInstanceNames
from bot.providers.registry import provider_names
from bot.resources import open_resources
from tests.support.db_fixture import open_db_fixture
from tests.support.postgres_server import shared_databases
from tests.support.s3_server import Bucket, S3Server, s3_server

pytestmark = pytest.mark.postgres

SECRET = "s3cret-word"

NO_CHANGE: Mapping[str, str] = {}


class BreakingTerminal(io.StringIO):
    """Take no line in which all of some words stand."""

    def __init__(self, *words: str) -> None:
        super().__init__()
        self._words = words

    def write(self, line: str) -> int:
        if all(word in line for word in self._words):
            raise OSError("the terminal is gone")
        return super().write(line)

    def isatty(self) -> bool:
        return True


@dataclass
class House:
    """Hold the folder of a stopped bot and the address of a new database."""

    folder: Path
    url: str
    job_id: str
    settings: dict[str, str]

    @property
    def path(self) -> Path:
        return self.folder / "animatic.db"

    @property
    def place(self) -> str:
        return self.url.rpartition("@")[2]

    async def move(
        self, address: str | None = None, *, stream: io.StringIO | None = None, settings: Mapping[str, str] = NO_CHANGE
    ) -> list[str]:
        """Move; gives the lines that are told."""
        stream = stream or io.StringIO()
        await move_house(self.load(settings), address or self.url, stream)
        return stream.getvalue().splitlines()

    async def refusal(self, address: str | None = None, settings: Mapping[str, str] = NO_CHANGE) -> str:
        """Try to move; gives the sentence, in which no password stands."""
        with pytest.raises(SettingsError) as refused:
            await self.move(address, settings=settings)
        assert SECRET not in str(refused.value)
        return str(refused.value)

    async def start(self, settings: Mapping[str, str] = NO_CHANGE) -> None:
        """Open what a bot opens at its start."""
        async with AsyncExitStack() as stack:
            await open_resources(stack, self.load(settings), Clock())

    def load(self, settings: Mapping[str, str]) -> Settings:
        """Read the settings of this bot, but for some."""
        with mock.patch.dict(os.environ, {**self.settings, **settings}, clear=True):
            return load_settings(provider_names())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("filled")

    async def make() -> str:
        async with open_db_fixture(folder / "animatic.db") as db:
            return (await db.done()).id

    job_id = asyncio.run(make())
    (folder / "media" / job_id).mkdir(parents=True)
    for slot in range(4):
        (folder / "media" / job_id / f"{slot + 1}.mp4").write_bytes(bytes(1000 + slot))
    return folder, job_id


@pytest.fixture
async def house(tmp_path: Path, filled: tuple[Path, str]) -> AsyncGenerator[House]:
    folder = tmp_path / "bot"
    shutil.copytree(filled[0], folder)
    async with shared_databases().new() as url:
        yield House(
            folder,
            url,
            filled[1],
            {
                "DISCORD_TOKEN": "a-token",
                "TTAPI_API_KEY": "a-long-enough-key",
                "DATABASE_URL": f"sqlite:///{folder / 'animatic.db'}",
                "MEDIA_DIR": str(folder / "media"),
            },
        )


@pytest.fixture(scope="module")
def s3() -> Generator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(s3: S3Server) -> Bucket:
    return s3.bucket()


async def test_it_says_what_was_moved_and_what_to_do_now(house: House) -> None:
    lines = await house.move()
    assert lines[-3].startswith(
        f"All rows are in {house.place}, with the same counts and sums on both sides: account 2, "
    )
    assert "clip 4, job 1, job_word 3, ledger 2" in lines[-3]
    assert lines[-2] == f"Kept files stay in {house.folder / 'media'}; with MEDIA_URL set they are moved, too."
    assert lines[-1] == NEXT
    assert any(line.startswith("job              [##############################] 100%  1 of 1") for line in lines)


async def test_one_that_is_done_says_so(house: House) -> None:
    await house.move()
    assert (await house.move())[0] == f"The database was moved to {house.place} already."


async def test_a_bot_refuses_the_old_file_in_one_sentence_and_starts_on_the_new_database(house: House) -> None:
    await house.move()
    with pytest.raises(SettingsError) as refused:
        await house.start()
    assert str(refused.value) == f"DATABASE_URL names a database that was moved to {house.place}; name that one."
    await house.start({"DATABASE_URL": house.url})


async def test_the_doctor_says_the_same_with_the_cure(house: House) -> None:
    with pytest.raises(OSError, match="terminal"):
        await house.move(stream=BreakingTerminal("indexes"))
    assert str(await check_postgres_at(house.url)).endswith(
        f"{house.place} holds an unfinished copy of another database. "
        "Finish it with `animatic move`, or name another one."
    )
    await house.move()
    said = str(await check_database(house.path))
    assert said.endswith(f"{house.path} was moved to {house.place}. Name that one.")


async def check_postgres_at(url: str) -> Finding:
    server = parse_database_url(url)
    assert isinstance(server, PostgresServer)
    return await check_postgres(server)


async def test_kept_files_move_into_the_bucket_and_are_counted(house: House, bucket: Bucket) -> None:
    bucket.put(f"{house.job_id}/1.mp4", bytes(1000))
    bucket.put(f"{house.job_id}/2.mp4", b"half of it")
    lines = await house.move(settings=bucket.settings())
    assert lines[-2] == f"4 of 4 kept files (0.0 MB) are in s3://{bucket.name}, 3 of them new there."
    assert await bucket.store().sizes() == {f"{house.job_id}/{slot + 1}.mp4": 1000 + slot for slot in range(4)}
    again = await house.move(settings=bucket.settings())
    assert again[-2] == f"4 of 4 kept files (0.0 MB) are in s3://{bucket.name}, 0 of them new there."


async def test_nothing_is_marked_as_moved_before_the_files_are_there(house: House, bucket: Bucket) -> None:
    with pytest.raises(OSError, match="terminal"):
        await house.move(stream=BreakingTerminal("files", "4 of 4"), settings=bucket.settings("films"))
    await house.start()
    assert len(await bucket.store("films").sizes()) == 4
    lines = await house.move(settings=bucket.settings("films"))
    assert lines[-2].endswith(f"are in s3://{bucket.name}/films, 0 of them new there.")


async def test_a_running_bot_keeps_its_database(house: House) -> None:
    names = FileInstanceNames(house.folder / "locks")
    with names.hold():
        assert await house.refusal() == "DATABASE_URL names a database that is in use; stop every bot that works on it."
    await house.move()


async def test_other_data_in_the_target_is_refused(house: House) -> None:
    async with open_postgres(house.url) as db, db.transaction() as tx:
        await tx.fetch("create table other (id bigint)")
    said = await house.refusal()
    assert said == "The new address names a database that holds something else already; name an empty one."


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"postgresql://bot:{SECRET}@127.0.0.1:1/animatic", "The new address names a server where nothing answers"),
        (f"postgresql://bot:{SECRET}@[::/animatic", "The new address must "),
        ("sqlite:///other.db", "The new address must be a PostgreSQL's"),
        (f"mysql://bot:{SECRET}@host/animatic", "The new address must be "),
    ],
)
async def test_an_address_that_is_of_no_use_is_refused_in_one_sentence(house: House, address: str, said: str) -> None:
    assert (await house.refusal(address)).startswith(said)


async def test_there_must_be_an_old_database_of_ours(house: House, tmp_path: Path) -> None:
    nowhere, empty, foreign = (tmp_path / name for name in ("nowhere.db", "empty.db", "foreign.db"))
    empty.touch()
    foreign.write_text("no database")
    for path, said in (
        (nowhere, f"names no database that could be moved: there is no file {nowhere}."),
        (empty, "names an empty database, where nothing is to be moved."),
        (foreign, "cannot be opened: file is not a database."),
    ):
        assert await house.refusal(settings={"DATABASE_URL": f"sqlite:///{path}"}) == f"DATABASE_URL {said}"
    said = await house.refusal(settings={"DATABASE_URL": house.url})
    assert said == "DATABASE_URL must name the SQLite file that is to be moved, until it is moved."
    assert not nowhere.exists()


async def test_a_bucket_that_is_of_no_use_is_told_before_anything_is_moved(house: House, bucket: Bucket) -> None:
    said = await house.refusal(settings={**bucket.settings(), "MEDIA_URL": "s3://no-such-bucket"})
    assert said.startswith("MEDIA_URL names a bucket that does not exist.")
    async with open_postgres(house.url) as db:
        assert await db.tables() == set()
