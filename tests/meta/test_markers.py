"""Markers: what runs on PostgreSQL bears its own, for `make test-fast` leaves that to `make test`."""

from tests.meta.source_tree import ROOT

STARTS_POSTGRES = ("tests.support.postgres_server", "PostgresEngine", 'engine_of("postgres"')


def test_who_starts_a_postgresql_is_marked() -> None:
    files = {path: path.read_text() for path in (ROOT / "tests" / "unit").rglob("test_*.py")}
    starting = {path for path, text in files.items() if any(word in text for word in STARTS_POSTGRES)}
    assert len(starting) > 5
    assert [path.name for path in starting if "postgres" not in path.stem and "mark.postgres" not in files[path]] == []
