"""What Discord's refusals mean, and how long an interaction's token is trusted."""

from typing import Any, cast

import aiohttp
import discord
import pytest

from bot.publisher.discord_messages import (
    BASE_FILE_LIMIT,
    TOKEN_SPARE_MS,
    UNREACHABLE_CODES,
    CardApi,
    is_gone,
    is_invalid_form,
    is_token_over,
    is_too_large,
)
from tests.support.clock import clock_of
from tests.support.jobs import sample_job

MEANINGS = (is_gone, is_invalid_form, is_token_over, is_too_large)


class Response:
    """Be as much of an HTTP answer as an exception reads."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "because"


def refusal(status: int, code: int) -> discord.HTTPException:
    answer = cast("aiohttp.ClientResponse", Response(status))
    return discord.HTTPException(answer, {"code": code, "message": "no"})


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (404, 10008, is_gone),
        (400, 50035, is_invalid_form),
        (401, 50027, is_token_over),
        (401, 0, is_token_over),
        (404, 10015, is_token_over),
        (413, 0, is_too_large),
        (413, 40005, is_too_large),
        (400, 40005, is_too_large),
        (404, 10003, None),
        (403, 50013, None),
        (400, 50083, None),
        (500, 0, None),
        (429, 0, None),
        (404, 50035, None),
    ],
)
def test_each_refusal_means_one_thing_at_most(status: int, code: int, meaning: object) -> None:
    error = refusal(status, code)
    assert [one for one in MEANINGS if one(error)] == ([meaning] if meaning else [])


def test_lost_access_is_not_taken_for_a_deleted_message() -> None:
    assert not any(is_gone(refusal(404, code)) for code in UNREACHABLE_CODES)


def api(now: int) -> CardApi:
    return CardApi(cast("Any", discord.Client(intents=discord.Intents.none())), clock_of(lambda: now))


@pytest.mark.parametrize(
    ("token", "now", "lasts"),
    [
        ("token", 1_000_000 - TOKEN_SPARE_MS - 1, True),
        ("token", 1_000_000 - TOKEN_SPARE_MS, False),
        (None, 0, False),
    ],
)
async def test_a_token_is_trusted_until_shortly_before_its_end(token: str | None, now: int, lasts: bool) -> None:
    job = sample_job(token=token, token_until_ms=1_000_000, file_limit=99)
    assert api(now).token_lasts(job) is lasts
    # A member's own limit counts as long as their token does.
    assert api(now).file_limit(job) == (99 if lasts else BASE_FILE_LIMIT)
