"""/storyboard: a form with a line for each shot, a private preview with the price, and nothing spent before a press."""

import io
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord.ui import LayoutView, Section, Thumbnail

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobImageRef, Motion, Resolution
from bot.services.storyboard_previews import SWEPT_MS
from bot.ui.storyboard_buttons import GoOnButton, MakeButton, StopButton
from sandbox.discord import Interaction, Message, User
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

THREE = "a paper boat drifts\n\nit spins *twice* --motion high --bs 4 --v 7\n  it sails out  "

KEPT = " What you typed is in this file."
FORGOTTEN = (
    "I do not remember this storyboard: I keep it for a day, or until it is discarded. Nothing was charged. "
    "Run /storyboard once more."
)
NOT_YOURS = (
    "Only the member who asked for this storyboard may go on with it. Nothing was charged. Run /storyboard yourself."
)


@dataclass
class Studio:
    """Hold a server whose members write storyboards."""

    server: Server

    async def form(self, who: User | None = None, **options: Any) -> Interaction:
        """Run /storyboard with a picture, and expect the form."""
        if "source" not in options:
            options.setdefault("image", self.server.image())
        asked = await (who or self.server.mira).slash(self.server.channel, "storyboard", **options)
        await asked.wait_for(lambda: asked.modal, 10, asked.describe)
        return asked

    async def sent(self, lines: str = THREE, *, force: bool = False, **options: Any) -> Interaction:
        """Fill the form in and send it."""
        return await self.server.mira.submit(await self.form(**options), {"shots": lines}, force=force)

    async def previewed(self, lines: str = THREE, **options: Any) -> Message:
        """Expect a preview of what was typed."""
        return await (await self.sent(lines, **options)).until(lambda message: message.buttons, 10)

    async def refused(self, pressed: Interaction) -> str:
        """Expect a sentence to whoever pressed a button, and no job."""
        before = await self.server.jobs()
        [told] = await pressed.wait_for(lambda: pressed.followups, 10, pressed.describe)
        assert told.ephemeral
        assert await self.server.jobs() == before
        return told.text

    async def make(self, preview: Message, who: User | None = None) -> Interaction:
        """Press *Make it*."""
        pressed = await (who or self.server.mira).click(preview, preview.buttons[0])
        await pressed.answered()
        return pressed

    async def made(self, lines: str = THREE, **options: Any) -> list[Job]:
        """Have a storyboard made, and give its jobs."""
        await self.make(await self.previewed(lines, **options))
        return await self.server.until(lambda jobs: any(job.storyboard_id for job in jobs))

    async def stopped(self) -> tuple[str, list[Job]]:
        """Write down a storyboard of which the first shot is made and the second failed; gives its id and its jobs."""
        db, server = self.server.db, self.server
        jobs = await self.made()
        await db.charge(await db.claim(jobs[0]))
        await db.finish_shot(jobs[0])
        (submitting,) = await db.admit(await db.get(jobs[1].id))
        await db.fail(submitting)
        return jobs[0].storyboard_id or "", await server.jobs()


async def given_back(sent: Interaction) -> str:
    """Read the file below a refusal."""
    [file] = (await sent.private_reply(10)).attachments
    assert file.filename == "typed.txt"
    return file.data.decode()


@pytest.fixture
def studio(server: Server) -> Studio:
    return Studio(server)


async def test_the_form_asks_for_a_line_for_each_shot(studio: Studio) -> None:
    asked = await studio.form()
    assert asked.modal is not None
    assert "2 to 8 lines" in str(asked.modal)
    assert await studio.server.jobs() == []


async def test_the_preview_lists_the_shots_with_the_whole_price_to_its_member_alone(studio: Studio) -> None:
    preview = await studio.previewed()
    assert preview.ephemeral
    assert "**Storyboard**, low motion, SD, 3 shots, TTAPI" in preview.text
    assert "**1** a paper boat drifts\n" in preview.text
    assert "**2** it spins \\*twice\\*\n-# high motion, taken out: `--bs 4`, `--v 7`\n" in preview.text
    assert "**3** it sails out" in preview.text
    assert "Nothing is charged yet: that takes 6 credits, and you have 1000 left." in preview.text
    assert [button.label for button in preview.buttons] == ["Make it, 6 credits", "Discard"]
    assert await studio.server.jobs() == []
    assert await studio.server.db.used(studio.server.mira.id, studio.server.guild.id) == 0


