"""Each try of a request to Discord is heard of: its route, its answer, and the limit that it met."""

import pytest
import yarl
from aiohttp import ClientConnectionError, ClientSession, web
from aiohttp.test_utils import TestServer

from bot.metrics import Metrics
from bot.publisher.answers import route_of, tracing


class Heard(Metrics):
    """Write down what is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str, str | None]] = []
        self.answered: list[int] = []

    def discord_answered(self, route: str, method: str, status: str, seconds: float, limit: str | None) -> None:
        assert 0 <= seconds < 10
        self.requests.append((route, method, status, limit))

    def interaction_answered(self, interaction_id: int) -> None:
        self.answered.append(interaction_id)


def answering(status: int, **headers: str) -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


async def heard_of(path: str, status: int = 200, method: str = "GET", **headers: str) -> Heard:
    heard = Heard()
    async with (
        TestServer(answering(status, **headers), host="127.0.0.1") as server,
        ClientSession(trace_configs=[tracing(heard)]) as session,
        session.request(method, server.make_url(path)),
    ):
        return heard


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v10/channels/5/messages/7", "channels"),
        ("/api/v10/webhooks/5/a-token/messages/@original", "webhooks"),
        ("/api/v10/gateway/bot", "gateway"),
        ("/attachments/5/boat.png", "other"),
        ("/", "other"),
    ],
)
def test_a_request_is_named_by_the_kind_of_its_path_and_never_by_its_ids_and_tokens(path: str, route: str) -> None:
    assert route_of(yarl.URL("http://127.0.0.1:8080" + path))[0] == route


async def test_the_answer_to_an_interaction_is_told_of_by_its_id() -> None:
    heard = await heard_of("/api/v10/interactions/123/a-token/callback", 204, "POST")
    assert heard.requests == [("interactions", "POST", "204", None)]
    assert heard.answered == [123]


async def test_an_answer_that_discord_refuses_is_none() -> None:
    heard = await heard_of("/api/v10/interactions/123/a-token/callback", 404, "POST")
    assert heard.answered == []


@pytest.mark.parametrize(("scope", "limit"), [("shared", "shared"), ("global", "global"), ("made up", "unknown")])
async def test_a_rate_limit_is_told_of_by_its_scope(scope: str, limit: str) -> None:
    heard = await heard_of("/api/v10/channels/5/messages", 429, "POST", **{"X-RateLimit-Scope": scope})
    assert heard.requests == [("channels", "POST", "429", limit)]


async def test_a_limit_that_names_no_scope_is_told_of_too() -> None:
    heard = await heard_of("/api/v10/channels/5/messages", 429, "POST")
    assert heard.requests == [("channels", "POST", "429", "unknown")]


async def test_a_request_that_is_never_answered_is_told_of() -> None:
    heard = Heard()
    async with ClientSession(trace_configs=[tracing(heard)]) as session:
        with pytest.raises(ClientConnectionError):
            await session.get("http://127.0.0.1:1/api/v10/gateway")
    assert heard.requests == [("gateway", "GET", "none", None)]
