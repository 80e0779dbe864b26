"""Shared results in their channel: credited, hidden where their card is, found again, starred, taken down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.domain.job import Clip, Job, Kind
from bot.domain.params import JobParams
from bot.domain.showcase import FILM, STAR, Redrawn, Share, ShowcaseWeek
from bot.errors import CannotShare, CardError
from bot.media import Transcoder
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.discord_messages import CardApi
from bot.publisher.readers import Readers
from bot.publisher.showcase_messages import ShowcaseMessages
from bot.services.clip_links import ClipLinks
from sandbox.discord import EVERYONE, Message, Permission, TextChannel, User
from tests.support.clock import clock_of
from tests.support.in_process_bot import Server
from tests.unit.publisher.conftest import Publishing

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20


@dataclass
class Sharing:
    """Hold a server with a showcase, and what posts there."""

    server: Server
    publishing: Publishing
    showcase: TextChannel
    messages: ShowcaseMessages

    async def result(self, size: int = 10, **fields: Any) -> tuple[Share, Job, Clip]:
        """Give a result of mira's that is to be shared, with its file."""
        server = self.server
        job = await server.done(server.mira, **{"clips": 1, **fields})
        suffix = "mp4" if job.kind.makes_video else "png"
        name = await self.publishing.media.keep(f"{job.id}/1.{suffix}", bytes(size))
        share = Share(job.id, 0, job.guild_id, job.user_id, self.showcase.id, "2026-W48", server.db.now)
        return share, job, Clip(job.id, 0, "", name, bytes=size)

    async def posted(self, **fields: Any) -> tuple[Share, Message]:
        """Have a result posted, with its first star."""
        share, job, clip = await self.result(**fields)
        number = await self.messages.post(share, job, clip)
        message = next(one for one in self.showcase.messages if one.id == number)
        share = replace(share, message_id=number)
        for _ in range(2):
            await self.messages.begin_stars(share)
        return share, message

    async def starred(self, message: Message, *who: User) -> None:
        for one in who:
            await one.react(message, STAR)


def with_link(publishing: Publishing, public_url: str | None) -> Sharing:
    server, clock = publishing.server, clock_of(lambda: publishing.server.db.now)
    links = ClipLinks(server.db.store, publishing.media, public_url)
    batcher = AttachmentBatcher(publishing.media, Transcoder())
    messages = ShowcaseMessages(
        server.client, CardApi(server.client, clock), batcher, links, Readers(server.db.store.locales), clock
    )
    return Sharing(server, publishing, server.guild.text_channel("showcase"), messages)


@pytest.fixture
def sharing(publishing: Publishing) -> Sharing:
    return with_link(publishing, None)


async def test_a_result_is_posted_with_credit_its_prompt_and_the_way_to_its_card(sharing: Sharing) -> None:
    share, message = await sharing.posted(params=JobParams("a *paper* boat <@1> @everyone", clips=1))
    mira, card = sharing.server.mira, f"https://discord.com/channels/{share.guild_id}/{sharing.server.channel.id}/7"
    assert message.text.startswith(f"**Film** by {mira.mention}\n> a \\*paper\\* boat \\<\\@1> \\@everyone\n")
    assert message.text.endswith(f"-# made by TTAPI, [card]({card}), shared `{share.job_id}#1`")
    [media] = message.media
    assert (media.filename, media.size) == (f"animatic-{share.job_id}-shared1.mp4", 10)
    assert not message.pinged
    assert [(one["emoji"]["name"], one["count"], one["me"]) for one in message.to_json()["reactions"]] == [
        (STAR, 1, True)
    ]


