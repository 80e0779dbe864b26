"""Credits: what admins set, who may, and what members see."""

from typing import Any

import pytest

from sandbox.discord import NotOffered, Permission
from sandbox.provider.model import faults
from tests.e2e.support.delivery import running
from tests.e2e.support.guild import Server, finished

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = ("quota set", "quota clear", "quota default", "quota grant", "quota usage")


async def test_the_quota_commands_are_hidden_from_members_and_refused_in_code_too(server: Server) -> None:
    options: dict[str, dict[str, Any]] = {
        "quota set": {"target": server.leo, "credits": 99},
        "quota clear": {"target": server.leo},
        "quota default": {"credits": 99},
        "quota grant": {"member": server.leo, "credits": 99},
        "quota usage": {},
    }
    for command in COMMANDS:
        with pytest.raises(NotOffered):
            await server.mira.slash(server.channel, command, **options[command])
        asked = await server.mira.slash(server.channel, command, force=True, **options[command])
        assert await server.private_text(asked) == "Only members with the permission Manage Server may do that."
    assert await server.credits(server.leo) == 24


async def test_a_member_who_may_manage_the_server_may_use_them(server: Server) -> None:
    manager = server.guild.role("managers", Permission.MANAGE_GUILD)
    server.guild.members[server.leo.id].give(manager)
    said = await server.leo.slash(server.channel, "quota set", target=server.mira, credits=3)
    assert await server.private_text(said) == f"{server.mira.mention} may spend 3 credits in each period now."
    assert await server.credits() == 3


async def test_own_allowance_goes_before_roles_and_roles_before_the_default(server: Server) -> None:
    small, large = server.guild.role("small"), server.guild.role("large")
    server.guild.members[server.mira.id].give(small, large)
    await server.quota("default", credits=10)
    assert await server.credits() == 10
    await server.quota("set", target=small, credits=12)
    await server.quota("set", target=large, credits=30)
    assert await server.credits() == 30
    await server.quota("set", target=server.mira, credits=5)
    assert await server.credits() == 5
    assert "is forgotten" in await server.quota("clear", target=server.mira)
    assert "Nothing was set for" in await server.quota("clear", target=server.mira)
    assert await server.credits() == 30
    usage = await server.quota("usage")
    assert f"{small.mention}: 12 credits" in usage
    assert f"{large.mention}: 30 credits" in usage


async def test_zero_blocks_and_says_so(server: Server) -> None:
    assert "is blocked now from everything" in await server.quota("set", target=server.mira, credits=0)
    told = await server.private_text(await server.video())
    assert told.startswith("An admin of this server has blocked you. Nothing was charged.")


async def test_a_moderators_block_refunds_what_waits_and_lets_go_on_what_is_made(server: Server) -> None:
    keepers = server.guild.role("keepers", Permission.MANAGE_MESSAGES | Permission.MODERATE_MEMBERS)
    server.guild.members[server.leo.id].give(keepers)
    _, first, _ = await running(server, clips=1)
    for _ in range(2):
        await (await server.video(clips=1)).until(lambda message: "%" in message.text, 20)
    fourth = await server.video(clips=1)
    waiting = await fourth.until(lambda message: "Waiting" in message.text, 20)
    options: dict[str, Any] = {"member": server.mira, "reason": "spam", "for": "2 days"}
    told = await server.private_text(await server.leo.slash(server.channel, "mod block", **options))
    assert "1 waiting job of theirs is cancelled and its credits came back" in told
    await waiting.until(lambda message: "All 2 credits came back." in message.text, 20)
    server.sandbox.provider.release()
    await first.until(lambda message: message.media and message.buttons, 30)
    refused = await server.private_text(await server.mira.click(first, first.buttons[0]))
    assert refused.startswith("A moderator of this server has blocked you: “spam”. Nothing was charged. It ends <t:")
    assert await server.credits() == 24 - 3 * 2
    who = await server.private_text(await server.leo.menu(first, "Who made this?"))
    assert "Spent 6 credits in this period" in who
    assert "Blocked until <t:" in who
    lifted = await server.private_text(await server.leo.slash(server.channel, "mod unblock", member=server.mira))
    assert lifted == f"{server.mira.mention} is unblocked."
    await finished(await server.video(clips=1))


async def test_a_grant_is_on_top_for_this_period(server: Server) -> None:
    await server.quota("default", credits=0)
    told = await server.quota("grant", member=server.mira, credits=2)
    assert told == f"{server.mira.mention} got 2 credits on top for this period and has 2 left."
    await finished(await server.video(clips=1))
    assert "0 of 2 credits left" in await server.private_text(await server.mira.slash(server.channel, "credits"))


async def test_a_period_can_be_set_and_renews_when_it_says(server: Server) -> None:
    await server.quota("default", credits=8, period="never")
    await finished(await server.video())
    told = await server.private_text(await server.video())
    assert "They do not renew by themselves; ask an admin for more." in told
    await server.quota("default", credits=8, period="month")
    assert await server.credits() == 8


async def test_credits_of_another_member_are_told_to_the_asker_alone(server: Server) -> None:
    await server.quota("set", target=server.leo, credits=9)
    asked = await server.ada.slash(server.channel, "credits", member=server.leo)
    assert (await server.private_text(asked)).startswith(f"{server.leo.mention} has 9 of 9 credits left.")
    assert server.messages == []


async def test_nothing_that_admins_are_told_pings_anyone(server: Server) -> None:
    said = await server.ada.slash(server.channel, "quota set", target=server.mira, credits=3)
    reply = await said.private_reply()
    await reply.until(lambda message: server.mira.mention in message.text)
    assert reply.pinged.users == []


async def test_roles_that_change_while_a_job_runs_count_for_what_comes_next(server: Server) -> None:
    lower, upper = server.guild.role("patrons"), server.guild.role("angels")
    member = server.guild.members[server.mira.id]
    member.give(lower)
    await server.quota("default", credits=2)
    await server.quota("set", target=lower, credits=8)
    await server.quota("set", target=upper, credits=20)
    _, card, _ = await running(server, clips=4)
    assert await server.credits() == 0
    member.give(upper)
    assert await server.credits() == 12
    server.sandbox.provider.next_submit(faults.FailLater("job timeout"))
    doomed = await server.video(clips=4)
    await doomed.until(lambda message: "%" in message.text, 20)
    assert await server.credits() == 4
    member.take(upper, lower)
    told = await server.private_text(await server.video(clips=1))
    assert told.startswith("This takes 2 credits, and you have 0 left. Nothing was charged.")
    await server.quota("set", target=server.mira, credits=9)
    server.sandbox.provider.release()
    await card.until(lambda message: message.buttons, 30)
    await doomed.until(lambda message: "All 8 credits came back." in message.text, 30)
    assert await server.credits() == 1
