"""/region: a mask is shown over a picture for free; its member alone confirms or discards what was shown."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.job import Job, Kind
from bot.domain.params import JobParams
from bot.media.store import input_image_path
from bot.services.region_previews import LIFETIME_MS
from sandbox.discord import Interaction, Message, Permission, User
from tests.support.in_process_bot import InProcessBot, Server, in_process_bot
from tests.support.sample_images import HEIGHT, WIDTH, draw_png

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURE = draw_png(["blue"])
RIGHT_HALF = draw_png(["black", "white"] * 2, WIDTH // 2, HEIGHT // 2)

ENDED = "This preview has ended: I keep a mask for a day, or until it is discarded. Nothing was charged."
NOT_YOURS = "Only the member who asked for this preview may use it. Nothing was charged. Run /region yourself."


@dataclass
class Studio:
    """Hold a server whose members lay masks over pictures."""

    server: Server

    @property
    def files(self) -> Path:
        """Give the folder of the bot's files."""
        return self.server.media.path("any").parent

    async def single(self, who: User | None = None, **fields: Any) -> Job:
        """Write down a single picture of somebody's, and keep its file."""
        params = JobParams("a red kite --ar 4:3", clips=1, motion=None, action="upsample1")
        job = await self.server.done(who or self.server.mira, kind=Kind.ACTION, params=params, **fields)
        await self.server.keep_pictures(job, PICTURE)
        return job

    async def region(self, job: Job, mask: bytes = RIGHT_HALF, **options: Any) -> Interaction:
        """Let mira lay a mask over a picture; `size` and `content_type` are what is claimed of it."""
        claims: dict[str, Any] = {name: options.pop(name) for name in ("size", "content_type") if name in options}
        file = self.server.discord.attachment("mask.png", mask, **claims)
        return await self.server.mira.slash(self.server.channel, "region", job=job.id, mask=file, **options)

    async def previewed(self, job: Job, **options: Any) -> Message:
        """Lay a good mask over a picture and wait for the preview."""
        asked = await self.region(job, **options)
        return await asked.until(lambda message: message.buttons, 10)

    async def refused(self, pressed: Interaction) -> str:
        """Expect a sentence to whoever pressed a button, beside the preview that it stands on, and no job."""
        before = await self.server.jobs()
        [told] = await pressed.wait_for(lambda: pressed.followups, 10, pressed.describe)
        assert told.ephemeral
        assert await self.server.jobs() == before
        return told.text

    async def redrawn(self, parent: Job) -> Job:
        """Wait for the one job that comes of a picture."""
        jobs = await self.server.until(lambda jobs: len(jobs) == 2)
        return next(job for job in jobs if job.id != parent.id)

    async def previews(self) -> list[str]:
        """Name the previews of this server that can be confirmed."""
        found = "select id from region_preview where guild_id = $1"
        return [row["id"] for row in await self.server.db.database.fetch(found, self.server.guild.id)]

    def mask(self, preview_id: str) -> Path:
        """Name the file of a preview's mask."""
        return self.files / input_image_path(preview_id, 0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[InProcessBot]:
    """Run a bot that may fetch masks from this machine."""
    async with in_process_bot(tmp_path_factory.mktemp("bot"), ALLOW_PRIVATE_URLS="true") as bot:
        yield bot


@pytest.fixture
def studio(server: Server) -> Studio:
    return Studio(server)


async def test_the_mask_is_shown_to_its_member_alone_with_its_price_and_nothing_is_spent(studio: Studio) -> None:
    picture = await studio.single()
    used = await studio.server.db.used(studio.server.mira.id, studio.server.guild.id)
    preview = await studio.previewed(picture, prompt="a *lighthouse* --fast")
    assert preview.ephemeral
    assert f"(job {picture.id})" in preview.text
    assert "> a \\*lighthouse\\*\n" in preview.text
    assert "Taken out of the prompt: `--fast`." in preview.text
    assert f"that takes 1 credit, and you have {1000 - used} left." in preview.text
    [preview_id] = await studio.previews()
    assert [(button.label, button.custom_id) for button in preview.buttons] == [
        ("Redraw, 1 credit", f"region:{preview_id}"),
        ("Discard", f"discard:{preview_id}"),
    ]
    assert [media.filename for media in preview.media] == [f"region-{preview_id}.jpg"]
    assert await studio.server.jobs() == [picture]
    assert await studio.server.db.used(studio.server.mira.id, studio.server.guild.id) == used


async def test_what_is_left_is_no_more_than_the_whole_server_has(studio: Studio) -> None:
    picture, server = await studio.single(), studio.server
    used = await server.db.used(server.mira.id, server.guild.id)
    await server.db.store.guild_settings.change(
        server.guild.id, lambda before: replace(before, server_credits=used + 3), 1
    )
    assert "that takes 1 credit, and you have 3 left." in (await studio.previewed(picture)).text


async def test_what_is_confirmed_becomes_a_job_with_the_previews_mask(studio: Studio) -> None:
    picture = await studio.single()
    preview = await studio.previewed(picture, prompt="a lighthouse --fast")
    [preview_id] = await studio.previews()
    pressed = await studio.server.mira.click(preview, preview.buttons[0])
    await pressed.answered()
    job = await studio.redrawn(picture)
    assert (job.id, job.kind, job.parent_job_id, job.provider) == (preview_id, Kind.REGION, picture.id, "ttapi")
    assert (job.params.prompt, job.params.removed, job.params.clips) == ("a lighthouse", ("--fast",), 4)
    assert pressed.message is not None
    assert pressed.message.thinking
    assert job.message_id == pressed.message.id
    assert studio.mask(job.id).is_file()


async def test_without_a_prompt_the_pictures_own_stands_and_is_not_sent(studio: Studio) -> None:
    picture = await studio.single()
    preview = await studio.previewed(picture)
    assert "with the picture's own prompt" in preview.text
    await (await studio.server.mira.click(preview, preview.buttons[0])).answered()
    job = await studio.redrawn(picture)
    assert (job.params.prompt, job.params.explicit_options) == ("a red kite --ar 4:3", ())


async def test_a_discarded_preview_leaves_nothing(studio: Studio) -> None:
    preview = await studio.previewed(await studio.single())
    [preview_id] = await studio.previews()
    assert studio.mask(preview_id).is_file()
    await (await studio.server.mira.click(preview, preview.buttons[1])).answered()
    await studio.server.discord.wait_for(lambda: not preview.buttons, 10, preview.describe)
    assert preview.text == "Discarded. Nothing was charged."
    assert preview.media == []
    assert await studio.previews() == []
    assert not studio.mask(preview_id).exists()


@pytest.mark.parametrize("button", [0, 1], ids=["redraw", "discard"])
async def test_nobody_else_may_confirm_or_discard_a_preview(studio: Studio, button: int) -> None:
    picture = await studio.single()
    preview = await studio.previewed(picture)
    pressed = await studio.server.leo.click(preview, preview.buttons[button], force=True)
    assert await studio.refused(pressed) == NOT_YOURS
    await (await studio.server.mira.click(preview, preview.buttons[0])).answered()
    assert (await studio.redrawn(picture)).user_id == studio.server.mira.id


@pytest.mark.parametrize("button", [0, 1], ids=["redraw", "discard"])
async def test_a_preview_that_was_used_leads_to_what_came_of_it(studio: Studio, button: int) -> None:
    picture = await studio.single()
    preview = await studio.previewed(picture)
    await (await studio.server.mira.click(preview, preview.buttons[0])).answered()
    job = await studio.redrawn(picture)
    link = f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id}"
    again = await studio.server.mira.click(preview, preview.buttons[button])
    told = await studio.refused(again)
    assert told.startswith("You have asked for this already")
    assert link in told
    await studio.server.db.fail(await studio.server.db.claim(job))
    await studio.server.db.store.jobs.finish(await studio.server.db.claim(job))
    later = await studio.server.mira.click(preview, preview.buttons[button])
    assert (await studio.refused(later)).startswith(f"You have [redrawn this already]({link}). ")
    assert studio.mask(job.id).is_file()


