"""PostgreSQL over TLS: libpq's parameters decide what is checked, and a certificate that is wrong is never taken."""

import asyncio
from pathlib import Path

import pytest

from bot.db.postgres import open_postgres
from bot.errors import ConnectProblem, DatabaseUnreachable
from tests.support.postgres_server import USER, shared_server
from tests.support.tls_proxy import Authority, tls_proxy

HOST = "127.0.0.1"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def url(port: int, **parameters: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"postgresql://{USER}@{HOST}:{port}/postgres?{query}"


async def ask(address: str) -> int:
    async with open_postgres(address) as db:
        (row,) = await db.fetch("select 1 as one")
        return row["one"]


async def refusal(address: str) -> DatabaseUnreachable:
    with pytest.raises(DatabaseUnreachable) as refused:
        await ask(address)
    return refused.value


@pytest.mark.parametrize("mode", ["verify-full", "verify-ca"])
async def test_a_certificate_of_the_named_authority_is_taken(authority: Authority, mode: str) -> None:
    async with tls_proxy(shared_server().port, authority.context(HOST)) as port:
        assert await ask(url(port, sslmode=mode, sslrootcert=authority.file)) == 1


async def test_without_a_check_any_certificate_is_taken(authority: Authority) -> None:
    async with tls_proxy(shared_server().port, authority.context("elsewhere.example")) as port:
        assert await ask(url(port, sslmode="require")) == 1


async def test_a_certificate_of_somebody_else_is_refused(authority: Authority, tmp_path: Path) -> None:
    another = Authority(tmp_path, "another")
    async with tls_proxy(shared_server().port, authority.context(HOST)) as port:
        for mode in ("verify-full", "verify-ca"):
            refused = await refusal(url(port, sslmode=mode, sslrootcert=another.file))
            assert (refused.problem, "CERTIFICATE_VERIFY_FAILED" in refused.message) == (ConnectProblem.TLS, True)


async def test_a_certificate_for_another_host_is_refused_where_the_host_is_checked(authority: Authority) -> None:
    async with tls_proxy(shared_server().port, authority.context("elsewhere.example")) as port:
        refused = await refusal(url(port, sslmode="verify-full", sslrootcert=authority.file))
        assert refused.problem is ConnectProblem.TLS
        assert await ask(url(port, sslmode="verify-ca", sslrootcert=authority.file)) == 1


async def test_a_certificate_that_has_expired_is_refused(authority: Authority) -> None:
    async with tls_proxy(shared_server().port, authority.context(HOST, expired=True)) as port:
        refused = await refusal(url(port, sslmode="verify-full", sslrootcert=authority.file))
        assert (refused.problem, "expired" in refused.message) == (ConnectProblem.TLS, True)


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_a_server_without_tls_is_refused_where_tls_is_asked_for(authority: Authority, mode: str) -> None:
    async with tls_proxy(shared_server().port, None) as port:
        refused = await refusal(url(port, sslmode=mode, sslrootcert=authority.file))
        assert (refused.problem, "rejected SSL upgrade" in refused.message) == (ConnectProblem.TLS, True)
        assert await ask(url(port, sslmode="prefer")) == 1


async def test_a_file_of_certificates_that_is_not_there_is_told(tmp_path: Path) -> None:
    refused = await refusal(url(shared_server().port, sslmode="verify-full", sslrootcert=tmp_path / "no.pem"))
    assert (refused.problem, "No such file" in refused.message) == (ConnectProblem.TLS, True)


async def test_what_is_said_over_tls_is_what_is_said_without(authority: Authority) -> None:
    async with tls_proxy(shared_server().port, authority.context(HOST)) as port:
        async with open_postgres(url(port, sslmode="verify-full", sslrootcert=authority.file), pool_size=3) as db:
            rows = await asyncio.gather(*(db.fetch("select cast($1 as bigint) as n", n) for n in range(20)))
        assert [row["n"] for [row] in rows] == list(range(20))
