"""/setup: everything that a server decides on one card, for those who manage it and nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.periods import Period
from bot.domain.server_settings import Area, Rule, Rules, ServerSettings
from bot.ui.setup_buttons import SetupButton
from sandbox.discord import Interaction, Message, Permission, User
from sandbox.discord.modals import Modal
from tests.support.db_fixture import DEFAULTS
from tests.support.in_process_bot import Server, row_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_ALLOWED = "Only members with the permission Manage Server may do that."


async def card_of(server: Server, who: User | None = None) -> Message:
    return await (await (who or server.ada).slash(server.channel, "setup")).private_reply()


async def opened(server: Server, card: Message, area: Area) -> tuple[Interaction, Modal]:
    asked = await server.ada.click(card, f"setup:{area}")
    await asked.answered()
    assert asked.modal is not None, asked.describe()
    return asked, asked.modal


async def sent(server: Server, card: Message, area: Area, *, force: bool = False, **values: Any) -> Interaction:
    asked, _ = await opened(server, card, area)
    return await server.ada.submit(asked, values, force=force)


async def changed(server: Server, area: Area, says: str, **values: Any) -> ServerSettings:
    card = await card_of(server)
    edits = card.edits
    await sent(server, card, area, **values)
    await card.until(lambda message: message.edits > edits, 10)
    assert says in card.text
    return await settings(server)


async def settings(server: Server) -> ServerSettings:
    return await server.db.store.guild_settings.get(server.guild.id)


async def decide(server: Server, **values: Any) -> None:
    await server.db.store.guild_settings.change(server.guild.id, lambda before: replace(before, **values), 1)


async def refused(server: Server, sent: Interaction) -> str:
    """Wait for what the admin is told beside the card, which stays."""
    before = await settings(server)
    await sent.wait_for(lambda: sent.followups or None, 10, sent.describe)
    assert await settings(server) == before
    return sent.followups[0].text


async def test_the_card_says_what_counts_in_a_server_that_decided_nothing(server: Server) -> None:
    card = await card_of(server)
    assert card.ephemeral
    assert [button.custom_id for button in card.buttons] == [f"setup:{one}" for one in Area if one != "providers"]
    for line in (
        "In every channel",
        "By every member",
        "None but those of the providers",
        "as each member chooses",
        "As the provider usually does",
        "Mod log: none",
        f"Every member gets {DEFAULTS.credits} credits each day",
        "as much as they have",
        "TTAPI",
    ):
        assert line in card.text


async def test_channels_and_roles_are_chosen_for_pictures_and_for_films(server: Server) -> None:
    role = server.guild.role("painters")
    after = await changed(server, Area.PICTURES, f"In <#{server.channel.id}>", channels=[server.channel], roles=[role])
    assert after.rules == Rules(pictures=Rule((server.channel.id,), (role.id,)))
    after = await changed(server, Area.FILMS, f"By members with <@&{role.id}>", roles=[role])
    assert after.rules.films == Rule(roles=(role.id,))
    _, form = await opened(server, await card_of(server), Area.PICTURES)
    assert (form["channels"].value, form["roles"].value) == ([str(server.channel.id)], [str(role.id)])


async def test_a_rule_for_everyone_is_none(server: Server) -> None:
    await decide(server, rules=Rules(Rule(roles=(1,))))
    after = await changed(server, Area.PICTURES, "By every member", roles=[server.guild.everyone])
    assert after == ServerSettings()


async def test_words_look_defaults_channels_and_credits_are_changed_in_their_forms(server: Server) -> None:
    log = server.guild.text_channel("log")
    await changed(server, Area.WORDS, "2 words: ||blood, gore||", words="blood\ngore")
    await changed(server, Area.LOOK, "Tiếng Việt", spoiler="always", locale="vi")
    await changed(server, Area.DEFAULTS, "high motion, 1 clip", motion="high", clips="1")
    await changed(server, Area.CHANNELS, f"Mod log: <#{log.id}>", mod_log=[log])
    after = await changed(
        server, Area.CREDITS, "may spend 0 credits in each period", credits="7", period="week", server_credits="0"
    )
    assert (after.rules.forbidden_words, after.spoiler, after.locale) == (("blood", "gore"), True, "vi")
    assert (after.defaults.chosen, after.mod_log_channel_id) == (("motion", "clips"), log.id)
    assert (after.credits, after.period, after.server_credits) == (7, Period.WEEK, 0)
    assert "Every member gets 7 credits each week" in (await card_of(server)).text


async def test_what_was_set_is_in_the_form_and_stays_if_nobody_touches_it(server: Server) -> None:
    await decide(
        server, rules=Rules(forbidden_words=("blood",)), spoiler=True, locale="vi", credits=7, period=Period.NEVER
    )
    before = await settings(server)
    card = await card_of(server)
    for area in (one for one in Area if one is not Area.PROVIDERS):
        await (await sent(server, card, area)).answered()
    assert await settings(server) == before


async def test_defaults_are_used_for_films_that_leave_them_out(server: Server) -> None:
    await changed(server, Area.DEFAULTS, "high motion, 1 clip", motion="high", clips="1")
    job = await server.asked(await server.mira.slash(server.channel, "video", prompt="a boat", image=server.image()))
    assert (job.params.motion, job.params.clips) == ("high", 1)
    assert job.params.preferred.from_server == ("motion", "clips")


async def test_a_job_in_a_thread_knows_the_channel_of_it(server: Server) -> None:
    thread = server.channel.thread("boats", owner=server.ada)
    await (await server.mira.slash(thread, "imagine", prompt="a boat")).answered()
    [job] = await server.until(bool)
    assert (job.channel_id, job.parent_channel_id) == (thread.id, server.channel.id)


async def test_a_channel_that_the_bot_cannot_write_in_is_refused(server: Server) -> None:
    closed = server.guild.text_channel("closed")
    closed.set_overwrite(server.guild.everyone, deny=Permission.SEND_MESSAGES)
    told = await refused(server, await sent(server, await card_of(server), Area.CHANNELS, mod_log=[closed]))
    assert told == (
        f"I lack Send Messages in <#{closed.id}>. Nothing was changed. Allow it there, or choose another channel."
    )


async def test_a_showcase_that_the_bot_cannot_read_again_is_refused(server: Server) -> None:
    closed = server.guild.text_channel("closed")
    closed.set_overwrite(server.guild.everyone, deny=Permission.READ_MESSAGE_HISTORY)
    told = await refused(server, await sent(server, await card_of(server), Area.CHANNELS, showcase=[closed]))
    assert told == (
        f"I lack Read Message History in <#{closed.id}>. Nothing was changed. "
        "Allow it there, or choose another channel."
    )
    await changed(server, Area.CHANNELS, f"<#{closed.id}>", mod_log=[closed])


async def test_a_channel_or_role_that_is_gone_is_refused_and_its_rule_is_marked(server: Server) -> None:
    channel = server.guild.text_channel("short-lived")
    await changed(server, Area.PICTURES, f"<#{channel.id}>", channels=[channel])
    card = await card_of(server)
    asked, _ = await opened(server, card, Area.PICTURES)
    channel.delete()
    told = await refused(server, await server.ada.submit(asked, {"channels": [channel]}, force=True))
    assert told == "A channel that you chose is gone, or I cannot see it. Nothing was changed. Choose another one."
    await decide(server, rules=Rules(Rule((channel.id,), (77,))))
    card = await card_of(server)
    assert "In ⚠️ 1 channel that is gone" in card.text
    assert "By members with ⚠️ 1 role that is gone" in card.text
    asked, form = await opened(server, card, Area.PICTURES)
    assert (form["channels"].value, form["roles"].value) == ([], [])
    asked, _ = await opened(server, card, Area.FILMS)
    told = await refused(server, await server.ada.submit(asked, {"roles": ["77"]}, force=True))
    assert told == "A role that you chose is gone. Nothing was changed. Choose another one."


async def test_a_rule_of_which_nothing_is_left_stands_until_something_else_is_chosen(server: Server) -> None:
    painters = server.guild.role("painters")
    await decide(server, rules=Rules(Rule((77,), (78,))))
    _, form = await opened(server, await card_of(server), Area.PICTURES)
    for field in ("channels", "roles"):
        kept = f"The chosen {field} are gone, and still keep all others out until you choose another one"
        assert form[field].description == kept
    after = await changed(server, Area.PICTURES, "In ⚠️ 1 channel that is gone", roles=[painters])
    assert after.rules.pictures == Rule((77,), (painters.id,))
    after = await changed(server, Area.PICTURES, f"In <#{server.channel.id}>", channels=[server.channel])
    assert after.rules.pictures == Rule((server.channel.id,), (painters.id,))
    await decide(server, rules=Rules(Rule(roles=(78,))))
    after = await changed(server, Area.PICTURES, "By every member", roles=[server.guild.everyone])
    assert after.rules.pictures == Rule()


async def test_a_server_that_gives_nothing_reads_what_that_means(server: Server) -> None:
    await changed(server, Area.CREDITS, "may spend 0 credits in each period: nobody can spend any", server_credits="0")
    await changed(server, Area.CREDITS, "is blocked from everything but /help, /credits and /privacy", credits="0")
    _, form = await opened(server, await card_of(server), Area.CREDITS)
    assert "0 lets nobody spend" in str(form)


async def test_too_many_words_and_odd_numbers_are_refused_and_the_words_come_back(server: Server) -> None:
    card = await card_of(server)
    words = ",".join(f"w{number}" for number in range(5_000))
    asked = await sent(server, card, Area.WORDS, force=True, words=words)
    assert await refused(server, asked) == (
        "These are 5,000 words, and a server can forbid 1,000. Nothing was changed. Leave some out. "
        "What you typed is in this file."
    )
    assert [file.filename for file in asked.followups[0].attachments] == ["typed.txt"]
    for typed in ("-1", "1e9", "1,000"):
        asked = await sent(server, card, Area.CREDITS, credits=typed)
        assert "is not a number of credits. Nothing was changed." in await refused(server, asked)
    asked = await sent(server, card, Area.CREDITS, force=True, server_credits="9" * 5_000)
    assert "are too many. Nothing was changed. Write 1,000,000 at most." in await refused(server, asked)


async def test_the_second_of_two_admins_is_told_of_the_first_and_sees_it(server: Server) -> None:
    card = await card_of(server)
    asked, _ = await opened(server, card, Area.WORDS)
    await decide(server, rules=Rules(forbidden_words=("gore",)))
    told = await refused(server, await server.ada.submit(asked, {"words": "blood"}))
    assert told.startswith("Another admin has changed this since you opened the form, so nothing of yours was kept.")
    await card.until(lambda message: "1 word: ||gore||" in message.text, 10)


@pytest.mark.parametrize("permission", [Permission.MANAGE_MESSAGES, Permission.MODERATE_MEMBERS])
async def test_members_and_moderators_see_and_change_nothing(server: Server, permission: Permission) -> None:
    server.guild.members[server.leo.id].give(server.guild.role("moderators", permission))
    for who in (server.mira, server.leo):
        assert await server.refused(await who.slash(server.channel, "setup", force=True)) == NOT_ALLOWED
        for area in Area:
            forged = await server.card(row_of(SetupButton(area)))
            assert await server.refused(await who.click(forged, forged.buttons[0])) == NOT_ALLOWED


async def test_who_is_no_admin_any_more_changes_nothing_with_an_open_form(server: Server) -> None:
    admins = server.guild.role("admins", Permission.MANAGE_GUILD)
    leo = server.guild.members[server.leo.id]
    leo.give(admins)
    asked = await server.leo.click(await card_of(server, server.leo), "setup:credits")
    await asked.answered()
    leo.take(admins)
    assert await server.told(await server.leo.submit(asked, {"credits": "1000000"})) == NOT_ALLOWED
    assert await settings(server) == ServerSettings()


async def test_an_admin_who_is_blocked_can_still_set_the_server_up(server: Server) -> None:
    await decide(server, credits=0)
    after = await changed(server, Area.CREDITS, "gets 9 credits", credits="9")
    assert after.credits == 9


async def test_commands_for_one_of_them_write_the_same(server: Server) -> None:
    await server.told(await server.ada.slash(server.channel, "quota default", credits=5, period="month"))
    assert "Every member gets 5 credits each month" in (await card_of(server)).text