async def test_make_it_writes_all_shots_down_and_each_goes_on_from_the_one_before(studio: Studio) -> None:
    preview = await studio.previewed()
    pressed = await studio.make(preview)
    one, two, three = await studio.server.until(bool)
    assert [(job.kind, job.shot, job.state) for job in (one, two, three)] == [
        (Kind.VIDEO, 0, State.RECEIVED),
        (Kind.EXTEND, 1, State.RECEIVED),
        (Kind.EXTEND, 2, State.RECEIVED),
    ]
    assert (two.parent_job_id, two.parent_slot, three.parent_job_id) == (one.id, 0, two.id)
    assert [job.params.prompt for job in (one, two, three)] == [
        "a paper boat drifts",
        "it spins *twice*",
        "it sails out",
    ]
    assert [job.params.motion for job in (one, two, three)] == [Motion.LOW, Motion.HIGH, Motion.LOW]
    assert [job.params.clips for job in (one, two, three)] == [1, 1, 1]
    assert [job.params.from_last_frame for job in (one, two, three)] == [False, True, True]
    assert one.params.image is not None
    assert pressed.message is not None
    assert pressed.message.thinking
    assert {job.message_id for job in (one, two, three)} == {pressed.message.id}
    assert await studio.server.db.used(studio.server.mira.id, studio.server.guild.id) == 0


async def test_what_was_chosen_for_all_shots_counts_for_each(studio: Studio) -> None:
    jobs = await studio.made(motion="high", resolution="hd", provider="ttapi")
    assert {(job.params.motion, job.params.resolution) for job in jobs} == {(Motion.HIGH, Resolution.HD)}
    assert "`--motion high`" not in str(jobs[1].params.read)


async def test_a_storyboard_may_begin_with_a_picture_that_a_card_shows(studio: Studio) -> None:
    picture = await studio.server.done(studio.server.mira, kind=Kind.IMAGINE)
    await studio.server.keep_pictures(picture)
    jobs = [job for job in await studio.made(source=f"{picture.id}#2") if job.storyboard_id]
    assert jobs[0].params.job_image == JobImageRef(picture.id, "2")
    assert [job.params.job_image for job in jobs[1:]] == [None, None]


async def test_a_storyboard_that_begins_with_a_hidden_picture_is_hidden_too(studio: Studio) -> None:
    picture = await studio.server.done(studio.server.mira, kind=Kind.IMAGINE, spoiler=1)
    await studio.server.keep_pictures(picture)
    jobs = [job for job in await studio.made(source=f"{picture.id}#2") if job.storyboard_id]
    assert [job.spoiler for job in jobs] == [1, 1, 1]


@pytest.mark.parametrize(("source_is", "typed"), [(0, True), (1, False)])
async def test_what_is_typed_of_the_spoiler_counts_for_all_shots(
    studio: Studio, source_is: int, *, typed: bool
) -> None:
    picture = await studio.server.done(studio.server.mira, kind=Kind.IMAGINE, spoiler=source_is)
    await studio.server.keep_pictures(picture)
    made = await studio.made(source=f"{picture.id}#2", spoiler=typed)
    assert [job.spoiler for job in made if job.storyboard_id] == [int(typed)] * 3