@pytest.mark.parametrize("gone", ["discarded", "a day old"])
@pytest.mark.parametrize("button", [0, 1], ids=["redraw", "discard"])
async def test_a_preview_that_is_gone_is_said_to_have_ended(studio: Studio, gone: str, button: int) -> None:
    preview = await studio.previewed(await studio.single())
    [preview_id] = await studio.previews()
    if gone == "discarded":
        await studio.server.db.store.region_previews.remove(preview_id)
    else:
        aged = "update region_preview set created_ms = created_ms - $1 where id = $2"
        await studio.server.db.db_write(aged, LIFETIME_MS, preview_id)
    pressed = await studio.server.mira.click(preview, preview.buttons[button])
    assert await studio.refused(pressed) == f"{ENDED} Run /region with it once more."


async def test_where_the_bot_may_not_attach_files_any_more_nothing_is_confirmed(studio: Studio) -> None:
    preview = await studio.previewed(await studio.single())
    bot = studio.server.discord.bot_user
    studio.server.channel.set_overwrite(bot, deny=Permission.ATTACH_FILES)
    pressed = await studio.server.mira.click(preview, preview.buttons[0])
    assert (await studio.server.refused(pressed)).startswith("I lack Attach Files in this channel.")
    assert len(await studio.previews()) == 1


