"""Message commands: picked from a message's context menu, and told everything about that message."""

from __future__ import annotations

import io
from typing import Any

import discord
import pytest
from discord import app_commands
from PIL import Image

from sandbox.discord import (
    Discord,
    Guild,
    NotOffered,
    Permission,
    TextChannel,
    User,
)
from tests.sandbox.discord.api_client import ApiClient
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import SampleBot, SampleInteraction, card, clip

ANIMATE = "Animate this image"


async def _animate(interaction: SampleInteraction, message: discord.Message) -> None:
    """Hand the interaction to the test, which has the message in it."""
    interaction.extras["message"] = message
    interaction.client.deferred.put_nowait(interaction)


@pytest.fixture
def bot() -> SampleBot:
    """A bot with one message command."""
    bot = SampleBot()
    bot.tree.add_command(app_commands.ContextMenu(name=ANIMATE, callback=_animate))
    return bot


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 18), "teal").save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_message_command_is_told_the_message_with_its_attachment(
    local_discord: Discord, guild: Guild, start: StartBot, bot: SampleBot, mira: User, text_channel: TextChannel
):
    noor = local_discord.user("noor")
    guild.join(noor)
    user_message = await noor.say(
        text_channel, "look", attachments=[local_discord.attachment("sea.png", _png(), size=9)]
    )
    async with start(bot):
        used = await mira.menu(user_message, ANIMATE)
        interaction = await bot.deferred.get()
        message: discord.Message = interaction.extras["message"]
        assert interaction.type is discord.InteractionType.application_command
        assert interaction.data is not None
        assert (interaction.data.get("type"), interaction.data.get("target_id")) == (3, str(user_message.id))
        assert isinstance(interaction.command, app_commands.ContextMenu)
        assert (message.id, message.content, message.author.id) == (user_message.id, "look", noor.id)
        (attachment,) = message.attachments
        assert (attachment.filename, attachment.content_type) == ("sea.png", "image/png")
        assert (attachment.width, attachment.height, attachment.size, attachment.ephemeral) == (32, 18, 9, False)
        assert await attachment.read() == _png()
        await interaction.response.send_message("animated", ephemeral=True)
        assert (await used.private_reply()).text == "animated"


async def test_a_message_command_sees_cards_links_and_other_applications_messages(
    local_discord: Discord, guild: Guild, start: StartBot, bot: SampleBot, mira: User, text_channel: TextChannel
):
    painter, link = local_discord.app("painter"), "https://example.invalid/sea.png"
    guild.join(painter)
    preview: dict[str, Any] = {"url": link, "proxy_url": link, "width": 32, "height": 18}
    images = [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}, {"media": {"url": link}}]}]
    linked = await mira.say(text_channel, f"see {link}", embeds=[{"type": "image", "url": link, "thumbnail": preview}])
    painted = await painter.say(text_channel, "drawn", embeds=[{"title": "sea", "image": preview}])
    shown = await painter.say(text_channel, components=images, attachments=[local_discord.attachment("a.png", _png())])
    async with start(bot):
        own = clip("b.png", _png())
        sent = await bot.get_partial_messageable(text_channel.id).send(view=card("mine", [own]), files=[own])
        seen: dict[int, discord.Message] = {}
        for message in (linked, painted, shown, text_channel.history[sent.id]):
            await mira.menu(message, ANIMATE)
            interaction = await bot.deferred.get()
            seen[message.id] = interaction.extras["message"]
            await interaction.response.send_message("seen", ephemeral=True)
        assert [(e.type, e.thumbnail.url) for e in seen[linked.id].embeds] == [("image", link)]
        assert [(e.type, e.image.width) for e in seen[painted.id].embeds] == [("rich", 32)]
        for message_id, name in ((shown.id, "a.png"), (sent.id, "b.png")):
            message = seen[message_id]
            assert message.attachments == []
            gallery = next(part for part in _parts(message) if isinstance(part, discord.MediaGalleryComponent))
            media = gallery.items[0].media
            assert (media.width, media.height, media.content_type) == (32, 18, "image/png")
            assert media.attachment_id is not None
            assert f"/{media.attachment_id}/{name}?ex=" in media.url


def _parts(message: discord.Message) -> list[Any]:
    return [child for top in message.components for child in (top, *getattr(top, "children", ()))]


async def test_a_public_answer_refers_to_the_message_the_command_was_used_on(
    local_discord: Discord, start: StartBot, bot: SampleBot, mira: User, text_channel: TextChannel
):
    user_message = await mira.say(text_channel, "look")
    async with start(bot):
        used = await mira.menu(user_message, ANIMATE)
        interaction = await bot.deferred.get()
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(content="done")
        await interaction.followup.send("more")
        answer = await used.until(lambda message: message.text == "done")
        assert answer.reference is user_message
        fetched = await interaction.original_response()
        assert fetched.type is discord.MessageType.context_menu_command
        assert fetched.reference is not None
        assert fetched.reference.message_id == user_message.id
        assert fetched.interaction_metadata is not None
        assert fetched.interaction_metadata.target_message_id == user_message.id
        assert used.followups[0].reference is answer