@pytest.mark.parametrize("hidden", [1, 0], ids=["hidden", "shown"])
async def test_the_rest_is_as_hidden_as_the_card_whatever_the_settings_say(studio: Studio, hidden: int) -> None:
    server = studio.server
    storyboard_id, before = await studio.stopped()
    await server.db.db_write("update job set spoiler = $1 where storyboard_id = $2", hidden, storyboard_id)
    await server.db.store.member_settings.change(server.guild.id, server.mira.id, {"spoiler": 1 - hidden})
    card = await server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    await (await server.mira.click(card, card.buttons[0])).answered()
    jobs = await server.until(lambda jobs: len(jobs) == 5)
    assert [job.spoiler for job in jobs if job.id not in {old.id for old in before}] == [hidden, hidden]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            "a boat",
            "A storyboard has 2 to 8 shots, and this is 1. Nothing was charged. "
            "Write each on a line of its own, and run /storyboard again.",
        ),
        (
            "\n".join(["a boat"] * 9),
            "A storyboard has 2 to 8 shots, and these are 9. Nothing was charged. "
            "Write each on a line of its own, and run /storyboard again.",
        ),
        (
            "a boat\n" * 714 + "ab",
            "The shots have 5,000 characters, and 4,000 are allowed. Nothing was charged. "
            "Shorten them, and run /storyboard again.",
        ),
        (
            "a boat\n" + "x" * 2001,
            "Shot 2 has 2,001 characters, and 2,000 are allowed. Nothing was charged. "
            "Shorten it, and run /storyboard again.",
        ),
        (
            "a boat\n--motion high --v 7",
            "Shot 2 says nothing of what happens. Nothing was charged. Give it a few words, and run /storyboard again.",
        ),
        (
            "-\na boat",
            "Shot 1 says nothing of what happens. Nothing was charged. Give it a few words, and run /storyboard again.",
        ),
    ],
    ids=["one", "nine", "long", "long line", "flags", "dash"],
)
async def test_lines_that_are_no_storyboard_are_told_in_one_sentence(studio: Studio, lines: str, sentence: str) -> None:
    sent = await studio.sent(lines, force=True)
    assert await studio.server.refused(sent) == sentence + KEPT
    assert await given_back(sent) == lines


async def test_a_form_that_is_sent_twice_is_shown_as_it_was_sent_first_and_made_once(studio: Studio) -> None:
    form = await studio.form()
    first = await (await studio.server.mira.submit(form, {"shots": THREE})).until(lambda message: message.buttons, 10)
    again = await studio.server.mira.submit(form, {"shots": "another\nfilm"})
    second = await again.until(lambda message: message.buttons, 10)
    assert second.text == first.text
    await studio.make(first)
    jobs = await studio.server.until(bool)
    assert (await studio.refused(await studio.make(second))).startswith(
        "You have asked for this already, and it is being made. Nothing was charged. Watch it: https://"
    )
    assert await studio.server.jobs() == jobs


async def test_a_form_that_was_opened_long_ago_is_not_remembered(studio: Studio) -> None:
    form = await studio.form()
    await studio.server.db.store.storyboards.forget(studio.server.db.now + 2 * SWEPT_MS)
    assert await studio.server.refused(await studio.server.mira.submit(form, {"shots": THREE})) == FORGOTTEN + KEPT


async def test_a_discarded_preview_cannot_be_made(studio: Studio) -> None:
    preview = await studio.previewed()
    storyboard_id = str(preview.buttons[0].custom_id).split(":")[1]
    await (await studio.server.mira.click(preview, preview.buttons[1])).answered()
    await studio.server.discord.wait_for(lambda: not preview.buttons, 10, preview.describe)
    assert preview.text == "Discarded. Nothing was charged."
    another = await studio.server.card(row_of(MakeButton(storyboard_id, 6)))
    assert await studio.refused(await studio.make(another)) == FORGOTTEN


async def test_nobody_else_may_make_a_storyboard(studio: Studio) -> None:
    preview = await studio.previewed()
    storyboard_id = str(preview.buttons[0].custom_id).split(":")[1]
    card = await studio.server.card(row_of(MakeButton(storyboard_id, 6)))
    assert await studio.refused(await studio.make(card, studio.server.leo)) == NOT_YOURS


async def test_one_that_is_too_dear_is_refused_before_anything_is_fetched(studio: Studio) -> None:
    server = studio.server
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 5, server.db.now)
    sent = await studio.sent()
    told = await server.refused(sent)
    assert told.startswith("This takes 6 credits, and you have 5 left.")
    assert await given_back(sent) == THREE


async def test_a_blocked_member_gets_no_form(studio: Studio) -> None:
    server = studio.server
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 0, server.db.now)
    asked = await server.mira.slash(server.channel, "storyboard", image=server.image())
    assert "blocked" in await server.told(asked)
    assert asked.modal is None


