"""Interactions as a person and a discord.py bot live through them."""

from __future__ import annotations

import discord
import pytest

from sandbox.discord import (
    DID_NOT_RESPOND,
    Discord,
    Guild,
    NotOffered,
    TextChannel,
    User,
)
from tests.sandbox.discord.conftest import StartBot
from tests.sandbox.discord.sample_bot import Extend, card, clip


async def test_a_deferred_command_becomes_a_card_with_clips_and_buttons(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start():
        image = local_discord.attachment("boat.png", b"picture")
        used = await mira.slash(text_channel, "video", prompt="a boat", image=image)
        await used.answered()
        assert used.deferred
        assert used.acknowledged_after is not None
        message = await used.until(lambda message: message.buttons)
        assert message.text == "a boat"
        assert [button.custom_id for button in message.buttons] == [f"extend:{n}" for n in (1, 2, 3, 4)]
        assert {(button.emoji, button.row, button.disabled) for button in message.buttons} == {("⏩", 0, False)}
        assert next((m.filename, m.data, m.where) for m in message.media) == ("clip1.mp4", b"picture", "gallery")
        assert message.accent_color == 0x5865F2
        assert message.edits == 1
        assert not message.thinking
        assert text_channel.messages == [message]
        assert message.link == f"https://discord.com/channels/{text_channel.guild.id}/{text_channel.id}/{message.id}"


async def test_a_click_on_an_old_button_reaches_a_dynamic_item_of_a_new_bot(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start():
        used = await mira.slash(
            text_channel, "video", prompt="a boat", image=local_discord.attachment("boat.png", b"x"), clips=2
        )
        message = await used.until(lambda message: message.buttons)
    async with start():
        clicked = await mira.click(message, "extend:2")
        reply = await clicked.private_reply()
    assert reply.text == "extending 2"
    assert reply.reference is message
    assert message.edits == 1


async def test_a_private_answer_is_seen_by_the_requester_alone_and_out_of_the_bot_tokens_reach(
    local_discord: Discord, guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    role = guild.role("Film club")
    other = local_discord.user("noor")
    guild.join(other)
    async with start() as bot:
        used = await mira.slash(text_channel, "pair", member=other, role=role)
        reply = await used.private_reply()
        assert reply.text == f"{other.id} {role.id} "
        assert mira.sees(text_channel) == [reply]
        assert other.sees(text_channel) == []
        assert text_channel.messages == []
        with pytest.raises(discord.NotFound) as refused:
            await bot.get_partial_messageable(text_channel.id).get_partial_message(reply.id).edit(content="no")
        assert refused.value.code == 10008


async def test_the_first_follow_up_fills_the_thinking_message_and_keeps_who_sees_it(
    start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        used = await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        await interaction.followup.send("for all", ephemeral=True)
        message = await used.until(lambda message: not message.thinking)
        assert (message.text, message.ephemeral, used.followups) == ("for all", False, [])
        later = await interaction.followup.send("for one", ephemeral=True, wait=True)
        assert [m.id for m in used.followups] == [later.id]
        assert used.followups[0].ephemeral


async def test_after_the_original_is_deleted_a_follow_up_has_its_own_flags(
    start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        used = await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        await interaction.delete_original_response()
        await interaction.followup.send("refused", ephemeral=True)
        reply = await used.private_reply()
        assert reply.text == "refused"
        assert used.message is None
        assert text_channel.messages == []
        with pytest.raises(discord.NotFound):
            await interaction.edit_original_response(content="too late")


async def test_a_follow_up_can_be_edited_fetched_and_deleted(start: StartBot, mira: User, text_channel: TextChannel):
    async with start() as bot:
        used = await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        await interaction.edit_original_response(content="first")
        message = await interaction.followup.send("second", wait=True)
        await message.edit(content="changed")
        assert (await interaction.followup.fetch_message(message.id)).content == "changed"
        assert (await interaction.original_response()).content == "first"
        await message.delete()
        assert used.followups[0].deleted
        assert [m.text for m in text_channel.messages] == ["first"]


async def test_an_unanswered_interaction_shows_discords_own_failure(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        used = await mira.slash(text_channel, "silent")
        interaction = await bot.deferred.get()
        local_discord.advance(3.1)
        assert await used.lapsed() == DID_NOT_RESPOND
        with pytest.raises(discord.NotFound) as refused:
            await interaction.response.send_message("too late")
        assert refused.value.code == 10062
        with pytest.raises(AssertionError, match=DID_NOT_RESPOND):
            await used.answered()


async def test_a_second_first_response_is_refused(start: StartBot, mira: User, text_channel: TextChannel):
    async with start() as bot:
        used = await mira.slash(text_channel, "twice")
        error = await bot.errors.get()
        assert isinstance(error, discord.HTTPException)
        assert (error.status, error.code) == (400, 40060)
        assert (await used.until(lambda message: True)).text == "once"


async def test_a_token_is_good_for_fifteen_minutes_and_the_bot_token_edits_after(
    local_discord: Discord, start: StartBot, mira: User, text_channel: TextChannel
):
    async with start() as bot:
        used = await mira.slash(text_channel, "wait")
        interaction = await bot.deferred.get()
        message = await used.until(lambda message: True)
        local_discord.advance(899)
        await interaction.edit_original_response(content="in time")
        local_discord.advance(2)
        with pytest.raises(discord.HTTPException) as refused:
            await interaction.edit_original_response(content="too late")
        assert (refused.value.status, refused.value.code) == (401, 50027)
        await bot.get_partial_messageable(text_channel.id).get_partial_message(message.id).edit(content="by bot token")
        assert message.text == "by bot token"


async def test_a_menu_offers_its_values_only(start: StartBot, mira: User, text_channel: TextChannel):
    class Menu(discord.ui.View):
        @discord.ui.select(
            custom_id="menu", options=[discord.SelectOption(label="SD"), discord.SelectOption(label="HD")]
        )
        async def chosen(self, interaction: discord.Interaction, menu: discord.ui.Select[Menu]) -> None:
            await interaction.response.send_message(f"chose {menu.values}", ephemeral=True)

    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send("choose", view=Menu(timeout=None))
        message = text_channel.history[sent.id]
        for wrong in (["4K"], [], ["SD", "HD"]):
            with pytest.raises(NotOffered):
                await mira.select(message, "menu", *wrong)
        with pytest.raises(NotOffered, match="not a button"):
            await mira.click(message, "menu")
        picked = await mira.select(message, "menu", "HD")
        assert (await picked.private_reply()).text == "chose ['HD']"


async def test_a_first_response_may_bring_files(start: StartBot, mira: User, text_channel: TextChannel):
    async with start() as bot:
        used = await mira.slash(text_channel, "silent")
        file = clip("a.mp4", b"clip")
        answer = await (await bot.deferred.get()).response.send_message(view=card("at once", [file]), files=[file])
        message = await used.until(lambda message: message.media)
        assert answer.message_id == message.id
        assert [(media.filename, media.data) for media in message.media] == [("a.mp4", b"clip")]


async def test_commands_work_in_threads_until_they_are_locked(start: StartBot, mira: User, text_channel: TextChannel):
    thread = text_channel.thread("premieres")
    async with start() as bot:
        used = await mira.slash(thread, "wait")
        interaction = await bot.deferred.get()
        assert isinstance(interaction.channel, discord.Thread)
        assert interaction.channel.parent_id == text_channel.id
        await used.answered()
        thread.archive(locked=True)
        with pytest.raises(discord.Forbidden) as refused:
            await interaction.edit_original_response(content="too late")
        assert refused.value.code == 50083


async def test_autocomplete_brings_choices(start: StartBot, guild: Guild, mira: User, text_channel: TextChannel):
    async with start():
        typed = await (await mira.autocomplete(text_channel, "pair", focused="word", word="ha")).answered()
        assert typed.choices == [{"name": "haha", "value": "haha"}]


async def test_a_button_can_only_be_clicked_where_a_person_finds_it(
    local_discord: Discord, guild: Guild, start: StartBot, mira: User, text_channel: TextChannel
):
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    row.add_item(Extend("1", disabled=True))
    disabled = discord.ui.LayoutView(timeout=None).add_item(row)
    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send(view=card("a boat", buttons=1))
        message = text_channel.history[sent.id]
        with pytest.raises(NotOffered, match="extend:1"):
            await mira.click(message, "extend:9")
        stranger = local_discord.user("stranger")
        with pytest.raises(NotOffered, match="not a member"):
            await stranger.click(message, "extend:1", force=True)
        await sent.edit(view=disabled)
        with pytest.raises(NotOffered, match="disabled"):
            await mira.click(message, "extend:1")
        forged = await mira.click(message, "extend:1", force=True)
        assert (await forged.private_reply()).text == "extending 1"
        local_discord.moderator_deletes(message)
        with pytest.raises(NotOffered, match="deleted"):
            await mira.click(message, "extend:1")


async def test_a_component_may_update_its_own_message(start: StartBot, mira: User, text_channel: TextChannel):
    class Once(discord.ui.View):
        @discord.ui.button(label="defer", custom_id="defer")
        async def defer(self, interaction: discord.Interaction, button: discord.ui.Button[Once]) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(content="deferred")

        @discord.ui.button(label="update", custom_id="update")
        async def update(self, interaction: discord.Interaction, button: discord.ui.Button[Once]) -> None:
            await interaction.response.edit_message(content="updated", view=None)

    async with start() as bot:
        sent = await bot.get_partial_messageable(text_channel.id).send("press", view=Once(timeout=None))
        message = text_channel.history[sent.id]
        clicked = await mira.click(message, "defer")
        await message.until(lambda message: message.text == "deferred")
        assert clicked.message is message
        await mira.click(message, "update")
        await message.until(lambda message: message.text == "updated" and not message.buttons)


async def test_commands_work_in_direct_messages_where_they_are_offered(start: StartBot, mira: User):
    async with start():
        used = await mira.slash(mira.direct, "wait")
        await used.answered()
        with pytest.raises(NotOffered):
            await mira.slash(mira.direct, "quota set", target=mira, credits=1)