async def test_a_message_command_is_offered_only_where_a_persons_client_shows_it(
    local_discord: Discord, guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    bot = SampleBot()
    menu = app_commands.ContextMenu(name=ANIMATE, callback=_animate)
    menu.default_permissions = discord.Permissions(manage_messages=True)
    bot.tree.add_command(menu)
    user_message = await mira.say(text_channel, "look")
    owner = local_discord.owner
    async with start(bot):
        for wrong in ("animate this image", "Animate", "video"):
            with pytest.raises(NotOffered, match="no message command"):
                await owner.menu(user_message, wrong)
        with pytest.raises(NotOffered, match="no command"):
            await owner.slash(text_channel, ANIMATE.split()[0])
        with pytest.raises(NotOffered, match="hidden"):
            await mira.menu(user_message, ANIMATE)
        await mira.menu(user_message, ANIMATE, force=True)
        await (await bot.deferred.get()).response.send_message("forced", ephemeral=True)
        used = await owner.menu(user_message, ANIMATE)
        await (await bot.deferred.get()).response.send_message("for you", ephemeral=True)
        with pytest.raises(NotOffered, match="only one person"):
            await owner.menu(await used.private_reply(), ANIMATE)
        with pytest.raises(NotOffered, match="not a member"):
            await local_discord.user("stranger").menu(user_message, ANIMATE, force=True)
        text_channel.set_overwrite(guild.everyone, deny=Permission.VIEW_CHANNEL)
        with pytest.raises(NotOffered, match="does not see"):
            await mira.menu(user_message, ANIMATE)
        local_discord.moderator_deletes(user_message)
        with pytest.raises(NotOffered, match="deleted"):
            await owner.menu(user_message, ANIMATE)


async def test_a_message_command_without_send_messages_is_refused(
    local_discord: Discord, guild: Guild, start: StartBot, bot: SampleBot, mira: User, text_channel: TextChannel
):
    """Discord answers "Missing Permission" (discord/discord-api-docs#6761)."""
    user_message = await local_discord.owner.say(text_channel, "look")
    text_channel.set_overwrite(guild.everyone, deny=Permission.SEND_MESSAGES)
    async with start(bot):
        with pytest.raises(NotOffered, match="may not use commands"):
            await mira.menu(user_message, ANIMATE)


async def test_a_context_menu_command_has_a_free_name_and_no_description(
    local_discord: Discord, api: ApiClient, mira: User, text_channel: TextChannel
):
    path = f"/applications/{local_discord.application_id}/commands"
    good = await api("PUT", path, [{"type": 3, "name": ANIMATE}, {"type": 2, "name": ANIMATE}])
    assert [(command["type"], command["name"], command["description"]) for command in good.body] == [
        (3, ANIMATE, ""),
        (2, ANIMATE, ""),
    ]
    for bad in (
        [{"type": 3, "name": ANIMATE, "description": "Make a film"}],
        [{"type": 3, "name": ANIMATE, "options": [{"type": 3, "name": "a", "description": "a"}]}],
        [{"type": 3, "name": ANIMATE}, {"type": 3, "name": ANIMATE}],
        [{"type": 3, "name": "x" * 33}],
        [{"type": 1, "name": "animate this", "description": "Make a film"}],
        [{"type": 1, "name": "Video", "description": "Make a film"}],
    ):
        answer = await api("PUT", path, bad)
        assert (answer.status, answer.body["code"]) == (400, 50035), bad
    many = await api("PUT", path, [{"type": 3, "name": f"Animate {n}"} for n in range(16)])
    assert (many.status, many.body["code"]) == (400, 30032)
    local_discord.violations.clear()
    assert len(local_discord.commands.listed()) == 2


async def test_a_person_writes_neither_components_nor_embeds_nor_files_without_permission(
    local_discord: Discord, guild: Guild, mira: User, text_channel: TextChannel
):
    image, link = local_discord.attachment("a.png", b"x"), "https://example.invalid/a.png"
    wrong: list[dict[str, Any]] = [
        {"components": [{"type": 10, "content": "x"}]},
        {"content": "x", "embeds": [{"title": "x"}]},
        {"content": "x", "embeds": [{"type": "image", "url": link}]},
        {"content": "x" * 2001},
        {"content": ""},
        {"attachments": [local_discord.attachment("a.png", b"")]},
        {"attachments": [image] * 11},
    ]
    for arguments in wrong:
        with pytest.raises(NotOffered):
            await mira.say(text_channel, **arguments)
    text_channel.set_overwrite(guild.everyone, deny=Permission.ATTACH_FILES)
    with pytest.raises(NotOffered, match="cannot attach"):
        await mira.say(text_channel, attachments=[image])
    assert text_channel.messages == []