async def test_who_is_blocked_after_the_preview_cannot_have_it_made(studio: Studio) -> None:
    server = studio.server
    preview = await studio.previewed()
    await server.db.store.accounts.set_allowance(server.guild.id, "member", server.mira.id, 0, server.db.now)
    assert "blocked" in await studio.refused(await studio.make(preview))


CHANGED = "The price has changed: it is {price} credits now. Nothing was charged. To pay that, press the button below."


async def test_a_price_that_has_changed_is_told_with_a_fresh_button_before_it_is_made(studio: Studio) -> None:
    preview = await studio.previewed()
    storyboard_id = str(preview.buttons[0].custom_id).split(":")[1]
    dearer = await studio.server.card(row_of(MakeButton(storyboard_id, 9)))
    pressed = await studio.make(dearer)
    assert await studio.refused(pressed) == CHANGED.format(price=6)
    [told] = pressed.followups
    assert [button.label for button in told.buttons] == ["Make it, 6 credits"]
    await studio.make(told)
    assert len(await studio.server.until(lambda jobs: len(jobs) == 3)) == 3


async def test_a_preview_from_before_prices_stood_in_its_button_is_made(studio: Studio) -> None:
    preview = await studio.previewed()
    storyboard_id = str(preview.buttons[0].custom_id).split(":")[1]
    await studio.make(await studio.server.card(row_of(MakeButton(storyboard_id))))
    assert len(await studio.server.until(lambda jobs: len(jobs) == 3)) == 3


async def test_going_on_for_another_price_is_offered_anew(studio: Studio) -> None:
    storyboard_id, _ = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 2)))
    pressed = await studio.server.mira.click(card, card.buttons[0])
    assert await studio.refused(pressed) == CHANGED.format(price=4)
    [told] = pressed.followups
    assert [button.label for button in told.buttons] == ["Go on from shot 2, 4 credits"]
    await (await studio.server.mira.click(told, told.buttons[0])).answered()
    jobs = await studio.server.until(lambda jobs: len(jobs) == 5)
    # The answer to the fresh button is no card.
    assert len({(job.channel_id, job.message_id) for job in jobs}) == 1


async def test_the_rest_is_taken_up_again_on_the_same_card(studio: Studio) -> None:
    storyboard_id, before = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    await (await studio.server.mira.click(card, card.buttons[0])).answered()
    jobs = await studio.server.until(lambda jobs: len(jobs) == 5)
    new = [job for job in jobs if job.id not in {old.id for old in before}]
    assert [(job.shot, job.state) for job in new] == [(1, State.RECEIVED), (2, State.RECEIVED)]
    assert new[0].parent_job_id == before[0].id
    assert {job.message_id for job in jobs} == {before[0].message_id}


async def test_going_on_from_an_old_card_leaves_the_shots_where_they_are_shown_now(studio: Studio) -> None:
    storyboard_id, before = await studio.stopped()
    await studio.server.db.db_write("update job set channel_id = 6, message_id = 60")
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    await (await studio.server.mira.click(card, card.buttons[0])).answered()
    jobs = await studio.server.until(lambda jobs: len(jobs) == 5)
    assert {(job.channel_id, job.message_id) for job in jobs} == {(6, 60)}
    new = [job for job in jobs if job.id not in {old.id for old in before}]
    assert [job.token_until_ms for job in new] == [0, 0]


async def test_going_on_from_the_card_itself_keeps_its_token(studio: Studio) -> None:
    storyboard_id, before = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    await studio.server.db.db_write("update job set message_id = $1", int(card.id))
    await (await studio.server.mira.click(card, card.buttons[0])).answered()
    jobs = await studio.server.until(lambda jobs: len(jobs) == 5)
    new = [job for job in jobs if job.id not in {old.id for old in before}]
    assert all(job.token and job.token_until_ms for job in new)


