"""What is cleaned, and then accepted."""

import pytest

from tests.e2e.support.guild import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_flags_and_leading_links_are_removed_and_the_card_says_so(server: Server) -> None:
    card = await server.finished_video(prompt="https://example.com/a.png a boat --bs 4 --fast --no cats, dogs", clips=1)
    assert "> a boat\n" in card.text
    assert "Taken out of the prompt: `https://example.com/a.png`, `--bs 4`, `--fast`, `--no cats, dogs`." in card.text
    assert "low motion, SD, 1 clip, 2 credits" in card.text
    job = list(server.sandbox.provider.jobs.values())[-1]
    assert job.prompt == "a boat"
    assert job.overridden_by_prompt == {}
    assert (job.options.clips, job.options.motion) == (1, "low")


async def test_a_films_own_flags_make_the_film_that_was_typed(server: Server) -> None:
    link = f"{server.sandbox.provider.base_url}/media/none.png"
    told = await server.private_text(await server.video(prompt=f"a boat --end {link}"))
    assert told.startswith("The link leads to nothing that I can fetch. Nothing was charged.")
    card = await server.finished_video(prompt="a boat --motion high --bs 1")
    assert "high motion, SD, 1 clip, 2 credits" in card.text
    assert "Read from the prompt: `--motion high`, `--bs 1`." in card.text
    job = list(server.sandbox.provider.jobs.values())[-1]
    assert (job.prompt, job.options.clips, job.options.motion) == ("a boat", 1, "high")
    assert job.overridden_by_prompt == {}


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone come here",
        "@here too",
        "**bold** _and_ `code` ~~gone~~ ||hidden||",
        "# a title",
        "> a quote",
        "- a list",
        "[a link](https://example.com)",
        "<#123456789012345678> </video:123456789012345678> <t:0:R> <:smile:123456789012345678>",
        "a \\* backslash \\",
    ],
)
async def test_what_is_typed_is_shown_as_typed_and_pings_nobody(server: Server, typed: str) -> None:
    card = await server.finished_video(prompt=typed, clips=1)
    shown = card.text.splitlines()[1]
    assert shown.startswith("> ")
    plain = shown[2:].replace("\u200b", "")
    unescaped = _without_escapes(plain)
    assert unescaped == typed
    assert not card.pinged.everyone
    assert card.pinged.users == []
    assert card.pinged.roles == []
    job = list(server.sandbox.provider.jobs.values())[-1]
    assert job.prompt == typed


async def test_a_role_that_is_mentioned_is_shown_and_not_pinged(server: Server) -> None:
    role = server.guild.role("Film club", mentionable=True)
    card = await server.finished_video(prompt=f"for <@&{role.id}> and <@{server.leo.id}>", clips=1)
    assert _without_escapes(card.text.replace("\u200b", "")).count(f"for <@&{role.id}> and <@{server.leo.id}>") == 1
    assert card.pinged.roles == []
    assert card.pinged.users == []


async def test_a_prompt_of_2000_signs_that_all_need_escaping_fits_on_the_card(server: Server) -> None:
    card = await server.finished_video(prompt="*" * 2000, clips=1)
    assert len(card.text) < 4000
    assert list(server.sandbox.provider.jobs.values())[-1].prompt == "*" * 2000


def _without_escapes(shown: str) -> str:
    """Read text as Discord does: a backslash before a sign shows the sign."""
    plain = ""
    signs = iter(shown)
    for sign in signs:
        if sign == "\\":
            following = next(signs, "")
            plain += following if following and not following.isalnum() and following != " " else sign + following
        else:
            plain += sign
    return plain
