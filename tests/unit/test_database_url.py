"""DATABASE_URL as it is read: which engine, what asyncpg is given, and what is told of it."""

from pathlib import Path

import pytest

from bot.database_url import PostgresServer, SqliteFile, parse_database_url


def postgres(url: str) -> PostgresServer:
    parsed = parse_database_url(url)
    assert isinstance(parsed, PostgresServer)
    return parsed


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:///data/a.db", "data/a.db"), ("sqlite:////var/lib/a.db", "/var/lib/a.db")]
)
def test_three_slashes_name_a_file_of_the_working_folder_and_four_an_absolute_one(url: str, path: str) -> None:
    assert parse_database_url(url) == SqliteFile(Path(path))


def test_the_pool_size_is_ours_and_the_driver_never_sees_it() -> None:
    url = "postgresql://bot:hunter2@db.example:5433/animatic?sslmode=verify-full&pool_size=25&sslrootcert=%2Fca.pem"
    assert postgres(url) == PostgresServer(
        "postgresql://bot:hunter2@db.example:5433/animatic?sslmode=verify-full&sslrootcert=%2Fca.pem",
        "db.example:5433",
        "animatic",
        25,
    )


def test_without_a_pool_size_it_is_ten() -> None:
    assert postgres("postgresql://bot@db/animatic").pool_size == 10


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://bot:hunter2@db.example/animatic", "db.example/animatic"),
        ("postgresql://bot:hun%40ter2@[::1]:5432/animatic", "[::1]:5432/animatic"),
        (
            "postgresql://bot:hunter2@a:1,b:2/animatic?target_session_attrs=read-write",
            "a:1,b:2/animatic",
        ),
        ("postgresql:///animatic?host=/run/postgresql&user=bot&password=hunter2", "/run/postgresql/animatic"),
        ("postgresql://bot:hunter2@db?dbname=animatic", "db/animatic"),
    ],
)
def test_only_hosts_and_database_are_told_of_it(url: str, shown: str) -> None:
    server = postgres(url)
    assert str(server) == shown
    assert "hunter2" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///",
        "sqlite:///:memory:",
        "mysql://bot:hunter2@db/animatic",
        "postgresql://bot:hunter2@db",
        "postgresql://bot:hunter2@db/",
        "postgresql://bot:hun@ter2@db/animatic",
        "postgresql://bot:hunter2#1@db/animatic",
        "postgresql://bot:hunter2/1@db/animatic",
        "postgresql://bot:hunter2@db:port/animatic",
        "postgresql://bot:hunter2@db:0/animatic",
        "postgresql://bot:hunter2@db:65536/animatic",
        "postgresql://bot:hunter2[@db/animatic",
        "postgresql://bot:hunter2@db/animatic?pool_size=0",
        "postgresql://bot:hunter2@db/animatic?pool_size=many",
        "postgresql://bot:hunter2@db/animatic?pool_size=9999",
        "postgresql://bot:hunter2@db/animatic?sslmode",
    ],
)
def test_what_is_no_address_is_refused_in_words_that_tell_nothing_of_it(url: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        parse_database_url(url)
    assert "hunter2" not in str(refused.value)
    assert "ter2" not in str(refused.value)
