"""One preview makes one job, whatever is pressed at the same moment; who comes too late is led to what became of it."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.db.store import Defaults, RegionPreview, Store
from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State
from bot.domain.params import ImageUpload, JobParams
from bot.domain.periods import Period
from bot.domain.prompts import CleanPrompt
from bot.domain.server_settings import Rule, Rules, ServerSettings
from bot.errors import (
    AlreadyRunning,
    BadImage,
    BadMask,
    Blocked,
    ForbiddenWords,
    MediaFull,
    MediaProblem,
    MediaUnavailable,
    NotMadeHere,
    PreviewGone,
    PreviewUsed,
    Refused,
    ServerOutOfCredits,
    TooFewCredits,
    TooManyOpen,
)
from bot.media import FileStore
from bot.media.store import input_image_path
from bot.services.jobs import JobService
from bot.services.region_previews import RegionPreviews
from bot.services.requests import DeferredReply, Requester
from tests.support.db_fixture import room
from tests.support.sample_images import draw_png
from tests.support.worker_harness import WorkerHarness

ASKER = Requester("click 0", 1, 5, 11, (), 10 * 2**20)
MASK = draw_png(["white", "black", "white", "black"])


def click(number: int) -> tuple[Requester, DeferredReply]:
    """Press a button: an interaction, and the card that it was promised."""
    return replace(ASKER, request_id=f"click {number}"), DeferredReply(100 + number, f"token {number}", 2**50)


class Desk:
    """Hold one draft, and let something happen between a look at it and what follows from that look."""

    def __init__(self, harness: WorkerHarness, draft: RegionPreview) -> None:
        self.harness = harness
        self.draft = draft
        self.service = harness.job_service()
        self.previews = self._over(self.service)

    def interrupted(self) -> RegionPreviews:
        """Give drafts during whose `confirm` another click is taken up and ends in vain."""
        service = self.harness.job_service()
        find_made = service.find_finished

        async def find_late(requester: Requester, job_id: str) -> Job:
            parent = await find_made(requester, job_id)
            await self.refused(await self.confirm(7))
            return parent

        service.find_finished = find_late
        return self._over(service)

    async def confirm(self, number: int) -> Job:
        return await self.previews.confirm(click(number)[0], self.draft.id, click(number)[1])

    async def refused(self, job: Job) -> None:
        """End a job as one whose member cannot pay."""
        [claimed] = await self.harness.store.leases.claim("us", self.harness.clock.now, 2**50, room(1))
        assert claimed.id == job.id
        await self.harness.store.jobs.fail(claimed, TooFewCredits(4, 0, None), self.harness.clock.now)

    def _over(self, service: JobService) -> RegionPreviews:
        harness = self.harness
        return RegionPreviews(
            harness.store, service, harness.downloader, harness.media, prices=PriceList(), clock=harness.clock
        )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with WorkerHarness.open(tmp_path) as harness:
        parent = await harness.request(Kind.ACTION, JobParams("a red kite", clips=1, action="upsample1"))
        async with harness.db.transaction() as tx:
            ended = """update job set state = 'done', remote_id = 'single', due_ms = null,
                result = '{"actions": [], "texts": [], "seed": null, "width": 1, "height": 1}' where id = $1"""
            await tx.fetch(ended, parent.id)
        draft = RegionPreview("draft1", 1, 11, parent.id, "", (), harness.clock.now)
        await harness.store.region_previews.add(draft)
        await harness.media.keep(input_image_path(draft.id, 0), MASK)
        yield Desk(harness, draft)


async def test_a_second_click_is_led_to_the_first_ones_card(desk: Desk) -> None:
    job = await desk.confirm(1)
    assert (job.id, job.message_id) == (desk.draft.id, 101)
    with pytest.raises(AlreadyRunning) as refusal:
        await desk.confirm(2)
    assert refusal.value.link.endswith(f"/{job.message_id}")


async def test_a_click_that_is_overtaken_by_one_that_ends_at_once_is_led_to_its_card(desk: Desk) -> None:
    requester, answer = click(2)
    with pytest.raises(PreviewUsed) as refusal:
        await desk.interrupted().confirm(requester, desk.draft.id, answer)
    assert refusal.value.link.endswith("/107")


async def test_a_mask_that_is_discarded_while_its_job_is_on_its_way_is_said_to_be_gone(desk: Desk) -> None:
    """The discard has looked for a job before there was one, and deletes the mask after the job has looked for it."""
    job = await desk.confirm(1)
    await desk.harness.media.remove(input_image_path(job.id, 0))

    async def is_still_there(name: str) -> bool:
        return True

    desk.harness.media.has = is_still_there
    async with desk.harness.working():
        await desk.harness.until_state(job, State.FAILED)
    assert desk.harness.publisher.told == [(PreviewGone.code, {})]
    assert desk.harness.image_provider.asked == []
    assert await desk.harness.used() == 0


@pytest.fixture
async def pictured(desk: Desk) -> Desk:
    """Keep the picture that masks are laid over, and serve a mask that is none."""
    parent = desk.draft.parent_job_id
    name = await desk.harness.media.keep(f"{parent}/1.png", draw_png(["blue"]))
    async with desk.harness.db.transaction() as tx:
        await tx.fetch("insert into clip (job_id, slot, remote_url, media_file) values ($1, 0, '', $2)", parent, name)
    return desk


def mask(desk: Desk, name: str) -> ImageUpload:
    return ImageUpload(desk.harness.image.url.replace("start.png", name), name, 100)


async def previews_of(desk: Desk) -> list[str]:
    return sorted(await desk.harness.store.region_previews.older(2**50))


@pytest.mark.parametrize(("name", "refusal"), [("start.png", BadMask), ("0.mp4", BadImage)])
async def test_a_mask_that_is_refused_leaves_nothing(pictured: Desk, name: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        await pictured.previews.preview(ASKER, pictured.draft.parent_job_id, mask(pictured, name), CleanPrompt("", ()))
    assert await previews_of(pictured) == [pictured.draft.id]
    assert {path.name for path in pictured.harness.media.path("x").parent.iterdir()} == {
        pictured.draft.id,
        pictured.draft.parent_job_id,
    }


async def test_a_preview_too_many_is_refused_before_its_mask_is_fetched(pictured: Desk) -> None:
    harness = pictured.harness
    harness.store = Store(harness.db, Defaults(100, Period.DAY, most_open=1))
    previews = RegionPreviews(
        harness.store, pictured.service, harness.downloader, harness.media, prices=PriceList(), clock=harness.clock
    )
    nowhere = ImageUpload("http://127.0.0.1:1/mask.png", "mask.png", 100)
    with pytest.raises(TooManyOpen):
        await previews.preview(ASKER, pictured.draft.parent_job_id, nowhere, CleanPrompt("", ()))
    assert await previews_of(pictured) == [pictured.draft.id]


async def test_a_preview_is_refused_where_there_is_no_room(pictured: Desk) -> None:
    harness = pictured.harness
    full = FileStore(harness.media.path("x").parent, most_bytes=1)
    previews = RegionPreviews(
        harness.store, pictured.service, harness.downloader, full, prices=PriceList(), clock=harness.clock
    )
    nowhere = ImageUpload("http://127.0.0.1:1/mask.png", "mask.png", 100)
    with pytest.raises(MediaFull):
        await previews.preview(ASKER, pictured.draft.parent_job_id, nowhere, CleanPrompt("", ()))
    assert await previews_of(pictured) == [pictured.draft.id]


async def test_a_picture_that_cannot_be_read_just_now_is_not_said_to_be_gone(
    pictured: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(_name: str) -> bytes:
        raise MediaUnavailable(MediaProblem.UNREACHABLE, "the bucket's server does not answer")

    monkeypatch.setattr(pictured.harness.media, "read", read)
    nowhere = ImageUpload("http://127.0.0.1:1/mask.png", "mask.png", 100)
    with pytest.raises(MediaUnavailable):
        await pictured.previews.preview(ASKER, pictured.draft.parent_job_id, nowhere, CleanPrompt("", ()))
    assert await previews_of(pictured) == [pictured.draft.id]


NOWHERE = ImageUpload("http://127.0.0.1:1/mask.png", "mask.png", 100)


@pytest.mark.parametrize(
    ("decided", "refusal"),
    [
        (ServerSettings(rules=Rules(pictures=Rule((6,)))), NotMadeHere),
        (ServerSettings(rules=Rules(forbidden_words=("lighthouse",))), ForbiddenWords),
        (ServerSettings(server_credits=0), ServerOutOfCredits),
        (ServerSettings(credits=0), Blocked),
    ],
)
async def test_what_could_not_be_made_is_refused_before_its_mask_is_fetched(
    pictured: Desk, decided: ServerSettings, refusal: type[Refused]
) -> None:
    await pictured.harness.store.guild_settings.change(1, lambda _: decided, 1)
    with pytest.raises(refusal):
        await pictured.previews.preview(ASKER, pictured.draft.parent_job_id, NOWHERE, CleanPrompt("a lighthouse", ()))
    assert await previews_of(pictured) == [pictured.draft.id]
