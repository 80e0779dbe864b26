"""Ask our own HTTP server through PUBLIC_URL, as a provider would."""

import asyncio
import errno
import socket
from urllib.parse import urlsplit

import aiohttp

from bot.config import Settings
from bot.doctor.findings import CHECK_SECONDS, Finding, ok, origin, plain, warn, wrong
from bot.media.ssrf import is_public, resolve_host

NAME = "PUBLIC_URL"

MAX_ANSWER = 300
"""Bytes of an answer that are read."""

_NOBODY = (502, 503, 504)
_HEARD = (aiohttp.ClientSSLError, aiohttp.ClientConnectorDNSError)
_PORTS = {"http": 80, "https": 443}


async def check_public_url(settings: Settings) -> Finding:
    """Fetch /healthz by the public address; nothing of the bot's own is touched."""
    if settings.public_url is None:
        return warn(
            NAME,
            "is not set: providers cannot call back, and clips too large for Discord are linked at the provider, where "
            "they vanish. Set it once the bot can be reached from outside.",
        )
    address = origin(settings.public_url)
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            private = await _private_address(settings.public_url)
            status, text = await _ask(settings.public_url)
    except TimeoutError:
        return wrong(
            NAME, f"{address} does not answer within {CHECK_SECONDS:.0f} seconds. Open its port in the firewall."
        )
    except (aiohttp.ClientError, OSError, UnicodeError) as error:
        unheard = isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, _HEARD)
        return wrong(NAME, f"{address} {explain(error)}{await _at_home(settings) if unheard else ''}")
    if status != 200 or text.partition("\n")[0].strip() != "ok":  # a warning may follow
        return wrong(NAME, f"{address} {await _misheard(status, text, settings)}")
    if private is not None:
        return warn(
            NAME,
            f"{address} answers, but {private} is a private address: no provider and no member reaches it from "
            "outside. Set a public one.",
        )
    return ok(NAME, f"{address} leads to the bot.")


def explain(error: Exception) -> str:
    """Say why an address could not be asked, and the cure."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or error.certificate_error
            return f"shows a certificate that is not valid: {reason}. Renew it, or correct the host's name."
        case aiohttp.ClientSSLError():
            return "does not speak TLS there. Correct the port, or set up HTTPS."
        case socket.gaierror() | UnicodeError() | aiohttp.ClientConnectorDNSError():
            return "has a host that nobody knows. Correct it, or make its DNS record."
        case OSError(errno=errno.ECONNREFUSED):
            return "refuses the connection."
        case aiohttp.ClientConnectorError() | OSError():
            return f"cannot be reached: {error.strerror or error}."
        case _:
            return "answers, but does not speak HTTP. Correct the port."


async def _ask(url: str) -> tuple[int, str]:
    """Fetch /healthz; a redirect is no answer, because nobody who calls back follows one."""
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.get(f"{url.rstrip('/')}/healthz", allow_redirects=False) as answer,
    ):
        return answer.status, (await answer.content.read(MAX_ANSWER)).decode(errors="replace")


async def _misheard(status: int, text: str, settings: Settings) -> str:
    """Say what an answer that is not the bot's "ok" means."""
    if 300 <= status < 400:
        return f"answers with a redirect ({status}), which no provider follows. Set PUBLIC_URL to where it leads."
    if status == 503 and text.startswith("The "):
        return f"leads to the bot, which is not well: {plain(text)} Look at its log."
    if status in _NOBODY:
        return f"is a proxy that reaches no bot ({status}).{await _at_home(settings)}"
    return f"leads to somebody else: /healthz is answered with {status}. Correct the host, or the proxy behind it."


async def _at_home(settings: Settings) -> str:
    """Tell whether a bot runs on this machine, for those who wonder why nobody answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.http_host, settings.http_host)  # noqa: S104  # only to ask
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}"
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await _ask(url)
    except (aiohttp.ClientError, OSError, ValueError):
        return f" Nor does a bot run at {url}: start it, and ask again."
    return f" But a bot runs at {url}: let the proxy or the router lead there."


async def _private_address(url: str) -> str | None:
    """Find an address of the host that is not on the public internet."""
    parts = urlsplit(url)
    addresses = await resolve_host(parts.hostname or "", parts.port or _PORTS[parts.scheme])
    return next((address for address in addresses if not is_public(address)), None)