async def test_from_the_first_shot_it_goes_on_with_what_the_card_shows_where_the_picture_is_not_kept_any_more(
    studio: Studio,
) -> None:
    server, db = studio.server, studio.server.db
    first, *_ = await studio.made()
    await db.charge(await db.claim(first))
    (submitting,) = await db.admit(await db.get(first.id))
    await db.fail(submitting)
    view = row_of(GoOnButton(first.storyboard_id or "", 1, 6))
    thumbnail: Thumbnail[LayoutView] = Thumbnail("attachment://start.jpg")
    view.add_item(Section[LayoutView]("a boat", accessory=thumbnail))
    place = server.client.get_partial_messageable(server.channel.id)
    sent = await place.send(view=view, file=discord.File(io.BytesIO(b"picture"), "start.jpg"))
    card = next(message for message in server.channel.messages if message.id == sent.id)
    await (await server.mira.click(card, card.buttons[0])).answered()
    jobs = await server.until(lambda jobs: len(jobs) == 6)
    [anew] = [job for job in jobs if job.shot == 0 and job.id != first.id]
    assert anew.params.job_image is None
    assert anew.params.image is not None
    assert f"/{card.attachments[0].id}/start.jpg" in anew.params.image.url


async def test_a_second_press_of_go_on_is_shown_the_first(studio: Studio) -> None:
    storyboard_id, _ = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    await (await studio.server.mira.click(card, card.buttons[0])).answered()
    await studio.server.until(lambda jobs: len(jobs) == 5)
    told = await studio.refused(await studio.server.mira.click(card, card.buttons[0]))
    assert told.startswith("You have asked for this already, and it is being made.")


async def test_going_on_with_another_shot_than_the_next_is_refused(studio: Studio) -> None:
    storyboard_id, _ = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 3, 2)))
    told = await studio.refused(await studio.server.mira.click(card, card.buttons[0]))
    assert told.startswith("This storyboard [was made already](https://")


async def test_nobody_else_may_go_on_with_it(studio: Studio) -> None:
    storyboard_id, _ = await studio.stopped()
    card = await studio.server.card(row_of(GoOnButton(storyboard_id, 2, 4)))
    assert await studio.refused(await studio.server.leo.click(card, card.buttons[0])) == NOT_YOURS


async def test_what_waits_is_cancelled_and_comes_back(studio: Studio) -> None:
    server, db = studio.server, studio.server.db
    one, *_ = await studio.made()
    await db.charge(await db.claim(one))
    await db.admit(await db.get(one.id))
    card = await server.card(row_of(StopButton(one.storyboard_id or "")))
    told = await server.told(await server.mira.click(card, card.buttons[0]))
    assert told == "Cancelled 2 shots; 4 credits came back."
    assert [job.state for job in await server.jobs()] == [State.SUBMITTING, State.FAILING, State.FAILING]
    assert await db.used(server.mira.id, server.guild.id) == 2
    pressed = await server.mira.click(card, card.buttons[0])
    assert (await server.told(pressed)).startswith("It is being made already")


async def test_only_its_member_and_moderators_cancel_what_waits(studio: Studio) -> None:
    server, db = studio.server, studio.server.db
    one, *_ = await studio.made()
    await db.charge(await db.claim(one))
    card = await server.card(row_of(StopButton(one.storyboard_id or "")))
    told = await server.told(await server.leo.click(card, card.buttons[0]))
    assert told == "Only the member who asked for it, or a moderator, may cancel this."
    told = await server.told(await server.ada.click(card, card.buttons[0]))
    assert told == "Cancelled 3 shots; 6 credits came back."


async def test_a_members_own_settings_count_where_nothing_was_typed_and_are_named(studio: Studio) -> None:
    server = studio.server
    await server.db.store.member_settings.change(
        server.guild.id, server.mira.id, {"motion": "high", "resolution": "hd", "clips": 2, "spoiler": 1}
    )
    preview = await studio.previewed(resolution="sd")
    assert "**Storyboard**, high motion, SD, 3 shots, TTAPI\n-# Own settings: " in preview.text
    assert preview.buttons[0].label == "Make it, 6 credits"
    await studio.make(preview)
    jobs = await server.until(bool)
    assert {(job.params.motion, job.params.resolution, job.params.clips, job.spoiler) for job in jobs} == {
        (Motion.HIGH, Resolution.SD, 1, 1)
    }
