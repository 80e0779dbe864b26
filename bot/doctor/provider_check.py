"""Try each provider's key, free of charge."""

import asyncio

from bot.doctor.findings import CHECK_SECONDS, Finding, ok, plain, warn, wrong
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import Provider
from bot.providers.types import Account

_CURES = {
    ErrorKind.AUTH: "does not accept the key. Make a new one in its console and put it into {key}.",
    ErrorKind.ACCOUNT_BLOCKED: "lets this key in nowhere: {message}. Look at the account in its console.",
    ErrorKind.INSUFFICIENT_BALANCE: "accepts the key, but the account is empty. Put money into it.",
    ErrorKind.NOT_FOUND: "answers, but not as {title} does: {message}. Correct {url}, or unset it.",
    ErrorKind.BAD_RESPONSE: "answers, but not as {title} does: {message}. Correct {url}, or unset it.",
    ErrorKind.INVALID_REQUEST: "does not understand the question: {message}. Correct {url}, or unset it.",
    ErrorKind.UNREACHABLE: "cannot be reached: {message}. Look at this machine's network and at {url}.",
    ErrorKind.UPSTREAM: "has a fault of its own: {message}. Ask again later, and look at its status page.",
}
_PASSING = {
    ErrorKind.RATE_LIMITED: "is asked too much at the moment. Ask again in a minute.",
    ErrorKind.QUEUE_FULL: "is full at the moment. Ask again in a minute.",
}


async def check_account(provider: Provider, name: str) -> Finding:
    """Ask a provider for its account: whether the key works, and what is left."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return _judged(provider.title, await provider.account())
    except TimeoutError:
        return wrong(
            provider.title,
            f"does not answer within {CHECK_SECONDS:.0f} seconds. "
            f"Look at this machine's network and at {name.upper()}_BASE_URL.",
        )
    except ProviderError as error:
        return _refused(provider.title, name, error)


def _judged(title: str, account: Account) -> Finding:
    if account.balance is None:
        return ok(title, f"the key works; {title} tells no balance.")
    if _is_empty(account.balance):
        return wrong(
            title, f"the key works, but nothing is left (balance {account.balance}). Put money into the account."
        )
    at_once = "" if account.jobs_at_once is None else f", {account.jobs_at_once} jobs at once"
    return ok(title, f"the key works; balance {account.balance}{at_once}.")


def _is_empty(balance: str) -> bool:
    """Read the number that a balance begins with."""
    try:
        return float(balance.partition(" ")[0]) <= 0
    except ValueError:
        return False


def _refused(title: str, name: str, error: ProviderError) -> Finding:
    message = plain(error.message).rstrip(".") or error.kind.value
    if error.http_status is not None:
        message += f" (HTTP {error.http_status})"
    if error.kind in _PASSING:
        return warn(title, _PASSING[error.kind])
    cure = _CURES.get(error.kind, "refuses: {message}. Look at the account in its console.")
    upper = name.upper()
    return wrong(title, cure.format(title=title, message=message, key=f"{upper}_API_KEY", url=f"{upper}_BASE_URL"))
