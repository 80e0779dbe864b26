"""Which paths there are, and what is answered where there is none."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import aiohttp
import pytest
from aiohttp import web

from sandbox.discord import Discord, TextChannel
from sandbox.discord.routes import ROUTE_TABLES
from sandbox.discord.routing import is_public
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.response_schemas import operation

ROUTES = [route for table in ROUTE_TABLES for route in table if isinstance(route, web.RouteDef)]


@pytest.mark.parametrize("route", ROUTES, ids=[f"{route.method} {route.path}" for route in ROUTES])
def test_every_route_is_one_of_discords_description(route: web.RouteDef) -> None:
    assert operation(route.method, route.path)["responses"]


async def test_a_path_that_discord_does_not_have_is_not_found_and_noted(local_discord: Discord, api: ApiClient) -> None:
    answer = await api("GET", "/channels/1/nothing")
    assert (answer.status, answer.body) == (404, {"message": "404: Not Found", "code": 0})
    assert local_discord.violations == ["GET /channels/1/nothing: the sandbox has no such route (404)"]
    assert [(r.template, r.status, r.ended) for r in local_discord.requests] == [("", 404, True)]
    local_discord.violations.clear()


@pytest.mark.parametrize("method", ["DELETE", "HEAD"])
async def test_a_method_that_a_path_does_not_have_is_not_allowed_and_noted(
    local_discord: Discord, api: ApiClient, method: str
) -> None:
    assert (await api(method, "/users/@me")).status == 405
    assert local_discord.violations == [f"{method} /users/@me: the sandbox has no such route (405)"]
    local_discord.violations.clear()


async def test_a_literal_part_of_a_path_goes_before_a_parameter(local_discord: Discord, api: ApiClient) -> None:
    assert (await api("GET", "/users/@me")).body["id"] == str(local_discord.bot_user.id)
    assert (await api("GET", f"/users/{local_discord.owner.id}")).body["id"] == str(local_discord.owner.id)
    assert [request.template for request in local_discord.requests] == ["/users/@me", "/users/{user_id}"]


async def test_a_request_is_recorded_with_its_template_and_answer(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    answer = await api("POST", f"/channels/{text_channel.id}/messages", {"content": "hello"})
    [request] = local_discord.requests
    assert (request.method, request.template) == ("POST", "/channels/{channel_id}/messages")
    assert (request.path, request.body) == (f"/channels/{text_channel.id}/messages", {"content": "hello"})
    assert (request.status, request.answer, request.ended) == (200, answer.body, True)


async def test_each_route_has_a_bucket_of_its_own(
    local_discord: Discord, api: ApiClient, text_channel: TextChannel
) -> None:
    paths = ["/users/@me", f"/channels/{text_channel.id}", f"/channels/{text_channel.id}/messages"]
    buckets = [(await api("GET", path)).headers["X-RateLimit-Bucket"] for path in paths]
    assert all(one != other for one, other in pairwise(sorted(buckets)))


@pytest.mark.parametrize("path", ["/elsewhere", "/", "/gateway", "/attachments/1/2/a.png"])
async def test_what_is_not_there_outside_the_api_is_not_found(local_discord: Discord, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(local_discord.base_url + path) as answer:
        assert answer.status == 404


async def test_a_file_can_only_be_read(local_discord: Discord) -> None:
    url = local_discord.files.url(local_discord.attachment("a.png", b"a"))
    async with aiohttp.ClientSession() as session, session.put(url, data=b"b") as answer:
        assert answer.status == 405


def test_only_paths_with_a_token_of_their_own_and_the_gateways_address_need_no_bot_token() -> None:
    public = [route.path for route in ROUTES if is_public(route.path)]
    assert public == [route.path for route in ROUTES if {} in operation(route.method, route.path)["security"]]


async def test_a_discord_that_has_ended_is_not_kept_alive() -> None:
    async with (
        Discord() as discord,
        aiohttp.ClientSession() as session,
        session.get(f"{discord.api_url}/gateway") as got,
    ):
        assert got.status == 200
    ended = weakref.ref(discord)
    del discord
    gc.collect()
    assert ended() is None
