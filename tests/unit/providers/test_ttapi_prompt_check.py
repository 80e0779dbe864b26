"""TTAPI's free check of a prompt: what it forbids, and what is no verdict at all."""

import httpx
import pytest

from bot.errors import ErrorKind, ProviderError
from tests.unit.providers.fake_vendor import Vendor, said
from tests.unit.providers.image_requests import maker
from tests.unit.providers.ttapi_documents import REFUSED, WRONG_KEY
from tests.unit.providers.ttapi_image_documents import (
    BANNED,
    CHECKED,
    EMPTY_PROMPT,
    Json,
)


async def check(*answers: httpx.Response | Json | Exception) -> tuple[str, ...]:
    return await maker(Vendor(*answers)).check_prompt("a sexy girl")


async def check_error(answer: httpx.Response | Json | Exception) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await check(answer)
    return caught.value


async def test_the_documented_answers_are_read() -> None:
    assert await check(CHECKED) == ()
    assert await check(BANNED) == ("sexy",)
    error = await check_error(httpx.Response(400, json=EMPTY_PROMPT))
    assert (said(error), error.message) == ((ErrorKind.INVALID_REQUEST, "yes"), '"prompt" cannot be empty.')


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("banned prompt words：sexy,blood", ("sexy", "blood")),
        ("banned prompt words：sexy，blood、 gore", ("sexy", "blood", "gore")),
        ("banned prompt words: sexy, naked woman", ("sexy", "naked woman")),
        ("Banned Prompt Words：[sexy]", ("sexy",)),
        ('banned prompt words: ["sexy", "blood"]', ("sexy", "blood")),
        ("banned prompt word：sexy", ("sexy",)),
        ("banned prompt words：sexy,sexy,", ("sexy",)),
        ("banned prompt words：" + ",".join(map(str, range(100))), tuple(map(str, range(20)))),
    ],
)
async def test_each_forbidden_word_is_named_once(message: str, words: tuple[str, ...]) -> None:
    refusal = {**BANNED, "message": message}
    assert await check(refusal) == words
    assert await check(httpx.Response(400, json=refusal)) == words


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({**BANNED, "message": "banned prompt words："}, ErrorKind.MODERATED_PROMPT),
        ({**BANNED, "message": "[Banned prompt detected]"}, ErrorKind.MODERATED_PROMPT),
        (httpx.Response(400, json={**BANNED, "message": "banned prompt"}), ErrorKind.MODERATED_PROMPT),
        (REFUSED, ErrorKind.BAD_RESPONSE),
        ({**BANNED, "message": ["banned prompt words：sexy"]}, ErrorKind.BAD_RESPONSE),
        ({**BANNED, "status": "ON_QUEUE"}, ErrorKind.MODERATED_PROMPT),
        ({}, ErrorKind.BAD_RESPONSE),
        ({"status": True, "message": "success"}, ErrorKind.BAD_RESPONSE),
        (httpx.Response(401, json=WRONG_KEY), ErrorKind.AUTH),
        (httpx.Response(429), ErrorKind.RATE_LIMITED),
        (httpx.Response(500), ErrorKind.UPSTREAM),
        (httpx.Response(200, html="<html>wait</html>"), ErrorKind.BAD_RESPONSE),
        (httpx.Response(308, headers={"Location": "https://x.example/"}), ErrorKind.BAD_RESPONSE),
        (httpx.ConnectError("x"), ErrorKind.UNREACHABLE),
        (httpx.ReadTimeout("x"), ErrorKind.UNREACHABLE),
    ],
    ids=repr,
)
async def test_what_is_no_verdict_is_an_error(answer: httpx.Response | Json | Exception, kind: ErrorKind) -> None:
    assert (await check_error(answer)).kind is kind
