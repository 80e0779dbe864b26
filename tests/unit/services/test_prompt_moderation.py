"""Prompts are checked before they are paid for, and whoever tries forbidden words too often waits a day."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.domain.periods import Period
from bot.errors import BannedWords, ErrorKind, ProviderError, TooManyStrikes
from bot.services.prompt_moderation import CHECKED, PromptModeration
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import NOON, Clock

STRIKES = 3
DAY_MS = 24 * 3_600_000
MIDNIGHT = NOON + DAY_MS // 2


@dataclass
class Watched:
    """Hold a checker with all that it looks at, and make requests."""

    words: PromptModeration
    store: Store
    maker: ScriptedImageProvider
    provider: ScriptedProvider
    clock: Clock

    def job(self, prompt: str = "a red kite", kind: Kind = Kind.IMAGINE, **fields: Any) -> Job:
        number = next(_numbers)
        job = Job(
            id=f"job {number}",
            request_id=f"request {number}",
            kind=kind,
            state=State.RECEIVED,
            guild_id=1,
            channel_id=5,
            user_id=11,
            params=JobParams(prompt, explicit_options=("prompt",)),
            provider="ttapi",
            created_ms=self.clock.now,
        )
        return replace(job, **fields)

    async def strikes(self, user_id: int = 11) -> int:
        return await self.store.strikes.count(user_id, Period.DAY.key(self.clock.now))

    async def refuse(self, times: int, **fields: Any) -> None:
        """Let prompts be refused for their words."""
        self.maker.checks = Script(("gore",))
        for _ in range(times):
            with pytest.raises(BannedWords):
                await self.words.check(self.job(**fields))


_numbers = count(1)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncGenerator[Watched]:
    async with open_sqlite(tmp_path / "animatic.db") as db:
        await migrate(db)
        store, provider, maker, clock = (
            Store(db, Defaults(100, Period.DAY)),
            ScriptedProvider(()),
            ScriptedImageProvider(),
            Clock(),
        )
        provider.images = maker
        yield Watched(PromptModeration(store, {"ttapi": provider}, STRIKES, clock), store, maker, provider, clock)


async def test_a_fine_prompt_passes_and_is_no_strike(watched: Watched) -> None:
    await watched.words.check(watched.job())
    assert watched.maker.checked == ["a red kite"]
    assert await watched.strikes() == 0


async def test_a_prompt_that_is_to_be_translated_is_looked_at_as_it_was_typed(watched: Watched) -> None:
    await watched.words.check(watched.job(params=JobParams("cánh diều đỏ", translate=True)))
    assert watched.maker.checked == ["cánh diều đỏ"]


async def test_a_forbidden_word_is_refused_by_name_and_counted(watched: Watched) -> None:
    watched.maker.checks = Script(("gore", "blood"))
    with pytest.raises(BannedWords) as refusal:
        await watched.words.check(watched.job())
    assert (refusal.value.words, refusal.value.provider) == (("gore", "blood"), "TTAPI")
    assert await watched.strikes() == 1


@pytest.mark.parametrize("kind", list(Kind))
async def test_only_what_sends_a_members_prompt_is_checked(watched: Watched, kind: Kind) -> None:
    await watched.words.check(watched.job(kind=kind))
    assert bool(watched.maker.checked) is (kind in CHECKED)


async def test_a_prompt_is_checked_as_it_is_sent_and_an_empty_one_is_not(watched: Watched) -> None:
    await watched.words.check(watched.job("a kite --7 over the sea --ar 16:9 --no boats"))
    await watched.words.check(watched.job(""))
    assert watched.maker.checked == ["a kite --7 over the sea --ar 16:9 --no boats"]


async def test_a_region_that_keeps_its_pictures_prompt_is_not_checked(watched: Watched) -> None:
    await watched.words.check(watched.job(kind=Kind.REGION, params=JobParams("a red kite")))
    assert watched.maker.checked == []


async def test_a_provider_without_pictures_or_without_a_key_is_not_asked(watched: Watched) -> None:
    await watched.words.check(watched.job(provider="gone"))
    watched.provider.images = None
    await watched.words.check(watched.job())
    assert watched.maker.checked == []


async def test_after_the_last_strike_nobody_is_asked_until_the_day_is_over(watched: Watched) -> None:
    await watched.refuse(STRIKES)
    with pytest.raises(TooManyStrikes) as refusal:
        await watched.words.check(watched.job("a harmless kite"))
    assert (refusal.value.strikes, refusal.value.renews_ms) == (STRIKES, MIDNIGHT)
    assert len(watched.maker.checked) == STRIKES
    assert await watched.strikes() == STRIKES


async def test_another_day_begins_without_strikes(watched: Watched) -> None:
    await watched.refuse(STRIKES)
    watched.maker.checks = Script(())
    watched.clock.now = MIDNIGHT - 1
    with pytest.raises(TooManyStrikes):
        await watched.words.check(watched.job())
    watched.clock.now = MIDNIGHT
    await watched.words.check(watched.job())
    assert await watched.strikes() == 0


async def test_strikes_count_over_all_servers_but_for_each_member_alone(watched: Watched) -> None:
    for guild_id in (1, 2, 3):
        await watched.refuse(1, guild_id=guild_id)
    with pytest.raises(TooManyStrikes):
        await watched.words.check(watched.job(guild_id=4))
    watched.maker.checks = Script(())
    await watched.words.check(watched.job(user_id=12))
    assert (await watched.strikes(11), await watched.strikes(12)) == (STRIKES, 0)


async def test_the_same_job_is_one_strike_however_often_it_is_told(watched: Watched) -> None:
    job = watched.job()
    watched.maker.checks = Script(("gore",))
    for _ in range(2):
        with pytest.raises(BannedWords):
            await watched.words.check(job)
    await watched.words.record_strike(job)
    assert await watched.strikes() == 1


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind is not ErrorKind.MODERATED_PROMPT])
async def test_a_check_that_fails_refuses_nothing_and_is_no_strike(watched: Watched, kind: ErrorKind) -> None:
    watched.maker.checks = Script(ProviderError(kind, "no"))
    await watched.words.check(watched.job())
    assert await watched.strikes() == 0


async def test_a_prompt_that_is_refused_without_naming_words_is_refused_and_counted(watched: Watched) -> None:
    watched.maker.checks = Script(ProviderError(ErrorKind.MODERATED_PROMPT, "no"))
    with pytest.raises(BannedWords) as refusal:
        await watched.words.check(watched.job())
    assert refusal.value.words == ()
    assert await watched.strikes() == 1
