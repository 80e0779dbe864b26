"""How APIMart's account pages are read, and how a key is tried without them."""

from collections.abc import Mapping
from functools import partial

import httpx
import pytest

from bot.errors import ErrorKind, ProviderError
from bot.providers.apimart.videos import ApiMart
from bot.providers.types import Account
from tests.unit.providers import fake_vendor as wire
from tests.unit.providers.apimart_documents import (
    ACCOUNT_BALANCE,
    BALANCE,
    NO_TOKEN,
    UNLIMITED,
    WRONG_KEY,
)
from tests.unit.providers.fake_vendor import said

Vendor = partial(wire.Vendor, make=ApiMart)


async def test_the_balance_of_the_key_is_told() -> None:
    vendor = Vendor(BALANCE)
    assert await vendor.provider.account() == Account("10.5 left")
    assert [(request.method, request.url.path) for request in vendor.requests] == [("GET", "/v1/balance")]


async def test_the_balance_of_the_account_is_told_where_the_key_has_no_limit() -> None:
    vendor = Vendor(UNLIMITED, ACCOUNT_BALANCE)
    assert await vendor.provider.account() == Account("100 left")
    assert vendor.requests[1].url.path == "/v1/user/balance"
    assert await Vendor(UNLIMITED).provider.account() == Account()


@pytest.mark.parametrize("answer", [httpx.Response(401, json=WRONG_KEY), *NO_TOKEN, WRONG_KEY], ids=str)
async def test_a_wrong_key_is_told(answer: httpx.Response | Mapping[str, object]) -> None:
    with pytest.raises(ProviderError) as caught:
        await Vendor(answer).provider.account()
    assert said(caught.value) == (ErrorKind.AUTH, "yes")


@pytest.mark.parametrize(
    ("status", "kind"), [(404, None), (400, None), (401, ErrorKind.AUTH), (500, ErrorKind.UPSTREAM)]
)
async def test_where_the_balance_is_not_told_an_unknown_task_tries_the_key(status: int, kind: ErrorKind | None) -> None:
    vendor = Vendor(httpx.Response(404), httpx.Response(status, json={"error": {"message": "no"}}))
    if kind is None:
        assert await vendor.provider.account() == Account()
    else:
        with pytest.raises(ProviderError) as caught:
            await vendor.provider.account()
        assert caught.value.kind is kind
    assert vendor.requests[1].url.path == "/v1/tasks/task_00000000000000000000000000"