async def test_a_picture_is_posted_as_one_and_a_storyboards_film_without_the_words_of_one_shot(
    sharing: Sharing,
) -> None:
    _, picture = await sharing.posted(kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    assert picture.text.startswith("**Picture** by ")
    assert picture.media[0].filename.endswith("-shared1.png")
    share, job, clip = await sharing.result(params=JobParams("only the last shot"))
    await sharing.messages.post(replace(share, slot=FILM), job, replace(clip, slot=FILM))
    film = sharing.showcase.messages[-1]
    assert "only the last shot" not in film.text
    assert film.text.endswith(f"`{share.job_id}#film`")
    assert film.media[0].filename == f"animatic-{share.job_id}-shared-film.mp4"


@pytest.mark.parametrize("spoiler", [0, 1])
async def test_a_spoiler_stays_one_and_follows_its_card(sharing: Sharing, spoiler: int) -> None:
    share, message = await sharing.posted(spoiler=spoiler)

    def hidden() -> list[bool]:
        gallery = next(one for one in message.components[0]["components"] if one["type"] == 12)
        return [bool(item.get("spoiler")) for item in gallery["items"]]

    assert hidden() == [bool(spoiler)]
    job = await sharing.server.db.get(share.job_id)
    assert await sharing.messages.draw_anew(share, job) is Redrawn.SHOWN
    assert message.edits == 0
    assert await sharing.messages.draw_anew(share, replace(job, spoiler=1 - spoiler)) is Redrawn.SHOWN
    assert hidden() == [not spoiler]
    assert (message.edits, len(message.media), message.media[0].size) == (1, 1, 10)


async def test_a_prompt_that_was_a_removed_jobs_goes_from_what_is_shared_of_another(sharing: Sharing) -> None:
    share, message = await sharing.posted(params=JobParams("a > boat\n# of *paper*", clips=1))
    job = await sharing.server.db.get(share.job_id)
    assert await sharing.messages.draw_anew(share, job) is Redrawn.SHOWN
    assert message.edits == 0
    without = replace(job, params=replace(job.params, prompt=""))
    assert await sharing.messages.draw_anew(share, without) is Redrawn.SHOWN
    assert "paper" not in message.text
    assert message.text.startswith(f"**Film** by {sharing.server.mira.mention}\n-# made by")


async def test_a_prompt_goes_from_a_share_that_stands_as_a_link_too(publishing: Publishing) -> None:
    sharing = with_link(publishing, "https://films.example")
    share, job, clip = await sharing.result(size=11 * MIB, params=JobParams("a boat of paper", clips=1))
    number = await sharing.messages.post(share, replace(job, client_token="a token"), clip)
    [message] = [one for one in sharing.showcase.messages if one.id == number]
    without = replace(job, params=replace(job.params, prompt=""))
    await sharing.messages.draw_anew(replace(share, message_id=number), without)
    assert "paper" not in message.text
    assert "It is 11 MiB, too large for this chat: [watch it here](https://films.example/films/" in message.text


async def test_a_result_that_nobody_saw_posted_is_found_and_no_other(sharing: Sharing) -> None:
    share, message = await sharing.posted()
    lost = replace(share, message_id=None)
    assert await sharing.messages.find(lost) == message.id
    assert await sharing.messages.find(replace(lost, slot=1)) is None
    assert await sharing.messages.find(replace(lost, slot=FILM)) is None
    await sharing.server.leo.say(sharing.showcase, f"-# shared `{share.job_id}#2`")
    assert await sharing.messages.find(replace(lost, slot=1)) is None
    sharing.server.discord.moderator_deletes(message)
    assert await sharing.messages.find(lost) is None


async def test_the_same_wish_is_posted_once(sharing: Sharing) -> None:
    share, job, clip = await sharing.result()
    assert await sharing.messages.post(share, job, clip) == await sharing.messages.post(share, job, clip)
    assert len(sharing.showcase.messages) == 1


async def test_what_is_too_large_is_linked_where_it_can_be_and_told_where_not(publishing: Publishing) -> None:
    for url, linked in (("https://films.example", True), (None, False)):
        sharing = with_link(publishing, url)
        share, job, clip = await sharing.result(size=11 * MIB)
        job = replace(job, client_token="a token")
        if linked:
            await sharing.messages.post(share, job, clip)
            assert "It is 11 MiB, too large for this chat: [watch it here](https://films.example/films/" in (
                sharing.showcase.messages[-1].text
            )
            assert sharing.showcase.messages[-1].media == []
        else:
            with pytest.raises(CannotShare) as refused:
                await sharing.messages.post(share, job, clip)
            assert refused.value.why == "too_large"


async def test_a_closed_showcase_is_told_and_what_may_pass_is_tried_again(sharing: Sharing) -> None:
    share, job, clip = await sharing.result()
    sharing.server.discord.faults.status("POST", f"/channels/{sharing.showcase.id}/messages", 400)
    with pytest.raises(CardError):
        await sharing.messages.post(share, job, clip)
    sharing.showcase.set_overwrite(sharing.server.discord.bot_user, deny=Permission.SEND_MESSAGES)
    with pytest.raises(CannotShare) as refused:
        await sharing.messages.post(share, job, clip)
    assert refused.value.why == "no_channel"


async def test_without_its_permission_members_begin_the_stars_themselves(sharing: Sharing) -> None:
    sharing.server.guild.set_bot_permissions(EVERYONE & ~Permission.ADD_REACTIONS)
    share, message = await sharing.posted()
    assert await sharing.messages.stars(share) == 0
    await sharing.starred(message, sharing.server.leo)
    assert await sharing.messages.stars(share) == 1


async def test_only_other_members_stars_count_and_only_those_that_stand(sharing: Sharing) -> None:
    server = sharing.server
    share, message = await sharing.posted()
    assert await sharing.messages.stars(share) == 0
    other_bot = server.discord.app("another bot")
    server.guild.join(other_bot)
    await sharing.starred(message, server.mira, server.leo, server.ada, other_bot)
    await server.leo.react(message, "👍")
    assert await sharing.messages.stars(share) == 2
    await server.leo.unreact(message, STAR)
    assert await sharing.messages.stars(share) == 1
    await server.ada.clear_reactions(message)
    assert await sharing.messages.stars(share) == 0
    server.discord.moderator_deletes(message)
    assert await sharing.messages.stars(share) is None


async def test_more_stars_than_one_page_lists_are_all_counted(sharing: Sharing) -> None:
    share, message = await sharing.posted()
    for number in range(130):
        member = sharing.server.discord.user(f"fan {number}")
        sharing.server.guild.join(member)
        await member.react(message, STAR)
    assert await sharing.messages.stars(share) == 130


async def test_what_is_taken_down_is_gone_and_twice_does_no_harm(sharing: Sharing) -> None:
    share, message = await sharing.posted()
    await sharing.messages.take_down(share)
    assert message.deleted
    await sharing.messages.take_down(share)
    job = await sharing.server.db.get(share.job_id)
    assert await sharing.messages.draw_anew(share, job) is Redrawn.DELETED
    sharing.showcase.delete()
    assert await sharing.messages.draw_anew(share, job) is Redrawn.NO_CHANNEL


async def test_what_the_bot_may_not_read_is_not_taken_for_deleted(sharing: Sharing) -> None:
    share, _ = await sharing.posted()
    job = await sharing.server.db.get(share.job_id)
    sharing.showcase.set_overwrite(sharing.server.discord.bot_user, deny=Permission.VIEW_CHANNEL)
    for asked in (
        sharing.messages.draw_anew(share, job),
        sharing.messages.find(share),
        sharing.messages.stars(share),
    ):
        with pytest.raises(CardError):
            await asked


async def test_what_cannot_be_reached_for_a_while_is_taken_down_later(sharing: Sharing) -> None:
    share, _ = await sharing.posted()
    sharing.showcase.set_overwrite(sharing.server.discord.bot_user, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(CardError):
        await sharing.messages.take_down(share)
    sharing.showcase.delete()
    await sharing.messages.take_down(share)


async def test_a_weeks_best_are_links_and_what_is_removed_is_left_out(sharing: Sharing) -> None:
    server, guild = sharing.server, sharing.server.guild
    week = ShowcaseWeek(guild.id, "2026-W48", server.db.now, chosen=1)

    async def best() -> list[tuple[Share, Job]]:
        share, _ = await sharing.posted()
        return [(replace(share, stars=stars), await server.db.get(share.job_id)) for stars in (3, 1)]

    def lines(of: Sequence[tuple[Share, Job]]) -> list[str]:
        address = f"https://discord.com/channels/{guild.id}/{sharing.showcase.id}/{of[0][0].message_id}"
        return [
            f"{place}. [Film]({address}) by {server.mira.mention}, {stars}"
            for place, stars in ((1, "3 stars"), (2, "1 star"))
        ]

    shown = await best()
    assert await sharing.messages.find_best(week, sharing.showcase.id) is None
    number = await sharing.messages.post_best(week, sharing.showcase.id, shown)
    message = sharing.showcase.messages[-1]
    assert message.id == number
    assert message.text.split("\n")[:3] == ["**The best of the week**", *lines(shown)]
    assert message.text.endswith("-# by the stars of members, a maker's own left out, `2026-W48`")
    assert not message.pinged
    assert message.media == []
    assert await sharing.messages.post_best(week, sharing.showcase.id, shown) == number
    assert await sharing.messages.find_best(week, sharing.showcase.id) == number
    assert await sharing.messages.find_best(replace(week, week="2026-W47"), sharing.showcase.id) is None

    posted = replace(week, channel_id=sharing.showcase.id, message_id=number)
    assert await sharing.messages.redraw_best(posted, shown[1:])
    assert message.text.split("\n")[1] == lines(shown)[1].replace("2.", "1.")
    assert await sharing.messages.redraw_best(posted, []) is False
    assert message.deleted
    assert await sharing.messages.redraw_best(posted, shown) is False


async def test_a_weeks_best_are_not_shown_where_the_channel_is_closed(sharing: Sharing) -> None:
    share, _ = await sharing.posted()
    shown = [(replace(share, stars=3), await sharing.server.db.get(share.job_id))]
    week = ShowcaseWeek(sharing.server.guild.id, "2026-W48", sharing.server.db.now)
    sharing.showcase.set_overwrite(sharing.server.discord.bot_user, deny=Permission.SEND_MESSAGES)
    assert await sharing.messages.post_best(week, sharing.showcase.id, shown) is None
