"""Credits: what admins set, who may, and what members see."""

from typing import Any

import pytest

from sandbox.discord import NotOffered, Permission
from sandbox.provider.model import faults
from tests.e2e.support.delivery import running
from tests.e2e.support.guild import Scene, finished

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = ("quota set", "quota clear", "quota default", "quota grant", "quota usage")


async def test_the_quota_commands_are_hidden_from_members_and_refused_in_code_too(scene: Scene) -> None:
    options: dict[str, dict[str, Any]] = {
        "quota set": {"target": scene.leo, "credits": 99},
        "quota clear": {"target": scene.leo},
        "quota default": {"credits": 99},
        "quota grant": {"member": scene.leo, "credits": 99},
        "quota usage": {},
    }
    for command in COMMANDS:
        with pytest.raises(NotOffered):
            await scene.mira.slash(scene.channel, command, **options[command])
        asked = await scene.mira.slash(scene.channel, command, force=True, **options[command])
        assert await scene.told(asked) == "Only members with the permission Manage Server may do that."
    assert await scene.credits(scene.leo) == 24


async def test_a_member_who_may_manage_the_server_may_use_them(scene: Scene) -> None:
    manager = scene.guild.role("managers", Permission.MANAGE_GUILD)
    scene.guild.members[scene.leo.id].give(manager)
    said = await scene.leo.slash(scene.channel, "quota set", target=scene.mira, credits=3)
    assert await scene.told(said) == f"{scene.mira.mention} may spend 3 credits in each period now."
    assert await scene.credits() == 3


async def test_own_allowance_goes_before_roles_and_roles_before_the_default(scene: Scene) -> None:
    small, large = scene.guild.role("small"), scene.guild.role("large")
    scene.guild.members[scene.mira.id].give(small, large)
    await scene.quota("default", credits=10)
    assert await scene.credits() == 10
    await scene.quota("set", target=small, credits=12)
    await scene.quota("set", target=large, credits=30)
    assert await scene.credits() == 30
    await scene.quota("set", target=scene.mira, credits=5)
    assert await scene.credits() == 5
    assert "is forgotten" in await scene.quota("clear", target=scene.mira)
    assert "Nothing was set for" in await scene.quota("clear", target=scene.mira)
    assert await scene.credits() == 30
    usage = await scene.quota("usage")
    assert f"{small.mention}: 12 credits" in usage
    assert f"{large.mention}: 30 credits" in usage


async def test_zero_blocks_and_says_so(scene: Scene) -> None:
    assert "cannot spend any credits now" in await scene.quota("set", target=scene.mira, credits=0)
    told = await scene.told(await scene.video())
    assert told.startswith("This takes 8 credits, and you have 0 left. Nothing was charged.")


async def test_a_grant_is_on_top_for_this_period(scene: Scene) -> None:
    await scene.quota("set", target=scene.mira, credits=0)
    told = await scene.quota("grant", member=scene.mira, credits=2)
    assert told == f"{scene.mira.mention} got 2 credits on top for this period and has 2 left."
    await finished(await scene.video(clips=1))
    assert "0 of 2 credits left" in await scene.told(await scene.mira.slash(scene.channel, "credits"))


async def test_a_period_can_be_set_and_renews_when_it_says(scene: Scene) -> None:
    await scene.quota("default", credits=8, period="never")
    await finished(await scene.video())
    told = await scene.told(await scene.video())
    assert "They do not renew by themselves; ask an admin for more." in told
    await scene.quota("default", credits=8, period="month")
    assert await scene.credits() == 8


async def test_credits_of_another_member_are_told_to_the_asker_alone(scene: Scene) -> None:
    await scene.quota("set", target=scene.leo, credits=9)
    asked = await scene.mira.slash(scene.channel, "credits", member=scene.leo)
    assert (await scene.told(asked)).startswith(f"{scene.leo.mention} has 9 of 9 credits left.")
    assert scene.messages == []


async def test_nothing_that_admins_are_told_pings_anyone(scene: Scene) -> None:
    said = await scene.ada.slash(scene.channel, "quota set", target=scene.mira, credits=3)
    reply = await said.private_reply()
    await reply.until(lambda message: scene.mira.mention in message.text)
    assert reply.pinged.users == []


async def test_roles_that_change_while_a_job_runs_count_for_what_comes_next(scene: Scene) -> None:
    lower, upper = scene.guild.role("patrons"), scene.guild.role("angels")
    member = scene.guild.members[scene.mira.id]
    member.give(lower)
    await scene.quota("default", credits=2)
    await scene.quota("set", target=lower, credits=8)
    await scene.quota("set", target=upper, credits=20)
    _, card, _ = await running(scene, clips=4)
    assert await scene.credits() == 0
    member.give(upper)
    assert await scene.credits() == 12
    scene.sandbox.provider.next_submit(faults.FailLater("job timeout"))
    doomed = await scene.video(clips=4)
    await doomed.until(lambda message: "%" in message.text, 20)
    assert await scene.credits() == 4
    member.take(upper, lower)
    told = await scene.told(await scene.video(clips=1))
    assert told.startswith("This takes 2 credits, and you have 0 left. Nothing was charged.")
    await scene.quota("set", target=scene.mira, credits=9)
    scene.sandbox.provider.release()
    await card.until(lambda message: message.buttons, 30)
    await doomed.until(lambda message: "All 8 credits came back." in message.text, 30)
    assert await scene.credits() == 1
