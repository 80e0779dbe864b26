"""What the doctor says of keys and addresses that are hard to come by with a whole bot."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import httpx
import pytest
from aiohttp import web
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import RawTestServer
from discord.http import Route

from bot.config import Settings, settings_type
from bot.doctor import (
    examine,
)
from bot.doctor import (
    provider_check as keys,
)
from bot.doctor import (
    public_url_check as public,
)
from bot.doctor import (
    runner as rounds,
)
from bot.doctor.findings import MAX_TEXT, origin, plain, warn
from bot.doctor.provider_check import check_account
from bot.doctor.public_url_check import check_public_url, explain
from bot.providers.base import Provider
from bot.providers.ttapi.videos import Ttapi
from bot.providers.types import Account
from tests.unit.providers.fake_vendor import Vendor

UNWELL = "leads to the bot, which is not well:"
ABSENT = "Nor does a bot run at http://127.0.0.1:1: start it, and ask again."
ELSEWHERE = "leads to somebody else: /healthz is answered"
Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def settings(**changes: Any) -> Settings:
    """Give settings that lead nowhere unless told otherwise."""
    values: dict[str, Any] = {
        "discord_token": "discord-token-0123456789",
        "ttapi": {"api_key": "tt-key-0123456789"},
        "http_port": 1,
    }
    return settings_type(("ttapi",))(**{**values, **changes})


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (
            httpx.Response(403, json={"message": "account is banned"}),
            "wrong  TTAPI            lets this key in nowhere: account is banned (HTTP 403). "
            "Look at the account in its console.",
        ),
        (
            httpx.Response(402, json={"message": "no money"}),
            "wrong  TTAPI            accepts the key, but the account is empty. Put money into it.",
        ),
        (
            {"status": "SUCCESS", "data": {"balance": 0, "max_queue": 10}},
            "wrong  TTAPI            the key works, but nothing is left (balance 0 quota). Put money into the account.",
        ),
        (
            httpx.Response(404, text="<html>"),
            "wrong  TTAPI            answers, but not as TTAPI does: an HTML page (HTTP 404). "
            "Correct TTAPI_BASE_URL, or unset it.",
        ),
        (
            httpx.Response(200, text="hello"),
            "wrong  TTAPI            answers, but not as TTAPI does: no JSON object (HTTP 200). "
            "Correct TTAPI_BASE_URL, or unset it.",
        ),
        (
            httpx.Response(301, headers={"Location": "https://elsewhere.example"}),
            "wrong  TTAPI            answers, but not as TTAPI does: moved elsewhere: is the base URL right? "
            "(HTTP 301). Correct TTAPI_BASE_URL, or unset it.",
        ),
        (
            httpx.Response(500, json={"message": "oops"}),
            "wrong  TTAPI            has a fault of its own: oops (HTTP 500). "
            "Ask again later, and look at its status page.",
        ),
        (
            httpx.Response(429, json={"message": "slowly"}),
            "warn   TTAPI            is asked too much at the moment. Ask again in a minute.",
        ),
        (
            httpx.ConnectError("refused"),
            "wrong  TTAPI            cannot be reached: ConnectError. "
            "Look at this machine's network and at TTAPI_BASE_URL.",
        ),
    ],
)
async def test_what_a_provider_says_of_the_account_comes_with_its_cure(
    answer: httpx.Response | dict[str, object] | Exception, line: str
) -> None:
    provider = Vendor(answer, make=Ttapi).provider
    assert str(await check_account(provider, "ttapi")) == line
    await provider.aclose()


async def test_a_provider_that_never_answers_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        title = "TTAPI"

        async def account(self) -> Account:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(keys, "CHECK_SECONDS", 0.01)
    found = await check_account(cast(Provider, Silent()), "ttapi")
    assert found.text.startswith("does not answer within ")
    assert found.text.endswith("Look at this machine's network and at TTAPI_BASE_URL.")


@asynccontextmanager
async def at(answer: Answer) -> AsyncGenerator[str]:
    """Serve one answer for everything, and give the address."""
    async with RawTestServer(answer, host="127.0.0.1") as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (302, "", "answers with a redirect (302), which no provider follows. Set PUBLIC_URL to where it leads."),
        (503, "The gateway is not ready.\n", f"{UNWELL} The gateway is not ready. Look at its log."),
        (502, "Bad Gateway", f"is a proxy that reaches no bot (502). {ABSENT}"),
        (404, "?", f"{ELSEWHERE} with 404. Correct the host, or the proxy behind it."),
        (200, "hi", f"{ELSEWHERE} with 200. Correct the host, or the proxy behind it."),
    ],
)
async def test_whoever_answers_in_the_bots_place_is_named(status: int, text: str, words: str) -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text=text, headers={"Location": "/elsewhere"} if status == 302 else {})

    async with at(answer) as url:
        assert str(await check_public_url(settings(public_url=url))) == f"wrong  PUBLIC_URL       {url} {words}"


@pytest.mark.parametrize("text", ["ok\n", "ok\nLittle space is left where pictures and films are kept: 0.3 GiB.\n"])
async def test_a_public_address_that_leads_to_the_bot_is_well(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(text=text)

    def public_indeed(_: str) -> bool:
        return True

    monkeypatch.setattr(public, "is_public", public_indeed)
    async with at(answer) as url:
        found = await check_public_url(settings(public_url=f"{url}/bot/"))
    assert str(found) == f"ok     PUBLIC_URL       {url} leads to the bot."
    assert asked == ["/bot/healthz"]


async def test_a_public_address_that_hangs_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asyncio.Event()

    async def answer(_: web.BaseRequest) -> web.Response:
        await done.wait()
        return web.Response()

    monkeypatch.setattr(public, "CHECK_SECONDS", 0.2)
    async with at(answer) as url:
        found = await check_public_url(settings(public_url=url))
        done.set()
    assert found.verdict == "wrong"
    assert found.text.startswith(f"{url} does not answer within ")
    assert found.text.endswith(" Open its port in the firewall.")


async def test_an_address_without_tls_or_http_is_named() -> None:
    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response()

    async with at(answer) as url:
        found = await check_public_url(settings(public_url=url.replace("http://", "https://")))
    assert found.text.endswith(" does not speak TLS there. Correct the port, or set up HTTPS.")

    async def mumble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(mumble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await check_public_url(settings(public_url=f"http://127.0.0.1:{port}"))
    assert found.text.endswith(" answers, but does not speak HTTP. Correct the port.")


async def test_a_host_that_nobody_knows_is_named() -> None:
    found = await check_public_url(settings(public_url="https://animatic.invalid"))
    assert found.text == "https://animatic.invalid has a host that nobody knows. Correct it, or make its DNS record."


def test_a_certificate_that_is_not_valid_is_named() -> None:
    reason = ssl.SSLCertVerificationError(1, "certificate verify failed")
    reason.verify_message = "certificate has expired"
    key = ConnectionKey(
        "films.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
    )
    assert explain(aiohttp.ClientConnectorCertificateError(key, reason)) == (
        "shows a certificate that is not valid: certificate has expired. Renew it, or correct the host's name."
    )


def test_an_address_is_printed_without_what_may_be_secret() -> None:
    assert origin("https://user:secret@films.example:8443/path?token=secret") == "https://films.example:8443"
    assert origin("http://[2001:db8::1]/") == "http://[2001:db8::1]"


def test_a_finding_is_one_line_whatever_strangers_say() -> None:
    line = str(warn("server", "“\x1b[2J\r\n\u202eevil”" + "x" * 1000))
    assert line.isprintable()
    assert len(line) == len("warn   server           ") + MAX_TEXT
    assert plain("a\n b") == "a b"


async def test_a_secret_that_a_vendor_repeats_is_not_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    token, key = "token-" + "t" * 300, "sk-" + "k" * 300

    async def answer(request: web.BaseRequest) -> web.Response:
        said = request.headers.get("TT-API-KEY") or request.headers["Authorization"]
        return web.Response(text=f'{{"message": "{said} is banned"}}', status=403, content_type="application/json")

    lines: list[str] = []
    async with at(answer) as url:
        changes = {"discord_token": token, "ttapi": {"api_key": key, "base_url": url}, "discord_api_url": url}
        assert not await examine(settings(**changes), lines.append)
    told = "\n".join(lines)
    assert "does not answer like Discord's API: 403 " in told
    assert "TTAPI            lets this key in nowhere: " in told
    assert "ttt" not in told
    assert "kkk" not in told


async def test_a_check_that_breaks_is_told_and_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Route, "BASE", Route.BASE)

    async def broken(_: Path) -> None:
        raise ZeroDivisionError("division by zero")

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(status=401)

    monkeypatch.setattr(rounds, "check_database", broken)
    lines: list[str] = []
    async with at(answer) as url:
        assert not await examine(
            settings(ttapi={"api_key": "tt-key-0123456789", "base_url": url}, discord_api_url=url), lines.append
        )
    assert (
        "wrong  DATABASE_URL     the check itself broke: ZeroDivisionError: division by zero. Please report it."
        in lines
    )
    assert [line[7:22].rstrip() for line in lines] == [
        "DISCORD_TOKEN",
        "server",
        "TTAPI",
        "DATABASE_URL",
        "MEDIA_DIR",
        "PUBLIC_URL",
    ]
