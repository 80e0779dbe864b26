"""Answers that no vendor should give, and what must hold whatever a vendor says."""

import copy
import json
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import httpx
from hypothesis import strategies as st

from bot.errors import ProviderError
from bot.providers.types import ExtendRequest, RemoteState, Snapshot, VideoRequest
from tests.unit.providers.fake_vendor import Vendor

any_status = st.sampled_from(
    [200, 200, 200, 200, 200, 201, 204, 301, 302, 308, 400, 401, 402, 403, 404, 405, 408, 418, 422, 429, 499, 500, 504]
)
any_retry_after = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.integers()

broken_bodies = st.binary(max_size=200) | st.sampled_from(
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b'"SUCCESS"',
        b"<!DOCTYPE html><html><body>please wait</body></html>",
        b"[" * 50_000,
        b'{"data":' * 50_000,
        b'{"data":' * 200 + b"1" + b"}" * 200,
        b'{"code": 1e999, "data": NaN, "progress": -Infinity}',
        b'{"progress": ' + b"9" * 5_000 + b"}",
        b"\xef\xbb\xbf{}",
        b'{"message": "\\ud800\\u0000\\u202e"}',
    ]
)


@dataclass(frozen=True)
class Hostile:
    """Hold one answer; a plain value, so that a failing test prints it."""

    status: int
    body: bytes
    retry_after: object

    def response(self) -> httpx.Response:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return httpx.Response(self.status, content=self.body, headers=headers)


def any_json(keys: Sequence[str], words: Sequence[Any]) -> st.SearchStrategy[Any]:
    """Draw any JSON at all, with a liking for a vendor's own keys and for the values that it gives them."""
    numbers = st.integers(-(10**40), 10**40) | st.floats() | st.just(10**400)
    scalars = st.none() | st.booleans() | numbers | st.text(max_size=30) | st.sampled_from([*words, "\ud800"])
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(keys), inner, max_size=6),
        max_leaves=25,
    )


@st.composite
def spoiled(draw: st.DrawFn, documents: Sequence[Any], anything: st.SearchStrategy[Any]) -> Any:
    """Draw a documented answer of which one value is gone, or replaced by anything at all."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    holder, place = draw(st.sampled_from(list(_places(document))))
    if draw(st.booleans()):
        holder[place] = draw(anything)
    else:
        del holder[place]
    return document


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Go through all values inside a value: what holds it, and its key or index there."""
    if isinstance(value, dict):
        held = list(cast("dict[str, object]", value).items())
    elif isinstance(value, list):
        held = list(enumerate(cast("list[object]", value)))
    else:
        return
    for place, inner in held:
        yield value, place
        yield from _places(inner)


def any_body(keys: Sequence[str], words: Sequence[Any], documents: Sequence[Any] = ()) -> st.SearchStrategy[bytes]:
    """Draw the body of an answer: an object of the vendor's keys, a spoiled one of its documents, something broken."""
    anything = any_json(keys, words)
    objects = st.dictionaries(st.sampled_from(keys), anything, max_size=6)
    answers = objects | spoiled(documents, anything) if documents else objects
    return answers.map(lambda value: json.dumps(value).encode()) | broken_bodies


def any_answer(keys: Sequence[str], words: Sequence[Any], documents: Sequence[Any] = ()) -> st.SearchStrategy[Hostile]:
    """Draw a whole answer."""
    return st.builds(Hostile, any_status, any_body(keys, words, documents), any_retry_after)


async def survives(vendor: Vendor, ask: VideoRequest, more: ExtendRequest, remote_id: str) -> bool:
    """Make each of the provider's calls: only a `ProviderError` may come out, and what is returned must make sense."""
    provider = vendor.provider
    await _starts(provider.submit(ask))
    await _starts(provider.extend(more))
    with suppress(ProviderError):
        check(await provider.poll(remote_id))
    with suppress(ProviderError):
        found = await provider.find(ask.prompt, lambda echo: True)
        assert found is None or 0 < len(found) <= 128
    with suppress(ProviderError):
        await provider.account()
    with suppress(ProviderError):
        await provider.speed_status()
    return True


async def _starts(call: Awaitable[Any]) -> None:
    refusal = None
    try:
        assert 0 < len((await call).remote_id) <= 128
    except ProviderError as error:
        refusal = error
    assert refusal is None or refusal.accepted in ("no", "maybe")


def check(snapshot: Snapshot) -> None:
    """Check what must hold for every snapshot."""
    assert snapshot.progress is None or 0 <= snapshot.progress <= 100
    assert len(snapshot.clips) <= 4
    assert all(clip.startswith(("https://", "http://")) for clip in snapshot.clips)
    assert (snapshot.state is RemoteState.FAILED) <= (snapshot.error is not None)
    assert (snapshot.state is RemoteState.SUCCEEDED) <= bool(snapshot.clips and snapshot.error is None)
    assert snapshot.error is None or snapshot.error.accepted == "yes"