@pytest.mark.parametrize(
    ("mask", "options", "sentence"),
    [
        (
            draw_png(["gray"]),
            {},
            "The mask has greys or colours, and only what is nearly black or nearly white is clear.",
        ),
        (draw_png(["black"]), {}, "The mask has no white, so nothing would be redrawn."),
        (draw_png(["white"], WIDTH // 2), {}, "The mask has 32 × 48 pixels, and the picture 64 × 48."),
        (b"GIF? no.", {}, "The mask is not a picture that I can read."),
        (b"{}", {"content_type": "application/json"}, "The mask is not a picture that I can read."),
        (RIGHT_HALF, {"size": 12 * 2**20 + 1}, "The mask is larger than 12 MiB."),
        (RIGHT_HALF, {"prompt": "--fast"}, "The prompt is empty."),
    ],
    ids=["grey", "black", "another size", "no picture", "json", "too large", "no prompt"],
)
async def test_a_mask_that_is_refused_leaves_nothing(
    studio: Studio, mask: bytes, options: dict[str, Any], sentence: str
) -> None:
    picture = await studio.single()
    kept = set(studio.files.iterdir())
    told = await studio.server.refused(await studio.region(picture, mask, **options))
    assert told.startswith(f"{sentence} Nothing was charged. ")
    assert await studio.previews() == []
    assert set(studio.files.iterdir()) == kept


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": Kind.VIDEO, "params": JobParams("a boat")}, "Job {} has no pictures to go on from."),
        ({"kind": Kind.SEED, "params": JobParams("")}, "Job {} has no pictures to go on from."),
        ({"kind": Kind.IMAGINE}, "Job {} made four pictures, and a mask belongs to one."),
    ],
    ids=["a film", "a seed", "four pictures"],
)
async def test_what_is_no_single_picture_is_refused_for_what_it_is(
    studio: Studio, fields: dict[str, Any], sentence: str
) -> None:
    job = await studio.server.done(studio.server.mira, **{"params": JobParams("a kite", motion=None), **fields})
    told = await studio.server.refused(await studio.region(job))
    assert told.startswith(f"{sentence.format(job.id)} Nothing was charged.")


async def test_a_picture_that_is_not_kept_any_more_is_said_to_be_gone(studio: Studio) -> None:
    picture = await studio.single()
    (studio.files / picture.id / "1.png").unlink()
    told = await studio.server.refused(await studio.region(picture))
    assert told.startswith(f"The picture of job {picture.id} is no longer kept here, so I cannot lay a mask over it.")


async def test_a_picture_of_a_hidden_channel_is_not_there(studio: Studio) -> None:
    hidden = studio.server.guild.text_channel("hidden")
    hidden.set_overwrite(studio.server.mira, deny=Permission.VIEW_CHANNEL)
    picture = await studio.single(studio.server.leo, channel_id=hidden.id)
    told = await studio.server.refused(await studio.region(picture))
    assert told.startswith(f"There is no job {picture.id} here that you may see.")


async def test_only_single_pictures_of_ones_own_are_suggested(studio: Studio) -> None:
    picture = await studio.single()
    await studio.single(studio.server.leo)
    await studio.server.done(studio.server.mira, kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    await studio.server.done(studio.server.mira, kind=Kind.SEED, params=JobParams("a kite", motion=None))
    assert await studio.server.suggested(studio.server.mira, "region", "job", "kite") == [picture.id]


@pytest.mark.parametrize(("parent_is", "typed", "hidden"), [(0, True, 1), (1, False, 0), (1, None, 1)])
async def test_what_is_typed_of_the_spoiler_counts_and_else_what_the_picture_is(
    studio: Studio, parent_is: int, typed: bool | None, hidden: int
) -> None:
    parent = await studio.single(spoiler=parent_is)
    preview = await studio.previewed(parent, **({} if typed is None else {"spoiler": typed}))
    await studio.server.mira.click(preview, preview.buttons[0])
    job = await studio.redrawn(parent)
    assert (job.spoiler, "spoiler" in job.params.explicit_options) == (hidden, typed is not None)
